//! What a page or server function knows of the request that it answers: the operator, the place,
//! the values.

mod cookies;
mod flash;
mod place;
mod query;
mod reached;
mod stranger;

use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use backend::commands::Acting;
use backend::{Backend, Caller, Connection, Draft, Origin, Request as AwsRequest, Visit};
use domain::arn::{AppInstanceArn, AppInstanceBotArn, AppInstanceUserArn};
use domain::token::RequestToken;
use domain::{AccountId, Cause, ConnectionId, Failure, Region, Scope, Target, Timestamp};
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use serde::{Deserialize, Serialize};
use tower_sessions::Session;

pub use cookies::{Cookie, Cookies};
use flash::Notes;
pub use flash::{Flash, Next};
pub use place::Place;
pub use reached::{Reached, YEAR};
pub use stranger::Stranger;

/// Who is signed in, put into the request by the server before any page runs.
#[derive(Clone, Debug)]
pub struct SignedIn(pub Option<Caller>);

/// How many notices the operator has not seen; the server puts it into the request.
#[derive(Clone, Copy, Debug)]
pub struct UnseenNotices(pub u32);

/// Whether the operator wants times in the zone of their browser; the server puts it into the
/// request.
#[derive(Clone, Copy, Debug)]
pub struct LocalTimes(pub bool);

