//! The recorded signatures of boto3 1.44.5 and what must be refused.

use std::time::Duration;

use axum::http::{HeaderName, HeaderValue};

use super::*;

const INSTANCE: &str = "/app-instances/arn%3Aaws%3Achime%3Aus-east-1%3A123456789012%3Aapp-instance%2F11111111-2222-4333-8444-555555555555";
const INSTANCE_SIGNATURE: &str = "f9a0155b33497f6094250b581bf416c0bf0dafcc5cf76a3c260665ea1042fd2c";

fn key() -> AccessKey {
    AccessKey {
        id: "AKIAIOSFODNN7EXAMPLE".to_owned(),
        secret: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY".to_owned(),
        session_token: None,
    }
}

fn new_year() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_hours(482_136)
}

/// A request of the recordings: what is sent and how it was signed.
struct Recorded {
    method: Method,
    target: String,
    headers: Vec<(&'static str, String)>,
    body: &'static str,
}

impl Recorded {
    fn new(method: Method, target: &str, signed_headers: &str, signature: &str) -> Self {
        let authorization = format!(
            "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20250101/us-east-1/chime/aws4_request, \
             SignedHeaders={signed_headers}, Signature={signature}"
        );
        let headers = vec![
            ("host", "127.0.0.1:8080".to_owned()),
            ("x-amz-date", "20250101T000000Z".to_owned()),
            ("user-agent", "Boto3/1.44.5".to_owned()),
            ("authorization", authorization),
        ];
        Self {
            method,
            target: target.to_owned(),
            headers,
            body: "",
        }
    }

    fn instance() -> Self {
        Self::new(Method::GET, INSTANCE, "host;x-amz-date", INSTANCE_SIGNATURE)
    }

    fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.retain(|(found, _)| *found != name);
        self.headers.push((name, value.to_owned()));
        self
    }

    fn verify(&self, now: SystemTime) -> Result<String, ApiError> {
        let mut headers = HeaderMap::new();
        for (name, value) in &self.headers {
            headers.append(
                HeaderName::from_static(name),
                HeaderValue::from_str(value).unwrap(),
            );
        }
        let uri: Uri = self.target.parse().unwrap();
        let query = Query::parse(uri.query()).unwrap();
        let request = SignedRequest {
            method: &self.method,
            uri: &uri,
            headers: &headers,
            query: &query,
            body: self.body.as_bytes(),
        };
        verify(&request, "chime", &key(), now)
    }

    fn refusal(&self) -> String {
        self.verify(new_year()).unwrap_err().exception
    }
}

#[test]
fn a_path_with_an_arn_is_encoded_twice() {
    assert_eq!(
        Recorded::instance().verify(new_year()).unwrap(),
        "us-east-1"
    );
}

#[test]
fn a_query_is_sorted_and_keeps_its_encoding() {
    let signature = "efedcb7b5060b97664a78055e868c3d6923560c5053964a09117b265b330bc19";
    for target in [
        "/app-instances?max-results=10&next-token=a%2Fb%2Bc%3D%26d%20%C3%A9",
        "/app-instances?next-token=a%2Fb%2Bc%3D%26d%20%C3%A9&max-results=10",
        // Encoded more or less than what was signed.
        "/app-instances?next-token=a%2fb%2bc%3d%26d%20%c3%a9&max-results=10",
        "/app-instances?next-token=a/b+c=%26d%20%C3%A9&max%2dresults=%31%30",
    ] {
        Recorded::new(Method::GET, target, "host;x-amz-date", signature)
            .verify(new_year())
            .unwrap();
    }
}

#[test]
fn a_body_is_covered() {
    let signature = "1d0a3c3978b47b797e4b89e3f8ec188e492dc3d3a84fbbd5c174ba53f4ff0f25";
    let mut request = Recorded::new(
        Method::POST,
        "/tags?operation=tag-resource",
        "content-type;host;x-amz-date",
        signature,
    )
    .with("content-type", "application/json");
    request.body = r#"{"ResourceARN": "x", "Tags": [{"Key": "env", "Value": "d\u00e9v"}]}"#;
    request.verify(new_year()).unwrap();

    request.body = r#"{"ResourceARN": "y", "Tags": [{"Key": "env", "Value": "d\u00e9v"}]}"#;

    assert_eq!(request.refusal(), "InvalidSignatureException");
}

#[test]
fn a_claimed_payload_hash_must_be_true() {
    let request = Recorded::instance().with("x-amz-content-sha256", "0000");

    assert_eq!(request.refusal(), "InvalidSignatureException");
}

#[test]
fn a_date_more_than_fifteen_minutes_away_is_refused() {
    let request = Recorded::instance();

    assert!(request.verify(new_year() + Duration::from_mins(14)).is_ok());
    assert!(
        request
            .verify(new_year() + Duration::from_mins(16))
            .is_err()
    );
    assert!(
        request
            .verify(new_year() - Duration::from_mins(16))
            .is_err()
    );
}

#[test]
fn what_cannot_be_read_is_incomplete() {
    let mut unsigned = Recorded::instance();
    unsigned
        .headers
        .retain(|(name, _)| *name != "authorization");
    assert_eq!(unsigned.refusal(), "MissingAuthenticationTokenException");

    for header in [
        "Basic dGVzdDp0ZXN0",
        "AWS4-HMAC-SHA256 ",
        "AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=host, Signature=0",
        "AWS4-HMAC-SHA256 Credential=a/20250101/us-east-1/chime/aws4_request, SignedHeaders=x-amz-date, Signature=0",
        "AWS4-HMAC-SHA256 Credential=a/20250101/us-east-1/chime/other, SignedHeaders=host, Signature=0",
    ] {
        let request = Recorded::instance().with("authorization", header);
        assert_eq!(
            request.refusal(),
            "IncompleteSignatureException",
            "{header}"
        );
    }
}

#[test]
fn the_wrong_key_service_header_or_signature_is_refused() {
    let header = |key: &str, service: &str, signed: &str, signature: &str| {
        format!(
            "AWS4-HMAC-SHA256 Credential={key}/20250101/us-east-1/{service}/aws4_request, \
             SignedHeaders={signed}, Signature={signature}"
        )
    };
    let good = (
        "AKIAIOSFODNN7EXAMPLE",
        "chime",
        "host;x-amz-date",
        INSTANCE_SIGNATURE,
    );

    for (authorization, exception) in [
        (
            header("AKIAOTHER", good.1, good.2, good.3),
            "UnrecognizedClientException",
        ),
        (
            header(good.0, "sts", good.2, good.3),
            "InvalidSignatureException",
        ),
        (
            header(good.0, good.1, "host;x-amz-date;x-missing", good.3),
            "InvalidSignatureException",
        ),
        (
            header(good.0, good.1, good.2, "00"),
            "InvalidSignatureException",
        ),
    ] {
        assert_eq!(
            Recorded::instance()
                .with("authorization", &authorization)
                .refusal(),
            exception
        );
    }
    assert_eq!(
        Recorded::instance()
            .with("host", "localhost:8080")
            .refusal(),
        "InvalidSignatureException"
    );
}
