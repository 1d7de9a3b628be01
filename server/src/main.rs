//! The program `carillon`: the library with the files of the front end inside.

use std::process::ExitCode;

use rust_embed::RustEmbed;
use server::assets::Site;
use server::cli::Cli;
use server::{environment, telemetry};

/// The files of the front end. A release carries them inside; other builds read them from the folder
/// they were built to. Empty before the first build.
///
/// They are here and not in the library, which so can be compiled before there are any.
#[derive(RustEmbed)]
#[folder = "../target/site"]
#[allow_missing = true]
struct Built;

/// Cargo sees when one of the files changes, but not when there is one more. `cargo xtask build` says
/// here which there are.
const _: Option<&str> = option_env!("CARILLON_SITE");

fn main() -> ExitCode {
    environment::leave_out_empty();
    let (cli, given) = Cli::read(std::env::args_os()).unwrap_or_else(|error| error.exit());
    server::config::keep_new_files_private();
    telemetry::start(&cli.log, cli.log_format);
    // Pages render on the thread that a request arrives on, and with a single one rendering can
    // stall. More than four buys nothing: the work waits for AWS, not for processors.
    let threads = std::thread::available_parallelism().map_or(2, |cores| cores.get().clamp(2, 4));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(threads)
        .max_blocking_threads(32)
        .enable_all()
        .build();
    let outcome = match runtime {
        Ok(runtime) => runtime.block_on(server::commands::run(cli.command, Site::of::<Built>)),
        Err(error) => Err(anyhow::Error::new(error).context("cannot start the runtime")),
    };
    match outcome {
        Ok(code) => code,
        Err(error) => {
            eprintln!("carillon: {}", given.named(&format!("{error:#}")));
            ExitCode::FAILURE
        }
    }
}
