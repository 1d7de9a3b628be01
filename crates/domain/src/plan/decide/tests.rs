//! What each change takes, for a user that is there and for one that is not.

use serde_json::json;

use super::*;
use crate::given::Given;
use crate::operation::Operation;
use crate::snapshot::Snapshot as _;
use crate::view::AppInstanceUser;

const NOW: Timestamp = Timestamp(1_700_000_000_000);
const ALICE: &str = "arn:aws:chime:us-east-1:123456789012:app-instance/9d1a2b3c-0000-4000-8000-000000000001/user/alice";

fn subject() -> Subject {
    ALICE.parse::<ResourceArn>().unwrap().into()
}

fn token() -> RequestToken {
    "job-1".parse().unwrap()
}

fn tags(pairs: &[(&str, &str)]) -> Tags {
    let owned = pairs
        .iter()
        .map(|(key, value)| ((*key).into(), (*value).into()));
    Tags::from_service(owned)
}

fn alice() -> Present {
    let user = AppInstanceUser {
        arn: Given::read(ALICE),
        name: "Alice".into(),
        metadata: "m".into(),
        created: Some(NOW.plus_days(-40)),
        updated: None,
        expires_after: None,
    };
    Present {
        resource: Some(Described::User(user)),
        tags: Some(tags(&[("env", "prod")])),
        is_admin: Some(false),
        endpoints: Some(Vec::new()),
        ..Present::default()
    }
}

fn decided(change: &Change, present: &Present) -> Decision {
    decide(change, &subject(), present, &token(), NOW)
}

fn operations(decision: &Decision) -> Vec<Operation> {
    decision.calls.iter().map(AnyInput::operation).collect()
}

fn put(name: Option<&str>) -> Change {
    Change::Put {
        name: name.map(|name| UserName::parse(name).unwrap()),
        metadata: None,
        expires: None,
        tags: Tags::default(),
        admin: false,
    }
}

#[test]
fn a_user_that_is_not_there_is_made_with_the_token_of_its_row_and_then_promoted() {
    let change = Change::Put {
        name: Some(UserName::parse("Alice").unwrap()),
        metadata: Some(Metadata::parse("m").unwrap()),
        expires: Some(Expires::After("30".parse().unwrap())),
        tags: tags(&[("env", "prod")]),
        admin: true,
    };
    let decision = decided(&change, &Present::missing());
    let two = [
        Operation::CreateAppInstanceUser,
        Operation::CreateAppInstanceAdmin,
    ];
    assert_eq!(operations(&decision), two);
    let input = decision.calls[0].to_value();
    assert_eq!(input["ClientRequestToken"], "job-1");
    assert_eq!(input["ExpirationSettings"]["ExpirationDays"], 30);
    assert_eq!(input["Tags"], json!([{ "Key": "env", "Value": "prod" }]));
}

#[test]
fn a_new_user_needs_a_name() {
    let decision = decided(&put(None), &Present::missing());
    assert_eq!(decision, Decision::cannot(Why::NameNeeded));
}

#[test]
fn what_is_so_already_is_skipped_and_what_differs_is_sent() {
    assert_eq!(
        decided(&put(Some("Alice")), &alice()),
        Decision::skip(Why::AlreadySo)
    );
    let renamed = decided(&put(Some("Alicia")), &alice());
    assert_eq!(operations(&renamed), [Operation::UpdateAppInstanceUser]);
    assert_eq!(
        renamed.calls[0].to_value()["Metadata"],
        "m",
        "what stays is sent again"
    );
    let all = Change::Put {
        name: Some(UserName::parse("Alicia").unwrap()),
        metadata: None,
        expires: Some(Expires::After("60".parse().unwrap())),
        tags: tags(&[("env", "dev"), ("team", "x")]),
        admin: false,
    };
    let decision = decided(&all, &alice());
    let three = [
        Operation::UpdateAppInstanceUser,
        Operation::PutAppInstanceUserExpirationSettings,
        Operation::TagResource,
    ];
    assert_eq!(operations(&decision), three);
    assert_eq!(decision.warning, None);
}

