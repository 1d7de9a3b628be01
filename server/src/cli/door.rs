//! The options of `serve` that guard the door: encryption, limits, and the listener of the metrics.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::PathBuf;

use clap::Args;

use super::address;

/// Encryption, limits, metrics.
#[derive(Clone, Debug, Args)]
pub struct Door {
    /// A PEM file with the certificate and those between it and its root: browsers then connect
    /// with https. Read again on SIGHUP.
    #[arg(
        long,
        env = "CARILLON_TLS_CERT",
        requires = "tls_key",
        value_name = "FILE"
    )]
    pub tls_cert: Option<PathBuf>,
    /// A PEM file with the private key of the certificate.
    #[arg(
        long,
        env = "CARILLON_TLS_KEY",
        requires = "tls_cert",
        value_name = "FILE"
    )]
    pub tls_key: Option<PathBuf>,
    /// How many tries to sign in an address may make in a minute.
    #[arg(
        long,
        env = "CARILLON_SIGN_IN_LIMIT",
        default_value = "10",
        value_name = "TRIES"
    )]
    pub sign_in_limit: NonZeroU32,
    /// Answer Prometheus under `/metrics` at this address.
    #[arg(long, env = "CARILLON_METRICS_LISTEN", value_name = "ADDRESS", value_parser = address)]
    pub metrics_listen: Option<SocketAddr>,
}
