//! A service that is reached over HTTP: signs a request, sends it, and reads the answer as it came.

use std::{
    fmt, io,
    io::Cursor,
    str::FromStr,
    sync::atomic::{AtomicUsize, Ordering},
    time::{Duration, SystemTime},
};

use aws_config::BehaviorVersion;
use aws_credential_types::{
    Credentials,
    provider::{ProvideCredentials as _, error::CredentialsError},
};
use aws_sigv4::{
    http_request::{SignableBody, SignableRequest, SignatureLocation, SigningSettings, sign},
    sign::v4::SigningParams,
};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use http::{HeaderMap, Uri, header};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use rustls::{RootCertStore, crypto::aws_lc_rs};
use serde_json::Value;

use crate::request::{Request, Signing, label};
use crate::walk::Stop;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(20);
/// How often a request that was throttled, failed or lost is sent again.
const REPEATS: u32 = 3;
const FIRST_WAIT: Duration = Duration::from_millis(200);
/// Larger than any answer.
const LARGEST: usize = 1024 * 1024;
/// How long a presigned request is good for.
const GOOD_FOR: Duration = Duration::from_mins(1);

/// Where a service is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    scheme: String,
    authority: String,
}

/// Why a text is no endpoint.
#[derive(Debug, thiserror::Error)]
#[error(
    "an endpoint looks like https://identity-chime.us-east-1.amazonaws.com or http://127.0.0.1:8790, without a path"
)]
pub struct NoEndpoint;

impl FromStr for Endpoint {
    type Err = NoEndpoint;

    fn from_str(text: &str) -> Result<Self, NoEndpoint> {
        let uri: Uri = text.parse().map_err(|_| NoEndpoint)?;
        let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
            return Err(NoEndpoint);
        };
        let is_bare = matches!(uri.path(), "" | "/") && uri.query().is_none();
        if !is_bare || authority.as_str().contains('@') || !matches!(scheme, "http" | "https") {
            return Err(NoEndpoint);
        }
        Ok(Self {
            scheme: scheme.to_owned(),
            authority: authority.to_string(),
        })
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}://{}", self.scheme, self.authority)
    }
}

/// The credentials that the environment has: variables, profile, SSO, container or instance. Some of them ask AWS
/// first, with this client or the SDK's own.
pub async fn standard_credentials(
    region: &str,
    http: Option<SharedHttpClient>,
) -> Result<Credentials, CredentialsError> {
    let mut loader = aws_config::defaults(BehaviorVersion::v2026_01_12())
        .region(aws_config::Region::new(region.to_owned()));
    if let Some(http) = http {
        loader = loader.http_client(http);
    }
    let config = loader.load().await;
    let provider = config.credentials_provider();
    let provider = provider.ok_or_else(|| CredentialsError::not_loaded("there is no provider"))?;
    provider.provide_credentials().await
}

/// What came back, or that nothing did.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Answer {
    /// `None` when no answer came.
    pub(crate) status: Option<u16>,
    pub(crate) exception: Option<String>,
    pub(crate) body: Value,
}

impl Answer {
    pub(crate) fn is_success(&self) -> bool {
        self.status.is_some_and(|status| status < 300)
    }

    /// A text member at the top of the body.
    pub(crate) fn text(&self, member: &str) -> Option<&str> {
        self.body.get(member)?.as_str()
    }

    /// Whether the same request may succeed soon.
    fn passes(&self) -> bool {
        matches!(self.status, Some(429 | 500 | 502 | 503 | 504))
    }
}

/// One service, and the credentials that call it.
pub(crate) struct Service {
    http: Client<HttpsConnector<HttpConnector>, Full<Cursor<Vec<u8>>>>,
    endpoint: Endpoint,
    region: String,
    credentials: Credentials,
    calls: AtomicUsize,
}

impl Service {
    pub(crate) fn new(
        endpoint: Endpoint,
        region: String,
        credentials: Credentials,
        trusted: Option<RootCertStore>,
    ) -> io::Result<Self> {
        let builder = HttpsConnectorBuilder::new();
        let connector = if endpoint.scheme == "https" && trusted.is_none() {
            builder.with_provider_and_native_roots(aws_lc_rs::default_provider())?
        } else {
            let roots = trusted.unwrap_or_else(RootCertStore::empty);
            let config =
                rustls::ClientConfig::builder_with_provider(aws_lc_rs::default_provider().into())
                    .with_safe_default_protocol_versions()
                    .map_err(io::Error::other)?
                    .with_root_certificates(roots)
                    .with_no_client_auth();
            builder.with_tls_config(config)
        };
        let connector = connector.https_or_http().enable_http1().build();
        Ok(Self {
            http: Client::builder(TokioExecutor::new()).build(connector),
            endpoint,
            region,
            credentials,
            calls: AtomicUsize::new(0),
        })
    }

    /// How many requests were sent.
    pub(crate) fn calls(&self) -> usize {
        self.calls.load(Ordering::Relaxed)
    }

