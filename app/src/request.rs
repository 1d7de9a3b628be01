//! What a page or server function knows of the request it answers: who asks, where, with what.

mod cookies;
mod flash;
mod reached;
mod stranger;

use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use backend::commands::Acting;
use backend::{Backend, Caller, Connection, Draft, Origin, Request as AwsRequest};
use domain::arn::{AppInstanceArn, AppInstanceBotArn, AppInstanceUserArn};
use domain::token::RequestToken;
use domain::{Cause, ConnectionId, Failure, Region, Scope, Target, Timestamp};
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};
use tower_sessions::Session;

pub use cookies::{Cookie, Cookies};
pub(crate) use flash::FLASHES;
use flash::Notes;
pub use flash::{Flash, Next};
pub use reached::{Reached, YEAR};
pub use stranger::Stranger;

/// Who is signed in, put into the request by the server before any page runs.
#[derive(Clone, Debug)]
pub struct SignedIn(pub Option<Caller>);

/// How many notices who asks has not seen, put into the request by the server.
#[derive(Clone, Copy, Debug)]
pub struct UnseenNotices(pub u32);

/// Whether who asks wants times in the zone of their browser, put into the request by the server.
#[derive(Clone, Copy, Debug)]
pub struct LocalTimes(pub bool);

/// The id of the request, put into it by the server; in the response, the log and the audit.
#[derive(Clone, Debug, Default)]
pub struct RequestId(pub String);

/// The session's value that owns what is held for a visitor who is signed in.
pub const VISITOR: &str = "visitor";
/// The session's value that tells the role and grant it was last used with: others mean a new id.
pub const STANDING: &str = "standing";

/// What a form's server function answers: the page to go to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    /// An absolute path of this console.
    pub location: String,
}

/// Makes the backend known to pages and server functions.
pub fn provide(backend: Backend) {
    provide_context(backend);
    provide_context(Notes::default());
}

/// The request being answered.
#[derive(Clone)]
pub struct Request {
    backend: Backend,
    /// By which connection it acts; nothing for a page that is of none, as the overview, which acts by
    /// the first.
    connection: Option<ConnectionId>,
    parts: Parts,
    response: ResponseOptions,
    notes: Notes,
}

impl Request {
    /// The request of the page or server function that runs now. It acts by the connection that its
    /// address names.
    pub fn current() -> Self {
        let parts: Parts = expect_context();
        let mut segments = parts
            .uri
            .path()
            .trim_start_matches('/')
            .split('/')
            .map(decoded);
        let (first, second) = (segments.next().flatten(), segments.next().flatten());
        let is_scope = second.is_some_and(|second| second.parse::<Region>().is_ok());
        let connection = first
            .filter(|_| is_scope)
            .and_then(|first| first.parse().ok());
        Self::by(connection, parts)
    }

    /// The request of a server function that acts on something. It acts by the connection of that.
    pub fn on<A>(target: &Target<A>) -> Self {
        Self::by(Some(target.connection.clone()), expect_context())
    }

    /// The request of a server function that acts in a Region. It acts by the connection of that.
    pub fn in_scope(scope: &Scope) -> Self {
        Self::by(Some(scope.connection.clone()), expect_context())
    }

    fn by(connection: Option<ConnectionId>, parts: Parts) -> Self {
        Self {
            backend: expect_context(),
            connection,
            parts,
            response: expect_context(),
            // A page reads through server functions, each with a request of its own.
            notes: use_context().unwrap_or_default(),
        }
    }

    /// Everything behind the pages.
    pub const fn backend(&self) -> &Backend {
        &self.backend
    }

    /// The connection of this process. That it is the one which the request acts by is checked where a
    /// scope or a call is asked for.
    pub fn connection(&self) -> &Connection {
        self.backend.connection()
    }

    /// Now.
    pub fn now(&self) -> Timestamp {
        self.backend.clock().now()
    }

    /// Who asks.
    pub fn caller(&self) -> Result<&Caller, Failure> {
        let signed_in = self.parts.extensions.get::<SignedIn>();
        signed_in
            .and_then(|signed_in| signed_in.0.as_ref())
            .ok_or_else(|| Cause::SignedOut.into())
    }

