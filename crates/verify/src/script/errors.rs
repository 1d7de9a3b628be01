//! What is refused before an operation is asked: signatures, routes, bodies.

use http::Method;
use serde_json::json;

use super::Step;
use crate::known::Known;
use crate::request::{Request, Signing, label};

fn list() -> Request {
    Request::get("/app-instances?max-results=1")
}

/// An update of the AppInstance with a body as it stands.
fn update(known: &Known, body: &str) -> Request {
    let target = format!("/app-instances/{}", label(&known.instance));
    Request::new(Method::PUT, target, body.to_owned())
}

pub(super) fn steps() -> Vec<Step> {
    const OF_THE_ACCOUNT: &[&str] = &["AppInstances[].Metadata", "NextToken"];
    vec![
        Step::new("-", "no signature", |_| list().signed(Signing::None)),
        Step::new("-", "a wrong signature", |_| {
            list().signed(Signing::WrongSecret)
        }),
        Step::new("-", "a presigned request", |_| {
            list().signed(Signing::Presigned)
        })
        .ignoring(OF_THE_ACCOUNT),
        Step::new("-", "a body that is not signed", |known| {
            let body = json!({ "Name": known.run, "Metadata": "" }).to_string();
            update(known, &body).signed(Signing::UnsignedPayload)
        }),
        Step::new("-", "an unknown path", |_| Request::get("/carillon-verify")),
        Step::new("-", "a method that no operation has", |_| {
            Request::new(Method::PATCH, "/app-instances", String::new())
        }),
        Step::new("-", "a parameter given twice", |_| {
            Request::get("/app-instances?max-results=1&max-results=2")
        })
        .ignoring(OF_THE_ACCOUNT),
        Step::new("-", "a body that is not JSON", |known| update(known, "{")),
        Step::new("-", "a member given twice", |known| {
            update(
                known,
                r#"{"Name":"carillon-verify","Name":"carillon-verify","Metadata":""}"#,
            )
        }),
        Step::new("-", "a member of another type", |known| {
            update(known, r#"{"Name":1,"Metadata":""}"#)
        }),
        Step::new("-", "a member that no model has", |known| {
            update(known, r#"{"Name":"carillon-verify","Metadata":"","Odd":1}"#)
        }),
        Step::new("-", "an ARN that is none", |_| {
            Request::get("/app-instances/not-an-arn")
        }),
    ]
}