    /// Asks, and asks again when it was throttled, failed or was lost.
    pub(crate) async fn ask(&self, request: &Request, stop: &Stop) -> Answer {
        let mut wait = FIRST_WAIT;
        let mut answer = self.send(request).await;
        for _ in 0..REPEATS {
            let again = match answer.status {
                Some(_) => answer.passes(),
                None => request.can_be_repeated(),
            };
            if !again || stop.is_asked() {
                break;
            }
            tokio::time::sleep(wait).await;
            wait *= 2;
            answer = self.send(request).await;
        }
        answer
    }

    async fn send(&self, request: &Request) -> Answer {
        self.calls.fetch_add(1, Ordering::Relaxed);
        let asked = async {
            let request = self.sign(request)?;
            let (parts, body) = self.http.request(request).await.ok()?.into_parts();
            let body = Limited::new(body, LARGEST).collect().await.ok()?;
            Some((parts.status, parts.headers, body.to_bytes()))
        };
        match tokio::time::timeout(PATIENCE, asked).await {
            Ok(Some((status, headers, body))) => Answer {
                status: Some(status.as_u16()),
                exception: exception(&headers),
                body: serde_json::from_slice(&body).unwrap_or_default(),
            },
            _ => Answer::default(),
        }
    }

    fn sign(&self, request: &Request) -> Option<http::Request<Full<Cursor<Vec<u8>>>>> {
        let mut headers = vec![("host", self.endpoint.authority.as_str())];
        if !request.body.is_empty() {
            headers.push(("content-type", "application/json"));
        }
        let body = match request.signing {
            Signing::UnsignedPayload => {
                headers.push(("x-amz-content-sha256", "UNSIGNED-PAYLOAD"));
                SignableBody::UnsignedPayload
            }
            _ => SignableBody::Bytes(request.body.as_bytes()),
        };
        let mut target = request.target.clone();
        let mut added = Vec::new();
        if request.signing != Signing::None {
            let signable = SignableRequest::new(
                request.method.as_str(),
                target.clone(),
                headers.iter().copied(),
                body,
            );
            let mut settings = SigningSettings::default();
            if request.signing == Signing::Presigned {
                settings.signature_location = SignatureLocation::QueryParams;
                settings.expires_in = Some(GOOD_FOR);
            }
            let ours = &self.credentials;
            let identity = match request.signing {
                Signing::WrongSecret => {
                    let token = ours.session_token().map(str::to_owned);
                    Credentials::new(ours.access_key_id(), "wrong", token, None, "verify")
                }
                _ => ours.clone(),
            };
            let identity = identity.into();
            let params = SigningParams::builder()
                .identity(&identity)
                .region(&self.region)
                .name("chime")
                .time(now())
                .settings(settings)
                .build()
                .ok()?;
            let (instructions, _) = sign(signable.ok()?, &params.into()).ok()?.into_parts();
            for (name, value) in instructions.params() {
                let separator = if target.contains('?') { '&' } else { '?' };
                target = format!("{target}{separator}{name}={}", label(value));
            }
            for (name, value) in instructions.headers() {
                added.push((name.to_owned(), value.to_owned()));
            }
        }
        let mut builder = http::Request::builder()
            .method(request.method.clone())
            .uri(format!("{}{target}", self.endpoint));
        for (name, value) in headers {
            builder = builder.header(name, value);
        }
        for (name, value) in added {
            builder = builder.header(name, value);
        }
        let body = request.body.clone().into_bytes();
        builder
            .header(header::CONTENT_LENGTH, body.len())
            .body(Full::new(Cursor::new(body)))
            .ok()
    }
}

/// The name of the exception, without what some services put around it.
fn exception(headers: &HeaderMap) -> Option<String> {
    let text = headers.get("x-amzn-errortype")?.to_str().ok()?;
    let name = text.split(':').next().unwrap_or(text);
    let name = name.rsplit('#').next().unwrap_or(name);
    Some(name.to_owned())
}

#[expect(
    clippy::disallowed_methods,
    reason = "a signature has the time of the day, whatever a test has moved"
)]
fn now() -> SystemTime {
    SystemTime::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_is_a_scheme_and_a_host() {
        for text in [
            "https://identity-chime.us-east-1.amazonaws.com",
            "http://127.0.0.1:8790",
        ] {
            assert_eq!(text.parse::<Endpoint>().unwrap().to_string(), text);
        }
        for text in [
            "",
            "127.0.0.1:8790",
            "ftp://a",
            "https://a/b",
            "https://u:p@a",
            "https://a?b",
        ] {
            assert!(text.parse::<Endpoint>().is_err(), "{text}");
        }
    }

    #[test]
    fn an_exception_is_read_in_each_of_its_forms() {
        for text in [
            "ConflictException",
            "ConflictException:http://internal.example/doc/",
            "com.amazonaws.chime#ConflictException",
        ] {
            let mut headers = HeaderMap::new();
            headers.insert("x-amzn-errortype", text.parse().unwrap());
            assert_eq!(exception(&headers).as_deref(), Some("ConflictException"));
        }
    }
}
