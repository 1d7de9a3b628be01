//! The commands of the program.

mod audit;
mod connect;
mod emulate;
mod import;
mod job;
mod operator;
mod serve;
mod verify_service;

use std::fmt::Display;
use std::process::ExitCode;

use anyhow::Context as _;
use backend::{Accounts, AccountsConfig, Clock, LeakedPasswords};
use domain::{Cause, Failure};

use crate::assets::Site;
use crate::cli::{Command, Store};
use crate::config::permissions;

/// Runs a command to its end. The dashboard has the front end of this site.
///
/// Everything that waits begins in here, so that it is compiled with this library, and the program that
/// holds the files of the front end is linked in seconds.
pub fn run(command: Command, site: fn() -> Site) -> anyhow::Result<ExitCode> {
    // Pages render on the thread that a request arrives on, and with a single one rendering can
    // stall. More than four buys nothing: the work waits for AWS, not for processors.
    let threads = std::thread::available_parallelism().map_or(2, |cores| cores.get().clamp(2, 4));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(threads)
        .max_blocking_threads(32)
        .enable_all()
        .build()
        .context("cannot start the runtime")?;
    runtime.block_on(run_to_end(command, site))
}

async fn run_to_end(command: Command, site: fn() -> Site) -> anyhow::Result<ExitCode> {
    match command {
        Command::Serve(options) => serve::run(*options, site).await,
        Command::Emulate(options) => emulate::run(options).await,
        Command::Operator(options) => operator::run(options).await,
        Command::Job(options) => job::run(options).await,
        Command::Import(options) => import::run(*options).await,
        Command::Audit(options) => audit::run(options).await,
        Command::VerifyService(options) => verify_service::run(*options).await,
    }
}

/// Opens the database for commands that change who may sign in. They call no AWS.
async fn accounts(store: &Store, leaked: Option<LeakedPasswords>) -> anyhow::Result<Accounts> {
    let config = AccountsConfig {
        leaked_passwords: leaked,
        ..AccountsConfig::default()
    };
    opened(Accounts::open(&database_url(store)?, config, Clock::system()).await)
}

fn database_url(store: &Store) -> anyhow::Result<String> {
    let database_url = store.url()?;
    permissions::check_folder(&store.data_dir);
    Ok(database_url)
}

fn opened<T>(opened: Result<T, impl Display>) -> anyhow::Result<T> {
    // Its text holds that of its sources already.
    opened.map_err(|error| anyhow::Error::msg(error.to_string()))
}

/// A failure as an error for somebody at a terminal.
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
/// itself. When it is closed, the program goes on.
fn say(line: &str) {
    use std::io::Write as _;
    let mut out = std::io::stdout();
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}
