//! An emulator, and requests to it byte by byte.

use std::fmt::Display;
use std::io;
use std::path::Path;
use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{
    SignableBody, SignableRequest, SignatureLocation, SigningSettings, sign,
};
use aws_sigv4::sign::v4::SigningParams;
use emulator::{Config, CorsOrigin, Emulator, Storage};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

pub const KEY: &str = "test";
pub const REGION: &str = "us-east-1";

/// A started emulator, stopped with the runtime.
pub struct Wire {
    emulator: Emulator,
    session_token: Option<String>,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    head: String,
    pub body: String,
}

impl Answer {
    fn parse(text: &str) -> Self {
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((text, ""));
        let status = head.get(9..12).and_then(|status| status.parse().ok());
        Self {
            status: status.unwrap_or_else(|| panic!("no answer: {text:?}")),
            head: head.to_owned(),
            body: body.to_owned(),
        }
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().skip(1);
        let mut pairs = lines.filter_map(|line| line.split_once(": "));
        let found = pairs.find(|(found, _)| found.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value)
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }

    /// Status and exception of a refusal in the form of the service.
    pub fn refusal(&self) -> (u16, &str) {
        let exception = self.header("x-amzn-errortype");
        let exception = exception.unwrap_or_else(|| panic!("no x-amzn-errortype: {self:?}"));
        assert_eq!(self.header("content-type"), Some("application/json"));
        assert!(self.header("x-amzn-requestid").is_some(), "{self:?}");
        assert!(self.json()["Message"].is_string() && self.json()["Code"].is_string());
        (self.status, exception)
    }
}

/// How a request is signed.
pub struct Signing<'a> {
    pub key: &'a str,
    pub token: Option<&'a str>,
    pub service: &'a str,
    pub time: SystemTime,
    /// Sent as `x-amz-content-sha256`, and signed in place of the body.
    pub content_sha256: Option<&'a str>,
    /// In the query, and good for so long.
    pub presigned: Option<Duration>,
}

impl Default for Signing<'_> {
    fn default() -> Self {
        Self {
            key: KEY,
            token: None,
            service: "chime",
            time: now(),
            content_sha256: None,
            presigned: None,
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "clients sign with the real time")]
pub fn now() -> SystemTime {
    SystemTime::now()
}

impl Wire {
    pub async fn start() -> Self {
        Self::with(|_| {}).await
    }

    /// With its data in a folder.
    pub async fn in_folder(folder: &Path) -> Self {
        Self::with(|config| config.storage = Storage::Directory(folder.to_owned())).await
    }

    /// With pages of these origins.
    pub async fn with_origins(origins: &[&str]) -> Self {
        let origins: Vec<CorsOrigin> = origins.iter().map(|text| text.parse().unwrap()).collect();
        Self::with(|config| config.cors_origins = origins).await
    }

    pub async fn with(change: impl FnOnce(&mut Config)) -> Self {
        let mut config = Config {
            control_plane: true,
            ..Config::in_memory(KEY, KEY, REGION)
        };
        change(&mut config);
        let session_token = config.session_token.clone();
        let emulator = Emulator::start(config).await.unwrap();
        Self {
            emulator,
            session_token,
        }
    }

    pub async fn stop(self) {
        self.emulator.stop().await;
    }

    /// Sends bytes as they are and reads until the emulator closes.
    pub async fn raw(&self, sent: &[u8]) -> Answer {
        let mut stream = TcpStream::connect(self.emulator.address()).await.unwrap();
        stream.write_all(sent).await.unwrap();
        // It may be closed before everything was taken.
        let (_, answer) = rest(&mut stream).await;
        Answer::parse(&answer)
    }

    /// Sends a signed request and leaves the answer to be read.
    pub async fn begin(&self, method: &str, target: &str, body: &Value) -> TcpStream {
        let body = text_of(body);
        let (target, headers) = self.sign(method, target, &body, &Signing::default());
        let sent = self.request(method, &target, &headers, &body);
        let mut stream = TcpStream::connect(self.emulator.address()).await.unwrap();
        stream.write_all(sent.as_bytes()).await.unwrap();
        stream
    }

