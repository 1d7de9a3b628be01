//! Asking a provider: no redirect followed, every answer bounded in time and size, and nothing sent
//! to addresses that no provider has.

use std::future::Future;
use std::io::{self, Cursor};
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt as _, Full, Limited};
use hyper_rustls::{ConfigBuilderExt as _, HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::dns::Name;
use hyper_util::rt::TokioExecutor;
use openidconnect::http::{Request, header};
use openidconnect::url::{Host, Url};
use openidconnect::{AccessToken, AsyncHttpClient, HttpRequest, HttpResponse};
use rustls::crypto::aws_lc_rs;
use rustls::{ClientConfig, RootCertStore};
use tower::util::{ServiceFn, service_fn};

use super::address::can_be_a_provider;

/// The largest answer that is read, in bytes. The keys of a large provider take a tenth of it.
const LARGEST: usize = 512 * 1024;

type Addresses = std::vec::IntoIter<SocketAddr>;
type Lookup = Pin<Box<dyn Future<Output = io::Result<Addresses>> + Send>>;
type Connector = HttpsConnector<HttpConnector<ServiceFn<fn(Name) -> Lookup>>>;

/// Why there is no answer. For the log; a page gets `ProviderProblem::Unavailable`.
#[derive(Clone, Copy, Debug, thiserror::Error)]
pub enum Unanswered {
    /// An address that no provider has.
    #[error("its address is not allowed")]
    NotAllowed,
    /// Nothing came in time.
    #[error("it did not answer in time")]
    TooSlow,
    /// No connection, or it broke.
    #[error("the connection failed")]
    Disconnected,
    /// More than [`LARGEST`], or it broke on the way.
    #[error("its answer is too large or incomplete")]
    Unread,
}

/// Asks one provider.
#[derive(Clone, Debug)]
pub struct Http {
    client: Client<Connector, Full<Cursor<Vec<u8>>>>,
    patience: Duration,
    plain: bool,
}

impl Http {
    /// For a provider with this address; `patience` is for each question. Fails when the address is
    /// encrypted and the system has no root certificates.
    pub fn new(issuer: &Url, patience: Duration) -> io::Result<Self> {
        let plain = issuer.scheme() == "http";
        let roots = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(io::Error::other)?;
        let roots = if plain {
            roots.with_root_certificates(RootCertStore::empty())
        } else {
            roots.with_native_roots()?
        };
        let mut connector = HttpConnector::new_with_resolver(service_fn(look_up as fn(_) -> _));
        connector.enforce_http(false);
        connector.set_connect_timeout(Some(patience));
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(roots.with_no_client_auth())
            .https_or_http()
            .enable_http1()
            .wrap_connector(connector);
        // No connection is kept open. Sign-ins are rare, and if the provider closed the connection
        // meanwhile, the next sign-in would fail: the request that posts a code is not sent twice.
        let client = Client::builder(TokioExecutor::new())
            .pool_max_idle_per_host(0)
            .build(connector);
        Ok(Self {
            client,
            patience,
            plain,
        })
    }

    /// Whether the provider can have this address: HTTPS, or plain HTTP on this machine when the
    /// provider itself is there.
    pub fn allows(&self, url: &Url) -> bool {
        is_allowed(url) && (self.plain || url.scheme() == "https")
    }

    /// Reads what is at an address; sends the token along if there is one.
    pub(super) async fn get(
        &self,
        url: &Url,
        token: Option<&AccessToken>,
    ) -> Result<HttpResponse, Unanswered> {
        let request = Request::get(url.as_str()).header(header::ACCEPT, "application/json");
        let request = match token {
            Some(token) => {
                let bearer = format!("Bearer {}", token.secret());
                request.header(header::AUTHORIZATION, bearer)
            }
            None => request,
        };
        let request = request.body(Vec::new());
        self.ask(request.map_err(|_| Unanswered::NotAllowed)?).await
    }

    async fn ask(&self, request: HttpRequest) -> Result<HttpResponse, Unanswered> {
        let url = Url::parse(&request.uri().to_string()).map_err(|_| Unanswered::NotAllowed)?;
        if !self.allows(&url) {
            return Err(Unanswered::NotAllowed);
        }
        let request = request.map(|body| Full::new(Cursor::new(body)));
        let answered = async {
            let response = self.client.request(request).await;
            let (parts, body) = response.map_err(|_| Unanswered::Disconnected)?.into_parts();
            let body = Limited::new(body, LARGEST).collect().await;
            let body = body.map_err(|_| Unanswered::Unread)?.to_bytes().to_vec();
            Ok(HttpResponse::from_parts(parts, body))
        };
        tokio::time::timeout(self.patience, answered)
            .await
            .map_err(|_| Unanswered::TooSlow)?
    }
}

impl<'c> AsyncHttpClient<'c> for Http {
    type Error = Unanswered;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, Unanswered>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.ask(request))
    }
}

