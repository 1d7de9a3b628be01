//! Every way in which no connection is made: nothing can have been sent, and it is said why.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use aws_sdk_chimesdkidentity::Client as Sdk;
use aws_sdk_chimesdkidentity::config::timeout::TimeoutConfig;
use aws_sdk_chimesdkidentity::config::{BehaviorVersion, Config, Credentials, Region};
use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::{Builder as HttpClient, Connector};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use domain::{Cause, NoConnection};
use rcgen::{CertificateParams, Issuer, KeyPair, date_time_ymd};
use rustls::ServerConfig;
use rustls::pki_types::PrivatePkcs8KeyDer;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use super::super::transport::{CaBundle, CaBundleError, Proxies, without_proxy};
use super::super::{Request, observed};
use super::*;

fn client_of(url: &str, http: SharedHttpClient) -> Client {
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(Duration::from_millis(300))
        .operation_attempt_timeout(Duration::from_secs(5))
        .build();
    let config = Config::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::for_tests())
        .endpoint_url(url)
        .http_client(http)
        .timeout_config(timeouts);
    Client::of(Sdk::from_conf(configure(config).build()))
}

/// A read and a write end in the same way: nothing left, and the reason is told.
async fn assert_unconnected(client: &Client, reason: NoConnection) {
    let (read, _) = observed(describe_app_instance().send(client)).await;
    let (write, wire) = observed(delete_app_instance().send(client)).await;

    let causes = (read.unwrap_err().cause, write.unwrap_err().cause);
    let expected = Cause::NotConnected(reason);
    assert_eq!(causes, (expected.clone(), expected));
    assert!(!wire.connected());
    assert!(!wire.unanswered());
}

/// Answers every connection in one way.
pub(super) async fn listen<F>(answer: impl Fn(TcpStream) -> F + Send + 'static) -> u16
where
    F: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(answer(stream));
        }
    });
    port
}

/// An authority, and the file with which somebody trusts it.
struct Authority {
    issuer: Issuer<'static, KeyPair>,
    folder: TempDir,
}

impl Authority {
    fn new() -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        let certificate = params.self_signed(&key).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let text = format!("An authority of a test\n{}", certificate.pem());
        std::fs::write(folder.path().join("ca.pem"), text).unwrap();
        let issuer = Issuer::new(params, key);
        Self { issuer, folder }
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    fn trusted(&self) -> SharedHttpClient {
        let bundle = CaBundle::read(&self.file()).unwrap();
        bundle.client(Proxies::None)
    }

    /// A server that speaks TLS under a name, until a year.
    async fn serve(&self, name: &str, until: i32) -> u16 {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        params.not_before = date_time_ymd(2000, 1, 1);
        params.not_after = date_time_ymd(until, 1, 1);
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        let key = PrivatePkcs8KeyDer::from(key.serialize_der());
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key.into())
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        listen(move |stream| {
            let acceptor = acceptor.clone();
            async move {
                let Ok(mut stream) = acceptor.accept(stream).await else {
                    return;
                };
                let _ = stream.read(&mut [0; 8192]).await;
                let answer = "HTTP/1.1 403 Forbidden\r\nx-amzn-errortype: ForbiddenException\r\n\
                              content-length: 2\r\nconnection: close\r\n\r\n{}";
                let _ = stream.write_all(answer.as_bytes()).await;
                let _ = stream.shutdown().await;
            }
        })
        .await
    }
}

#[tokio::test]
async fn a_certificate_of_nobody_who_is_trusted_lets_nothing_out() {
    let (authority, other) = (Authority::new(), Authority::new());
    let port = authority.serve("localhost", 4000).await;
    let url = format!("https://localhost:{port}");

    let (by_system, by_file) = (without_proxy(), other.trusted());

    assert_unconnected(&client_of(&url, by_system), NoConnection::Untrusted).await;
    assert_unconnected(&client_of(&url, by_file), NoConnection::Untrusted).await;
}

#[tokio::test]
async fn a_certificate_for_another_name_or_time_lets_nothing_out() {
    let authority = Authority::new();
    let other_name = authority.serve("chime.example", 4000).await;
    let too_old = authority.serve("localhost", 2001).await;
    for (port, reason) in [
        (other_name, NoConnection::OtherName),
        (too_old, NoConnection::OutOfDate),
    ] {
        let url = format!("https://localhost:{port}");
        assert_unconnected(&client_of(&url, authority.trusted()), reason).await;
    }
}

