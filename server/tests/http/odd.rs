//! What AWS gives and no rule allows: every list and page shows it as it came, says what is odd, and sends
//! nothing back that nobody changed.

use axum::http::{Method, StatusCode};
use domain::Role;
use serde_json::{Value, json};

use crate::support::{Browser, Stub, TestApp, target};

const INSTANCE: &str = "arn:aws:chime:us-east-1:123456789012:app-instance/i-1";
const LIST: &str = "/embedded/us-east-1/app-instances";
const HERE: &str = "/embedded/us-east-1/app-instances/i-1";

/// A user whose ID is longer than one can be, and every other member outside of its limits.
fn long_id() -> String {
    "u".repeat(74)
}

fn lists(path: &str) -> Option<Value> {
    let of = |what: &str| format!("{INSTANCE}/{what}");
    let users = [
        json!({ "AppInstanceUserArn": of("user/alice"), "Name": "Alice" }),
        json!({ "AppInstanceUserArn": of(&format!("user/{}", long_id())), "Name": "" }),
        json!({ "AppInstanceUserArn": of("user/a+b c/d"), "Name": "\u{7}bell" }),
        json!({ "AppInstanceUserArn": of("user/..") , "Name": "Dots" }),
        json!({ "AppInstanceUserArn": "arn:aws-cn:chime:cn-north-1:1:x", "Name": "China" }),
        json!({ "Name": "Nobody" }),
        json!({}),
    ];
    let instances = [
        json!({ "AppInstanceArn": INSTANCE, "Name": "Support" }),
        json!({ "AppInstanceArn": INSTANCE.replace("i-1", "a_b"), "Name": " " }),
        json!({ "AppInstanceArn": INSTANCE.replace("123456789012", "999999999999"), "Name": "Abroad" }),
        json!({ "Name": "n".repeat(300) }),
    ];
    let admins = [
        json!({ "Admin": { "Arn": of(&format!("user/{}", long_id())), "Name": "Long" } }),
        json!({ "Admin": { "Arn": of("robot/1"), "Name": "Robot" } }),
        json!({}),
    ];
    let bots = [
        json!({ "AppInstanceBotArn": of("bot/b_1"), "Name": "Under" }),
        json!({ "AppInstanceBotArn": "", "Name": "Nowhere" }),
    ];
    let endpoints = [
        json!({ "AppInstanceUserArn": of("user/alice"), "EndpointId": "e 1", "Name": "Phone",
            "Type": "HMS", "AllowMessages": "SOME", "EndpointState": { "Status": "ASLEEP" } }),
        json!({ "EndpointId": "..", "Name": "Dotted" }),
        json!({}),
    ];
    Some(match path {
        _ if path.starts_with("/app-instances?") => json!({ "AppInstances": instances }),
        _ if path.starts_with("/app-instance-users?") => json!({ "AppInstanceUsers": users }),
        _ if path.starts_with("/app-instance-bots?") => json!({ "AppInstanceBots": bots }),
        _ if path.contains("/admins?") => json!({ "AppInstanceAdmins": admins }),
        _ if path.contains("/endpoints?") => json!({ "AppInstanceUserEndpoints": endpoints }),
        _ => return None,
    })
}

fn details(path: &str) -> Value {
    let lex = json!({
        "LexBotAliasArn": "arn:aws:lex:us-east-1:1:bot/x", "LocaleId": "zh-Hans",
        "InvokedBy": { "StandardMessages": "SOME", "TargetedMessages": "ALL" },
    });
    let settings = json!({ "ExpirationDays": 99_999, "ExpirationCriterion": "LAST_SEEN" });
    match path {
        _ if path.starts_with("/tags") => json!({ "Tags": [
            { "Key": "aws:cloudformation:stack-name", "Value": "chat" }, { "Key": "team", "Value": "" },
        ] }),
        _ if path.ends_with("/retention-settings") => json!({ "AppInstanceRetentionSettings": {
            "ChannelRetentionSettings": { "RetentionDays": -7 } } }),
        _ if path.contains("/admins/") => json!({ "AppInstanceAdmin": {} }),
        _ if path.contains("/endpoints/") => json!({ "AppInstanceUserEndpoint": {
            "AllowMessages": "SOME", "EndpointState": { "Status": "ASLEEP" },
            "Name": "Phone", "LastUpdatedTimestamp": 1 } }),
        _ if path.starts_with("/app-instance-bots/") => json!({ "AppInstanceBot": {
            "Name": "Under", "Configuration": { "Lex": lex }, "LastUpdatedTimestamp": 1 } }),
        _ if path.starts_with("/app-instance-users/") => json!({ "AppInstanceUser": {
            "Name": "n".repeat(120), "Metadata": "a\r\nb", "CreatedTimestamp": 1e17,
            "ExpirationSettings": settings, "LastUpdatedTimestamp": 1 } }),
        _ => json!({ "AppInstance": {
            "AppInstanceArn": "arn:aws:s3:::bucket", "Name": "One\nline", "Metadata": "a\rb",
            "CreatedTimestamp": -1e17, "LastUpdatedTimestamp": 1 } }),
    }
}