    /// How many notices about their account who asks has not seen.
    pub fn unseen_notices(&self) -> u32 {
        let unseen = self.parts.extensions.get::<UnseenNotices>();
        unseen.map_or(0, |unseen| unseen.0)
    }

    /// Whether who asks wants times in the zone of their browser.
    pub fn has_local_times(&self) -> bool {
        has_local_times(&self.parts)
    }

    /// The session, which exists for every page.
    pub fn session(&self) -> Result<&Session, Failure> {
        self.parts
            .extensions
            .get()
            .ok_or_else(|| Cause::StoreUnavailable.into())
    }

    /// Where the request came from, whoever sent it.
    pub fn origin(&self) -> Origin {
        let extensions = &self.parts.extensions;
        let peer = extensions.get::<axum::extract::ConnectInfo<std::net::SocketAddr>>();
        let id = extensions.get::<RequestId>();
        Origin {
            remote: peer.map(|info| info.0.ip()),
            request_id: id.map(|id| id.0.clone()).unwrap_or_default(),
        }
    }

    /// The path, percent-encoded as it came.
    pub fn path(&self) -> &str {
        self.parts.uri.path()
    }

    /// A segment of the path, decoded once. Counted from 0.
    pub fn segment(&self, at: usize) -> Option<String> {
        let raw = self.path().trim_start_matches('/').split('/').nth(at)?;
        decoded(raw)
    }

    /// A value of the query.
    pub fn query(&self, name: &str) -> Option<String> {
        let query = self.parts.uri.query()?;
        let pairs = pairs_of(query);
        pairs
            .into_iter()
            .find(|(key, value)| key == name && !value.is_empty())
            .map(|(_, v)| v)
    }

    /// Every value of the query with this name.
    pub fn query_all(&self, name: &str) -> Vec<String> {
        let pairs = self.parts.uri.query().map(pairs_of).unwrap_or_default();
        let named = pairs.into_iter().filter(|(key, _)| key == name);
        named.map(|(_, value)| value).collect()
    }

    /// This page's address with some values of the query set or, by an empty value, removed.
    pub fn with_query(&self, changes: &[(&str, &str)]) -> String {
        let kept = self.parts.uri.query().map(pairs_of).unwrap_or_default();
        let mut pairs: Vec<_> = kept
            .into_iter()
            .filter(|(name, _)| {
                name != "draft" && changes.iter().all(|(changed, _)| changed != name)
            })
            .collect();
        pairs.extend(
            changes
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
        );
        crate::paths::with_query(self.path(), &pairs)
    }

    /// A header of the request.
    pub fn header(&self, name: header::HeaderName) -> Option<&str> {
        self.parts.headers.get(name)?.to_str().ok()
    }

    /// Says that the page shows a code, key, link or token. It is then not compressed, here or by a
    /// proxy: the length of what is compressed tells what of it is repeated elsewhere (BREACH).
    pub fn shows_a_secret(&self) {
        let value = header::HeaderValue::from_static("no-store, no-transform");
        self.response.insert_header(header::CACHE_CONTROL, value);
    }

    /// Sets the status of the answer.
    pub fn set_status(&self, status: u16) {
        if let Ok(status) = StatusCode::from_u16(status) {
            self.response.set_status(status);
        }
    }

    /// The connection and Region of a page's path, if the role covers anything there.
    pub fn scope(&self) -> Result<Scope, Failure> {
        self.caller()?;
        let connection = self.connection.clone().ok_or(Cause::NoSuchPage)?;
        let region = self.segment(1).and_then(|region| region.parse().ok());
        let region = region.filter(|region: &Region| self.regions().contains(region));
        self.acts_by()?;
        Ok(connection.scope(region.ok_or(Cause::NoSuchPage)?))
    }

    fn acts_by(&self) -> Result<&ConnectionId, Failure> {
        let ours = &self.backend.connection().id;
        match &self.connection {
            Some(other) if other != ours => Err(Cause::NoSuchPage.into()),
            _ => Ok(ours),
        }
    }

