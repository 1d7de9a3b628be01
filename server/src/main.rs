//! The program `carillon`: the library with the files of the front end inside.

use std::process::ExitCode;

use rust_embed::RustEmbed;
use server::assets::Site;
use server::cli::Cli;
use server::{environment, telemetry};

/// The files of the front end. A release carries them inside; other builds read them from the folder
/// they were built to. Empty before the first build.
///
/// They are here and not in the library, so that the library can be compiled before they exist.
#[derive(RustEmbed)]
#[folder = "../target/site"]
#[allow_missing = true]
struct Built;

/// Cargo sees when one of the files changes, but not when there is a new one. So `cargo xtask
/// build` lists them here.
const _: Option<&str> = option_env!("CARILLON_SITE");

fn main() -> ExitCode {
    environment::leave_out_empty();
    let (cli, given) = Cli::read(std::env::args_os()).unwrap_or_else(|error| error.exit());
    server::config::keep_new_files_private();
    telemetry::start(&cli.log, cli.log_format);
    match server::commands::run(cli.command, Site::of::<Built>) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("carillon: {}", given.named(&format!("{error:#}")));
            ExitCode::FAILURE
        }
    }
}
