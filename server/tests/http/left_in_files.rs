//! Secrets as editors and shells leave them in files and pipes: taken as meant or refused, the same
//! wherever they stand.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use axum::http::StatusCode;
use rcgen::{CertifiedKey, generate_simple_self_signed};

use crate::support::{Dashboard, PASSWORD, carillon, credentials, run, said};

/// The password as each of them leaves it.
fn left() -> Vec<Vec<u8>> {
    vec![
        format!("\u{feff}{PASSWORD}\r\n").into_bytes(),
        utf16(&format!("{PASSWORD}\r\n")),
        format!("\n{PASSWORD}\r\n\r\n").into_bytes(),
    ]
}

/// As Windows PowerShell writes with `>`.
fn utf16(text: &str) -> Vec<u8> {
    let text = ["\u{feff}", text].concat();
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn written(folder: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let file = folder.join(name);
    std::fs::write(&file, bytes).unwrap();
    file
}

async fn signs_in(dashboard: &Dashboard, name: &str) -> bool {
    let form = credentials(name, PASSWORD);
    let answer = dashboard.browser.call("/api/session/sign-in", &form).await;
    answer.status == StatusCode::OK
}

#[tokio::test]
async fn the_shell_takes_a_password_as_it_is_meant_from_a_file_and_from_a_pipe() {
    let folder = tempfile::tempdir().unwrap();
    let mut names = Vec::new();
    for (at, bytes) in left().iter().enumerate() {
        let file = written(folder.path(), "password", bytes);
        let name = format!("file-{at}");
        let add = [
            "operator",
            "add",
            &name,
            "--password-file",
            file.to_str().unwrap(),
        ];
        let added = run(folder.path(), &add, "");
        assert!(added.status.success(), "{}", said(&added.stderr));
        names.push(name);
    }
    let piped = run(
        folder.path(),
        &["operator", "add", "piped"],
        &format!("\u{feff}{PASSWORD}\r\n\r\n"),
    );
    assert!(piped.status.success(), "{}", said(&piped.stderr));
    names.push("piped".to_owned());

    let dashboard = Dashboard::start(folder.path());

    for name in names {
        assert!(signs_in(&dashboard, &name).await, "{name}");
    }
    dashboard.stop();
}

#[tokio::test]
async fn the_server_takes_the_first_password_as_it_is_meant() {
    for bytes in left() {
        let folder = tempfile::tempdir().unwrap();
        let file = written(folder.path(), "password", &bytes);
        let options = ["--admin-password-file", file.to_str().unwrap()];

        let dashboard = Dashboard::start_with(folder.path(), &options);

        assert!(signs_in(&dashboard, "admin").await, "{bytes:?}");
        dashboard.stop();
    }
}

/// The server with its first password in a variable.
fn with_variable(folder: &Path, password: &str) -> Command {
    let mut command = carillon(folder, &["serve", "--listen", "127.0.0.1:0"]);
    // The port is another at each start, and with it the name would be.
    command.args(["--cookie-name", "carillon"]);
    command.env("CARILLON_ADMIN_PASSWORD", password);
    command
}

#[tokio::test]
async fn the_server_takes_a_password_in_a_variable_as_it_is_meant() {
    let folder = tempfile::tempdir().unwrap();
    let dashboard = Dashboard::of(with_variable(folder.path(), &format!("{PASSWORD}\r\n")));

    assert!(signs_in(&dashboard, "admin").await);
    dashboard.stop();

    let empty = tempfile::tempdir().unwrap();
    let mut refused = with_variable(empty.path(), &format!("{PASSWORD}\nsecond line"));
    let refused = refused.stdin(Stdio::null()).output().unwrap();
    let told = said(&refused.stderr);
    assert_eq!(refused.status.code(), Some(1), "{told}");
    let wrong = "CARILLON_ADMIN_PASSWORD has more than one line";
    assert!(told.contains(wrong), "{told}");
    assert!(!told.contains("battery"), "{told}");
}

#[test]
fn what_could_be_meant_in_two_ways_is_refused_with_the_file_and_what_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    for (text, wrong) in [
        (
            format!("{PASSWORD}\nsecond line\n"),
            "has more than one line",
        ),
        (format!("{PASSWORD} \n"), "begins or ends with a space"),
        (format!("\u{200b}{PASSWORD}"), "begins or ends with a space"),
        (PASSWORD.replace(' ', "\t"), "holds a control character"),
        (PASSWORD.replace(' ', "\0"), "holds NUL characters"),
        ("\r\n".to_owned(), "is empty"),
    ] {
        let file = written(folder.path(), "password", text.as_bytes());
        let file = file.to_str().unwrap();
        let named = format!("the password file {file} {wrong}");
        for (arguments, input, told) in [
            (
                &["operator", "add", "ann", "--password-file", file][..],
                "",
                &*named,
            ),
            (
                &[
                    "serve",
                    "--listen",
                    "127.0.0.1:0",
                    "--admin-password-file",
                    file,
                ],
                "",
                &named,
            ),
            (
                &["operator", "add", "ann"],
                &text,
                &format!("standard input {wrong}"),
            ),
        ] {
            let output = run(folder.path(), arguments, input);

            let said = said(&output.stderr);
            assert_eq!(output.status.code(), Some(1), "{said}");
            assert!(
                said.starts_with("carillon: ") && said.contains(told),
                "{said}"
            );
            assert!(!said.contains("battery"), "{said}");
        }
    }
}

#[tokio::test]
async fn a_certificate_and_its_key_are_read_as_an_editor_of_windows_leaves_them() {
    let folder = tempfile::tempdir().unwrap();
    let CertifiedKey { cert, signing_key } =
        generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let windows = |pem: String| pem.replace('\n', "\r\n");
    let cert = windows(cert.pem());
    let key = utf16(&windows(signing_key.serialize_pem()));
    let cert = written(
        folder.path(),
        "cert.pem",
        ["\u{feff}", &cert].concat().as_bytes(),
    );
    let key = written(folder.path(), "key.pem", &key);
    let (cert, key) = (cert.to_str().unwrap(), key.to_str().unwrap());

    // It waits until the console says that it is ready.
    let dashboard = Dashboard::start_with(folder.path(), &["--tls-cert", cert, "--tls-key", key]);

    dashboard.stop();
}
