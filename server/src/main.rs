//! The program `carillon`.

use std::process::ExitCode;

use server::cli::Cli;
use server::{environment, telemetry};

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
        Ok(runtime) => runtime.block_on(server::commands::run(cli.command)),
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