#[tokio::test]
async fn whom_the_file_names_is_trusted() {
    let authority = Authority::new();
    let port = authority.serve("localhost", 4000).await;
    let client = client_of(&format!("https://localhost:{port}"), authority.trusted());

    let (answer, wire) = observed(delete_app_instance().send(&client)).await;

    assert_eq!(answer.unwrap_err().cause, Cause::Forbidden);
    assert!(wire.connected());
}

#[tokio::test]
async fn an_endpoint_that_does_not_encrypt_lets_nothing_out() {
    let plain = listen(|mut stream| async move {
        let _ = stream.read(&mut [0; 4096]).await;
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
    });
    let closing = listen(|mut stream| async move {
        let _ = stream.read(&mut [0; 4096]).await;
    });
    for port in [plain.await, closing.await] {
        let client = client_of(&format!("https://localhost:{port}"), without_proxy());
        assert_unconnected(&client, NoConnection::Encryption).await;
    }
}

#[tokio::test]
async fn an_endpoint_that_nobody_serves_lets_nothing_out() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let refused = client_of(&format!("http://127.0.0.1:{port}"), without_proxy());
    let unnamed = client_of("http://nobody.invalid:9", without_proxy());

    assert_unconnected(&refused, NoConnection::Refused).await;
    assert_unconnected(&unnamed, NoConnection::Name).await;
}

#[tokio::test]
async fn an_endpoint_that_says_nothing_while_connecting_lets_nothing_out() {
    // It is taken by the system, and nobody answers to the first words of TLS.
    let port = listen(|stream| async move {
        let _held = stream;
        std::future::pending::<()>().await;
    })
    .await;
    let client = client_of(&format!("https://localhost:{port}"), without_proxy());

    assert_unconnected(&client, NoConnection::Silent).await;
}

/// The client with a proxy in front of everything.
fn behind(proxy: &str) -> SharedHttpClient {
    let proxy = ProxyConfig::all(proxy).unwrap();
    HttpClient::new().build_with_connector_fn(move |settings, components| {
        let mut connector = Connector::builder()
            .proxy_config(proxy.clone())
            .tls_provider(super::super::transport::tls());
        connector.set_connector_settings(settings.cloned());
        if let Some(components) = components {
            connector.set_sleep_impl(components.sleep_impl());
        }
        connector.build()
    })
}

#[tokio::test]
async fn a_proxy_that_does_not_let_it_through_lets_nothing_out() {
    let answering = |answer: &'static str| {
        listen(move |mut stream| async move {
            let _ = stream.read(&mut [0; 4096]).await;
            let _ = stream.write_all(answer.as_bytes()).await;
        })
    };
    let asks = answering("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n").await;
    let forbids = answering("HTTP/1.1 403 Forbidden\r\n\r\n").await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let nobody = listener.local_addr().unwrap().port();
    drop(listener);
    for port in [asks, forbids, nobody] {
        let http = behind(&format!("http://127.0.0.1:{port}"));
        let client = client_of("https://chime.example", http);
        assert_unconnected(&client, NoConnection::Proxy).await;
    }
}

#[test]
fn a_file_of_certificates_that_cannot_be_used_is_refused_with_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    let good = std::fs::read_to_string(Authority::new().file()).unwrap();
    let refusal = |path: &std::path::Path| CaBundle::read(path).err().unwrap();

    let missing = refusal(&folder.path().join("missing.pem"));
    let is_folder = refusal(folder.path());
    let empty = refusal(&file("empty.pem", ""));
    let key = refusal(&file(
        "key.pem",
        "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
    ));
    let second = refusal(&file("second.pem", &format!("{good}{broken}")));

    assert!(
        matches!(missing, CaBundleError::Unreadable { .. }),
        "{missing}"
    );
    assert!(
        matches!(is_folder, CaBundleError::Unreadable { .. }),
        "{is_folder}"
    );
    assert!(matches!(empty, CaBundleError::Empty { .. }), "{empty}");
    assert!(matches!(key, CaBundleError::Empty { .. }), "{key}");
    assert!(
        matches!(second, CaBundleError::Malformed { number: 2, .. }),
        "{second}"
    );
    for (refusal, name) in [
        (missing, "missing.pem"),
        (empty, "empty.pem"),
        (second, "second.pem"),
    ] {
        let text = refusal.to_string();
        assert!(
            text.contains("AWS_CA_BUNDLE") && text.contains(name),
            "{text}"
        );
    }
}