/// Somebody at a console whose AWS gives what no rule allows.
async fn start() -> (Stub, TestApp, Browser) {
    start_with(|_, path| (200, lists(path).unwrap_or_else(|| details(path)))).await
}

async fn start_with(
    answers: impl Fn(&Method, &str) -> (u16, Value) + Send + Sync + 'static,
) -> (Stub, TestApp, Browser) {
    let stub = Stub::start(answers).await;
    let app = TestApp::start_against(stub.address).await;
    let (_, browser) = app.sign_in(Role::Admin).await;
    (stub, app, browser)
}

/// Every page of what the console shows of AWS, for an AppInstance and a user of it.
fn pages(user: &str) -> Vec<String> {
    let instance = ["", "/edit", "/retention", "/tags", "/delete", "/activity"];
    let below = [
        "/users",
        "/admins",
        "/bots",
        "/bots/b_1",
        "/bots/b_1/edit",
        "/bots/b_1/tags",
    ];
    let more = ["/bots/b_1/delete", "/bots/b_1/activity"];
    let of_user = [
        "",
        "/edit",
        "/expiration",
        "/tags",
        "/delete",
        "/activity",
        "/endpoints",
        "/endpoints/e%201",
        "/endpoints/e%201/edit",
        "/endpoints/e%201/activity",
        "/endpoints/e%201/deregister",
    ];
    let of_instance = instance.iter().chain(&below).chain(&more);
    let of_instance = of_instance.map(|page| format!("{HERE}{page}"));
    let of_user = of_user
        .iter()
        .map(|page| format!("{HERE}/users/{user}{page}"));
    let demote = format!("{HERE}/admins/user/{user}/remove");
    let first = ["/".to_owned(), LIST.to_owned(), demote];
    first
        .into_iter()
        .chain(of_instance)
        .chain(of_user)
        .collect()
}

#[tokio::test]
async fn every_page_opens_whatever_aws_gives() {
    let (_stub, _app, browser) = start().await;
    for user in [long_id(), "a%2Bb%20c%2Fd".to_owned(), "alice".to_owned()] {
        for page in pages(&user) {
            let answer = browser.get(&page).await;
            assert_eq!(answer.status, StatusCode::OK, "{page}: {}", answer.words());
        }
    }
}

#[tokio::test]
async fn every_page_opens_when_aws_says_nothing() {
    let (_stub, _app, browser) = start_with(|_, _| (200, json!({}))).await;
    for page in pages("alice") {
        let answer = browser.get(&page).await;
        assert_eq!(answer.status, StatusCode::OK, "{page}: {}", answer.words());
    }
}

#[tokio::test]
async fn no_row_is_lost_and_each_odd_one_is_marked() {
    let (_stub, _app, browser) = start().await;

    let users = browser.get(&format!("{HERE}/users")).await;
    let words = users.words();
    assert!(words.contains("7 on this page"), "{words}");
    for (said, times) in [
        ("Unusual ID", 2),
        ("Unknown ARN", 2),
        ("No ID", 2),
        ("Nobody", 1),
        ("China", 1),
        ("You can open, change and delete it", 2),
    ] {
        assert_eq!(words.matches(said).count(), times, "{said}: {words}");
    }
    for id in [&*long_id(), "a%2Bb%20c%2Fd"] {
        let link = format!("href=\"{HERE}/users/{id}\"");
        assert!(users.text().contains(&link), "{link}");
    }
    assert!(!users.text().contains("/users/..\""));

    for (list, rows, marks) in [
        (LIST, 4, &["Unusual ID", "Elsewhere", "No ID"][..]),
        (
            &format!("{HERE}/admins"),
            3,
            &["Unusual ID", "Unknown ARN", "No ID"],
        ),
        (&format!("{HERE}/bots"), 2, &["Unusual ID", "No ID"]),
        (
            &format!("{HERE}/users/alice/endpoints"),
            3,
            &["No page", "No ID"],
        ),
    ] {
        let words = browser.read(list).await;
        let count = format!("{rows} on this page");
        assert!(words.contains(&count), "{list}: {words}");
        for mark in marks {
            assert!(words.contains(mark), "{list} {mark}: {words}");
        }
    }
    let endpoints = browser.read(&format!("{HERE}/users/alice/endpoints")).await;
    for said in ["HMS", "SOME", "ASLEEP"] {
        assert!(endpoints.contains(said), "{endpoints}");
    }
}

