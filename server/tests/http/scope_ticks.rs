//! The scope of an operator is ticked, by names; what was ticked is never lost.

use axum::http::{Method, StatusCode};
use domain::{Failure, Field, Problem, Role};
use serde_json::json;

use crate::support::{Answer, Browser, Stub, TestApp, arn, assert_says, target};

const SET: &str = "/api/operators/set-scope";
const GONE: &str = "arn:aws:chime:eu-central-1:123456789012:app-instance/gone";

/// The boxes of a page: what each sends, and whether it is ticked.
fn boxes(page: &Answer) -> Vec<(String, bool)> {
    let tags = page
        .text()
        .split('<')
        .filter(|tag| tag.contains(" name=\"limit["));
    tags.map(|tag| {
        let (_, rest) = tag.split_once(" value=\"").unwrap();
        let value = rest.split('"').next().unwrap().to_owned();
        (value, tag.contains(" checked"))
    })
    .collect()
}

fn ticked(page: &Answer) -> Vec<String> {
    let boxes = boxes(page).into_iter().filter(|(_, ticked)| *ticked);
    boxes.map(|(value, _)| value).collect()
}

async fn grant_of(app: &TestApp, id: &backend::OperatorId) -> String {
    let operator = app.backend.accounts().get(id).await.unwrap().unwrap();
    operator.grant.to_string()
}

async fn problem(browser: &Browser, fields: &[(&str, &str)]) -> (Field, Problem) {
    let failure: Failure = browser.call(SET, fields).await.failure();
    let found = &failure.field_problems()[0];
    (found.field, found.problem.clone())
}

#[tokio::test]
async fn what_a_role_covers_is_chosen_by_ticking_names() {
    let (app, admin) = TestApp::signed_in(Role::Admin).await;
    let (id, _) = app.sign_in(Role::Viewer).await;
    let chat = target(&arn(&admin.make_instance("Guild chat").await));
    let page = format!("/operators/{}/scope", id.as_str());
    // The message that it was created has the name, too.
    admin.get("/account").await;

    let offered = admin.get(&page).await;
    let fields = [
        ("page", &*page),
        ("id", id.as_str()),
        ("scope", "Limited"),
        // Boxes that are not ticked are not sent, so numbers are missing.
        ("limit[1]", "embedded/eu-central-1"),
        ("limit[7]", &*chat),
    ];
    let saved = admin.post(SET, &fields).await;

    let words = offered.words();
    for name in ["All of Test", "All of us-east-1", "Guild chat"] {
        assert!(words.contains(name), "{name} in {words}");
    }
    assert_says(
        &words,
        &["1 AppInstance was looked through, all there are."],
    );
    assert!(ticked(&offered).is_empty());
    assert!(boxes(&offered).iter().any(|(value, _)| *value == chat));
    assert_eq!(saved.location(), format!("/operators/{}", id.as_str()));
    assert_eq!(
        grant_of(&app, &id).await,
        format!("embedded/eu-central-1\n{chat}")
    );
    let again = ticked(&admin.get(&page).await);
    assert_eq!(again, ["embedded/eu-central-1", &*chat]);
}

#[tokio::test]
async fn a_search_keeps_what_is_ticked_and_typed_and_saves_nothing() {
    let (app, admin) = TestApp::signed_in(Role::Admin).await;
    let chat = target(&arn(&admin.make_instance("Guild chat").await));
    let shop = target(&arn(&admin.make_instance("Shop").await));
    let page = "/operators/invite";
    let fields = [
        ("page", page),
        ("username", "grace"),
        ("role", "Operator"),
        ("scope", "Limited"),
        ("limit[4]", &*chat),
        ("limits", GONE),
        ("find", "SHOP"),
        ("again", "find"),
    ];

    let sent = admin.post("/api/operators/invite", &fields).await;
    let shown = admin.get(sent.location()).await;

    assert_eq!(shown.status, StatusCode::OK);
    assert_eq!(ticked(&shown), [&*chat], "ticked, though it was not found");
    let values: Vec<_> = boxes(&shown).into_iter().map(|(value, _)| value).collect();
    assert!(values.contains(&shop), "{values:?}");
    assert_eq!(shown.value_of("username").as_deref(), Some("grace"));
    assert_eq!(shown.value_of("find").as_deref(), Some("SHOP"));
    assert!(shown.text().contains(GONE));
    assert!(shown.words().contains("Guild chat"));
    let operators = app.backend.accounts().list().await.unwrap();
    assert!(
        operators
            .iter()
            .all(|operator| operator.username != "grace")
    );
}

