//! Encryption by the server itself.

use std::path::Path;
use std::sync::Arc;

use rcgen::CertifiedKey;
use rustls::ClientConfig;
use rustls::RootCertStore;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::{CertificateDer, ServerName};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::support::{Dashboard, PASSWORD, run, said};

const NAME: &str = "console.example";

/// A certificate that nobody else signed, written to `cert.pem` and `key.pem`.
fn certify(folder: &Path) -> CertificateDer<'static> {
    let CertifiedKey { cert, signing_key } =
        rcgen::generate_simple_self_signed(vec![NAME.to_owned()]).unwrap();
    std::fs::write(folder.join("cert.pem"), cert.pem()).unwrap();
    std::fs::write(folder.join("key.pem"), signing_key.serialize_pem()).unwrap();
    cert.der().clone()
}

fn start(folder: &Path, options: &[&str]) -> Dashboard {
    let (cert, key) = (folder.join("cert.pem"), folder.join("key.pem"));
    let files = [
        "--tls-cert",
        cert.to_str().unwrap(),
        "--tls-key",
        key.to_str().unwrap(),
    ];
    Dashboard::start_with(folder, &[&files, options].concat())
}

/// Sends a request the way a browser that trusts one certificate does.
async fn send(
    dashboard: &Dashboard,
    trusted: &CertificateDer<'static>,
    request: &str,
) -> std::io::Result<String> {
    let mut roots = RootCertStore::empty();
    roots.add(trusted.clone()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let stream = TcpStream::connect(dashboard.browser.address).await?;
    let name = ServerName::try_from(NAME).unwrap();
    let mut stream = TlsConnector::from(Arc::new(config))
        .connect(name, stream)
        .await?;
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    Ok(String::from_utf8(answer).unwrap())
}

fn page(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nhost: {NAME}\r\nconnection: close\r\n\r\n")
}

fn sign_in(origin: &str) -> String {
    let body = format!("username=ann&password={}&next=", PASSWORD.replace(' ', "+"));
    format!(
        "POST /api/session/sign-in HTTP/1.1\r\nhost: {NAME}\r\norigin: {origin}\r\n\
         accept: text/html\r\ncontent-type: application/x-www-form-urlencoded\r\n\
         connection: close\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
}

const PUBLIC: &[&str] = &["--public-url", "https://console.example"];

#[tokio::test]
async fn somebody_signs_in_over_an_encrypted_connection() {
    let folder = tempfile::tempdir().unwrap();
    run(folder.path(), &["operator", "add", "ann"], PASSWORD);
    let cert = certify(folder.path());
    let dashboard = start(folder.path(), PUBLIC);

    let page = send(&dashboard, &cert, &page("/sign-in")).await.unwrap();
    let signed_in = send(&dashboard, &cert, &sign_in("https://console.example"))
        .await
        .unwrap();
    let foreign = send(&dashboard, &cert, &sign_in("http://console.example"))
        .await
        .unwrap();

    assert!(page.starts_with("HTTP/1.1 200"), "{page}");
    let insist = "strict-transport-security: max-age=63072000; includeSubDomains\r\n";
    assert!(page.contains(insist), "{page}");
    assert!(signed_in.starts_with("HTTP/1.1 303"), "{signed_in}");
    assert!(signed_in.contains("set-cookie: __Host-carillon="));
    assert!(signed_in.contains("; Secure"));
    assert!(foreign.starts_with("HTTP/1.1 403"), "{foreign}");
    dashboard.stop();
}

#[tokio::test]
async fn nothing_is_answered_without_encryption() {
    let folder = tempfile::tempdir().unwrap();
    certify(folder.path());
    let dashboard = start(folder.path(), &[]);

    let mut stream = TcpStream::connect(dashboard.browser.address).await.unwrap();
    stream.write_all(page("/livez").as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;

    let answer = String::from_utf8_lossy(&answer);
    assert!(!answer.contains("HTTP/1.1"), "{answer}");
    dashboard.stop();
}

#[tokio::test]
async fn a_certificate_is_replaced_without_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let first = certify(folder.path());
    let dashboard = start(folder.path(), PUBLIC);
    let alive = page("/livez");
    assert!(send(&dashboard, &first, &alive).await.is_ok());

    // One that cannot be used changes nothing.
    std::fs::write(folder.path().join("cert.pem"), "half written").unwrap();
    dashboard.signal("HUP");
    assert!(send(&dashboard, &first, &alive).await.is_ok());
    let second = certify(folder.path());
    dashboard.signal("HUP");

    let mut tries = 0;
    while send(&dashboard, &second, &alive).await.is_err() {
        tries += 1;
        assert!(tries < 500, "the new certificate is not used");
        tokio::task::yield_now().await;
    }
    assert!(send(&dashboard, &first, &alive).await.is_err());
    dashboard.stop();
}

/// It is looked at before it is read, so that it needs to hold no key here.
#[cfg(unix)]
#[test]
fn a_key_that_every_user_can_change_is_refused() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = tempfile::tempdir().unwrap();
    certify(folder.path());
    let path = |name| folder.path().join(name).to_str().unwrap().to_owned();
    let (cert, key) = (path("cert.pem"), path("key.pem"));
    std::fs::write(&key, "no key").unwrap();
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o666)).unwrap();

    let serve = ["serve", "--listen", "127.0.0.1:0"];
    let files = ["--tls-cert", &*cert, "--tls-key", &*key];
    let refused = run(folder.path(), &[&serve[..], &files].concat(), "");

    assert!(!refused.status.success());
    let told = said(&refused.stderr);
    assert!(told.contains("the key file"), "{told}");
    assert!(told.contains("can be changed by every user"), "{told}");
}

#[test]
fn files_that_cannot_be_used_are_named_in_a_sentence() {
    let folder = tempfile::tempdir().unwrap();
    certify(folder.path());
    let other = tempfile::tempdir().unwrap();
    certify(other.path());
    let path =
        |folder: &tempfile::TempDir, name| folder.path().join(name).to_str().unwrap().to_owned();
    let (cert, key) = (path(&folder, "cert.pem"), path(&folder, "key.pem"));
    let (absent, other) = (path(&folder, "absent.pem"), path(&other, "key.pem"));
    let locked = path(&folder, "locked.pem");
    let text = "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n";
    std::fs::write(&locked, text).unwrap();
    for (cert, key, sentence) in [
        (&absent, &key, "absent.pem cannot be read"),
        (&cert, &absent, "absent.pem cannot be read"),
        (&key, &key, "holds no certificate"),
        (&cert, &cert, "cert.pem holds no private key"),
        (&cert, &locked, "locked.pem is protected by a passphrase"),
        (&cert, &other, "cannot be used together"),
    ] {
        let arguments = ["serve", "--listen", "127.0.0.1:0", "--tls-cert", cert];
        let output = run(
            folder.path(),
            &[&arguments[..], &["--tls-key", key]].concat(),
            "",
        );

        assert_eq!(output.status.code(), Some(1));
        let told = said(&output.stderr);
        assert!(
            told.starts_with("carillon: ") && told.contains(sentence),
            "{told}"
        );
        assert_eq!(told.lines().count(), 1, "{told}");
    }
}
