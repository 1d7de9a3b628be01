//! What providers really send: claims of other types than the standard's, and groups in every shape.

use axum::http::StatusCode;
use backend::Clock;
use backend::oidc::{ProviderConfig, Providers};
use domain::{ProviderProblem, Role};
use serde_json::{Value, json};

use super::log::Log;
use super::stub::{Behaviour, Stub};
use super::{World, is};
use crate::support::TestApp;

/// What a provider says in a token besides what it should.
fn saying(claims: Value) -> impl FnOnce(&mut Behaviour) {
    move |behaviour| {
        *behaviour = Behaviour {
            claims,
            ..Behaviour::default()
        }
    }
}

/// What a provider says in a token, and what it says when it is asked about the person.
fn telling(token: Value, person: Value) -> impl FnOnce(&mut Behaviour) {
    move |behaviour| {
        saying(token)(behaviour);
        behaviour.user_info = Some(person);
    }
}

/// The members of two objects in one.
fn together(mut one: Value, other: &Value) -> Value {
    let other = other.as_object().unwrap().clone();
    one.as_object_mut().unwrap().extend(other);
    one
}

/// A console whose provider is configured a little differently.
async fn configured(change: impl FnOnce(ProviderConfig) -> ProviderConfig) -> World {
    let stub = Stub::start().await;
    let providers = Providers::new(vec![change(stub.config())]).unwrap();
    let app = TestApp::start_for(Clock::system(), &[], providers).await;
    World { app, stub }
}

#[tokio::test]
async fn claims_that_nobody_uses_keep_nobody_out_whatever_they_are() {
    let world = World::start().await;
    world.app.sign_in(Role::Admin).await;
    for unused in [
        // As Auth0, Keycloak, Cognito, AD FS, GitLab and others write them.
        json!({ "updated_at": "2024-02-30T25:61:00Z" }),
        json!({ "updated_at": { "seconds": 1 } }),
        json!({ "email": "ann@example.com", "email_verified": "true" }),
        json!({ "email_verified": "yes", "email": ["ann@example.com", "a@b.example"] }),
        json!({ "address": "Bell Lane 7", "phone_number": 4711, "phone_number_verified": "no" }),
        json!({ "locale": "en_US", "zoneinfo": 2, "birthdate": 19_700_101, "gender": ["f"] }),
        json!({ "picture": "no address", "profile": {}, "website": "", "name": ["Ann"] }),
        json!({ "name#": 1, "given_name#de_": "Ann", "nickname": false, "family_name": {} }),
        json!({ "acr": 1, "amr": "pwd", "auth_time": "yesterday", "c_hash": 7, "jti": [] }),
    ] {
        let told = unused.to_string();
        let ann = world.sign_in_as(saying(unused.clone())).await;
        assert_eq!(ann.username, "ann", "{told}");
        // The same where more is asked for.
        let person = json!({ "sub": "person-1", "groups": ["admins"] });
        let more = together(person, &unused);
        let token = json!({ "groups": null });
        let admin = world.sign_in_as(telling(token, more)).await;
        assert_eq!(admin.role, Role::Admin, "{told}");
    }
}

#[tokio::test]
async fn claims_that_are_used_are_read_in_every_type_that_is_sent() {
    let world = World::start().await;
    let now = Clock::system().now().0 / 1000;
    for claims in [
        json!({ "aud": ["carillon"], "azp": null, "nbf": null, "at_hash": null }),
        json!({ "exp": format!("{}", now + 300), "iat": format!("{now}.0"), "nbf": "0" }),
        json!({ "exp": 4_000_000_000.5, "iat": now, "nbf": 0.5, "azp": "carillon" }),
        json!({ "groups": "readers" }),
    ] {
        let ann = world.sign_in_as(saying(claims.clone())).await;
        assert_eq!(
            (&*ann.username, ann.role),
            ("ann", Role::Viewer),
            "{claims}"
        );
    }
    for (claims, name) in [
        (json!({ "sub": 4711, "preferred_username": 4711 }), "4711"),
        (json!({ "sub": "2", "preferred_username": ["bo"] }), "bo"),
        (
            json!({ "sub": "3", "preferred_username": null, "email": "c@example.com",
                "email_verified": "True" }),
            "c@example.com",
        ),
        // An id is the same one as a number and as a text.
        (
            json!({ "sub": "4711", "preferred_username": "other" }),
            "4711",
        ),
    ] {
        let operator = world.sign_in_as(saying(claims.clone())).await;
        assert_eq!(operator.username, name, "{claims}");
    }
}

