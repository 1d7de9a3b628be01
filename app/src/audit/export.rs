//! The audit log as a file: all entries that fit the filters, the newest first, read page by page
//! while the browser takes them, so that a long log needs no more memory than a short one.

mod line;

use axum::Extension;
use axum::body::{Body, Bytes};
use axum::extract::{Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use backend::{AuditFilter, Backend, Caller, Entry, Point, Search};
use domain::{Cause, Failure};
use futures_util::stream;

use super::filters::{self, Filters};
use super::may_read;
use crate::request::SignedIn;
pub use line::record;
use line::{COLUMNS, Line, line};

/// How many entries are read at a time.
const AT_A_TIME: u32 = 500;

/// How often an export waits for a turn to read the log before it is cut off.
const TRIES: u32 = 12;

/// The query of an address whose CSV begins without a byte order mark.
pub(super) const NO_MARK: &str = "bom=0";
/// Before a CSV: without it a spreadsheet takes the letters of UTF-8 for those of another encoding.
pub const MARK: &str = "\u{feff}";

/// The filters of the address.
type Asked = Query<Vec<(String, String)>>;

/// `GET /audit/export.csv`.
pub async fn csv(
    State(backend): State<Backend>,
    Extension(signed_in): Extension<SignedIn>,
    Query(asked): Asked,
) -> Response {
    export(backend, &signed_in, &asked, Format::Csv).await
}

/// `GET /audit/export.jsonl`.
pub async fn json_lines(
    State(backend): State<Backend>,
    Extension(signed_in): Extension<SignedIn>,
    Query(asked): Asked,
) -> Response {
    export(backend, &signed_in, &asked, Format::JsonLines).await
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Csv,
    JsonLines,
}

impl Format {
    const fn content_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::JsonLines => "application/jsonl; charset=utf-8",
        }
    }

    const fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::JsonLines => "jsonl",
        }
    }

    /// What stands before the first entry; of a CSV with its byte order mark, or without.
    fn head(self, marked: bool) -> Vec<u8> {
        let names = || record(COLUMNS.iter().map(|name| (*name).to_owned()));
        match self {
            Self::Csv if marked => [MARK.as_bytes(), &names()].concat(),
            Self::Csv => names(),
            Self::JsonLines => Vec::new(),
        }
    }

    fn write(self, entries: &[Entry]) -> Vec<u8> {
        let write = |entry| match self {
            Self::Csv => record(Line::of(entry).cells()),
            Self::JsonLines => line(&Line::of(entry)),
        };
        entries.iter().flat_map(write).collect()
    }
}

/// Where an export stands.
struct Reading {
    backend: Backend,
    caller: Caller,
    filter: AuditFilter,
    format: Format,
    /// Read and not yet sent.
    ready: Vec<u8>,
    /// The row to go on before; nothing at the end.
    next: Option<i64>,
}

async fn export(
    backend: Backend,
    signed_in: &SignedIn,
    asked: &[(String, String)],
    format: Format,
) -> Response {
    let caller = signed_in.0.as_ref().ok_or(Cause::SignedOut.into());
    let caller = match caller.and_then(|caller| may_read(caller.role).map(|()| caller)) {
        Ok(caller) => caller,
        Err(failure) => return refused(&failure),
    };
    let query = |name: &str| {
        let found = asked.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.clone())
    };
    // A file of other entries than were asked for must not look like the right one.
    if let Err(problems) = filters::check(query) {
        return refused(&Cause::Invalid(problems).into());
    }
    let now = backend.clock().now();
    let mut reading = Reading {
        backend: backend.clone(),
        caller: caller.clone(),
        filter: Filters::read(query).filter(now),
        format,
        ready: format.head(query("bom").as_deref() != Some("0")),
        next: Some(i64::MAX),
    };
    // The first piece is read before the answer begins, so that a failure has its status.
    if let Err(failure) = reading.read().await {
        return refused(&failure);
    }
    let body = Body::from_stream(stream::try_unfold(reading, following));
    let day = now.iso().chars().take(10).collect::<String>();
    let name = format!(
        "attachment; filename=\"carillon-audit-{day}.{}\"",
        format.extension()
    );
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static(format.content_type()),
    );
    if let Ok(name) = HeaderValue::from_str(&name) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    response
}

/// A failure while the file is sent ends the connection: a file that is cut off must not look whole.
async fn following(mut reading: Reading) -> Result<Option<(Bytes, Reading)>, Failure> {
    let mut tries = 0;
    // A search that was given up goes on: other readers had their turn.
    while reading.ready.is_empty() && reading.next.is_some() {
        match reading.read().await {
            Err(failure) if failure.cause == Cause::Busy && tries < TRIES => tries += 1,
            read => read?,
        }
    }
    let ready = std::mem::take(&mut reading.ready);
    Ok((!ready.is_empty()).then(|| (ready.into(), reading)))
}

impl Reading {
    async fn read(&mut self) -> Result<(), Failure> {
        let Some(before) = self.next else {
            return Ok(());
        };
        // For each piece anew. A file of what was covered at first and of what is covered now would
        // look whole and be neither.
        let still = self.backend.access().still(&self.caller).await?;
        if (still.role, &still.grant) != (self.caller.role, &self.caller.grant) {
            return Err(Cause::Outdated.into());
        }
        let audit = self.backend.audit().seen_by(&still);
        let found = audit.search(&self.filter, Some(before), AT_A_TIME);
        let Search { entries, stopped } = found.await?;
        self.backend.points().reach(Point::PieceRead).await;
        let is_full = entries.len() == AT_A_TIME as usize;
        let last = entries.last().map(|entry| entry.seq);
        self.next = match stopped {
            Some(stop) => Some(stop.seq),
            None => last.filter(|_| is_full),
        };
        self.ready.extend(self.format.write(&entries));
        Ok(())
    }
}

/// Without a body: the server's layer writes the page that says why.
pub fn refused(failure: &Failure) -> Response {
    let mut response = StatusCode::from_u16(failure.cause.status())
        .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
        .into_response();
    // Without this the answer would say that the database does not answer.
    if failure.cause == Cause::Busy {
        response.extensions_mut().insert(failure.cause.clone());
    }
    response
}
