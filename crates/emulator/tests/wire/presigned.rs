//! Requests that carry their signature in the query, and what a signature covers.

use std::time::Duration;

use serde_json::json;

use crate::wire::{Signing, Wire, now};

const MINUTE: Duration = Duration::from_mins(1);

fn presigned<'a>() -> Signing<'a> {
    Signing {
        presigned: Some(5 * MINUTE),
        ..Signing::default()
    }
}

#[tokio::test]
async fn a_presigned_request_is_answered() {
    let wire = Wire::start().await;
    let instance = wire.app_instance("A").await;
    let arn = crate::wire::label(&instance);
    for target in [
        "/app-instances".to_owned(),
        "/app-instances?max-results=1".to_owned(),
        format!("/app-instances/{arn}"),
        format!("/tags?arn={arn}"),
    ] {
        let answer = wire.signed("GET", &target, "", &presigned()).await;
        assert_eq!(answer.status, 200, "{target}: {answer:?}");
    }
    let body = json!({ "Name": "B", "ClientRequestToken": "t-2" }).to_string();
    let made = wire
        .signed("POST", "/app-instances", &body, &presigned())
        .await;
    assert_eq!(made.status, 201, "{made:?}");
    wire.stop().await;
}

#[tokio::test]
async fn a_presigned_request_that_was_changed_is_refused() {
    let wire = Wire::start().await;
    let (target, _) = wire.sign("GET", "/app-instances?max-results=1", "", &presigned());
    for (from, to) in [
        ("max-results=1", "max-results=2"),
        ("X-Amz-Expires=300", "X-Amz-Expires=301"),
        ("/app-instances?", "/app-instance-users?"),
        ("X-Amz-Signature=", "odd=1&X-Amz-Signature="),
    ] {
        assert!(target.contains(from), "{target}");
        let changed = target.replace(from, to);
        let answer = wire.send("GET", &changed, &[], "").await;
        assert_eq!(answer.refusal(), (403, "InvalidSignatureException"), "{to}");
    }
    let with_body = wire.send("GET", &target, &[], "{}").await;
    assert_eq!(with_body.refusal(), (403, "InvalidSignatureException"));
    let as_delete = wire.send("POST", &target, &[], "").await;
    assert_eq!(as_delete.refusal(), (403, "InvalidSignatureException"));
    let unchanged = wire.send("GET", &target, &[], "").await;
    assert_eq!(unchanged.status, 200);
    wire.stop().await;
}

#[tokio::test]
async fn a_presigned_request_is_good_for_as_long_as_it_says() {
    let wire = Wire::start().await;
    let at = |time, good_for| Signing {
        time,
        presigned: Some(good_for),
        ..Signing::default()
    };
    for (signing, status) in [
        (at(now() - 4 * MINUTE, 5 * MINUTE), 200),
        (at(now() - 60 * MINUTE, 61 * MINUTE), 200),
        (at(now() - 6 * MINUTE, 5 * MINUTE), 403),
        (at(now() + 20 * MINUTE, 60 * MINUTE), 403),
        // Longer than a week is no time.
        (at(now(), 8 * 24 * 60 * MINUTE), 400),
    ] {
        let answer = wire.signed("GET", "/app-instances", "", &signing).await;
        assert_eq!(answer.status, status, "{answer:?}");
    }
    wire.stop().await;
}

