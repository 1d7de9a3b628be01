//! Receiving an upload: who sends it is decided before the body is read, and the body is read as it
//! comes. A form goes on to the next step, or back to its page with what is wrong.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use backend::access::covers;
use backend::import::{ImportProblem, Limits, Upload, may_import};
use backend::{Backend, Caller, Draft, Visit};
use domain::arn::AppInstanceArn;
use domain::import::{FileProblem, Kind};
use domain::{Cause, ConnectionId, Failure};
use tower_sessions::Session;

use super::multipart::{Form, Part, Unread};
use super::step_path;
use crate::paths::{leading_to, with_value};
use crate::request::{Done, Place, SignedIn};

/// What a refused upload leaves for its page: why, as a sentence.
pub(super) const PROBLEM: &str = "problem";
/// What a form adds to its file, at most.
const AROUND: u64 = 64 * 1024;

const NO_FILE: &str = "No file was chosen. Choose one, and press Upload again.";
const TWO_FILES: &str = "Two files were sent. Import one after the other.";
const BROKEN: &str =
    "The upload broke off before its end. Nothing of it was kept: upload the file again.";
const SLOW: &str = "Nothing of the file came for a while, so it was given up. Nothing of it was kept: upload it again.";

/// What receiving needs. Cheap to clone.
#[derive(Clone)]
pub struct Receiver(Arc<Inner>);

struct Inner {
    backend: Backend,
    limits: Limits,
    patience: Duration,
}

impl Receiver {
    /// `patience` is how long to wait for each piece of a file.
    pub fn new(backend: Backend, limits: Limits, patience: Duration) -> Self {
        Self(Arc::new(Inner {
            backend,
            limits,
            patience,
        }))
    }
}

/// Where an upload goes, and who sends it.
struct Asked {
    caller: Caller,
    connection: ConnectionId,
    instance: AppInstanceArn,
    kind: Kind,
}

/// Why an upload was not taken.
enum Refused {
    /// The one who asks may not, or something failed.
    Failed(Failure),
    /// It is no multipart form.
    NotAForm,
    /// What was sent is no good, with a sentence that says why.
    File(String),
}

impl From<Failure> for Refused {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl From<Cause> for Refused {
    fn from(cause: Cause) -> Self {
        Self::Failed(cause.into())
    }
}

impl From<FileProblem> for Refused {
    fn from(problem: FileProblem) -> Self {
        Self::File(problem.to_string())
    }
}

impl From<Unread> for Refused {
    fn from(unread: Unread) -> Self {
        Self::File(match unread {
            Unread::Broken => BROKEN.to_owned(),
            Unread::Slow => SLOW.to_owned(),
        })
    }
}

impl From<ImportProblem> for Refused {
    fn from(problem: ImportProblem) -> Self {
        match problem {
            ImportProblem::File(problem) => problem.into(),
            // Columns are chosen in the next step.
            ImportProblem::Columns(_) => Cause::Internal.into(),
            ImportProblem::Failed(failure) => failure.into(),
        }
    }
}

/// `POST …/import-users/file`, and so for admins and endpoints.
pub async fn receive(State(receiver): State<Receiver>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let path = parts.uri.path();
    let page = path.strip_suffix("/file").unwrap_or(path).to_owned();
    let is_form = wants_page(&parts.headers);
    let signed_in = parts.extensions.get::<SignedIn>().cloned();
    let session = parts.extensions.get::<Session>().cloned();
    let caller = signed_in.and_then(|signed_in| signed_in.0);
    let result = match receiver.asked(caller, &page).await {
        Ok(asked) => {
            let taken = receiver.take(&asked, &parts.headers, body).await;
            taken.map(|id| step_path(&asked.connection, &asked.instance, &id, "columns"))
        }
        Err(failure) => Err(failure.into()),
    };
    match result {
        Ok(location) if is_form => see_other(&location),
        Ok(location) => axum::Json(Done { location }).into_response(),
        Err(Refused::NotAForm) => {
            let mut response = StatusCode::UNSUPPORTED_MEDIA_TYPE.into_response();
            response.extensions_mut().insert(Cause::Outdated);
            response
        }
        Err(Refused::Failed(failure)) if is_form && failure.cause == Cause::SignedOut => {
            see_other(&leading_to("/sign-in", &page))
        }
        Err(Refused::Failed(failure)) => refused(&failure),
        Err(Refused::File(sentence)) if is_form => {
            receiver.come_back(session, page, sentence).await
        }
        Err(Refused::File(sentence)) => {
            let body = axum::Json(serde_json::json!({ PROBLEM: sentence }));
            (StatusCode::UNPROCESSABLE_ENTITY, body).into_response()
        }
    }
}

impl Receiver {
    /// Who asks for what, if they may. The body is not read before.
    async fn asked(&self, caller: Option<Caller>, page: &str) -> Result<Asked, Failure> {
        let caller = caller.ok_or(Cause::SignedOut)?;
        let place = Place::parse(page).ok_or(Cause::NoSuchPage)?;
        let (scope, kind) = place.scope().zip(kind_of(page)).ok_or(Cause::NoSuchPage)?;
        let connections = self.0.backend.connections();
        let connection = connections.get(&scope.connection);
        let connection = connection.filter(|known| known.regions.contains(&scope.region));
        let connection = connection.ok_or(Cause::NoSuchPage)?;
        let account = connections.account(&connection.id).await?;
        let instance = place.instance(&account).ok_or(Cause::NoSuchPage)?;
        if !covers(&caller, scope, Some(&instance)) {
            return Err(Cause::NoSuchPage.into());
        }
        may_import(&caller, connection, kind, self.0.backend.clock().now())?;
        Ok(Asked {
            connection: connection.id.clone(),
            caller,
            instance,
            kind,
        })
    }