#[test]
fn an_update_keeps_what_it_does_not_name_and_makes_no_user() {
    let update = |name: Option<&str>, metadata: Option<&str>| Change::Update {
        name: name.map(|name| UserName::parse(name).unwrap()),
        metadata: metadata.map(|metadata| Metadata::parse(metadata).unwrap()),
    };
    let emptied = decided(&update(None, Some("")), &alice());
    assert_eq!(operations(&emptied), [Operation::UpdateAppInstanceUser]);
    let input = emptied.calls[0].to_value();
    assert_eq!(
        (&input["Name"], &input["Metadata"]),
        (&json!("Alice"), &json!(""))
    );
    let renamed = decided(&update(Some("Ally"), None), &alice());
    assert_eq!(renamed.calls[0].to_value()["Metadata"], "m");
    let same = decided(&update(Some("Alice"), Some("m")), &alice());
    assert_eq!(same, Decision::skip(Why::AlreadySo));
    let gone = decided(&update(Some("Alice"), None), &Present::missing());
    assert_eq!(gone, Decision::cannot(Why::Missing));
}

#[test]
fn a_user_that_is_older_than_it_may_get_is_warned_of() {
    let change = |days: &str| Change::Expire(Expires::After(days.parse().unwrap()));
    assert_eq!(
        decided(&change("30"), &alice()).warning,
        Some(Warning::ExpiresNow)
    );
    assert_eq!(decided(&change("41"), &alice()).warning, None);
    let never = decided(&Change::Expire(Expires::Never), &alice());
    assert_eq!(never, Decision::skip(Why::AlreadySo));
}

#[test]
fn only_tags_that_change_something_are_sent() {
    let tag = |pairs: &[(&str, &str)]| decided(&Change::Tag(tags(pairs)), &alice());
    assert_eq!(tag(&[("env", "prod")]), Decision::skip(Why::AlreadySo));
    let set = tag(&[("env", "prod"), ("team", "x")]);
    assert_eq!(
        set.calls[0].to_value()["Tags"],
        json!([{ "Key": "team", "Value": "x" }])
    );
    let untag = |keys: &[&str]| {
        let keys = keys.iter().map(|key| (*key).to_owned()).collect();
        decided(&Change::Untag(keys), &alice())
    };
    assert_eq!(untag(&["team"]), Decision::skip(Why::AlreadySo));
    assert_eq!(
        untag(&["env", "team"]).calls[0].to_value()["TagKeys"],
        json!(["env"])
    );
}

#[test]
fn more_tags_than_there_may_be_are_not_sent() {
    let many: Vec<_> = (0..50).map(|n| (format!("k{n}"), "v".to_owned())).collect();
    let full = Present {
        tags: Some(Tags::from_service(many)),
        ..alice()
    };
    let decision = decided(&Change::Tag(tags(&[("new", "v")])), &full);
    assert_eq!(decision, Decision::cannot(Why::TooManyTags));
    let changed = decided(&Change::Tag(tags(&[("k0", "w")])), &full);
    assert_eq!(operations(&changed), [Operation::TagResource]);
}

#[test]
fn an_admin_is_demoted_before_it_is_deleted() {
    let plain = decided(&Change::Delete, &alice());
    assert_eq!(operations(&plain), [Operation::DeleteAppInstanceUser]);
    let admin = Present {
        is_admin: Some(true),
        ..alice()
    };
    let two = [
        Operation::DeleteAppInstanceAdmin,
        Operation::DeleteAppInstanceUser,
    ];
    assert_eq!(operations(&decided(&Change::Delete, &admin)), two);
    assert_eq!(
        decided(&Change::Promote, &admin),
        Decision::skip(Why::AlreadySo)
    );
    assert_eq!(
        decided(&Change::Demote, &alice()),
        Decision::skip(Why::AlreadySo)
    );
}

#[test]
fn what_is_missing_is_gone_already_or_cannot_be_changed() {
    let missing = Present::missing();
    assert_eq!(
        decided(&Change::Delete, &missing),
        Decision::skip(Why::AlreadyGone)
    );
    for change in [
        Change::Promote,
        Change::Expire(Expires::Never),
        Change::Tag(tags(&[("a", "b")])),
        Change::Update {
            name: None,
            metadata: None,
        },
    ] {
        assert_eq!(decided(&change, &missing), Decision::cannot(Why::Missing));
    }
}

#[test]
fn a_change_for_another_kind_of_resource_is_not_made() {
    let instance: ResourceArn = ALICE.split("/user/").next().unwrap().parse().unwrap();
    let decision = decide(&Change::Delete, &instance.into(), &alice(), &token(), NOW);
    assert_eq!(decision, Decision::cannot(Why::NotForThis));
}

#[test]
fn what_was_read_is_kept_whole_with_role_and_endpoints() {
    let kept = alice().snapshot();
    assert_eq!(kept["Name"], "Alice");
    assert_eq!(kept["Tags"], json!([{ "Key": "env", "Value": "prod" }]));
    assert_eq!(
        (&kept["IsAdmin"], &kept["Endpoints"]),
        (&json!(false), &json!([]))
    );
}
