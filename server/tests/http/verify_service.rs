//! `carillon verify-service` as a program: it asks, walks an emulator, writes a report.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Output;
use std::sync::Arc;

use rcgen::CertifiedKey;
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::PrivatePkcs8KeyDer;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use crate::support::{Dashboard, assert_says, carillon, run, said};

/// Where credentials come from: nothing is taken from the environment in which the tests run.
fn keys(id: &str) -> [(&'static str, String); 4] {
    [
        ("AWS_ACCESS_KEY_ID", id.to_owned()),
        ("AWS_SECRET_ACCESS_KEY", "test".to_owned()),
        ("AWS_SESSION_TOKEN", String::new()),
        ("AWS_EC2_METADATA_DISABLED", "true".to_owned()),
    ]
}

fn emulator(folder: &Path) -> (Dashboard, String) {
    let options = ["emulate", "--listen", "127.0.0.1:0", "--in-memory"];
    let emulator = Dashboard::of_emulator(carillon(folder, &options));
    let endpoint = format!("http://{}", emulator.browser.address);
    (emulator, endpoint)
}

fn verify(folder: &Path, endpoint: &str, more: &[&str]) -> Output {
    let mut command = carillon(folder, &["verify-service", "--endpoint", endpoint]);
    let command = command.args(more).envs(keys("test"));
    command.stdin(std::process::Stdio::null()).output().unwrap()
}

#[tokio::test]
async fn a_service_is_compared_and_the_report_written() {
    let folder = tempfile::tempdir().unwrap();
    let (emulator, endpoint) = emulator(folder.path());
    let (markdown, json) = (
        folder.path().join("report.md"),
        folder.path().join("report.json"),
    );
    for file in [&markdown, &json] {
        let file = file.to_str().unwrap();

        let done = verify(folder.path(), &endpoint, &["--yes", "--report", file]);

        assert!(done.status.success(), "{}", said(&done.stderr));
        let told = "none of them was answered otherwise than by the emulator";
        assert!(said(&done.stderr).contains(told), "{}", said(&done.stderr));
    }
    let report = fs::read_to_string(&markdown).unwrap();
    assert!(report.contains("## What differs\n\nNothing.\n"), "{report}");
    let report: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(&json).unwrap()).unwrap();
    assert_eq!(report["left_behind"], 0);
    let stats = emulator.browser.get("/_emulator/stats").await;
    let stats: serde_json::Value = serde_json::from_str(stats.text()).unwrap();
    assert_eq!(stats["operations"].as_object().unwrap().len(), 30);
    emulator.stop();
}

#[tokio::test]
async fn nothing_is_called_unless_somebody_says_yes() {
    let folder = tempfile::tempdir().unwrap();
    let (emulator, endpoint) = emulator(folder.path());

    let refused = verify(folder.path(), &endpoint, &[]);

    assert!(!refused.status.success());
    let told = said(&refused.stderr);
    assert!(told.contains("calls of http://127.0.0.1"), "{told}");
    assert!(told.ends_with("Nothing was called."), "{told}");
    let stats = emulator.browser.get("/_emulator/stats").await;
    assert!(
        stats.text().contains("\"operations\":{}"),
        "{}",
        stats.text()
    );
    emulator.stop();
}

#[tokio::test]
async fn what_is_no_endpoint_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    for endpoint in [
        "127.0.0.1:8790",
        "https://a.example/path",
        "ftp://a.example",
    ] {
        let arguments = ["verify-service", "--endpoint", endpoint];
        let refused = run(folder.path(), &arguments, "");
        assert!(!refused.status.success());
        let told = said(&refused.stderr);
        assert!(told.contains("an endpoint looks like"), "{told}");
    }
}

/// A listener that speaks TLS by a certificate that nobody signed, and passes on what comes; the file
/// of the certificate.
async fn encrypt(folder: &Path, service: SocketAddr) -> (u16, PathBuf) {
    let CertifiedKey { cert, signing_key } =
        rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let file = folder.join("authority.pem");
    fs::write(&file, cert.pem()).unwrap();
    let key = PrivatePkcs8KeyDer::from(signing_key.serialize_der());
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key.into())
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                // A client that trusts somebody else goes away.
                let Ok(mut client) = acceptor.accept(stream).await else {
                    return;
                };
                let mut service = TcpStream::connect(service).await.unwrap();
                let _ = copy_bidirectional(&mut client, &mut service).await;
            });
        }
    });
    (port, file)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_is_trusted_as_aws_ca_bundle_says() {
    let folder = tempfile::tempdir().unwrap();
    let (emulator, _) = emulator(folder.path());
    let (port, authority) = encrypt(folder.path(), emulator.browser.address).await;
    let other = folder.path().join("other.pem");
    let unused = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    fs::write(&other, unused.cert.pem()).unwrap();
    let verify = |bundle: &Path| {
        let endpoint = format!("https://localhost:{port}");
        let options = ["verify-service", "--yes", "--endpoint", &endpoint];
        let mut command = carillon(folder.path(), &options);
        let command = command.envs(keys("test")).env("AWS_CA_BUNDLE", bundle);
        command.stdin(std::process::Stdio::null()).output().unwrap()
    };

    let trusted = verify(&authority);
    let untrusted = verify(&other);
    let unreadable = verify(&folder.path().join("missing.pem"));

    assert!(trusted.status.success(), "{}", said(&trusted.stderr));
    assert!(!untrusted.status.success());
    let report = said(&untrusted.stdout);
    assert!(report.contains("no answer"), "{report}");
    let told = said(&unreadable.stderr);
    assert!(!unreadable.status.success());
    assert_says(told, &["AWS_CA_BUNDLE", "missing.pem"]);
    emulator.stop();
}
