//! The ways to use the program in which a secret is at work.

use std::collections::HashMap;

use backend::Clock;

use super::visitor::{Visitor, World};
use super::{ADMIN, CHOSEN, CODE, DEVICE, GUESS, MISPLACED, VOIP};
use crate::access;
use crate::oidc::{come_back, stub};
use crate::support::{
    Answer, Dashboard, PINPOINT, Phone, arn, credentials, invitation, recovery_codes, target, token,
};

/// The first administrator, by the link of the first start.
pub async fn set_up<'a>(world: &'a World, dashboard: &mut Dashboard) -> Visitor<'a> {
    let line = dashboard.lines.next().unwrap().unwrap();
    let page = &line[line.find("/setup?token=").unwrap()..];
    let token = page.split_once('=').unwrap().1;
    world.keep("the set-up link", token, &[page]);
    let admin = world.visitor(dashboard);
    admin.get(page).await;
    let fields = |password| {
        let name = ("username", "ada");
        [
            ("page", page),
            ("token", token),
            name,
            ("new_password", password),
        ]
    };
    let (again, weak) = admin.post("/api/session/setup", &fields("password")).await;
    assert!(weak.words().contains("easy to guess"));
    world.keep("the set-up link", token, &[page, &again]);
    assert_eq!(
        admin.post("/api/session/setup", &fields(ADMIN)).await.0,
        "/"
    );
    let late = world.visitor(dashboard);
    let (after, _) = late.post("/api/session/setup", &fields(GUESS)).await;
    world.keep("the set-up link", token, &[page, &again, &after]);
    admin
}

/// Guesses, right and wrong.
pub async fn guess(world: &World, dashboard: &Dashboard) {
    let stranger = world.visitor(dashboard);
    stranger.sign_in("ada", GUESS).await;
    stranger
        .call("/api/session/sign-in", &credentials("nobody", GUESS))
        .await;
    stranger
        .call("/api/session/sign-in", &credentials(MISPLACED, GUESS))
        .await;
    stranger.bad_requests().await;
}

/// An authenticator and its recovery codes, and signing in with both.
pub async fn use_authenticator(world: &World, admin: &Visitor<'_>, dashboard: &Dashboard) {
    let now = || Clock::system().now();
    let begin = "/api/account/authenticator/begin";
    let (setting_up, page) = admin.post(begin, &[("page", "/account")]).await;
    let phone = Phone::reading(&page);
    let secret = page.text().split_once("secret=").unwrap().1;
    let secret = secret.split(['&', '"']).next().unwrap();
    let confirm = "/api/account/authenticator/confirm";
    let wrong = phone.wrong_code(now());
    let fields = |code| {
        [
            ("page", &*setting_up),
            ("form", "authenticator-code"),
            ("code", code),
        ]
    };
    let (again, _) = admin.post(confirm, &fields(&*wrong)).await;
    world.keep(
        "the key of the authenticator",
        secret,
        &[&setting_up, &again],
    );
    let right = phone.code(now());
    let (shown, page) = admin.post(confirm, &fields(&*right)).await;
    let codes = recovery_codes(&page);
    assert_eq!(codes.len(), 10);
    for code in &codes {
        world.keep("a recovery code", code, &[&shown]);
    }
    admin.get("/account/authenticator").await;
    for code in [&*phone.wrong_code(now()), &*codes[0], &*codes[0]] {
        let half = world.visitor(dashboard);
        half.sign_in("ada", ADMIN).await;
        half.post(
            "/api/session/code",
            &[("page", "/sign-in/code"), ("code", code), ("next", "")],
        )
        .await;
    }
    let off = [
        ("page", "/account"),
        ("code", &*codes[1]),
        ("password", ADMIN),
    ];
    admin.call("/api/session/unlock", &off).await;
    admin.call("/api/account/authenticator/remove", &off).await;
}

/// Somebody who is invited, and whose password is reset.
pub async fn use_links(world: &World, admin: &Visitor<'_>, dashboard: &Dashboard) {
    let fields = invitation("grace", "Operator");
    let (shown, page) = admin.post("/api/operators/invite", &fields).await;
    let id = shown.split(['/', '?']).nth(2).unwrap().to_owned();
    accept(world, &shown, &page, dashboard).await;
    let fields = [("page", &*shown), ("id", &*id)];
    let (shown, page) = admin.post("/api/operators/reset", &fields).await;
    accept(world, &shown, &page, dashboard).await;
}