#[tokio::test]
async fn half_a_presigned_request_is_incomplete() {
    let wire = Wire::start().await;
    let (target, _) = wire.sign("GET", "/app-instances?a=b", "", &presigned());
    for name in [
        "X-Amz-Algorithm",
        "X-Amz-Credential",
        "X-Amz-Date",
        "X-Amz-Expires",
        "X-Amz-SignedHeaders",
        "X-Amz-Signature",
    ] {
        let (before, after) = target.split_once(&format!("&{name}=")).unwrap();
        let after = after.split_once('&').map_or("", |(_, after)| after);
        let without = format!("{before}&{after}");
        let answer = wire.send("GET", &without, &[], "").await;
        assert_eq!(
            answer.refusal(),
            (400, "IncompleteSignatureException"),
            "{name}"
        );
    }
    let (_, headers) = wire.sign("GET", "/app-instances", "", &Signing::default());
    let headers: Vec<_> = headers
        .iter()
        .map(|(n, v)| (n.as_str(), v.as_str()))
        .collect();
    let both = wire.send("GET", &target, &headers, "").await;
    assert_eq!(both.refusal(), (400, "IncompleteSignatureException"));
    let twice = format!("{target}&X-Amz-Date=20250101T000000Z");
    let twice = wire.send("GET", &twice, &[], "").await;
    assert_eq!(twice.refusal(), (400, "BadRequestException"));
    wire.stop().await;
}

/// Programs prove to others who they are by such a request.
#[tokio::test]
async fn a_caller_identity_can_be_asked_for_presigned() {
    let wire = Wire::start().await;
    let target = "/?Action=GetCallerIdentity&Version=2011-06-15";
    let signing = |service| Signing {
        service,
        ..presigned()
    };
    let answer = wire.signed("GET", target, "", &signing("sts")).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert!(answer.body.contains("<Account>123456789012</Account>"));
    let refused = wire.signed("GET", target, "", &signing("chime")).await;
    assert_eq!(refused.status, 403, "{refused:?}");
    assert!(refused.body.contains("<Code>InvalidSignature</Code>"));
    wire.stop().await;
}

#[tokio::test]
async fn a_body_is_always_part_of_the_signature() {
    let wire = Wire::start().await;
    let body = json!({ "Name": "A", "ClientRequestToken": "t-1" }).to_string();
    let with = |hash| Signing {
        content_sha256: Some(hash),
        ..Signing::default()
    };
    for hash in [
        "UNSIGNED-PAYLOAD",
        "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
        "",
        // Of an empty body.
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    ] {
        let answer = wire
            .signed("POST", "/app-instances", &body, &with(hash))
            .await;
        assert_eq!(
            answer.refusal(),
            (403, "InvalidSignatureException"),
            "{hash}"
        );
    }
    let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    let answer = wire.signed("GET", "/app-instances", "", &with(empty)).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    wire.stop().await;
}

/// A client may encode more or less than it signs.
#[tokio::test]
async fn a_query_is_signed_decoded_and_encoded_again() {
    let wire = Wire::start().await;
    let instance = wire.app_instance("A").await;
    let plain = format!(
        "/app-instance-users?app-instance-arn={}",
        crate::wire::label(&instance)
    );
    let (_, headers) = wire.sign("GET", &plain, "", &Signing::default());
    let headers: Vec<_> = headers
        .iter()
        .map(|(n, v)| (n.as_str(), v.as_str()))
        .collect();
    for arn in [
        instance.clone(),
        crate::wire::label(&instance).to_lowercase(),
        instance.replace(':', "%3A"),
    ] {
        let target = format!("/app-instance-users?app-instance-arn={arn}");
        let answer = wire.send("GET", &target, &headers, "").await;
        assert_eq!(answer.status, 200, "{target}: {answer:?}");
    }

    // A plus is a plus, as everywhere in a query of this protocol.
    let (_, headers) = wire.sign("GET", "/app-instances?odd=a%2Bb", "", &Signing::default());
    let headers: Vec<_> = headers
        .iter()
        .map(|(n, v)| (n.as_str(), v.as_str()))
        .collect();
    let answer = wire
        .send("GET", "/app-instances?odd=a+b", &headers, "")
        .await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let spaced = wire
        .send("GET", "/app-instances?odd=a%20b", &headers, "")
        .await;
    assert_eq!(spaced.refusal(), (403, "InvalidSignatureException"));
    wire.stop().await;
}