#[tokio::test]
async fn a_limit_that_cannot_be_listed_stays_ticked_and_can_be_saved_again() {
    let app = TestApp::start_with(&["--emulator-control"]).await;
    let (_, admin) = app.sign_in(Role::Admin).await;
    let kept = format!("{GONE}\nelsewhere/us-east-1");
    let (id, _) = app.sign_in_for(Role::Viewer, &kept).await;
    let page = format!("/operators/{}/scope", id.as_str());
    let fault = serde_json::json!({ "operation": "ListAppInstances", "kind": "error", "code": "ServiceUnavailableException" });
    app.inject(&[fault]).await;

    let shown = admin.get(&page).await;
    let fields = [
        ("page", &*page),
        ("id", id.as_str()),
        ("scope", "Limited"),
        ("limit[0]", GONE),
        ("limit[1]", "elsewhere/us-east-1"),
        ("limit[2]", "embedded/us-east-1"),
    ];
    let saved = admin.post(SET, &fields).await;

    assert_eq!(shown.status, StatusCode::OK);
    assert_eq!(ticked(&shown), [&*target(GONE), "elsewhere/us-east-1"]);
    assert_says(&shown.words(), &["no AppInstance was looked through"]);
    assert_eq!(saved.location(), format!("/operators/{}", id.as_str()));
    assert_eq!(
        grant_of(&app, &id).await,
        format!("{}\nelsewhere/us-east-1\nembedded/us-east-1", target(GONE))
    );
}

#[tokio::test]
async fn what_is_ticked_is_checked_like_what_is_typed() {
    let (app, admin) = TestApp::signed_in(Role::Admin).await;
    let (id, _) = app.sign_in(Role::Viewer).await;
    let of = |scope, limit| [("id", id.as_str()), ("scope", scope), ("limit[0]", limit)];
    for wrong in ["other", "embedded/mars-1", "not a limit", "</textarea>"] {
        let found = problem(&admin, &of("Limited", wrong)).await;
        assert_eq!(found, (Field::Limit, Problem::NotCoverable), "{wrong}");
    }
    let everything = problem(&admin, &of("Everything", "embedded")).await;
    assert_eq!(everything, (Field::Limit, Problem::LimitsOfEverything));
    assert_eq!(grant_of(&app, &id).await, "*");
}

/// A Region with 250 AppInstances, five pages of fifty, of which the very last is called "Late one".
async fn many() -> Stub {
    Stub::start(|_: &Method, path: &str| {
        if !path.starts_with("/app-instances?") {
            return (200, json!({}));
        }
        let token = path.split_once("next-token=t").map(|(_, token)| token);
        let page: u32 = token.map_or(0, |token| token.parse().unwrap());
        let row = |at: u32| {
            let arn = format!("arn:aws:chime:us-east-1:123456789012:app-instance/i-{at}");
            let name = if at == 249 {
                "Late one".to_owned()
            } else {
                format!("Room {at}")
            };
            json!({ "AppInstanceArn": arn, "Name": name })
        };
        let rows: Vec<_> = (page * 50..page * 50 + 50).map(row).collect();
        let next = (page < 4).then(|| format!("t{}", page + 1));
        (200, json!({ "AppInstances": rows, "NextToken": next }))
    })
    .await
}

/// The value of the button that looks further in a Region.
fn further(page: &Answer, region: &str) -> Option<String> {
    let (before, _) = page
        .text()
        .split_once(&format!("Look further in {region}"))?;
    let (_, value) = before.rsplit_once(" value=\"")?;
    value.split('"').next().map(ToOwned::to_owned)
}

#[tokio::test]
async fn a_search_looks_further_than_the_first_pages_and_keeps_what_is_ticked() {
    let service = many().await;
    let app = TestApp::start_against(service.address).await;
    let (_, admin) = app.sign_in(Role::Admin).await;
    let (id, _) = app.sign_in(Role::Viewer).await;
    let before = grant_of(&app, &id).await;
    let page = format!("/operators/{}/scope", id.as_str());
    let (ticked_row, late) = (
        "embedded arn:aws:chime:us-east-1:123456789012:app-instance/i-3",
        "embedded arn:aws:chime:us-east-1:123456789012:app-instance/i-249",
    );
    let search = |again: &str| {
        [
            ("page", page.clone()),
            ("id", id.as_str().to_owned()),
            ("scope", "Limited".to_owned()),
            ("limit[0]", ticked_row.to_owned()),
            ("find", "late".to_owned()),
            ("again", again.to_owned()),
        ]
    };
    let press = async |browser: &Browser, again: &str| {
        let fields = search(again);
        let fields: Vec<_> = fields
            .iter()
            .map(|(name, value)| (*name, &**value))
            .collect();
        let sent = browser.post(SET, &fields).await;
        browser.get(sent.location()).await
    };

    let first = press(&admin, "find").await;
    let on = further(&first, "us-east-1").unwrap();
    let second = press(&admin, &on).await;

    let has = |page: &Answer, arn: &str| boxes(page).iter().any(|(value, _)| value == arn);
    let words = first.words();
    assert_says(
        &words,
        &["200 AppInstances were looked through. There are more"],
    );
    assert!(!has(&first, late));
    let words = second.words();
    assert_says(
        &words,
        &["50 more AppInstances were looked through, all there are."],
    );
    assert!(has(&second, late));
    for shown in [&first, &second] {
        assert_eq!(ticked(shown), [ticked_row]);
        assert_eq!(shown.value_of("find").as_deref(), Some("late"));
    }
    assert_eq!(grant_of(&app, &id).await, before, "nothing was saved");
    // How far somebody looked is of no use to anybody else.
    let (_, other) = app.sign_in(Role::Admin).await;
    let anew = press(&other, &on).await.words();
    assert_says(&anew, &["200 AppInstances were looked through"]);
}
