//! Forms with passwords as password managers and people meet them, and the links that lead to some.

use axum::http::StatusCode;
use backend::Clock;
use domain::{Cause, Role};

use crate::support::{Answer, PASSWORD, TestApp, assert_says};

/// The forms of a page that have a password in them.
fn with_password(page: &Answer) -> Vec<String> {
    let forms = page.text().split("<form").skip(1);
    let forms = forms.map(|form| form.split("</form>").next().unwrap().to_owned());
    forms
        .filter(|form| form.contains(r#"type="password""#))
        .collect()
}

/// The `<input>`s of a form, in order.
fn inputs(form: &str) -> Vec<&str> {
    let inputs = form.split("<input").skip(1);
    inputs
        .map(|input| input.split('>').next().unwrap())
        .collect()
}

/// Pages with a form for a password, each with whose it is.
async fn pages(app: &TestApp) -> Vec<(&'static str, String, Answer)> {
    let setup = app.backend.accounts().setup_token().await.unwrap().unwrap();
    let nobody = app.anonymous();
    let setup = nobody.get(&format!("/setup?token={setup}")).await;
    let sign_in = nobody.get("/sign-in").await;
    let (id, browser) = app.sign_in(Role::Admin).await;
    let username = app.username(&id).await;
    let invited = browser
        .post(
            "/api/operators/invite",
            &[
                ("page", "/operators/invite"),
                ("username", "bo"),
                ("role", "Viewer"),
                ("scope", "Everything"),
            ],
        )
        .await;
    let shown = browser.get(invited.location()).await;
    let invite = format!("/invite?token={}", shown.invitation_token());
    let invite = nobody.get(&invite).await;
    let account = browser.get("/account").await;
    let unlock = browser.get("/unlock").await;
    vec![
        ("set-up", "admin".to_owned(), setup),
        ("sign-in", String::new(), sign_in),
        ("invitation", "bo".to_owned(), invite),
        ("account", username.clone(), account),
        ("unlock", username, unlock),
    ]
}

#[tokio::test]
async fn every_form_with_a_password_says_whose_it_is_and_which() {
    let app = TestApp::start().await;
    for (what, username, page) in pages(&app).await {
        let forms = with_password(&page);
        let [form] = &forms[..] else {
            panic!("{what}: {} forms", forms.len())
        };
        let inputs = inputs(form);
        let at = |mark: &str| inputs.iter().position(|input| input.contains(mark));
        let name = at(r#"autocomplete="username""#).expect(what);
        assert!(inputs[name].contains(r#"name="username""#), "{what}");
        assert!(!inputs[name].contains(r#"type="hidden""#), "{what}");
        let value = format!(r#"value="{username}""#);
        assert!(inputs[name].contains(&value), "{what}: {}", inputs[name]);
        for (at, input) in inputs.iter().enumerate() {
            if input.contains(r#"type="password""#) {
                let token = ["current-password", "new-password"]
                    .iter()
                    .any(|token| input.contains(&format!(r#"autocomplete="{token}""#)));
                assert!(token && name < at, "{what}: {input}");
            }
        }
        let shows = form.matches("data-shows=").count();
        assert_eq!(shows, form.matches(r#"type="password""#).count(), "{what}");
        assert!(form.contains(r#"type="button""#), "{what}");
    }
}

#[tokio::test]
async fn the_first_field_of_a_page_that_is_there_for_it_has_the_focus() {
    let app = TestApp::start().await;
    for (what, _, page) in pages(&app).await {
        let text = page.text();
        if what == "account" {
            assert!(!text.contains("autofocus"), "{what}");
            continue;
        }
        assert_eq!(text.matches("autofocus").count(), 1, "{what}");
        let form = with_password(&page).remove(0);
        let typed = inputs(&form);
        let is_typed = |input: &&&str| !input.contains("hidden") && !input.contains("readonly");
        let first = typed.iter().find(is_typed).unwrap();
        assert!(first.contains("autofocus"), "{what}: {first}");
    }
    // What was refused is read first.
    let browser = app.anonymous();
    let refused = browser.sign_in("ann", "wrong").await;
    let page = browser.get(refused.location()).await;
    assert_eq!(page.text().matches("autofocus").count(), 1);
    let form = with_password(&page).remove(0);
    assert!(
        inputs(&form)
            .iter()
            .all(|input| !input.contains("autofocus"))
    );
}

#[tokio::test]
async fn a_set_up_link_that_no_longer_works_says_so_at_once_and_looking_uses_none_up() {
    let clock = Clock::fixed(Clock::system().now());
    let app = TestApp::start_at(clock.clone(), &[]).await;
    let operators = app.backend.accounts();
    let nobody = app.anonymous();
    let useless = async |token: &str| {
        let page = nobody.get(&format!("/setup?token={token}")).await;
        let words = page.words();
        assert_eq!(page.status, StatusCode::GONE, "{words}");
        assert!(words.contains(&Cause::LinkUsed.headline()), "{words}");
        assert!(with_password(&page).is_empty(), "{words}");
        words
    };
    let late = operators.setup_token().await.unwrap().unwrap();
    clock.advance(86_400_000);
    // An old one, an invented one, none: all alike.
    let told = useless(&late).await;
    assert!(told.contains("set up the first operator at"), "{told}");
    assert_eq!(useless("invented").await, told);
    assert_eq!(useless("").await, told);

    let token = operators.setup_token().await.unwrap().unwrap();
    for _ in 0..3 {
        let page = nobody.get(&format!("/setup?token={token}")).await;
        assert_eq!(page.status, StatusCode::OK);
    }
    let fields = [
        ("token", &*token),
        ("username", "ada"),
        ("new_password", PASSWORD),
    ];
    let done = app.anonymous().post("/api/session/setup", &fields).await;
    assert_eq!(done.location(), "/");

    let told = useless(&token).await;
    assert!(!told.contains("set up the first operator at"), "{told}");
}

#[tokio::test]
async fn a_console_without_an_admin_says_where_its_link_is_and_not_what_it_is() {
    let app = TestApp::start().await;
    let token = app.backend.accounts().setup_token().await.unwrap().unwrap();
    let nobody = app.anonymous();
    let first = nobody.get("/").await;

    let page = nobody.get(first.location()).await;

    assert_says(&page.words(), &["set up the first operator at"]);
    assert!(!page.text().contains(&token));
    app.sign_in(Role::Admin).await;
    let page = nobody.get("/sign-in").await.words();
    assert!(!page.contains("set up the first operator at"), "{page}");
}
