//! The command line. Every option of `serve` and `emulate` can come from the environment too.

mod connection;
mod door;
mod given;
mod jobs;
mod list;
mod passwords;
mod surroundings;
mod verify_service;

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::builder::BoolishValueParser;
use clap::{Args, Parser, Subcommand};
use domain::grant::Limit;
use domain::{AccountId, Region, Role};
use emulator::CorsOrigin;

use crate::telemetry::LogFormat;

pub use connection::{Connection, Service};
pub use door::Door;
pub use given::Given;
pub use jobs::{Import, JobCommand, Jobs};
pub use list::List;
pub use passwords::Passwords;
pub use surroundings::Surroundings;
pub use verify_service::VerifyService;

/// A dashboard for Amazon Chime SDK Identity.
#[derive(Debug, Parser)]
#[command(name = "carillon", version, about)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// What is logged: a level, or `target=level` pairs.
    #[arg(
        long,
        global = true,
        env = "CARILLON_LOG",
        default_value = "info",
        value_name = "FILTER"
    )]
    pub log: String,
    /// How the log is written.
    #[arg(
        long,
        global = true,
        env = "CARILLON_LOG_FORMAT",
        value_enum,
        default_value_t
    )]
    pub log_format: LogFormat,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Start the dashboard.
    Serve(Box<Serve>),
    /// Start the emulator of Chime SDK Identity alone.
    Emulate(Emulate),
    /// Add and change the people who may sign in.
    Operator(Operators),
    /// Look at jobs, pause them, go on with them, end them.
    Job(Jobs),
    /// Import users, admins or endpoints from a file.
    Import(Box<Import>),
    /// Look after the audit log.
    Audit(Audit),
    /// Compare a service with the emulator, inside one AppInstance that is made and removed.
    VerifyService(Box<VerifyService>),
}

/// Where the data of the dashboard is.
#[derive(Clone, Debug, Args)]
pub struct Store {
    /// The folder for the data, made if it is absent.
    #[arg(
        long,
        global = true,
        env = "CARILLON_DATA_DIR",
        default_value = "./data",
        value_name = "DIR"
    )]
    pub data_dir: PathBuf,
    /// `sqlite:FILE` or `postgres://…`; a SQLite file in the data folder when absent.
    #[arg(
        long,
        global = true,
        env = "CARILLON_DATABASE_URL",
        hide_env_values = true,
        value_name = "URL"
    )]
    pub database_url: Option<String>,
}

/// `carillon serve`.
#[derive(Clone, Debug, Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of the command line"
)]
pub struct Serve {
    /// The address to listen on; port 0 takes a free one.
    #[arg(long, env = "CARILLON_LISTEN", default_value = "127.0.0.1:3000", value_name = "ADDRESS", value_parser = address)]
    pub listen: SocketAddr,
    /// Where the data is.
    #[command(flatten)]
    pub store: Store,
    /// Where calls go.
    #[command(flatten)]
    pub connection: Connection,
    /// Addresses that browsers use, and proxies.
    #[command(flatten)]
    pub surroundings: Surroundings,
    /// Encryption, limits, metrics.
    #[command(flatten)]
    pub door: Door,
    /// Passwords that nobody may choose.
    #[command(flatten)]
    pub passwords: Passwords,
    /// Listen on other addresses than loopback without TLS.
    #[arg(long, env = "CARILLON_INSECURE_LISTEN", value_parser = BoolishValueParser::new())]
    pub insecure_listen: bool,
    /// Use a session cookie without `Secure`, for a browser that refuses those on http://localhost.
    #[arg(long, env = "CARILLON_INSECURE_COOKIE", value_parser = BoolishValueParser::new())]
    pub insecure_cookie: bool,
    /// What the names of the cookies begin with, when it is not to be the public address or the port.
    #[arg(long, env = "CARILLON_COOKIE_NAME", value_name = "NAME")]
    pub cookie_name: Option<String>,
    /// A file with the password of the first operator, `admin`; made when there is no operator.
    #[arg(long, env = "CARILLON_ADMIN_PASSWORD_FILE", value_name = "FILE")]
    pub admin_password_file: Option<PathBuf>,
    /// A file with the providers that people may sign in with (OpenID Connect).
    #[arg(long, env = "CARILLON_OIDC_CONFIG", value_name = "FILE")]
    pub oidc_config: Option<PathBuf>,
    /// Fill the embedded emulator, if it is empty, with data to look at.
    #[arg(long, env = "CARILLON_DEMO", value_parser = BoolishValueParser::new())]
    pub demo: bool,
    /// Let the embedded emulator answer under `/_emulator/`, for tests.
    #[arg(long, env = "CARILLON_EMULATOR_CONTROL", hide = true, value_parser = BoolishValueParser::new())]
    pub emulator_control: bool,
}

