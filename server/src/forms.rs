//! The layer over `POST /api/…` that lets one server function serve both the browser code and a
//! form without JavaScript.
//!
//! The browser code gets JSON with the status of its failure, since Leptos 0.8 answers 500 to every
//! one. A plain form post gets a redirect: to the page of what it made, or back to its own page,
//! which finds what was typed under `draft` in its address.

mod fields;

use app::paths::with_value;
use app::request::{Cookie, Cookies, Done, Reached, SignedIn, Stranger};
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::response::Parts;
use axum::http::{Extensions, HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use backend::{Backend, Changes, ClientNetwork, Draft, Visit};
use domain::{Cause, Failure};
use metrics::counter;
use tower_sessions::Session;

use crate::answer::{failure_of, json, refuse, see_other, tell_what_was_sent, wants_page};
use crate::layers::LARGEST;
use crate::layers::client::network_of;
use crate::local::{self, is_local, referring_page};
use crate::metrics::SIGN_INS;
use fields::Fields;

const FORM: &str = "application/x-www-form-urlencoded";
/// Functions by which people get in. An address has only so many tries at them (`layers::tries`).
pub const WAYS_IN: &[&str] = &[
    "/api/session/accept",
    "/api/session/provider",
    "/api/session/code",
    "/api/session/setup",
    "/api/session/sign-in",
];
const SIGN_OUT: &str = "/api/session/sign-out";
/// Ends what a browser keeps of this console beside its cookies. Cookies are taken back by name
/// instead: browsers would clear those of every port of this host, and of the names beside it.
const CLEARED: HeaderValue = HeaderValue::from_static("\"storage\"");
const CLEAR_SITE_DATA: HeaderName = HeaderName::from_static("clear-site-data");
/// How Leptos tells the browser code of a redirect.
const LEPTOS_REDIRECT: HeaderName = HeaderName::from_static("serverfnredirect");

/// Answers calls of server functions; lets everything else pass.
pub async fn answer(State(backend): State<Backend>, request: Request, next: Next) -> Response {
    if request.method() != Method::POST || !request.uri().path().starts_with("/api/") {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    if parts.headers.contains_key(header::CONTENT_ENCODING) {
        return refuse(StatusCode::UNSUPPORTED_MEDIA_TYPE, Cause::Outdated);
    }
    // It is in memory already (`layers::arrival`).
    let Ok(body) = axum::body::to_bytes(body, LARGEST).await else {
        return refuse(StatusCode::BAD_REQUEST, Cause::Outdated);
    };
    let kind = parts
        .headers
        .get(header::CONTENT_TYPE)
        .map(HeaderValue::as_bytes);
    let is_form = match kind {
        Some(kind) => kind.starts_with(FORM.as_bytes()),
        None => body.is_empty(),
    };
    if !is_form {
        return refuse(StatusCode::UNSUPPORTED_MEDIA_TYPE, Cause::Outdated);
    }
    if fields::are_too_many(&body) {
        return refuse(StatusCode::PAYLOAD_TOO_LARGE, Cause::Outdated);
    }
    if wants_page(&parts.headers) {
        return answer_form(&backend, parts, body, next).await;
    }
    let response = run(parts, body, next).await;
    if response.status().is_client_error() || response.status().is_server_error() {
        let (parts, failure) = failure_of(response).await;
        return json(parts, &failure);
    }
    response
}

/// Runs the server function. Somebody who is not signed in may run only the ways in and signing
/// out; of everything else they learn nothing, not even whether what they sent could be read.
async fn run(parts: axum::http::request::Parts, body: Bytes, next: Next) -> Response {
    let somebody = parts
        .extensions
        .get::<SignedIn>()
        .is_some_and(|SignedIn(caller)| caller.is_some());
    let path = parts.uri.path();
    let way_in = WAYS_IN.iter().find(|way| **way == path);
    let leaves = path == SIGN_OUT;
    let asked = path.to_owned();
    let changes = parts.extensions.get::<Changes>().cloned();
    let reached: Option<Reached> = parts.extensions.get().cloned();
    if !somebody && way_in.is_none() && !leaves {
        return refuse(StatusCode::UNAUTHORIZED, Cause::SignedOut);
    }
    let mut response = next.run(Request::from_parts(parts, Body::from(body))).await;
    let has_failed = response.status().is_client_error() || response.status().is_server_error();
    if leaves && !has_failed {
        response.headers_mut().insert(CLEAR_SITE_DATA, CLEARED);
        if let Some(reached) = reached {
            take_cookies_back(&reached.cookies, response.headers_mut());
        }
    }
    if has_failed {
        let (parts, mut failure) = failure_of(response).await;
        tell_what_was_sent(&mut failure, &asked, &changes.unwrap_or_default());
        response = json(parts, &failure);
    }
    match way_in {
        Some(way) => count(way, response, has_failed).await,
        None => response,
    }
}

/// Takes back every cookie of this console but the session's, which the session's layer takes back.
fn take_cookies_back(cookies: &Cookies, headers: &mut HeaderMap) {
    let others = Cookie::ALL
        .into_iter()
        .filter(|cookie| *cookie != Cookie::Session);
    for cookie in others {
        if let Ok(removal) = HeaderValue::from_str(&cookies.taken_back(cookie)) {
            headers.append(header::SET_COOKIE, removal);
        }
    }
}

/// Counts a try to get in by its outcome: `succeeded`, or the code of the failure.
async fn count(way: &'static str, response: Response, has_failed: bool) -> Response {
    let way = way.trim_start_matches("/api/session/");
    if !has_failed {
        counter!(SIGN_INS, "way" => way, "outcome" => "succeeded").increment(1);
        return response;
    }
    let (parts, failure) = failure_of(response).await;
    counter!(SIGN_INS, "way" => way, "outcome" => failure.cause.code()).increment(1);
    json(parts, &failure)
}

async fn answer_form(
    backend: &Backend,
    mut parts: axum::http::request::Parts,
    body: Bytes,
    next: Next,
) -> Response {
    let fields = Fields::parse(&body);
    let page = fields
        .get("page")
        .filter(|page| is_local(page))
        .map(str::to_owned);
    let page = page.or_else(|| referring_page(&parts.headers, &parts.uri));
    let page = page.unwrap_or_else(|| "/".to_owned());
    let Some(sender) = Sender::of(&parts.headers, &parts.extensions) else {
        return refuse(StatusCode::SERVICE_UNAVAILABLE, Cause::StoreUnavailable);
    };
    if let Some((shown, language)) = fields.shown_as_code() {
        let page = with_value(&page, "code", language);
        return come_back(backend, &sender, &page, shown, None).await;
    }
    if fields.only_again() {
        return come_back(backend, &sender, &page, fields, None).await;
    }
    // "Add tag" and the like only change the form.
    if let Some(changed) = fields.with_rows_changed() {
        return come_back(backend, &sender, &page, changed, None).await;
    }
    parts
        .headers
        .insert(header::ACCEPT, HeaderValue::from_static("application/json"));
    parts.headers.remove(header::REFERER);
    let response = run(parts, body, next).await;
    if response.status().is_client_error() || response.status().is_server_error() {
        let (inner, failure) = failure_of(response).await;
        let back = come_back(backend, &sender, &page, fields, Some(failure)).await;
        return with_cookies(back, &inner);
    }
    let (inner, body) = response.into_parts();
    let redirected = inner
        .headers
        .get(header::LOCATION)
        .and_then(|to| to.to_str().ok());
    let location = match redirected {
        Some(location) => Some(location.to_owned()),
        None => location_of(body).await,
    };
    let location = location.filter(|location| is_local(location));
    with_cookies(see_other(location.as_deref().unwrap_or("/")), &inner)
}

async fn location_of(body: Body) -> Option<String> {
    let body = axum::body::to_bytes(body, LARGEST).await.ok()?;
    serde_json::from_slice::<Done>(&body)
        .ok()
        .map(|done| done.location)
}

/// Holds what was typed and leads back to the form. A person who has to sign in or to prove who
/// they are first is led there before.
async fn come_back(
    backend: &Backend,
    sender: &Sender,
    page: &str,
    fields: Fields,
    failure: Option<Failure>,
) -> Response {
    // Where to go first, and no reason to show a failure when that is done.
    let first = failure
        .as_ref()
        .and_then(|failure| local::before(&failure.cause))
        // The pages below it lead on to each other themselves.
        .filter(|_| !page.starts_with(local::SIGN_IN));
    let path = page.split('?').next().unwrap_or(page).to_owned();
    // Nobody owns what is held for the visitor of a session that has ended.
    let has_ended = failure
        .as_ref()
        .is_some_and(|failure| failure.cause == Cause::SignedOut);
    let draft = Draft {
        path,
        fields: fields.without_secrets(),
        failure: failure.filter(|_| first.is_none()),
    };
    let Ok((id, cookie)) = sender.hold(backend, draft, has_ended).await else {
        return refuse(StatusCode::SERVICE_UNAVAILABLE, Cause::StoreUnavailable);
    };
    let form = with_value(page, "draft", &id);
    let mut response = see_other(&match first {
        Some(first) => local::leading_to(first, &form),
        None => form,
    });
    if let Some(cookie) = cookie.and_then(|cookie| HeaderValue::from_str(&cookie).ok()) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}

/// The person who sent a form, for whom it is held until it is shown again.
struct Sender {
    session: Session,
    stranger: Option<Stranger>,
    reached: Reached,
    network: ClientNetwork,
}

impl Sender {
    fn of(headers: &HeaderMap, extensions: &Extensions) -> Option<Self> {
        let reached: &Reached = extensions.get()?;
        Some(Self {
            session: extensions.get::<Session>()?.clone(),
            stranger: Stranger::known(headers, reached),
            reached: reached.clone(),
            network: network_of(extensions),
        })
    }

    /// Holds a form, and answers its id, and the cookie for somebody who has no session.
    async fn hold(
        &self,
        backend: &Backend,
        draft: Draft,
        has_ended: bool,
    ) -> Result<(String, Option<String>), Failure> {
        let visitor = Visit::of(&self.session).visitor().await?;
        if let Some(visitor) = visitor.filter(|_| !has_ended) {
            return Ok((backend.drafts().put(&visitor, draft).await?, None));
        }
        let stranger = self.stranger.clone();
        let stranger = stranger.unwrap_or_else(|| Stranger::new(&self.reached));
        // A cookie costs nothing to make, an address does.
        let payer = self.network.to_string();
        let strangers = backend.strangers();
        let id = strangers.put_for(&payer, stranger.owner(), draft).await?;
        Ok((id, Some(stranger.cookie())))
    }
}

/// Keeps the headers that a server function set, except those about the body, which is left out.
fn with_cookies(mut response: Response, inner: &Parts) -> Response {
    let left_out = [
        header::LOCATION,
        header::CONTENT_TYPE,
        header::CONTENT_LENGTH,
        LEPTOS_REDIRECT,
    ];
    for (name, value) in &inner.headers {
        if !left_out.contains(name) {
            response.headers_mut().append(name, value.clone());
        }
    }
    response
}