    /// Sends a request with these headers.
    pub async fn send(
        &self,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Answer {
        self.raw(self.request(method, target, headers, body).as_bytes())
            .await
    }

    fn request(
        &self,
        method: &str,
        target: &str,
        headers: &[(impl Display, impl Display)],
        body: &str,
    ) -> String {
        let lines: Vec<String> = headers
            .iter()
            .map(|(name, value)| format!("{name}: {value}\r\n"))
            .collect();
        let lines = lines.concat();
        let length = body.len();
        format!(
            "{method} {target} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\ncontent-length: {length}\r\n{lines}\r\n{body}",
            self.host()
        )
    }

    /// Sends a request, signed as SDKs do.
    pub async fn call(&self, method: &str, target: &str, body: &Value) -> Answer {
        self.call_text(method, target, &text_of(body)).await
    }

    /// The same with a body as it stands.
    pub async fn call_text(&self, method: &str, target: &str, body: &str) -> Answer {
        let signing = Signing {
            token: self.session_token.as_deref(),
            ..Signing::default()
        };
        self.signed(method, target, body, &signing).await
    }

    /// Sends a request that is signed in its own way.
    pub async fn signed(
        &self,
        method: &str,
        target: &str,
        body: &str,
        signing: &Signing<'_>,
    ) -> Answer {
        let (target, headers) = self.sign(method, target, body, signing);
        let headers: Vec<(&str, &str)> = headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        self.send(method, &target, &headers, body).await
    }

    /// The target and the headers of a signed request.
    pub fn sign(
        &self,
        method: &str,
        target: &str,
        body: &str,
        signing: &Signing<'_>,
    ) -> (String, Vec<(String, String)>) {
        let mut headers = Vec::new();
        if let Some(hash) = signing.content_sha256 {
            headers.push(("x-amz-content-sha256".to_owned(), hash.to_owned()));
        }
        let host = self.host();
        let signed = headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .chain([("host", host.as_str())]);
        let payload = match signing.content_sha256 {
            Some("UNSIGNED-PAYLOAD") => SignableBody::UnsignedPayload,
            Some(hash) => SignableBody::Precomputed(hash.to_owned()),
            None => SignableBody::Bytes(body.as_bytes()),
        };
        let request = SignableRequest::new(method, target, signed, payload).unwrap();
        let mut settings = SigningSettings::default();
        if let Some(expires) = signing.presigned {
            settings.signature_location = SignatureLocation::QueryParams;
            settings.expires_in = Some(expires);
        }
        let token = signing.token.map(str::to_owned);
        let identity = Credentials::new(signing.key, KEY, token, None, "test").into();
        let params = SigningParams::builder()
            .identity(&identity)
            .region(REGION)
            .name(signing.service)
            .time(signing.time)
            .settings(settings)
            .build()
            .unwrap();
        let (instructions, _) = sign(request, &params.into()).unwrap().into_parts();
        let added = instructions.headers();
        headers.extend(added.map(|(name, value)| (name.to_owned(), value.to_owned())));
        let mut target = target.to_owned();
        for (name, value) in instructions.params() {
            let separator = if target.contains('?') { '&' } else { '?' };
            let value =
                percent_encoding::utf8_percent_encode(value, percent_encoding::NON_ALPHANUMERIC);
            target = format!("{target}{separator}{name}={value}");
        }
        (target, headers)
    }

    pub fn host(&self) -> String {
        self.emulator.address().to_string()
    }

    /// Asks the control plane for something that succeeds.
    pub async fn control(&self, method: &str, path: &str, body: &Value) -> Answer {
        let path = format!("/_emulator/{path}");
        let answer = self.send(method, &path, &[], &body.to_string()).await;
        assert!(answer.status < 300, "{answer:?}");
        answer
    }

    /// Makes an AppInstance and returns its ARN.
    pub async fn app_instance(&self, name: &str) -> String {
        let body = json!({ "Name": name, "ClientRequestToken": format!("token-{name}") });
        let made = self.call("POST", "/app-instances", &body).await;
        assert_eq!(made.status, 201, "{made:?}");
        made.json()["AppInstanceArn"].as_str().unwrap().to_owned()
    }
}

/// How a connection ends, and what comes before that.
pub async fn rest(stream: &mut TcpStream) -> (io::Result<usize>, String) {
    let mut answer = Vec::new();
    let ended = stream.read_to_end(&mut answer).await;
    (ended, String::from_utf8_lossy(&answer).into_owned())
}

fn text_of(body: &Value) -> String {
    if body.is_null() {
        return String::new();
    }
    body.to_string()
}

/// A value as one label of a path.
pub fn label(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}