#[tokio::test]
async fn a_claim_that_is_used_and_cannot_be_read_is_named_in_the_log_and_never_told() {
    let world = World::start().await;
    let log = Log::start();
    for (claims, line) in [
        (
            json!({ "exp": "canary" }),
            r#"claim="exp" expected="seconds since 1970" found="a text""#,
        ),
        (
            json!({ "exp": null }),
            r#"claim="exp" expected="seconds since 1970" found="nothing""#,
        ),
        (
            json!({ "iat": { "canary": 1 } }),
            r#"claim="iat" expected="seconds since 1970" found="an object""#,
        ),
        (
            json!({ "aud": { "canary": "carillon" } }),
            r#"claim="aud" expected="a text or a list of texts" found="an object""#,
        ),
        (
            json!({ "sub": ["canary", "person-1"] }),
            r#"claim="sub" expected="a text" found="a list of texts""#,
        ),
        (
            json!({ "nonce": true }),
            r#"claim="nonce" expected="a text" found="a yes or no""#,
        ),
        (
            json!({ "azp": {} }),
            r#"claim="azp" expected="a text" found="an object""#,
        ),
    ] {
        let refused = world.refused(saying(claims.clone())).await;

        is(&refused, ProviderProblem::Unreadable);
        let logged = log.lines().join("\n");
        assert_eq!(logged.matches(line).count(), 1, "{line} in {logged}");
        assert!(!logged.contains("canary"), "{logged}");
    }
    // A name that cannot be read counts as no name.
    let refused = world
        .refused(saying(json!({ "preferred_username": { "canary": 1 } })))
        .await;
    is(&refused, ProviderProblem::Unavailable);
    let nameless = world
        .refused(|b| b.user_info = Some(json!({ "sub": "person-1" })))
        .await;
    is(&nameless, ProviderProblem::NoName);
    let line = log.line_with("cannot be read");
    assert!(line.contains(r#"claim="preferred_username""#), "{line}");
}

#[tokio::test]
async fn what_a_provider_publishes_and_answers_besides_may_be_anything() {
    let world = World::start().await;
    let issuer = world.stub.issuer();
    let least = json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/keys"),
    });
    let odd = json!({
        "response_types_supported": "code",
        "subject_types_supported": null,
        "id_token_signing_alg_values_supported": ["EdDSA", 7],
        "userinfo_endpoint": "",
        "op_tos_uri": "no address",
        "scopes_supported": { "openid": true },
        "claims_parameter_supported": "true",
        "token_endpoint_auth_methods_supported": ["client_secret_basic", null],
    });
    let mut whole = least.clone();
    whole
        .as_object_mut()
        .unwrap()
        .extend(odd.as_object().unwrap().clone());
    for published in [least, whole] {
        let world = World::start_with(&world.stub).await;
        let ann = world
            .sign_in_as(|b| {
                b.metadata = Some((StatusCode::OK, published.to_string()));
                b.besides = json!({
                    "token_type": null, "expires_in": "3600", "scope": ["openid"],
                    "refresh_token": 7, "not_before_policy": "x",
                });
            })
            .await;
        assert_eq!(ann.username, "ann", "{published}");
    }
}

