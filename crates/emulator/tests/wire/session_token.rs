//! Temporary credentials: a session token belongs to its key.

use crate::wire::{Signing, Wire};

const OURS: &str = "a/session+token=";

#[tokio::test]
async fn a_token_that_does_not_belong_to_the_key_is_refused() {
    let unknown = (403, "UnrecognizedClientException");
    let lasting = Wire::start().await;
    let temporary = Wire::with(|config| config.session_token = Some(OURS.to_owned())).await;
    for (wire, token, is_good) in [
        (&lasting, None, true),
        (&lasting, Some(OURS), false),
        (&temporary, Some(OURS), true),
        (&temporary, Some("another"), false),
        (&temporary, None, false),
    ] {
        for presigned in [None, Some(std::time::Duration::from_mins(1))] {
            let signing = Signing {
                token,
                presigned,
                ..Signing::default()
            };
            let answer = wire.signed("GET", "/app-instances", "", &signing).await;
            if is_good {
                assert_eq!(answer.status, 200, "{answer:?}");
            } else {
                assert_eq!(answer.refusal(), unknown, "{token:?}");
            }
        }
    }
    // STS tells its account only to the holder of the key and its token.
    let identity = Signing {
        service: "sts",
        ..Signing::default()
    };
    let body = "Action=GetCallerIdentity&Version=2011-06-15";
    let answer = temporary.signed("POST", "/", body, &identity).await;
    assert_eq!(answer.status, 403, "{answer:?}");
    lasting.stop().await;
    temporary.stop().await;
}

#[tokio::test]
async fn a_token_cannot_be_changed_on_the_way() {
    let wire = Wire::with(|config| config.session_token = Some(OURS.to_owned())).await;
    let signing = Signing {
        token: Some("of somebody else"),
        ..Signing::default()
    };
    let (target, headers) = wire.sign("GET", "/app-instances", "", &signing);
    let headers: Vec<_> = headers
        .iter()
        .map(|(name, value)| match name.as_str() {
            "x-amz-security-token" => (name.as_str(), OURS),
            _ => (name.as_str(), value.as_str()),
        })
        .collect();
    let answer = wire.send("GET", &target, &headers, "").await;
    assert_eq!(answer.refusal(), (403, "InvalidSignatureException"));
    wire.stop().await;
}
