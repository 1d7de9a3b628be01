//! The field of the header: an ARN or address leads to its page, a word is searched for.

use axum::http::StatusCode;
use domain::Role;

use crate::support::{Answer, Browser, TestApp, World, arn, assert_says};

fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

async fn go(browser: &Browser, text: &str, from: &str) -> Answer {
    let path = format!("/go?from={}&q={}", encoded(from), encoded(text));
    browser.get(&path).await
}

/// What the field of the page holds; the header has one too.
fn kept(answer: &Answer) -> String {
    let tag = answer
        .text()
        .split('<')
        .find(|tag| tag.contains("id=\"q\""))
        .unwrap();
    let (_, rest) = tag.split_once(" value=\"").unwrap_or_default();
    rest.split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_word_is_searched_for_and_kept() {
    let (app, browser) = TestApp::signed_in(Role::Viewer).await;
    let (_, admin) = app.sign_in(Role::Operator).await;
    admin.make_instance("Guild chat").await;
    admin.make_instance("Café").await;

    let found = go(&browser, "guild", "").await;
    let accent = go(&browser, "CAFE\u{301}", "").await;

    assert_eq!(found.status, StatusCode::OK);
    assert_eq!(kept(&found), "guild");
    let words = found.words();
    assert_says(
        &words,
        &[
            "Guild chat",
            "us-east-1: 2 AppInstances were looked through, all there are.",
            "eu-central-1: there is no AppInstance.",
        ],
    );
    assert!(accent.words().contains("Café"), "{}", accent.words());
}

#[tokio::test]
async fn whatever_is_typed_gets_a_page_and_never_a_refusal_of_aws() {
    let (_app, browser) = TestApp::signed_in(Role::Admin).await;
    let long = "w".repeat(200);
    for text in [
        "nothing-of-this-name",
        "a/b/c",
        "شات ❤",
        &long,
        "%",
        "\u{0}",
        "app-instance/none/user/none",
        "25f4c1d0-7a1e-4c53-9b0e-8e2f5a1c46ee",
    ] {
        let answer = go(&browser, text, "").await;

        assert_eq!(answer.status, StatusCode::OK, "{text:?}");
        let words = answer.words();
        if !text.trim_matches('\0').is_empty() {
            assert!(words.contains("Nothing was found"), "{text:?} {words}");
            assert_eq!(kept(&answer), text);
        }
    }
    for (text, told) in [
        ("arn:aws:s3:::bucket", "This is not the ARN of"),
        ("arn:aws:chime:us-east-1", "This ARN is cut off"),
        (
            "arn:aws:chime:us-east-1:210987654321:app-instance/1",
            "another account",
        ),
        (
            "arn:aws:chime:ap-south-1:123456789012:app-instance/1/user/a",
            "us-east-1",
        ),
        ("https://other.example/x", "an address of another site"),
    ] {
        let answer = go(&browser, text, "").await;
        assert_eq!(answer.status, StatusCode::OK, "{text}");
        assert!(answer.words().contains(told), "{text}: {}", answer.words());
        assert_eq!(kept(&answer), text);
    }
    let huge = go(&browser, &"w".repeat(5000), "").await;
    assert_eq!(huge.status, StatusCode::OK);
}

#[tokio::test]
async fn an_arn_an_address_and_an_exact_id_lead_to_their_page() {
    let world = World::start().await;
    let (browser, chat) = (&world.browser, &world.instance);
    let (user, endpoint) = world
        .make_user_with_endpoint("ada@example.com", "Ada")
        .await;
    let id = |path: &str| path.rsplit('/').next().unwrap().to_owned();
    let whole = arn(&user);
    let end = whole.split_once(":app-instance/").unwrap().1;
    let address = format!("http://{}{user}", browser.address);
    for (text, from, to) in [
        (whole.clone(), "", &user),
        (format!("  \"{whole}\"\r\n"), "", &user),
        (format!("app-instance/{end}"), "", &user),
        (address, "", &user),
        (id(chat), "", chat),
        ("ada@example.com".to_owned(), chat, &user),
        (id(&endpoint), &*user, &endpoint),
    ] {
        let answer = go(browser, &text, from).await;
        assert_eq!(answer.location(), to, "{text} from {from}");
    }
    let nowhere = go(browser, "ada@example.com", "").await;
    assert!(nowhere.words().contains("from a page of their AppInstance"));
    let frame = browser.get(&user).await;
    assert_eq!(frame.value_of("from").as_deref(), Some(&*user));
}

#[tokio::test]
async fn somebody_limited_learns_of_nothing_else() {
    let (app, admin) = TestApp::signed_in(Role::Admin).await;
    let (mine, other) = admin.make_instances(["Shop mine", "Shop other"]).await;
    admin.make_user(&other, "secret-user", "S").await;
    let (_, limited) = app.sign_in_for(Role::Operator, &arn(&mine)).await;

    let words = go(&limited, "shop", "").await.words();
    let by_id = go(&limited, other.rsplit('/').next().unwrap(), "").await;
    let inside = go(&limited, "secret-user", &other).await;

    assert!(
        words.contains("Shop mine") && !words.contains("Shop other"),
        "{words}"
    );
    assert_says(&words, &["1 AppInstance was looked through"]);
    assert_says(&by_id.words(), &["Nothing was found"]);
    assert_says(&inside.words(), &["Nothing was found"]);
}

#[tokio::test]
async fn aws_that_fails_or_is_slow_is_told_beside_what_was_found() {
    let app = TestApp::start_with(&["--emulator-control"]).await;
    let (_, browser) = app.sign_in(Role::Viewer).await;
    let fault = serde_json::json!({
        "operation": "ListAppInstances", "kind": "error", "code": "ServiceUnavailableException", "times": 99,
    });
    app.inject(&[fault]).await;

    let answer = go(&browser, "guild", "").await;

    assert_eq!(answer.status, StatusCode::OK);
    let words = answer.words();
    assert_says(&words, &["no AppInstance was looked through"]);
}
