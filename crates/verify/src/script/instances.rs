//! The AppInstance, its retention and its tags; first and last of a walk.

use serde_json::{Value, json};

use super::{Step, same};
use crate::known::Known;
use crate::request::{Request, label};
use crate::service::Answer;

fn path(arn: &str) -> String {
    format!("/app-instances/{}", label(arn))
}

fn create(known: &Known) -> Request {
    let body = json!({
        "Name": known.run,
        "Metadata": "made to be compared and removed",
        "Tags": [{ "Key": "made-by", "Value": "carillon verify-service" }],
        "ClientRequestToken": known.token("instance"),
    });
    Request::post("/app-instances", &body)
}

fn made(known: &mut Known, answer: &Answer) -> Option<&'static str> {
    let before = known.instance.clone();
    let arn = answer
        .text("AppInstanceArn")
        .filter(|_| answer.is_success());
    match arn {
        Some(arn) => known.made(arn),
        // An answer that was lost leaves something behind, maybe.
        None if answer.status.is_none_or(|status| status >= 500) => known.maybe_made = true,
        None => {}
    }
    same(&before, arn)
}

fn named(name: &str) -> Value {
    json!({ "Name": name, "Metadata": "" })
}

pub(super) fn begin() -> Vec<Step> {
    vec![
        Step::new("CreateAppInstance", "with metadata and tags", create).learning(
            |known, answer| {
                made(known, answer);
                None
            },
        ),
        Step::new("CreateAppInstance", "again, with the same token", create).learning(made),
        Step::new("DescribeAppInstance", "the one just made", |known| {
            Request::get(path(&known.instance))
        }),
        Step::new("DescribeAppInstance", "one that is not there", |known| {
            Request::get(path(&known.no_instance()))
        }),
        Step::new("ListAppInstances", "a page of one", |_| {
            Request::get("/app-instances?max-results=1")
        })
        .ignoring(&["AppInstances[].Metadata", "NextToken"]),
        Step::new("ListAppInstances", "a page of none", |_| {
            Request::get("/app-instances?max-results=0")
        }),
        Step::new("ListAppInstances", "a page of 51", |_| {
            Request::get("/app-instances?max-results=51")
        }),
        Step::new("UpdateAppInstance", "name and metadata", |known| {
            Request::put(path(&known.instance), &named(&known.run))
        }),
        Step::new("UpdateAppInstance", "without metadata", |known| {
            Request::put(path(&known.instance), &json!({ "Name": known.run }))
        }),
        Step::new("UpdateAppInstance", "a name of 257 characters", |known| {
            Request::put(path(&known.instance), &named(&"n".repeat(257)))
        }),
        Step::new(
            "UpdateAppInstance",
            "a name with a control character",
            |known| Request::put(path(&known.instance), &named("bell \u{7}")),
        ),
        Step::new(
            "UpdateAppInstance",
            "metadata of 513 two-byte characters",
            |known| {
                let body = json!({ "Name": known.run, "Metadata": "é".repeat(513) });
                Request::put(path(&known.instance), &body)
            },
        ),
        Step::new("GetAppInstanceRetentionSettings", "never set", |known| {
            Request::get(format!("{}/retention-settings", path(&known.instance)))
        }),
        Step::new("PutAppInstanceRetentionSettings", "90 days", |known| {
            retention(
                known,
                &json!({ "ChannelRetentionSettings": { "RetentionDays": 90 } }),
            )
        }),
        Step::new("GetAppInstanceRetentionSettings", "90 days", |known| {
            Request::get(format!("{}/retention-settings", path(&known.instance)))
        }),
        Step::new("PutAppInstanceRetentionSettings", "off", |known| {
            retention(known, &json!({ "ChannelRetentionSettings": {} }))
        }),
        Step::new("PutAppInstanceRetentionSettings", "5476 days", |known| {
            retention(
                known,
                &json!({ "ChannelRetentionSettings": { "RetentionDays": 5476 } }),
            )
        }),
    ]
}

fn retention(known: &Known, settings: &Value) -> Request {
    let target = format!("{}/retention-settings", path(&known.instance));
    Request::put(target, &json!({ "AppInstanceRetentionSettings": settings }))
}

fn tag(known: &Known, key: &str) -> Request {
    let tags = json!([{ "Key": key, "Value": "x" }]);
    let body = json!({ "ResourceARN": known.instance, "Tags": tags });
    Request::post("/tags?operation=tag-resource", &body)
}

fn untag(known: &Known, key: &str) -> Request {
    let body = json!({ "ResourceARN": known.instance, "TagKeys": [key] });
    Request::post("/tags?operation=untag-resource", &body)
}

fn list_tags(known: &Known) -> Request {
    Request::get(format!("/tags?arn={}", label(&known.instance)))
}

pub(super) fn tags() -> Vec<Step> {
    vec![
        Step::new(
            "ListTagsForResource",
            "made with the AppInstance",
            list_tags,
        ),
        Step::new("TagResource", "one more", |known| tag(known, "more")),
        Step::new("TagResource", "the same again", |known| tag(known, "more")),
        Step::new("TagResource", "a key that begins with aws:", |known| {
            tag(known, "aws:reserved")
        }),
        Step::new("UntagResource", "one", |known| untag(known, "more")),
        Step::new("UntagResource", "one that is not there", |known| {
            untag(known, "more")
        }),
        Step::new("UntagResource", "the last", |known| untag(known, "made-by")),
        Step::new("ListTagsForResource", "none", list_tags),
    ]
}

fn delete(known: &Known) -> Request {
    Request::delete(path(&known.instance))
}

pub(super) fn end() -> Vec<Step> {
    vec![
        Step::new("DeleteAppInstance", "with a user in it", delete).learning(|known, answer| {
            if answer.is_success() {
                let gone = known.instance.clone();
                known.left.retain(|arn| *arn != gone);
            }
            None
        }),
        Step::new("DeleteAppInstance", "again", delete),
        Step::new("DescribeAppInstance", "deleted", |known| {
            Request::get(path(&known.instance))
        }),
    ]
}
