//! Where calls go: the options that every command has which makes calls.

use clap::builder::BoolishValueParser;
use clap::{Args, ValueEnum};
use domain::rate::GivenRate;
use domain::{AccountId, Environment, Region};

use super::List;

/// What answers calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Service {
    /// The emulator inside this process.
    Embedded,
    /// AWS, with the standard credential chain.
    Aws,
}

/// Where calls go, and how.
#[derive(Clone, Debug, Args)]
pub struct Connection {
    /// Where calls go.
    #[arg(
        long,
        global = true,
        env = "CARILLON_BACKEND",
        value_enum,
        default_value = "embedded"
    )]
    pub backend: Service,
    /// Regions to offer, with commas between; can be repeated. Both Regions that have the service when absent.
    #[arg(
        long = "region",
        global = true,
        env = "CARILLON_REGION",
        value_name = "REGION"
    )]
    pub regions: Vec<List<Region>>,
    /// An emulator or proxy to call instead of AWS.
    #[arg(long, global = true, env = "CARILLON_ENDPOINT_URL", value_name = "URL")]
    pub endpoint_url: Option<String>,
    /// How many calls a second the service accepts, where that differs from what AWS publishes:
    /// user-writes=100, all=none, or none for no limits; with commas between; can be repeated.
    #[arg(
        long = "rate",
        global = true,
        env = "CARILLON_RATE",
        value_name = "LINE=CALLS"
    )]
    pub rates: Vec<List<GivenRate>>,
    /// Refuse every write.
    #[arg(long, global = true, env = "CARILLON_READ_ONLY", value_parser = BoolishValueParser::new())]
    pub read_only: bool,
    /// What people call the connection; also the first part of addresses, in small letters.
    #[arg(
        long,
        global = true,
        env = "CARILLON_CONNECTION_NAME",
        value_name = "NAME"
    )]
    pub connection_name: Option<String>,
    /// What kind of data the connection holds: production, staging, development, sandbox or other.
    #[arg(long, global = true, env = "CARILLON_ENVIRONMENT", value_name = "KIND")]
    pub environment: Option<Environment>,
    /// The AWS account, when AWS cannot be asked for it.
    #[arg(
        long,
        global = true,
        env = "CARILLON_ACCOUNT_ID",
        value_name = "DIGITS"
    )]
    pub account_id: Option<AccountId>,
}
