//! `AWS_CA_BUNDLE`, as the program takes it when it starts. What the file does is tested beside the
//! client (`crates/backend/src/identity`).

use std::fs;
use std::path::Path;
use std::process::{Output, Stdio};

use crate::support::{KEY, carillon, run, said};

/// Starts the program for AWS, which a file that cannot be used keeps from starting.
fn serve(folder: &Path, bundle: &Path) -> Output {
    let mut command = carillon(folder, &["serve", "--backend", "aws"]);
    command
        .args(["--listen", "127.0.0.1:0"])
        .env("AWS_ACCESS_KEY_ID", KEY)
        .env("AWS_SECRET_ACCESS_KEY", KEY)
        .env("AWS_CA_BUNDLE", bundle)
        .stdin(Stdio::null());
    command.output().unwrap()
}

#[test]
fn a_file_of_certificates_that_cannot_be_used_is_told_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing.pem");
    let other = folder.path().join("notes.txt");
    fs::write(&other, "to do").unwrap();
    for bundle in [&missing, &other] {
        let refused = serve(folder.path(), bundle);

        assert!(!refused.status.success());
        let told = said(&refused.stderr);
        assert!(told.contains("AWS_CA_BUNDLE"), "{told}");
        assert!(told.contains(bundle.to_str().unwrap()), "{told}");
    }
}

#[test]
fn a_command_that_calls_nobody_does_not_read_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut verify = carillon(folder.path(), &["audit", "verify"]);
    verify.env("AWS_CA_BUNDLE", folder.path().join("missing.pem"));

    let verified = verify.output().unwrap();

    assert!(verified.status.success(), "{verified:?}");
    assert!(
        run(folder.path(), &["operator", "list"], "")
            .status
            .success()
    );
}
