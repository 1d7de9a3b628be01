//! Options from the environment: empty ones, lists, and how a wrong one is told.

use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, Output};

use clap::CommandFactory as _;
use server::cli::Cli;

use crate::support::{Dashboard, assert_says, carillon, said};

/// Every variable that an option can come from.
fn variables(command: &clap::Command) -> Vec<String> {
    let own = command.get_arguments().filter_map(clap::Arg::get_env);
    let own = own.filter_map(|name| name.to_str()).map(str::to_owned);
    let below = command.get_subcommands().flat_map(variables);
    own.chain(below).collect()
}

/// All of them set to nothing, and those of others that the program reads.
fn with_empty(mut command: Command, empty: &str) -> Command {
    let others = [
        "CARILLON_ADMIN_PASSWORD",
        "AWS_PROFILE",
        "AWS_CONFIG_FILE",
        "AWS_ENDPOINT_URL",
        "SSL_CERT_FILE",
        "HTTPS_PROXY",
    ];
    let all = variables(&Cli::command());
    assert!(all.len() > 30, "{all:?}");
    for name in all.iter().map(String::as_str).chain(others) {
        if name != "CARILLON_DATA_DIR" {
            command.env(name, empty);
        }
    }
    command
}

fn output(folder: &Path, arguments: &[&str], variable: &str, value: impl Into<OsString>) -> Output {
    let mut command = carillon(folder, arguments);
    command.env(variable, value.into()).output().unwrap()
}

#[test]
fn a_variable_that_is_set_and_empty_counts_as_not_set() {
    let folder = tempfile::tempdir().unwrap();
    for empty in ["", " "] {
        let aws = ["serve", "--listen", "127.0.0.1:0", "--backend", "aws"];
        for serve in [&aws[..3], &aws[..]] {
            let serve = with_empty(carillon(folder.path(), serve), empty);
            Dashboard::of(serve).stop();
        }
        let emulate = ["emulate", "--listen", "127.0.0.1:0", "--in-memory"];
        let emulate = with_empty(carillon(folder.path(), &emulate), empty);
        Dashboard::of_emulator(emulate).stop();
        for arguments in [&["operator", "list"][..], &["audit", "verify"]] {
            let mut command = with_empty(carillon(folder.path(), arguments), empty);
            let output = command.output().unwrap();
            assert!(output.status.success(), "{}", said(&output.stderr));
        }
    }
}

#[test]
fn lists_of_the_environment_have_commas_and_spaces_as_people_write_them() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = carillon(folder.path(), &["serve", "--listen", "127.0.0.1:0"]);
    command
        .env("CARILLON_REGION", "us-east-1, eu-central-1 ,")
        .env("CARILLON_TRUSTED_PROXY", " 10.0.0.0/8 ,fd00::/8")
        .env("CARILLON_ALSO_KNOWN_AS", "carillon, carillon.svc:3000");

    Dashboard::of(command).stop();
}

#[test]
fn what_is_refused_names_the_variable_that_it_came_from() {
    let folder = tempfile::tempdir().unwrap();
    let (serve, emulate) = (&["serve", "--listen", "127.0.0.1:0"][..], &["emulate"][..]);
    for (arguments, variable, value) in [
        (emulate, "CARILLON_EMULATOR_LISTEN", "nonsense"),
        (emulate, "CARILLON_REGION", "us-east-1, mars-1"),
        (serve, "CARILLON_TRUSTED_PROXY", "10.0.0.1 10.0.0.2"),
        (serve, "CARILLON_PUBLIC_URL", "console.example"),
        (serve, "CARILLON_BACKEND", "azure"),
        (serve, "CARILLON_READ_ONLY", "perhaps"),
        (serve, "CARILLON_SIGN_IN_LIMIT", "0"),
        (serve, "CARILLON_METRICS_LISTEN", "9100"),
        (serve, "CARILLON_CONNECTION_NAME", "api"),
        (serve, "CARILLON_ENDPOINT_URL", "http://127.0.0.1:1"),
        (serve, "CARILLON_ALSO_KNOWN_AS", "https://console.internal"),
        (&["operator", "list"], "CARILLON_LOG_FORMAT", "xml"),
        (&["audit", "verify"], "CARILLON_LOG_FORMAT", "xml"),
    ] {
        let output = output(folder.path(), arguments, variable, value);

        assert!(!output.status.success(), "{variable}");
        let told = said(&output.stderr);
        assert!(told.contains(variable), "{variable}: {told}");
        let flag = variable.rsplit("CARILLON_").next().unwrap();
        let flag = flag
            .replace("EMULATOR_", "")
            .replace('_', "-")
            .to_lowercase();
        assert!(!told.contains(&format!("--{flag} ")), "{variable}: {told}");
    }
}

#[test]
fn what_is_refused_on_the_command_line_names_the_flag() {
    let folder = tempfile::tempdir().unwrap();
    for (arguments, flag) in [
        (&["serve", "--listen", "nonsense"][..], "--listen"),
        (&["serve", "--listen=nonsense"], "--listen"),
        (
            &["serve", "--connection-name", "api"],
            "--connection-name api",
        ),
    ] {
        // A flag wins over the variable, which is well.
        let name = "CARILLON_LISTEN";
        let output = output(folder.path(), arguments, name, "127.0.0.1:0");

        assert!(!output.status.success(), "{arguments:?}");
        let told = said(&output.stderr);
        assert!(told.contains(flag) && !told.contains("CARILLON_"), "{told}");
    }
}

#[cfg(unix)]
#[test]
fn a_variable_that_is_no_text_is_named() {
    use std::os::unix::ffi::OsStringExt as _;

    let folder = tempfile::tempdir().unwrap();
    let value = OsString::from_vec(b"caf\xe9".to_vec());
    let serve = ["serve", "--listen", "127.0.0.1:0"];

    let output = output(folder.path(), &serve, "CARILLON_CONNECTION_NAME", value);

    assert!(!output.status.success());
    let told = said(&output.stderr);
    assert_says(told, &["CARILLON_CONNECTION_NAME is not text in UTF-8"]);
}
