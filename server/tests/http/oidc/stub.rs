//! A provider that answers as a test wants it to: right, wrong, or not at all.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::extract::{Form, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use backend::Clock;
use backend::oidc::{ProviderConfig, Providers};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use domain::Role;
use http_body_util::BodyExt as _;
use openidconnect::core::{CoreEdDsaPrivateSigningKey, CoreJwsSigningAlgorithm};
use openidconnect::{JsonWebKeyId, PkceCodeChallenge, PkceCodeVerifier, PrivateSigningKey as _};
use serde_json::{Value, json};
use server::limits::Limits;
use server::serve::{Running, bind, start};

use crate::support::reach;

/// Made for these tests; they open nothing.
const KEYS: [&str; 2] = [
    "MC4CAQAwBQYDK2VwBCIEIFDkk8kv4EocX6KH71VSE/XMhMVBEFKVoEgor4LPqKMn",
    "MC4CAQAwBQYDK2VwBCIEIFwDXj1myBIld1NrD4bpNVwwa5o8JSHAoC8aRbFlT+48",
];
/// What the console proves itself with.
pub const SECRET: &str = "hush-hush";

/// How the provider behaves.
#[derive(Clone)]
pub struct Behaviour {
    /// What it publishes about itself is this instead, with this status.
    pub metadata: Option<(StatusCode, String)>,
    /// The key that it publishes.
    pub published: usize,
    /// The key that it signs with.
    pub signs_with: usize,
    /// The name that a token gives its key.
    pub key_id: String,
    /// The header `alg` of a token.
    pub method: String,
    /// What a token says, instead of what it should.
    pub claims: Value,
    /// What the UserInfo endpoint tells.
    pub user_info: Option<Value>,
    /// The token endpoint answers this.
    pub tokens: Option<(StatusCode, String)>,
    /// It takes this long for everything.
    pub delay: Duration,
    /// A request for this path is sent elsewhere, where the answer is the same.
    pub moved: Option<&'static str>,
    /// What it answers for this path has so many bytes more.
    pub padded: Option<(&'static str, usize)>,
    /// What the header of a token says besides.
    pub head: Value,
    /// What the answer with the token says besides.
    pub besides: Value,
}

impl Default for Behaviour {
    fn default() -> Self {
        Self {
            metadata: None,
            published: 0,
            signs_with: 0,
            key_id: "key-0".to_owned(),
            method: "EdDSA".to_owned(),
            claims: json!({}),
            user_info: None,
            tokens: None,
            delay: Duration::ZERO,
            moved: None,
            padded: None,
            head: json!({}),
            besides: json!({}),
        }
    }
}

struct Inner {
    /// That of the console, unless a test says otherwise.
    clock: Clock,
    behaviour: Behaviour,
    /// The address that a browser was last sent here with.
    asked: HashMap<String, String>,
    /// How often each path was asked for.
    calls: HashMap<&'static str, u32>,
    /// The console's secret was wrong, or the proof of the code.
    wrong: Vec<&'static str>,
}

#[derive(Clone)]
pub struct Stub {
    pub address: SocketAddr,
    inner: Arc<Mutex<Inner>>,
    _running: Arc<Running>,
}

impl Stub {
    pub async fn start() -> Self {
        Self::start_at(Clock::system()).await
    }

    /// With the clock that a test moves.
    pub async fn start_at(clock: Clock) -> Self {
        let listener = bind(SocketAddr::from(([127, 0, 0, 1], 0))).unwrap();
        let inner = Arc::new(Mutex::new(Inner {
            clock,
            behaviour: Behaviour::default(),
            asked: HashMap::new(),
            calls: HashMap::new(),
            wrong: Vec::new(),
        }));
        let routes = Router::new()
            .route("/.well-known/openid-configuration", get(metadata))
            .route("/keys", get(keys))
            .route("/token", post(token))
            .route("/me", get(me))
            .with_state(Arc::clone(&inner));
        let routes = routes
            .clone()
            .nest("/elsewhere", routes)
            .layer(from_fn_with_state(Arc::clone(&inner), otherwise));
        let (reach, limits) = (Arc::new(reach(&[])), Limits::default());
        let running = start(listener, routes, &reach, &limits, None);
        let running = running.await.unwrap();
        Self {
            address: running.address,
            inner,
            _running: Arc::new(running),
        }
    }

    pub fn issuer(&self) -> String {
        format!("http://{}", self.address)
    }

    /// A configuration with this provider.
    pub fn config(&self) -> ProviderConfig {
        let roles = [("readers", Role::Viewer), ("admins", Role::Admin)];
        ProviderConfig {
            client_secret: Some(SECRET.to_owned()),
            roles: roles.map(|(group, role)| (group.to_owned(), role)).into(),
            patience: Duration::from_secs(1),
            ..ProviderConfig::new("acme", "Acme", &self.issuer(), "carillon")
        }
    }

    pub fn providers(&self) -> Providers {
        Providers::new(vec![self.config()]).unwrap()
    }

    pub fn behave(&self, change: impl FnOnce(&mut Behaviour)) {
        change(&mut self.inner.lock().unwrap().behaviour);
    }

    pub fn behave_as_usual(&self) {
        self.behave(|behaviour| *behaviour = Behaviour::default());
    }

    /// A browser comes with this query.
    pub fn visited(&self, query: HashMap<String, String>) {
        self.inner.lock().unwrap().asked = query;
    }

    pub fn calls(&self, path: &str) -> u32 {
        let inner = self.inner.lock().unwrap();
        inner.calls.get(path).copied().unwrap_or_default()
    }

