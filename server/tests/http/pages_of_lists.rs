//! Pages of lists: whatever AWS answers, every row can be reached, and a page that is gone leads to the
//! nearest that there is.

use axum::http::{Method, StatusCode};
use domain::Role;
use serde_json::{Value, json};

use crate::support::{Answer, Browser, Stub, TestApp, World, arn, assert_says, target};

const INSTANCE: &str = "arn:aws:chime:us-east-1:123456789012:app-instance/i-1";
const USERS: &str = "/embedded/us-east-1/app-instances/i-1/users";

/// The users of one page of a service, and the token to another.
fn page(ids: &[&str], next: Option<&str>) -> Value {
    let user =
        |id: &&str| json!({ "AppInstanceUserArn": format!("{INSTANCE}/user/{id}"), "Name": id });
    let rows: Vec<_> = ids.iter().map(user).collect();
    json!({ "AppInstanceUsers": rows, "NextToken": next })
}

/// A service whose list of users is what `pages` answers for a token.
async fn start(
    pages: impl Fn(Option<&str>) -> Value + Send + Sync + 'static,
) -> (Stub, TestApp, Browser) {
    let stub = Stub::start(move |method: &Method, path: &str| {
        assert_eq!(method, Method::GET);
        let token = path.split_once("next-token=").map(|(_, token)| token);
        if path.starts_with("/app-instance-users?") {
            (200, pages(token))
        } else {
            (200, json!({}))
        }
    })
    .await;
    let app = TestApp::start_against(stub.address).await;
    let (_, browser) = app.sign_in(Role::Admin).await;
    (stub, app, browser)
}

/// Where a page's "Next" leads.
fn next(answer: &Answer) -> Option<String> {
    let (before, _) = answer.text().split_once(">Next<")?;
    let link = before.rsplit_once("<a rel=\"next\" href=\"")?.1;
    let (to, _) = link.split_once('"')?;
    Some(to.replace("&amp;", "&"))
}

#[tokio::test]
async fn pages_without_rows_hide_none() {
    let (_stub, _app, browser) = start(|token| match token {
        None => page(&[], Some("t1")),
        Some("t1") => page(&[], Some("t2")),
        Some("t2") => page(&["alice"], Some("t3")),
        Some("t3") => page(&[], None),
        other => panic!("{other:?}"),
    })
    .await;

    let first = browser.get(USERS).await;
    assert!(first.words().contains("alice"), "{}", first.words());
    assert!(!first.words().contains("No users yet"));
    let last = browser.get(&next(&first).unwrap()).await;
    assert_eq!(last.status, StatusCode::OK);
    assert_says(&last.words(), &["This page has no rows"]);
    assert!(last.words().contains("Show the page before"));
}

#[tokio::test]
async fn the_overview_says_none_only_where_there_are_none() {
    for (rows_at, sentence) in [
        (1, "Late one"),
        (u32::MAX, "None found yet"),
        (0, "Late one"),
    ] {
        let stub = Stub::start(move |_: &Method, path: &str| {
            let number = path.split_once("next-token=t").map(|(_, number)| number);
            let number: u32 = number.map_or(0, |number| number.parse().unwrap());
            if !path.starts_with("/app-instances?") {
                return (200, json!({}));
            }
            let row = json!({ "AppInstanceArn": INSTANCE, "Name": "Late one" });
            let rows = if number == rows_at { vec![row] } else { vec![] };
            let token = format!("t{}", number + 1);
            (200, json!({ "AppInstances": rows, "NextToken": token }))
        })
        .await;
        let app = TestApp::start_against(stub.address).await;
        let (_, browser) = app.sign_in(Role::Admin).await;

        let words = browser.read("/").await;

        assert!(words.contains(sentence), "{words}");
        assert!(!words.contains("No AppInstances yet"), "{words}");
    }
}

#[tokio::test]
async fn a_list_of_empty_pages_without_end_says_that_there_may_be_more() {
    let (_stub, _app, browser) = start(|token| {
        let number: u32 = token.map_or(0, |token| token[1..].parse().unwrap());
        page(&[], Some(&format!("t{}", number + 1)))
    })
    .await;
    let words = browser.read(USERS).await;
    assert!(words.contains("No rows here yet"), "{words}");
    assert!(
        words.contains("Read on") && !words.contains("No users yet"),
        "{words}"
    );
}