async fn accept(world: &World, shown: &str, page: &Answer, dashboard: &Dashboard) {
    let token = page.invitation_token();
    let link = format!("/invite?token={token}");
    let grace = world.visitor(dashboard);
    grace.get(&link).await;
    let fields = |password| {
        [
            ("page", &*link),
            ("token", token),
            ("new_password", password),
        ]
    };
    let (weak, _) = grace.post("/api/session/accept", &fields("password")).await;
    grace.post("/api/session/accept", &fields(CHOSEN)).await;
    let (late, _) = world
        .visitor(dashboard)
        .post("/api/session/accept", &fields(GUESS))
        .await;
    world.keep("a link", token, &[shown, &link, &weak, &late]);
    let change = [("current_password", CHOSEN), ("new_password", "password")];
    grace.call("/api/account/password", &change).await;
}

/// A device that gets pushes; answers the page of its AppInstance and its own.
pub async fn use_devices(world: &World, admin: &Visitor<'_>) -> (String, String) {
    let instance = admin.browser.make_instance("Chat").await;
    let user = admin.browser.make_user(&instance, "ana", "Ana").await;
    let (page, token) = (format!("{user}/register-endpoint"), token());
    let arn = arn(&user);
    let of = target(&arn);
    let mut fields = vec![
        ("page", &*page),
        ("target", &*of),
        ("token", &*token),
        ("kind", "APNS"),
        ("resource_arn", "no ARN"),
        ("device_token", DEVICE),
        ("voip_device_token", VOIP),
        ("name", "Phone"),
        ("allow_messages", "ALL"),
    ];
    // What was typed comes back with the form.
    let (refused, _) = admin.post("/api/endpoints/register", &fields).await;
    fields[4].1 = PINPOINT;
    let (endpoint, _) = admin.post("/api/endpoints/register", &fields).await;
    let id = endpoint.rsplit('/').next().unwrap();
    let reveal = [("page", &*endpoint), ("target", &*target(&arn)), ("id", id)];
    let (revealed, page) = admin.post("/api/endpoints/reveal", &reveal).await;
    assert!(page.text().contains(DEVICE));
    world.keep("a device token", DEVICE, &[&refused, &revealed]);
    world.keep("a VoIP device token", VOIP, &[&refused, &revealed]);
    (instance, endpoint)
}

/// Signing in with a provider, which works once and then fails.
pub async fn use_provider(world: &World, provider: &stub::Stub, dashboard: &Dashboard) {
    for works in [true, false] {
        let visitor = world.visitor(dashboard);
        let fields = [
            ("page", "/sign-in"),
            ("form", "provider"),
            ("provider", "acme"),
            ("next", ""),
        ];
        let (_, page) = visitor.post("/api/session/provider", &fields).await;
        let (_, rest) = page.text().split_once("/authorize?").unwrap();
        let query = rest.split('"').next().unwrap().replace("&amp;", "&");
        let query: HashMap<_, _> = form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect();
        provider.visited(query.clone());
        if !works {
            provider.behave(|behaviour| "another".clone_into(&mut behaviour.key_id));
        }
        let answer = come_back(&visitor.browser, &query, &[("code", CODE)]).await;
        visitor.note("the callback", &answer);
        visitor.get("/account").await;
    }
}

/// Every page and every list, as an Admin.
pub async fn read_everything(admin: &Visitor<'_>, instance: &str, endpoint: &str) {
    let parts: Vec<_> = endpoint.split('/').collect();
    let operators = admin.get("/operators").await;
    let id = operators
        .text()
        .split("/operators/")
        .nth(2)
        .unwrap_or("0\"");
    let id = id.split(['"', '?', '/']).next().unwrap();
    for address in access::addresses()
        .into_iter()
        .filter(|address| address.method == "GET")
    {
        let path = address
            .path
            .replace(
                "{connection}/{region}/app-instances/{instance}",
                instance.trim_start_matches('/'),
            )
            .replace("{connection}/{region}", "embedded/us-east-1")
            .replace("{user}", "ana")
            .replace("{endpoint}", parts.last().unwrap())
            .replace("{entry}", "1")
            .replace("{id}", id)
            .replace("{provider}", "acme");
        admin.get(&path).await;
    }
    for entry in 2..30 {
        admin.get(&format!("/audit/{entry}")).await;
    }
    admin.get("/audit/export.csv?since=1h").await;
}

/// Everything that the pages link to: styles, scripts, the WASM.
pub async fn read_files(admin: &Visitor<'_>) {
    let page = admin.get("/sign-in").await;
    for link in page
        .text()
        .split(['"', '\''])
        .filter(|text| text.starts_with("/pkg/"))
    {
        admin.get(link).await;
    }
}
