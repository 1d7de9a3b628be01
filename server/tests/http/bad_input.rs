//! Input that somebody made to do harm, line by line as the threats are listed. What has a file of its
//! own is there: sessions (`session`), other sites (`csrf`, `access`), links (`operators`, `commands`),
//! codes (`second_factor`), forms that lead away (`forms`), the rest of what is malformed (`malformed`).

use axum::http::{Method, StatusCode};
use backend::Clock;
use domain::{Cause, Role};

use crate::support::{
    CREATE_CALL, FORM, PASSWORD, SIGN_IN, TestApp, arn, assert_says, credentials, target, token,
};

const SAME: (&str, &str) = ("sec-fetch-site", "same-origin");

#[tokio::test]
async fn a_password_of_a_megabyte_is_not_read_and_one_that_fits_is_only_wrong() {
    let app = TestApp::start().await;
    app.add_operator("ann", Role::Viewer).await;
    let browser = app.anonymous();

    let megabyte = "p".repeat(1 << 20);
    let megabyte = credentials("ann", &megabyte);
    // By connections of their own, which the server closes.
    let form = browser.twin().post(SIGN_IN, &megabyte).await;
    let call = browser.twin().call(SIGN_IN, &megabyte).await;
    let long = "p".repeat(200 * 1024);
    let long = browser.call(SIGN_IN, &credentials("ann", &long)).await;
    let right = browser.post(SIGN_IN, &credentials("ann", PASSWORD)).await;

    for answer in [form, call] {
        assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    }
    assert_eq!(long.failure().cause, Cause::BadCredentials);
    assert_eq!(right.location(), "/");
}

#[tokio::test]
async fn a_password_of_200_kib_is_not_chosen() {
    let (_app, browser) = TestApp::signed_in(Role::Viewer).await;
    let long = "seven bells ".repeat(17_000);
    let fields = [("current_password", PASSWORD), ("new_password", &*long)];

    let answer = browser.call("/api/account/password", &fields).await;

    assert_eq!(
        answer.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "{}",
        answer.text()
    );
}

#[tokio::test]
async fn json_100_000_deep_is_refused_by_its_type_and_is_a_text_in_a_form() {
    let (_app, browser) = TestApp::signed_in(Role::Admin).await;
    let (open, close) = ("[".repeat(100_000), "]".repeat(100_000));
    let deep = format!("{open}{close}");
    let json = ("content-type", "application/json");
    for path in [
        SIGN_IN,
        CREATE_CALL,
        "/api/users/update",
        "/api/operators/set-role",
    ] {
        let answer = browser
            .send(Method::POST, path, &[SAME, json], deep.clone())
            .await;
        assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{path}");
        let field = format!("name={deep}&arn={open}&metadata{deep}=a");
        let field = &field[..field.len().min(250_000)];
        let answer = browser
            .send(Method::POST, path, &[SAME, FORM], field.to_owned())
            .await;
        assert!(
            matches!(answer.status.as_u16(), 400 | 401 | 422),
            "{path}: {}",
            answer.text()
        );
    }
}

#[tokio::test]
async fn a_form_with_100_000_pairs_is_refused_by_their_number() {
    let (app, admin) = TestApp::signed_in(Role::Admin).await;
    let accept = ("accept", "text/html");
    for browser in [app.anonymous(), admin] {
        for pair in ["a&", "&", "a=", "tag_key[0]&"] {
            let body = format!("page=%2F&add_row=1&{}", format!("{pair}&").repeat(100_000));
            let body = body.get(..250_000).unwrap_or(&body).to_owned();
            let headers = [SAME, FORM, accept];
            let answer = browser
                .send(Method::POST, CREATE_CALL, &headers, body)
                .await;
            assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE, "{pair}");
            assert_says(&answer.words(), &["This is too large"]);
        }
    }
}