    /// A Region of the connection that it acts by.
    pub fn scope_in(&self, region: Region) -> Scope {
        self.connection().id.scope(region)
    }

    /// Who acts by which connection, for what takes several calls.
    pub fn acting(&self) -> Result<Acting<'_>, Failure> {
        Ok(Acting {
            backend: &self.backend,
            caller: self.caller()?,
            connection: self.acts_by()?,
        })
    }

    /// The AppInstance of a page's path, if the role covers it.
    pub async fn instance(&self) -> Result<AppInstanceArn, Failure> {
        let scope = self.scope()?;
        let account = self.backend.account().await?;
        let id = self.segment(3).ok_or(Cause::NoSuchPage)?;
        let arn = AppInstanceArn::read(scope.region, &account, &id);
        let arn = arn.map_err(|_| Cause::NoSuchPage)?;
        self.stay_inside(&arn)?;
        Ok(arn)
    }

    /// The AppInstanceUser of a page's path.
    pub async fn user(&self) -> Result<AppInstanceUserArn, Failure> {
        let instance = self.instance().await?;
        let id = self.segment(5).ok_or(Cause::NoSuchPage)?;
        AppInstanceUserArn::read(&instance, &id).map_err(|_| Cause::NoSuchPage.into())
    }

    /// The AppInstanceBot of a page's path.
    pub async fn bot(&self) -> Result<AppInstanceBotArn, Failure> {
        let instance = self.instance().await?;
        let id = self.segment(5).ok_or(Cause::NoSuchPage)?;
        AppInstanceBotArn::read(&instance, &id).map_err(|_| Cause::NoSuchPage.into())
    }

    /// Makes a call of AWS as the one who asks: authorised, and audited if it writes.
    pub async fn call<I: AwsRequest>(&self, input: I) -> Result<I::Output, Failure> {
        self.acting()?.call(input).await
    }

    /// Who owns what is held for this visitor, who is signed in.
    pub async fn visitor(&self) -> Result<String, Failure> {
        let visitor = visitor_of(self.session()?).await?;
        visitor.ok_or_else(|| Cause::SignedOut.into())
    }

    /// What was typed into this page's form before it was refused.
    pub async fn draft(&self) -> Option<Draft> {
        let id = self.query("draft")?;
        let draft = if let Ok(visitor) = self.visitor().await {
            self.backend.drafts().get(&visitor, &id)
        } else {
            let stranger = self.stranger()?;
            self.backend.strangers().get(stranger.owner(), &id)
        };
        draft.filter(|draft| draft.path == self.path())
    }

    /// Answers with a redirect to another page of this console.
    pub fn go_to(&self, path: &str) {
        if let Ok(location) = axum::http::HeaderValue::from_str(path) {
            self.response.insert_header(header::LOCATION, location);
            self.response.set_status(StatusCode::SEE_OTHER);
        }
    }
}

/// A segment of a path as it was meant; nothing when it is no UTF-8.
fn decoded(segment: &str) -> Option<String> {
    let decoded = percent_decode_str(segment).decode_utf8();
    decoded.ok().map(Into::into)
}

/// Whether who sent a request wants times in the zone of their browser.
pub fn has_local_times(parts: &Parts) -> bool {
    let times = parts.extensions.get::<LocalTimes>();
    times.is_some_and(|LocalTimes(local)| *local)
}

/// Who owns what is held for the visitor of a session; nobody when none was begun.
pub async fn visitor_of(session: &Session) -> Result<Option<String>, Failure> {
    let visitor = session.get(VISITOR).await;
    visitor.map_err(|_| Cause::StoreUnavailable.into())
}

fn pairs_of(query: &str) -> Vec<(String, String)> {
    let decode = |text: &str| {
        percent_decode_str(&text.replace('+', " "))
            .decode_utf8_lossy()
            .into_owned()
    };
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (decode(name), decode(value)))
        .collect()
}

/// A new token for a form that creates something.
pub fn new_token() -> RequestToken {
    let token = uuid::Uuid::new_v4().to_string();
    RequestToken::try_from(token).unwrap_or_else(|_| unreachable!("a UUID is a request token"))
}
