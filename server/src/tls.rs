//! Encryption by the server itself: the certificate and its key, read from files.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context as _, ensure};
use axum_server::tls_rustls::RustlsConfig;
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::cli::Door;
use crate::config::permissions;

/// A certificate in use, and where it came from. Cheap to clone.
#[derive(Clone)]
pub struct Tls {
    cert: PathBuf,
    key: PathBuf,
    config: RustlsConfig,
}

impl Tls {
    /// Reads the files that the options name, if they name any.
    pub fn read(door: &Door) -> anyhow::Result<Option<Self>> {
        // Neither comes without the other: the command line sees to it.
        let (Some(cert), Some(key)) = (door.tls_cert.clone(), door.tls_key.clone()) else {
            return Ok(None);
        };
        let config = RustlsConfig::from_config(config(&cert, &key)?);
        Ok(Some(Self { cert, key, config }))
    }

    pub(crate) fn config(&self) -> RustlsConfig {
        self.config.clone()
    }

    /// Reads the files again for connections to come. When they cannot be used, the certificate
    /// stays the one that it was.
    pub fn read_again(&self) -> anyhow::Result<()> {
        self.config
            .reload_from_config(config(&self.cert, &self.key)?);
        Ok(())
    }

    /// Reads the files again each time that the process gets SIGHUP, until it ends.
    pub fn follow(self) -> anyhow::Result<()> {
        #[cfg(unix)]
        {
            use tokio::signal::unix::{SignalKind, signal};
            let mut hangup = signal(SignalKind::hangup())?;
            tokio::spawn(async move {
                while hangup.recv().await.is_some() {
                    match self.read_again() {
                        Ok(()) => tracing::info!("the certificate was read again"),
                        Err(error) => {
                            let error = format!("{error:#}");
                            tracing::error!(error, "the certificate stays the one that it was");
                        }
                    }
                }
            });
        }
        Ok(())
    }
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tls").finish_non_exhaustive()
    }
}

fn config(cert: &PathBuf, key: &PathBuf) -> anyhow::Result<Arc<ServerConfig>> {
    let unread = || format!("the certificate file {} cannot be read", cert.display());
    let text = std::fs::read(cert).with_context(unread)?;
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&text).collect();
    let chain = chain.with_context(unread)?;
    ensure!(
        !chain.is_empty(),
        "the certificate file {} holds no certificate in PEM form",
        cert.display()
    );
    permissions::check_secret("key file", key)?;
    let unread = || format!("the key file {} cannot be read", key.display());
    let text = std::fs::read(key).with_context(unread)?;
    let private = PrivateKeyDer::from_pem_slice(&text).with_context(unread)?;
    let mut config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(|builder| {
            builder
                .with_no_client_auth()
                .with_single_cert(chain, private)
        })
        .context("the certificate and the key cannot be used together")?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}