#[tokio::test]
async fn no_page_leads_to_another_site_by_its_address() {
    let (app, browser) = TestApp::signed_in(Role::Admin).await;
    for elsewhere in [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example/",
        "/\t/evil.example",
        "/\n/evil.example",
    ] {
        let next: String = form_urlencoded::byte_serialize(elsewhere.as_bytes()).collect();
        for page in ["sign-in", "sign-in/code", "unlock", "go", "invite", "setup"] {
            let address = format!("/{page}?next={next}&arn={next}&page={next}&token={next}");
            for caller in [app.anonymous(), browser.twin()] {
                let answer = caller.get(&address).await;
                assert!(!answer.header("location").contains("//evil"), "{address}");
                for attribute in ["href", "action", "src", "content"] {
                    let leads = format!("{attribute}=\"{elsewhere}");
                    assert!(!answer.text().contains(&leads), "{address}: {attribute}");
                }
                assert!(
                    answer
                        .value_of("next")
                        .is_none_or(|next| !next.contains("evil")),
                    "{address}"
                );
            }
        }
        let referer = elsewhere.replace('\n', "");
        for (path, referer) in [
            ("/theme", &*referer),
            ("/theme", "http://evil.example/page"),
        ] {
            let headers = [SAME, FORM, ("accept", "text/html"), ("referer", referer)];
            let answer = browser
                .send(Method::POST, path, &headers, "theme=dark")
                .await;
            assert_eq!(answer.location(), "/", "{path} from {referer}");
        }
        let proof = [
            ("page", elsewhere),
            ("next", elsewhere),
            ("password", PASSWORD),
        ];
        let unlocked = browser.post("/api/session/unlock", &proof).await;
        assert_eq!(unlocked.location(), "/", "{elsewhere}");
        let out = [("page", elsewhere), ("next", elsewhere)];
        let out = browser.twin().post("/api/session/sign-out", &out).await;
        assert!(out.location().starts_with("/sign-in"), "{}", out.location());
        let (_, again) = app.sign_in(Role::Admin).await;
        browser
            .post(SIGN_IN, &credentials(&again.username().await, PASSWORD))
            .await;
    }
}

#[tokio::test]
async fn an_address_that_a_stranger_made_up_is_not_in_the_audit() {
    let app = TestApp::start_at(Clock::system(), &["--trusted-proxy", "192.0.2.0/24"]).await;
    let browser = app.anonymous();
    let body = "username=ann&password=wrong-password&next=";
    for name in ["x-forwarded-for", "forwarded", "x-real-ip", "x-client-ip"] {
        let headers = [FORM, (name, "203.0.113.7")];
        browser.send(Method::POST, SIGN_IN, &headers, body).await;
    }

    let rows = app.newest_entries(9).await;

    assert_eq!(rows.len(), 3, "and the fourth came too soon");
    for row in rows {
        assert_eq!(row.remote, Some(browser.address.ip()));
    }
}

#[tokio::test]
async fn an_arn_of_another_partition_leads_nowhere_and_is_sent_nowhere() {
    let app = TestApp::start_with(&["--emulator-control"]).await;
    let (_, admin) = app.sign_in(Role::Admin).await;
    let instance = admin.make_instance("Chat").await;
    let user = admin.make_user(&instance, "ana", "Ana").await;
    let before = app.calls().await;
    for partition in ["aws-cn", "aws-us-gov", "awsx"] {
        let moved = |path: &str| arn(path).replacen("aws", partition, 1);
        let (instance, user, token) = (moved(&instance), moved(&user), token());
        let query = form_urlencoded::byte_serialize(instance.as_bytes()).collect::<String>();

        let page = admin.get(&format!("/go?arn={query}")).await;
        assert_eq!(page.status, StatusCode::OK, "{partition}");
        assert!(page.words().contains("It starts with “arn:aws:”"));

        let place = [("target", &*target(&instance)), ("token", &*token)];
        let made = [
            &place[..],
            &[("user_id", "bo"), ("name", "Bo"), ("metadata", "")],
        ]
        .concat();
        for (function, fields) in [
            (
                "app-instances/delete",
                vec![("target", &*target(&instance)), ("confirm", "Chat")],
            ),
            ("users/create", made),
            (
                "users/delete",
                vec![("target", &*target(&user)), ("confirm_user_id", "ana")],
            ),
        ] {
            let answer = admin.call(&format!("/api/{function}"), &fields).await;
            assert!(answer.status.is_client_error(), "{function} {partition}");
        }
    }
    assert_eq!(app.calls().await, before);
}