/// `carillon emulate`.
#[derive(Clone, Debug, Args)]
pub struct Emulate {
    /// The address to listen on; port 0 takes a free one.
    #[arg(long, env = "CARILLON_EMULATOR_LISTEN", default_value = "127.0.0.1:8790", value_name = "ADDRESS", value_parser = address)]
    pub listen: SocketAddr,
    /// The folder for the data, made if it is absent.
    #[arg(
        long,
        env = "CARILLON_EMULATOR_DATA_DIR",
        default_value = "./data/emulator",
        value_name = "DIR"
    )]
    pub data_dir: PathBuf,
    /// Keep the data in memory only.
    #[arg(long, env = "CARILLON_EMULATOR_IN_MEMORY", value_parser = BoolishValueParser::new())]
    pub in_memory: bool,
    /// The account that the key pair belongs to.
    #[arg(
        long,
        env = "CARILLON_ACCOUNT_ID",
        default_value = "123456789012",
        value_name = "DIGITS"
    )]
    pub account_id: AccountId,
    /// The access key id that requests must be signed with.
    #[arg(
        long,
        env = "CARILLON_EMULATOR_ACCESS_KEY_ID",
        default_value = "test",
        value_name = "ID"
    )]
    pub access_key_id: String,
    /// The secret that belongs to it.
    #[arg(
        long,
        env = "CARILLON_EMULATOR_SECRET_ACCESS_KEY",
        default_value = "test",
        hide_env_values = true,
        value_name = "SECRET"
    )]
    pub secret_access_key: String,
    /// The session token that belongs to both, to try temporary credentials; every token is refused when absent.
    #[arg(
        long,
        env = "CARILLON_EMULATOR_SESSION_TOKEN",
        hide_env_values = true,
        value_name = "TOKEN"
    )]
    pub session_token: Option<String>,
    /// Regions that exist, with commas between; can be repeated. Both Regions that have the service when absent.
    #[arg(long = "region", env = "CARILLON_REGION", value_name = "REGION")]
    pub regions: Vec<List<Region>>,
    /// Names of a host that programs reach it by, as other containers do, with commas between; can be
    /// repeated. Addresses and `localhost` need none.
    #[arg(
        long = "also-known-as",
        env = "CARILLON_EMULATOR_ALSO_KNOWN_AS",
        value_name = "NAME"
    )]
    pub names: Vec<List<String>>,
    /// The origin of a site whose pages may call it from a browser (CORS), such as http://localhost:3000; with
    /// commas between; can be repeated. `*` is every site.
    #[arg(
        long = "cors-origin",
        env = "CARILLON_EMULATOR_CORS_ORIGIN",
        value_name = "ORIGIN"
    )]
    pub cors_origins: Vec<List<CorsOrigin>>,
    /// Refuse calls beyond the rates that AWS publishes.
    #[arg(long, env = "CARILLON_EMULATOR_REALISTIC", value_parser = BoolishValueParser::new())]
    pub realistic: bool,
}

/// `carillon operator`.
#[derive(Clone, Debug, Args)]
pub struct Operators {
    /// Where the data is.
    #[command(flatten)]
    pub store: Store,
    /// Passwords that nobody may choose.
    #[command(flatten)]
    pub passwords: Passwords,
    /// What to do.
    #[command(subcommand)]
    pub command: OperatorCommand,
}

/// What `carillon operator` does.
#[derive(Clone, Debug, Subcommand)]
pub enum OperatorCommand {
    /// Add an operator. The password is read from standard input.
    Add {
        /// The name to sign in with.
        username: String,
        /// Viewer, Operator or Admin.
        #[arg(long, default_value = "Viewer")]
        role: Role,
        /// Limit them to a connection, a CONNECTION/REGION or the ARN of an AppInstance; can be
        /// repeated. Everything when absent.
        #[arg(long = "scope", value_name = "LIMIT")]
        limits: Vec<Limit>,
        /// Read the password from this file instead.
        #[arg(long, value_name = "FILE")]
        password_file: Option<PathBuf>,
    },
    /// List the operators.
    List,
    /// Give an operator another role.
    SetRole {
        /// The operator.
        username: String,
        /// Viewer, Operator or Admin.
        role: Role,
    },
    /// Let an operator's role cover something else.
    SetScope {
        /// The operator.
        username: String,
        /// A connection, a CONNECTION/REGION or the ARN of an AppInstance.
        #[arg(value_name = "LIMIT", required_unless_present = "everything")]
        limits: Vec<Limit>,
        /// Lift all limits.
        #[arg(long, conflicts_with = "limits")]
        everything: bool,
    },
    /// Sign an operator out and let them sign in no longer.
    Disable {
        /// The operator.
        username: String,
        /// Let them sign in again.
        #[arg(long)]
        undo: bool,
    },
    /// Take the authenticator of somebody who lost it away, and sign them out.
    ResetAuthenticator {
        /// The operator.
        username: String,
    },
    /// Give an operator another password, read from standard input, and sign them out.
    ResetPassword {
        /// The operator.
        username: String,
        /// Read the password from this file instead.
        #[arg(long, value_name = "FILE")]
        password_file: Option<PathBuf>,
    },
}

/// `carillon audit`.
#[derive(Clone, Debug, Args)]
pub struct Audit {
    /// Where the data is.
    #[command(flatten)]
    pub store: Store,
    /// What to do.
    #[command(subcommand)]
    pub command: AuditCommand,
}

/// What `carillon audit` does.
#[derive(Clone, Copy, Debug, Subcommand)]
pub enum AuditCommand {
    /// Check that no row was changed or removed.
    Verify,
}

/// An address to listen on. `localhost` means IPv4, as the line that is printed then says.
fn address(text: &str) -> Result<SocketAddr, &'static str> {
    let text = match text.strip_prefix("localhost:") {
        Some(port) => format!("127.0.0.1:{port}"),
        None => text.to_owned(),
    };
    text.parse()
        .map_err(|_| "an address looks like 127.0.0.1:3000")
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_option_of_serve_has_an_environment_twin() {
        let cli = Cli::command();
        let serve = cli.find_subcommand("serve").unwrap();
        for option in serve
            .get_arguments()
            .filter(|option| option.get_id() != "help")
        {
            let twin = option.get_env().and_then(|name| name.to_str());
            assert!(
                twin.is_some_and(|name| name.starts_with("CARILLON_")),
                "{option}"
            );
        }
    }

    #[test]
    fn a_region_is_one_of_two() {
        let parsed = |region| Cli::try_parse_from(["carillon", "serve", "--region", region]);
        assert!(parsed("eu-central-1").is_ok());
        assert!(parsed("eu-west-1").is_err());
    }
}
