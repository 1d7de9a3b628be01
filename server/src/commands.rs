//! The commands of the program.

mod audit;
mod emulate;
mod operator;
mod serve;
mod verify_service;

use std::process::ExitCode;

use backend::oidc::Providers;
use backend::{Backend, Clock, ConnectionConfig, Credentials, LeakedPasswords, OpenError};
use domain::{Cause, Environment, Failure, Region};

use crate::assets::Site;
use crate::cli::{Command, Store};
use crate::config::permissions;

/// Runs a command to its end. The dashboard has the front end of this site.
pub async fn run(command: Command, site: fn() -> Site) -> anyhow::Result<ExitCode> {
    match command {
        Command::Serve(options) => serve::run(*options, site).await,
        Command::Emulate(options) => emulate::run(options).await,
        Command::Operator(options) => operator::run(options).await,
        Command::Audit(options) => audit::run(options).await,
        Command::VerifyService(options) => verify_service::run(*options).await,
    }
}

/// A backend for commands that only need the database. Its connection is never called.
async fn database(store: &Store, leaked: Option<LeakedPasswords>) -> anyhow::Result<Backend> {
    open(store, nowhere(), false, Providers::default(), leaked).await
}

/// The same with what guards the audit left as it is found.
async fn database_as_it_is(store: &Store) -> anyhow::Result<Backend> {
    let config = config(store, nowhere(), false, Providers::default(), None)?;
    opened(Backend::open_as_it_is(config).await)
}

/// A connection that is never called.
fn nowhere() -> ConnectionConfig {
    ConnectionConfig {
        id: "none".parse().expect("it is a name of a connection"),
        label: "None".to_owned(),
        environment: Environment::Other,
        regions: vec![Region::UsEast1],
        credentials: Credentials::Static {
            access_key_id: String::new(),
            secret_access_key: String::new(),
        },
        // With this everything is given, so nothing of AWS's variables and files is read.
        endpoint_url: Some("http://localhost".to_owned()),
        account: None,
    }
}

async fn open(
    store: &Store,
    connection: ConnectionConfig,
    read_only: bool,
    providers: Providers,
    leaked_passwords: Option<LeakedPasswords>,
) -> anyhow::Result<Backend> {
    let config = config(store, connection, read_only, providers, leaked_passwords)?;
    opened(Backend::open(config).await)
}

fn config(
    store: &Store,
    connection: ConnectionConfig,
    read_only: bool,
    providers: Providers,
    leaked_passwords: Option<LeakedPasswords>,
) -> anyhow::Result<backend::Config> {
    let database_url = store.url()?;
    permissions::check_folder(&store.data_dir);
    Ok(backend::Config {
        database_url,
        connection,
        read_only,
        providers,
        leaked_passwords,
        clock: Clock::system(),
    })
}

fn opened(opened: Result<Backend, OpenError>) -> anyhow::Result<Backend> {
    // Its text holds that of its sources already.
    opened.map_err(|error| anyhow::Error::msg(error.to_string()))
}

/// A failure for somebody at a terminal.
fn told(failure: &Failure) -> anyhow::Error {
    match &failure.cause {
        Cause::Invalid(problems) => {
            let lines = problems
                .iter()
                .map(|problem| format!("{}: {}", problem.field, problem.problem));
            anyhow::Error::msg(lines.collect::<Vec<_>>().join("; "))
        }
        cause => anyhow::Error::msg(cause.headline()),
    }
}

/// Prints a line that somebody waits for. Standard output may be a pipe, which is not flushed by
/// itself; and one that is closed is no reason to stop.
fn say(line: &str) {
    use std::io::Write as _;
    let mut out = std::io::stdout();
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}