    async fn take(
        &self,
        asked: &Asked,
        headers: &HeaderMap,
        body: Body,
    ) -> Result<String, Refused> {
        if headers.contains_key(header::CONTENT_ENCODING) {
            return Err(Refused::NotAForm);
        }
        let kind = headers.get(header::CONTENT_TYPE);
        let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let boundary = multer::parse_boundary(kind).map_err(|_| Refused::NotAForm)?;
        let max = self.0.limits.bytes;
        let length = headers.get(header::CONTENT_LENGTH);
        let length = length.and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
        if length.is_some_and(|length| length > max + AROUND) {
            return Err(FileProblem::Large { max }.into());
        }
        let mut form = Form::new(body, boundary, self.0.patience);
        let Some(mut part) = form.next().await? else {
            return Err(Refused::File(NO_FILE.to_owned()));
        };
        let received = self.file(asked, &mut part).await;
        if let Err(Refused::File(_)) = &received {
            // A browser shows no answer before it has sent everything.
            self.pass_over(&mut part).await;
        }
        let mut receiving = Some(received?);
        drop(part);
        if form.next().await?.is_some() {
            return Err(Refused::File(TWO_FILES.to_owned()));
        }
        // Rights can have changed since the upload began.
        let still = self.0.backend.access().still(&asked.caller).await?;
        let connections = self.0.backend.connections();
        let connection = connections
            .get(&asked.connection)
            .ok_or(Cause::NoSuchPage)?;
        may_import(&still, connection, asked.kind, self.0.backend.clock().now())?;
        let receiving = receiving.take().ok_or(Cause::Internal)?;
        Ok(receiving.finish().await?.id)
    }

    async fn file(
        &self,
        asked: &Asked,
        part: &mut Part,
    ) -> Result<backend::import::Receiving, Refused> {
        let upload = Upload {
            operator: &asked.caller.operator,
            connection: &asked.connection,
            instance: &asked.instance,
            kind: asked.kind,
            file_name: part.name(),
        };
        let is_named = !part.name().is_empty();
        let imports = self.0.backend.imports();
        let mut receiving = imports.receive(upload, self.0.limits).await?;
        let mut is_empty = true;
        while let Some(piece) = part.piece().await? {
            is_empty &= piece.is_empty();
            receiving.feed(&piece).await?;
        }
        if is_empty && !is_named {
            return Err(Refused::File(NO_FILE.to_owned()));
        }
        Ok(receiving)
    }

    /// Reads the rest of a file that is no good, as far as a good one could go, and keeps nothing.
    async fn pass_over(&self, part: &mut Part) {
        let mut left = self.0.limits.bytes;
        while let Ok(Some(piece)) = part.piece().await {
            match left.checked_sub(piece.len() as u64) {
                Some(less) => left = less,
                None => return,
            }
        }
    }

    /// Leads back to the page of the form, which says what is wrong.
    async fn come_back(
        &self,
        session: Option<Session>,
        page: String,
        sentence: String,
    ) -> Response {
        let held = async {
            let session = session.ok_or(Cause::StoreUnavailable)?;
            let visitor = Visit::of(&session).visitor().await?;
            let visitor = visitor.ok_or(Cause::SignedOut)?;
            let draft = Draft {
                path: page.clone(),
                fields: vec![(PROBLEM.to_owned(), sentence)],
                failure: None,
            };
            self.0.backend.drafts().put(&visitor, draft).await
        };
        match held.await {
            Ok(id) => see_other(&with_value(&page, "draft", &id)),
            Err(failure) => refused(&failure),
        }
    }
}

/// What the rows of a file are, by the address that it is sent to.
pub(super) fn kind_of(path: &str) -> Option<Kind> {
    let word = path
        .split('/')
        .find_map(|part| part.strip_prefix("import-"));
    word?.parse().ok()
}

fn wants_page(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT);
    let accept = accept.and_then(|accept| accept.to_str().ok());
    accept.is_some_and(|accept| accept.contains("text/html"))
}

fn see_other(location: &str) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    if let Ok(location) = HeaderValue::from_str(location) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response
}

/// Without a body: the server's layer writes the page that says why.
pub(super) fn refused(failure: &Failure) -> Response {
    let mut response = StatusCode::from_u16(failure.cause.status())
        .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
        .into_response();
    response.extensions_mut().insert(failure.cause.clone());
    response
}