#[tokio::test]
async fn a_token_that_leads_back_ends_the_list_with_a_sentence() {
    for back in ["t1", "t2"] {
        let (_stub, _app, browser) = start(move |token| match token {
            None => page(&["a"], Some("t1")),
            Some("t1") => page(&["b"], Some("t2")),
            Some("t2") => page(&["c"], Some(back)),
            other => panic!("{other:?}"),
        })
        .await;
        let (mut at, mut read) = (Some(USERS.to_owned()), Vec::new());
        while let Some(path) = at {
            let answer = browser.get(&path).await;
            at = next(&answer);
            let says = answer.words().contains("AWS repeats rows");
            assert_eq!(says, at.is_none(), "{}", answer.words());
            read.push(answer.words());
        }
        assert_eq!(read.len(), 3);
    }
}

#[tokio::test]
async fn a_colleague_sees_the_page_that_a_link_names() {
    let (_stub, app, browser) = start(|token| match token {
        None => page(&["a"], Some("t1")),
        Some(_) => page(&["zoe"], None),
    })
    .await;
    let link = next(&browser.get(USERS).await).unwrap();
    let (_, colleague) = app.sign_in(Role::Viewer).await;

    let answer = colleague.get(&link).await;

    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.words().contains("zoe"), "{}", answer.words());
    // It is the same page, and not one of the same number.
    assert!(!answer.words().contains("This page was read again"));
    let (_, limited) = app
        .sign_in_for(Role::Viewer, &INSTANCE.replace("i-1", "other"))
        .await;
    assert_eq!(limited.get(&link).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_page_that_was_forgotten_is_read_anew_or_the_nearest_before_it() {
    let (_stub, _app, browser) = start(|token| match token {
        None => page(&["one"], Some("t1")),
        Some("t1") => page(&["two"], Some("t2")),
        Some("t2") => page(&["three"], None),
        other => panic!("{other:?}"),
    })
    .await;
    for (number, status, row, said) in [
        (2, StatusCode::OK, "two", "This page was read again"),
        (3, StatusCode::OK, "three", "This page was read again"),
        (
            9,
            StatusCode::UNPROCESSABLE_ENTITY,
            "three",
            "You see page 3",
        ),
    ] {
        let answer = browser
            .get(&format!("{USERS}?page={number}.forgotten"))
            .await;
        assert_eq!(answer.status, status, "{number}");
        let words = answer.words();
        assert!(
            words.contains(row) && words.contains(said),
            "{number}: {words}"
        );
    }
}

#[tokio::test]
async fn a_token_that_aws_no_longer_takes_leads_to_the_same_page_anew() {
    let reads = std::sync::atomic::AtomicU32::new(0);
    let stub = Stub::start(move |_, path: &str| {
        let token = path.split_once("next-token=").map(|(_, token)| token);
        match (path.starts_with("/app-instance-users?"), token) {
            (false, _) => (200, json!({})),
            (true, None) => {
                let at = reads.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                (200, page(&["one"], Some(&format!("t{at}"))))
            }
            (true, Some("t0")) => (400, json!({ "__type": "BadRequestException" })),
            (true, Some(_)) => (200, page(&["two"], None)),
        }
    })
    .await;
    let app = TestApp::start_against(stub.address).await;
    let (_, browser) = app.sign_in(Role::Admin).await;

    let expired = next(&browser.get(USERS).await).unwrap();
    let answer = browser.get(&expired).await;

    assert_eq!(answer.status, StatusCode::OK, "{}", answer.words());
    assert!(answer.words().contains("This page was read again"));
    assert!(answer.words().contains("two"), "{}", answer.words());
}

#[tokio::test]
async fn after_a_delete_the_list_is_where_it_was() {
    let (app, browser) = TestApp::signed_in(Role::Admin).await;
    let instance = browser.make_instance("Support").await;
    for number in 0..12 {
        let (id, name) = (format!("user-{number:02}"), format!("Person {number}"));
        browser.make_user(&instance, &id, &name).await;
    }
    let list = format!("{instance}/users");
    let first = browser.get(&format!("{list}?size=10&q=person")).await;
    let second = next(&first).unwrap();
    browser.get(&second).await;
    let user = format!("{list}/user-11");
    browser.get(&user).await;

    let fields = [
        ("target", &*target(&arn(&user))),
        ("page", &*format!("{user}/delete")),
        ("confirm_user_id", "user-11"),
    ];
    let deleted = browser.post("/api/users/delete", &fields).await;

    let back = browser.get(deleted.location()).await.words();
    assert!(
        deleted.location().contains("q=person"),
        "{}",
        deleted.location()
    );
    assert_says(&back, &["Page 2", "user-10"]);
    let other = app.sign_in(Role::Admin).await.1;
    let fields = [
        ("target", &*target(&arn(&format!("{list}/user-00")))),
        ("confirm_user_id", "user-00"),
    ];
    let plain = other.post("/api/users/delete", &fields).await;
    assert_eq!(plain.location(), list);
}

/// Where "Count users on" leads.
fn counting_on(answer: &Answer) -> String {
    let (before, _) = answer.text().split_once(">Count users on").unwrap();
    let (_, link) = before.rsplit_once("href=\"").unwrap();
    link.split('"').next().unwrap().replace("&amp;", "&")
}

#[tokio::test]
async fn counting_goes_on_from_where_it_stopped() {
    let (stub, _app, browser) = start(|token| {
        let at: usize = token.map_or(0, |token| token[1..].parse().unwrap());
        let ids: Vec<_> = (0..50).map(|row| format!("u{at}-{row}")).collect();
        let ids: Vec<_> = ids.iter().map(String::as_str).collect();
        let next = format!("t{}", at + 1);
        page(&ids, (at < 59).then_some(&*next))
    })
    .await;
    let page = "/embedded/us-east-1/app-instances/i-1/delete";

    let first = browser.get(page).await;
    let words = first.words();
    assert_says(
        &words,
        &[
            "AppInstanceUsers more than 500",
            "Count users on",
            "40 calls",
        ],
    );
    let on = counting_on(&first);
    let second = browser.get(&on).await;
    let again = browser.get(&on).await;
    assert_says(&second.words(), &["more than 2,500"]);
    assert_says(&again.words(), &["more than 2,500"]);
    let on = counting_on(&second);
    let last = browser.get(&on).await.words();
    assert!(last.contains("AppInstanceUsers 3,000"), "{last}");
    assert!(!last.contains("Count users on"), "{last}");
    assert_eq!(stub.writes(), []);
}

#[tokio::test]
async fn a_call_that_fails_loses_nothing_of_what_was_counted() {
    let failed = std::sync::atomic::AtomicBool::new(false);
    let stub = Stub::start(move |_: &Method, path: &str| {
        if !path.starts_with("/app-instance-users?") {
            return (200, json!({}));
        }
        let token = path.split_once("next-token=t").map(|(_, token)| token);
        let at: usize = token.map_or(0, |token| token.parse().unwrap());
        if at == 3 && !failed.swap(true, std::sync::atomic::Ordering::Relaxed) {
            return (403, json!({ "__type": "ForbiddenException" }));
        }
        let ids: Vec<_> = (0..50).map(|row| format!("u{at}-{row}")).collect();
        let ids: Vec<_> = ids.iter().map(String::as_str).collect();
        let next = format!("t{}", at + 1);
        (200, page(&ids, (at < 6).then_some(&*next)))
    })
    .await;
    let app = TestApp::start_against(stub.address).await;
    let (_, browser) = app.sign_in(Role::Admin).await;

    let first = browser
        .get("/embedded/us-east-1/app-instances/i-1/delete")
        .await;
    let words = first.words();
    assert!(words.contains("150 so far"), "{words}");
    let rest = browser.get(&counting_on(&first)).await.words();
    assert!(rest.contains("AppInstanceUsers 350"), "{rest}");
}

#[tokio::test]
async fn whatever_is_deleted_leads_back_to_where_its_list_was() {
    let world = World::start().await;
    let (browser, instance) = (&world.browser, &world.instance);
    let (user, endpoint) = world.make_user_with_endpoint("ana", "Ana").await;
    let bot = world.make_bot(&[("name", "Helper")]).await;
    let id = |path: &str| path.rsplit('/').next().unwrap().to_owned();
    let (user_arn, bot_arn, instance_arn) = (arn(&user), arn(&bot), arn(instance));
    let endpoint_id = id(&endpoint);
    let all = instance.rsplit_once('/').unwrap().0;
    for (list, call, fields) in [
        (
            format!("{user}/endpoints"),
            "/api/endpoints/deregister",
            vec![("target", &*target(&user_arn)), ("id", &*endpoint_id)],
        ),
        (
            format!("{instance}/bots"),
            "/api/bots/delete",
            vec![("target", &*target(&bot_arn)), ("confirm", "Helper")],
        ),
        (
            all.to_owned(),
            "/api/app-instances/delete",
            vec![("target", &*target(&instance_arn)), ("confirm", "Support")],
        ),
    ] {
        browser.get(&format!("{list}?size=10&q=e")).await;

        let gone = browser.post(call, &fields).await;

        let back = gone.location();
        assert!(back.starts_with(&list), "{call}: {back}");
        assert!(back.contains("q=e"), "{call}: {back}");
    }
}
