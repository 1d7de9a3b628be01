//! The options of `serve` that tell how browsers and proxies reach it.

use clap::Args;

use super::List;
use crate::config::{ForwardedHeader, Network, OtherName, PublicUrl};

/// Addresses that browsers use, and proxies.
#[derive(Clone, Debug, Args)]
pub struct Surroundings {
    /// The address that browsers use: `https://console.example`. Links begin with it.
    #[arg(long, env = "CARILLON_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<PublicUrl>,
    /// Other addresses that browsers use, with commas between: `console.internal` or
    /// `https://console.internal:8443`; can be repeated.
    #[arg(long, env = "CARILLON_ALSO_KNOWN_AS", value_name = "ADDRESS")]
    pub also_known_as: Vec<List<OtherName>>,
    /// Proxies that are believed whom they forward for, with commas between: an address or
    /// `ADDRESS/BITS`; can be repeated.
    #[arg(
        long = "trusted-proxy",
        env = "CARILLON_TRUSTED_PROXY",
        value_name = "NETWORK"
    )]
    pub trusted_proxies: Vec<List<Network>>,
    /// The header in which those proxies name the client. The other one is never believed.
    #[arg(
        long,
        env = "CARILLON_FORWARDED_HEADER",
        value_enum,
        default_value_t,
        value_name = "HEADER"
    )]
    pub forwarded_header: ForwardedHeader,
}