#[tokio::test]
async fn groups_are_found_wherever_a_provider_puts_them() {
    for (path, separator, claims) in [
        (
            "resource_access.carillon.roles",
            None,
            json!({ "resource_access": { "carillon": { "roles": ["x", "admins"] } } }),
        ),
        (
            "realm_access.roles",
            None,
            json!({ "realm_access": { "roles": ["admins"] } }),
        ),
        (
            "https://example.com/roles",
            None,
            json!({ "https://example.com/roles": ["admins"] }),
        ),
        (
            "urn:zitadel:iam:org:project:roles",
            None,
            json!({ "urn:zitadel:iam:org:project:roles": { "admins": { "1": "a.example" } } }),
        ),
        ("groups", Some(','), json!({ "groups": "staff, admins" })),
        (
            "custom:groups",
            Some(','),
            json!({ "custom:groups": "[staff, admins]" }),
        ),
        ("scope", Some(' '), json!({ "scope": "openid admins" })),
        (
            "groups",
            None,
            json!({ "groups": [{ "id": 1, "name": "admins" }] }),
        ),
        (
            "groups.id",
            None,
            json!({ "groups": [{ "id": "admins", "name": "x" }] }),
        ),
    ] {
        let world = configured(|config| ProviderConfig {
            group_claim: path.to_owned(),
            group_separator: separator,
            ..config
        })
        .await;
        let operator = world.sign_in_as(saying(claims.clone())).await;
        assert_eq!(operator.role, Role::Admin, "{path} of {claims}");
        // Told by UserInfo alone, beside something of the same name in the token.
        let person = json!({ "sub": "person-2", "preferred_username": "bo" });
        let more = together(person, &claims);
        let token = json!({ "sub": "person-2", "groups": null, "resource_access": {} });
        let operator = world.sign_in_as(telling(token, more)).await;
        assert_eq!(operator.role, Role::Admin, "{path} of UserInfo");
    }
}

#[tokio::test]
async fn whoever_gets_no_role_is_one_line_of_the_log_that_says_what_was_found() {
    let world = World::start().await;
    let log = Log::start();
    for (groups, found) in [
        (json!(["canary"]), "a list of texts"),
        (json!("canary admins"), "a text"),
        (json!({ "canary": ["admins"] }), "an object"),
        (json!([]), "an empty list"),
        (json!(7), "a number"),
    ] {
        let refused = world.refused(saying(json!({ "groups": groups }))).await;

        is(&refused, ProviderProblem::NoRole);
        let line = log.line_with("somebody gets no role");
        assert!(line.contains(r#"provider="acme""#), "{line}");
        assert!(line.contains(r#"claim="groups""#), "{line}");
        assert!(line.contains(&format!("found=\"{found}\"")), "{line}");
        assert!(!line.contains("canary"), "{line}");
    }
    let refused = world
        .refused(|b| {
            saying(json!({ "groups": null }))(b);
            b.user_info = Some(json!({ "sub": "person-1" }));
        })
        .await;
    is(&refused, ProviderProblem::NoRole);
    let line = log.line_with("somebody gets no role");
    assert!(line.contains("found=\"nothing\""), "{line}");
}

#[tokio::test]
async fn somebody_in_more_groups_than_the_provider_tells_is_told_so_and_keeps_no_role() {
    let world = configured(|config| ProviderConfig {
        default_role: Some(Role::Viewer),
        ..config
    })
    .await;
    world.app.sign_in(Role::Admin).await;
    let elsewhere = world.app.anonymous();
    assert_eq!(world.sign_in(&elsewhere).await.location(), "/");
    let log = Log::start();
    for mark in [
        json!({
            "groups": null,
            "_claim_names": { "groups": "src1" },
            "_claim_sources": { "src1": { "endpoint": "https://graph.example/canary" } },
        }),
        json!({ "groups": null, "hasgroups": true }),
        json!({ "groups": null, "hasgroups": "true" }),
    ] {
        let refused = world
            .refused(|b| {
                saying(mark.clone())(b);
                b.user_info = Some(json!({ "sub": "person-1" }));
            })
            .await;

        is(&refused, ProviderProblem::GroupsUntold);
        let line = log.line_with("somebody gets no role");
        assert!(
            line.contains("kept elsewhere") && !line.contains("canary"),
            "{line}"
        );
        let account = elsewhere.get("/account").await;
        assert_eq!(account.location(), "/sign-in?next=%2Faccount");
    }
    // Where UserInfo tells them, they count.
    let admin = world
        .sign_in_as(|b| b.user_info = Some(json!({ "sub": "person-1", "groups": ["admins"] })))
        .await;
    assert_eq!(admin.role, Role::Admin);
}