#[tokio::test]
async fn a_value_that_cannot_be_saved_says_why_before_it_is_tried() {
    let (stub, _app, browser) = start().await;
    let page = format!("{HERE}/users/alice/edit");

    let form = browser.read(&page).await;
    assert!(form.contains("120"), "{form}");
    assert!(
        form.contains("at most 100") || form.contains("100 characters"),
        "{form}"
    );

    let arn = format!("{INSTANCE}/user/alice");
    let fields = [
        ("target", &*target(&arn)),
        ("base", "1000"),
        ("name", &"n".repeat(120)),
        ("metadata", "m"),
    ];
    let refused = browser.call("/api/users/update", &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(stub.writes(), []);
}

#[tokio::test]
async fn what_nobody_changed_is_sent_as_it_was_read() {
    let (stub, _app, browser) = start().await;
    let (user, bot) = (
        format!("{INSTANCE}/user/alice"),
        format!("{INSTANCE}/bot/b_1"),
    );
    let save = async |call: &str, of: &str, typed: &[(&str, &str)]| {
        let of = target(of);
        let fields = [&[("target", &*of), ("base", "1000")], typed].concat();
        browser.call(call, &fields).await;
    };

    // As a browser sends what it was given: other line breaks, and none in one line.
    let typed = [("name", "Oneline"), ("metadata", "a\r\nb")];
    save("/api/app-instances/update", INSTANCE, &typed).await;
    let typed = [("name", "Short"), ("metadata", "a\r\nb")];
    save("/api/users/update", &user, &typed).await;
    let typed = [
        ("id", "e 1"),
        ("name", "Tablet"),
        ("allow_messages", "SOME"),
    ];
    save("/api/endpoints/update", &user, &typed).await;
    let typed = [
        ("name", "Renamed"),
        ("metadata", ""),
        ("lex_bot_alias_arn", "arn:aws:lex:us-east-1:1:bot/x"),
        ("locale_id", "zh-Hans"),
        ("welcome_intent", ""),
        ("standard_messages", "SOME"),
        ("targeted_messages", "ALL"),
    ];
    save("/api/bots/update", &bot, &typed).await;
    let fields = [
        ("target", &*target(INSTANCE)),
        ("tag_key[0]", "team"),
        ("tag_value[0]", ""),
        ("tag_key[1]", "env"),
        ("tag_value[1]", "dev"),
    ];
    browser.call("/api/tags/save", &fields).await;

    let sent: Vec<Value> = stub.writes().into_iter().map(|(.., body)| body).collect();
    assert_eq!(
        sent,
        [
            json!({ "Name": "One\nline", "Metadata": "a\rb" }),
            json!({ "Name": "Short", "Metadata": "a\r\nb" }),
            json!({ "Name": "Tablet", "AllowMessages": "SOME" }),
            json!({ "Name": "Renamed", "Metadata": "" }),
            json!({ "ResourceARN": INSTANCE, "Tags": [{ "Key": "env", "Value": "dev" }] }),
        ]
    );
}

#[tokio::test]
async fn what_was_made_is_said_to_be_made_whatever_aws_answers() {
    let (_stub, _app, browser) = start_with(|_, _| (200, json!({}))).await;
    let instance = [
        ("scope", "embedded/us-east-1"),
        ("name", "Chat"),
        ("metadata", ""),
    ];
    let admin = format!("{INSTANCE}/user/alice");
    let admin = [
        ("target", &*target(INSTANCE)),
        ("member", &*admin),
        ("kind", ""),
    ];
    for (call, fields) in [("app-instances/create", instance), ("admins/create", admin)] {
        let fields = [&fields[..], &[("token", "token-1")]].concat();
        let made = browser.call(&format!("/api/{call}"), &fields).await;
        assert_eq!(made.status, StatusCode::OK, "{call}: {}", made.text());
    }
    let log = browser.read("/audit").await;
    for done in [
        "Promote to admin alice Done",
        "Create AppInstance – none Done",
    ] {
        assert!(log.contains(done), "{log}");
    }
}

#[tokio::test]
async fn an_operator_of_one_app_instance_sees_no_row_that_may_be_anothers() {
    let (_stub, app, _) = start().await;
    let (_, limited) = app.sign_in_for(Role::Viewer, INSTANCE).await;
    let list = limited.read(LIST).await;
    assert!(list.contains("Support"), "{list}");
    assert!(!list.contains("nnnn") && !list.contains("Abroad"), "{list}");
}