    /// What the console sent that it should not have.
    pub fn wrong(&self) -> Vec<&'static str> {
        self.inner.lock().unwrap().wrong.clone()
    }
}

type Shared = State<Arc<Mutex<Inner>>>;

async fn behaviour(inner: &Mutex<Inner>, path: &'static str) -> Behaviour {
    let behaviour = {
        let mut inner = inner.lock().unwrap();
        *inner.calls.entry(path).or_default() += 1;
        inner.behaviour.clone()
    };
    tokio::time::sleep(behaviour.delay).await;
    behaviour
}

fn as_json((status, text): (StatusCode, String)) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json")], text).into_response()
}

async fn metadata(State(inner): Shared, headers: HeaderMap) -> Response {
    if let Some(instead) = behaviour(&inner, "metadata").await.metadata {
        return as_json(instead);
    }
    let issuer = format!("http://{}", headers[header::HOST].to_str().unwrap());
    Json(json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "userinfo_endpoint": format!("{issuer}/me"),
        "jwks_uri": format!("{issuer}/keys"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["EdDSA", "HS256", "none"],
    }))
    .into_response()
}

/// Answers with a way to elsewhere, or with more than was asked for.
async fn otherwise(State(inner): Shared, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let behaviour = inner.lock().unwrap().behaviour.clone();
    if path.starts_with("/elsewhere") {
        let mut inner = inner.lock().unwrap();
        *inner.calls.entry("elsewhere").or_default() += 1;
    }
    if behaviour.moved == Some(&*path) {
        // The method stays.
        return Redirect::temporary(&format!("/elsewhere{path}")).into_response();
    }
    let response = next.run(request).await;
    let Some((_, more)) = behaviour.padded.filter(|(padded, _)| *padded == path) else {
        return response;
    };
    let body = response.into_body().collect().await.unwrap().to_bytes();
    let mut body: Value = serde_json::from_slice(&body).unwrap();
    body["padding"] = "x".repeat(more).into();
    Json(body).into_response()
}

/// One of the keys, as it would be published.
pub fn public_key(at: usize) -> Value {
    let key = key(at, &format!("key-{at}")).as_verification_key();
    serde_json::to_value(key).unwrap()
}

fn key(at: usize, id: &str) -> CoreEdDsaPrivateSigningKey {
    let pem = format!(
        "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----",
        KEYS[at]
    );
    let id = Some(JsonWebKeyId::new(id.to_owned()));
    CoreEdDsaPrivateSigningKey::from_ed25519_pem(&pem, id).unwrap()
}

async fn keys(State(inner): Shared) -> Response {
    let published = behaviour(&inner, "keys").await.published;
    Json(json!({ "keys": [public_key(published)] })).into_response()
}

async fn me(State(inner): Shared) -> Response {
    match behaviour(&inner, "me").await.user_info {
        Some(claims) => Json(claims).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn token(
    State(inner): Shared,
    headers: HeaderMap,
    Form(form): Form<HashMap<String, String>>,
) -> Response {
    let behaviour = behaviour(&inner, "token").await;
    if let Some(instead) = behaviour.tokens {
        return as_json(instead);
    }
    let asked = inner.lock().unwrap().asked.clone();
    let mut wrong = Vec::new();
    let basic = format!("Basic {}", STANDARD.encode(format!("carillon:{SECRET}")));
    if headers[header::AUTHORIZATION].to_str().unwrap() != basic {
        wrong.push("the secret");
    }
    let verifier = PkceCodeVerifier::new(form["code_verifier"].clone());
    let challenge = PkceCodeChallenge::from_code_verifier_sha256(&verifier);
    if asked["code_challenge_method"] != "S256" || asked["code_challenge"] != challenge.as_str() {
        wrong.push("the verifier");
    }
    if asked["redirect_uri"] != form["redirect_uri"] {
        wrong.push("the redirect_uri");
    }
    inner.lock().unwrap().wrong.extend(wrong);
    let issuer = format!("http://{}", headers[header::HOST].to_str().unwrap());
    let now = inner.lock().unwrap().clock.now().0 / 1000;
    let mut claims = json!({
        "iss": issuer,
        "aud": "carillon",
        "sub": "person-1",
        "iat": now,
        "exp": now + 300,
        "nonce": asked["nonce"],
        "preferred_username": "ann",
        "groups": ["readers"],
    });
    for (name, value) in behaviour.claims.as_object().unwrap() {
        match value {
            Value::Null => claims.as_object_mut().unwrap().remove(name),
            _ => claims
                .as_object_mut()
                .unwrap()
                .insert(name.clone(), value.clone()),
        };
    }
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let mut head = json!({ "alg": behaviour.method, "typ": "JWT", "kid": behaviour.key_id });
    let more = behaviour.head.as_object().unwrap().clone();
    head.as_object_mut().unwrap().extend(more);
    let signed = format!("{}.{}", part(&head), part(&claims));
    let signature = if behaviour.method == "none" {
        Vec::new()
    } else {
        let method = CoreJwsSigningAlgorithm::EdDsa;
        let key = key(behaviour.signs_with, &behaviour.key_id);
        key.sign(&method, signed.as_bytes()).unwrap()
    };
    let mut answer = json!({
        "access_token": "access",
        "token_type": "Bearer",
        "id_token": format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)),
    });
    let besides = behaviour.besides.as_object().unwrap().clone();
    answer.as_object_mut().unwrap().extend(besides);
    Json(answer).into_response()
}