/// The id of the request, put into it by the server; in the response, the log and the audit.
#[derive(Clone, Debug, Default)]
pub struct RequestId(pub String);

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
    /// The connection that it acts by. `None` for a page that belongs to no connection, such as the
    /// overview, which acts by the first.
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
        let place = Place::parse(parts.uri.path());
        let scope = place.as_ref().and_then(Place::scope);
        Self::by(scope.map(|scope| scope.connection.clone()), parts)
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

    /// The connection that it acts by: the first one for a page of none, and for a name that is none,
    /// which is refused where a scope or a call is asked for.
    pub fn connection(&self) -> &Connection {
        let connections = self.backend.connections();
        let named = self.connection.as_ref().and_then(|id| connections.get(id));
        named.unwrap_or_else(|| connections.first())
    }

    /// The time by the clock of the backend.
    pub fn now(&self) -> Timestamp {
        self.backend.clock().now()
    }

    /// The operator who is signed in; `Cause::SignedOut` when there is none.
    pub fn caller(&self) -> Result<&Caller, Failure> {
        let signed_in = self.parts.extensions.get::<SignedIn>();
        signed_in
            .and_then(|signed_in| signed_in.0.as_ref())
            .ok_or_else(|| Cause::SignedOut.into())
    }

    /// How many notices about their account the operator has not seen.
    pub fn unseen_notices(&self) -> u32 {
        let unseen = self.parts.extensions.get::<UnseenNotices>();
        unseen.map_or(0, |unseen| unseen.0)
    }

    /// Whether the operator wants times in the zone of their browser.
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

    /// What the session holds.
    pub fn visit(&self) -> Result<Visit<'_>, Failure> {
        Ok(Visit::of(self.session()?))
    }

    /// Where the request came from; known also when nobody is signed in.
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

    /// What the path is about.
    pub fn place(&self) -> Result<Place, Failure> {
        Place::parse(self.path()).ok_or_else(|| Cause::NoSuchPage.into())
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
        let place = self.place()?;
        let scope = place.scope().ok_or(Cause::NoSuchPage)?;
        if *self.acts_by()? != scope.connection || !self.regions().contains(&scope.region) {
            return Err(Cause::NoSuchPage.into());
        }
        Ok(scope.clone())
    }

    fn acts_by(&self) -> Result<&ConnectionId, Failure> {
        let connection = self.connection();
        match &self.connection {
            Some(named) if *named != connection.id => Err(Cause::NoSuchPage.into()),
            _ => Ok(&connection.id),
        }
    }

    /// The account of the connection that it acts by, or why it cannot be told.
    pub async fn account(&self) -> Result<AccountId, Failure> {
        let connections = self.backend.connections();
        connections.account(self.acts_by()?).await
    }

    /// A Region of the connection that it acts by.
    pub fn scope_in(&self, region: Region) -> Scope {
        self.connection().id.scope(region)
    }

    /// Who acts by which connection, for what takes several calls.
    pub fn acting(&self) -> Result<Acting<'_>, Failure> {
        Ok(Acting {
            calls: self.backend.calls(),
            caller: self.caller()?,
            connection: self.acts_by()?,
        })
    }

    /// Something that the path of a page is about, if the role covers its AppInstance.
    pub async fn about<A>(
        &self,
        part: impl FnOnce(&Place, &AccountId) -> Option<A>,
    ) -> Result<A, Failure> {
        self.scope()?;
        let place = self.place()?;
        let account = self.account().await?;
        self.stay_inside(&place.instance(&account).ok_or(Cause::NoSuchPage)?)?;
        part(&place, &account).ok_or_else(|| Cause::NoSuchPage.into())
    }

    /// The AppInstance of a page's path, if the role covers it.
    pub async fn instance(&self) -> Result<AppInstanceArn, Failure> {
        self.about(Place::instance).await
    }

    /// The AppInstanceUser of a page's path.
    pub async fn user(&self) -> Result<AppInstanceUserArn, Failure> {
        self.about(Place::user).await
    }

    /// The AppInstanceBot of a page's path.
    pub async fn bot(&self) -> Result<AppInstanceBotArn, Failure> {
        self.about(Place::bot).await
    }

    /// Makes a call of AWS as the one who asks: authorised, and audited if it writes.
    pub async fn call<I: AwsRequest>(&self, input: I) -> Result<I::Output, Failure> {
        self.acting()?.call(input).await
    }

    /// The owner of what is held for this visitor; `Cause::SignedOut` when no session was begun.
    pub async fn visitor(&self) -> Result<String, Failure> {
        let visitor = self.visit()?.visitor().await?;
        visitor.ok_or_else(|| Cause::SignedOut.into())
    }

    /// What was typed into this page's form before it was refused.
    pub async fn draft(&self) -> Option<Draft> {
        let id = self.query("draft")?;
        let draft = if let Ok(visitor) = self.visitor().await {
            self.backend.drafts().get(&visitor, &id).await
        } else {
            let stranger = self.stranger()?;
            self.backend.strangers().get(stranger.owner(), &id).await
        };
        draft
            .ok()
            .flatten()
            .filter(|draft| draft.path == self.path())
    }

    /// Leads to a form of a page that is filled as if this visitor had typed it; the values are not in its address.
    pub async fn filled(
        &self,
        page: String,
        fields: Vec<(String, String)>,
    ) -> Result<Done, Failure> {
        let draft = Draft {
            path: page.clone(),
            fields,
            failure: None,
        };
        let drafts = self.backend.drafts();
        let id = drafts.put(&self.visitor().await?, draft).await?;
        Ok(Done {
            location: format!("{page}?draft={id}"),
        })
    }

    /// Answers with a redirect to another page of this console.
    pub fn go_to(&self, path: &str) {
        if let Ok(location) = axum::http::HeaderValue::from_str(path) {
            self.response.insert_header(header::LOCATION, location);
            self.response.set_status(StatusCode::SEE_OTHER);
        }
    }
}

/// Whether who sent a request wants times in the zone of their browser.
pub fn has_local_times(parts: &Parts) -> bool {
    let times = parts.extensions.get::<LocalTimes>();
    times.is_some_and(|LocalTimes(local)| *local)
}

/// A new token for a form that creates something.
pub fn new_token() -> RequestToken {
    let token = uuid::Uuid::new_v4().to_string();
    RequestToken::try_from(token).unwrap_or_else(|_| unreachable!("a UUID is a request token"))
}