/// Whether a provider can use this address: `https`, or `http` with a loopback address. A name does
/// not do for `http`, since a name can be pointed elsewhere.
pub fn is_allowed(url: &Url) -> bool {
    let ip = match url.host() {
        Some(Host::Ipv4(ip)) => Some(IpAddr::V4(ip)),
        Some(Host::Ipv6(ip)) => Some(IpAddr::V6(ip).to_canonical()),
        Some(Host::Domain(name)) if !name.is_empty() => None,
        _ => return false,
    };
    let anonymous = url.username().is_empty() && url.password().is_none();
    anonymous
        && match url.scheme() {
            "https" => ip.is_none_or(can_be_a_provider),
            "http" => ip.is_some_and(|ip| ip.is_loopback()),
            _ => false,
        }
}

/// The addresses of a name, without those that no provider has: a name can be pointed anywhere.
fn look_up(name: Name) -> Lookup {
    Box::pin(async move {
        let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
        let allowed: Vec<_> = found
            .filter(|address| can_be_a_provider(address.ip()))
            .collect();
        if allowed.is_empty() {
            return Err(io::Error::other(Unanswered::NotAllowed));
        }
        Ok(allowed.into_iter())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_and_plain_http_on_this_machine_are_asked() {
        for text in [
            "https://login.example/realm",
            "https://10.0.0.7:8443",
            "http://127.0.0.1:9000",
            "http://[::1]:9000",
            // How browsers and so the URL parser read it.
            "http://2130706433",
        ] {
            assert!(is_allowed(&text.parse().unwrap()), "{text}");
        }
        for text in [
            "http://login.example",
            "http://localhost:9000",
            "http://10.0.0.7",
            "https://169.254.169.254",
            "https://2852039166",
            "https://0xa9fea9fe",
            "https://169.254.169.254.",
            "https://[::ffff:169.254.169.254]",
            "https://[64:ff9b::a9fe:a9fe]",
            "https://[2002:a9fe:a9fe::1]",
            "https://[fe80::1]",
            "https://[fd00:ec2::254]",
            "https://0.0.0.0",
            "https://[::]",
            "https://255.255.255.255",
            "https://224.0.0.1",
            "https://user@login.example",
            "https://user:password@login.example",
            "ftp://login.example",
            "file:///etc/passwd",
            "data:text/plain,x",
        ] {
            assert!(!is_allowed(&text.parse().unwrap()), "{text}");
        }
    }

    #[tokio::test]
    async fn a_name_that_is_pointed_to_an_address_that_no_provider_has_is_not_asked() {
        // An address is its own name, and needs no look-up.
        for (name, is_found) in [
            ("127.0.0.1", true),
            ("10.0.0.7", true),
            ("169.254.169.254", false),
            ("::ffff:169.254.169.254", false),
            ("64:ff9b::a9fe:a9fe", false),
            ("fe80::1", false),
            ("fd00:ec2::254", false),
            ("0.0.0.0", false),
            ("224.0.0.1", false),
            ("::", false),
        ] {
            let found = look_up(name.parse().unwrap()).await;
            assert_eq!(found.is_ok(), is_found, "{name}");
        }
    }

    #[test]
    fn a_provider_behind_https_has_nothing_behind_plain_http() {
        let http = |issuer: &str| Http {
            plain: issuer.starts_with("http:"),
            ..Http::new(&"http://127.0.0.1".parse().unwrap(), Duration::from_secs(1)).unwrap()
        };
        let local: Url = "http://127.0.0.1:8790/token".parse().unwrap();
        assert!(!http("https://login.example").allows(&local));
        assert!(http("http://127.0.0.1:9000").allows(&local));
    }
}
