//! `carillon verify-service`.

use std::path::PathBuf;

use clap::Args;
use domain::Region;
use verify::Endpoint;

/// What to compare with the emulator.
#[derive(Clone, Debug, Args)]
pub struct VerifyService {
    /// The service: `http://127.0.0.1:8790` of an emulator, or
    /// `https://identity-chime.us-east-1.amazonaws.com` of AWS.
    #[arg(long, value_name = "URL")]
    pub endpoint: Endpoint,
    /// The Region that calls are signed for.
    #[arg(long, default_value = "us-east-1", value_name = "REGION")]
    pub region: Region,
    /// Do not ask before calling.
    #[arg(long)]
    pub yes: bool,
    /// Where the report goes: as JSON when the name ends in .json, else as Markdown. Standard output
    /// when absent.
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
    /// The alias of a Lex bot that exists in the account. With a made-up one AWS may refuse bots.
    #[arg(long, value_name = "ARN")]
    pub lex_bot_alias: Option<String>,
    /// An application of Pinpoint that exists in the account. With a made-up one AWS may refuse push
    /// endpoints.
    #[arg(long, value_name = "ARN")]
    pub pinpoint_app: Option<String>,
}
