//! The audit log as a file: all entries that fit the filters, the newest first, read page by page
//! while the browser takes them, so that a long log needs no more memory than a short one.

use std::net::IpAddr;

use axum::Extension;
use axum::body::{Body, Bytes};
use axum::extract::{Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use backend::{AuditFilter, Backend, Caller, Entry, Point, Search};
use domain::{Cause, Failure, Region, Timestamp};
use futures_util::stream;
use serde::Serialize;
use serde_json::Value;

use super::filters::{self, Filters};
use super::may_read;
use crate::request::SignedIn;

/// How many entries are read at a time.
const AT_A_TIME: u32 = 500;

/// How often an export waits for a turn to read the log before it is cut off.
const TRIES: u32 = 12;

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

    /// What stands before the first entry.
    fn head(self) -> Vec<u8> {
        match self {
            Self::Csv => record(COLUMNS.iter().map(|name| (*name).to_owned())),
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
        ready: format.head(),
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
        let still = self.backend.still(&self.caller).await?;
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
fn refused(failure: &Failure) -> Response {
    StatusCode::from_u16(failure.cause.status())
        .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
        .into_response()
}

const COLUMNS: &[&str] = &[
    "row",
    "time",
    "operator",
    "account",
    "address",
    "operation",
    "resource",
    "app_instance",
    "connection",
    "region",
    "outcome",
    "reason",
    "finished",
    "aws_request_id",
    "operation_id",
    "http_request_id",
    "before",
    "input",
    "damaged",
];

/// An entry as a file has it.
#[derive(Serialize)]
struct Line<'a> {
    row: i64,
    time: String,
    operator: &'a str,
    account: &'static str,
    address: Option<IpAddr>,
    operation: &'a str,
    resource: Option<&'a str>,
    app_instance: Option<&'a str>,
    connection: Option<&'a str>,
    region: Option<&'static str>,
    outcome: &'static str,
    reason: Option<&'a str>,
    finished: Option<String>,
    aws_request_id: Option<&'a str>,
    operation_id: &'a str,
    http_request_id: &'a str,
    before: Option<&'a Value>,
    input: &'a Value,
    damaged: bool,
}

impl<'a> Line<'a> {
    fn of(entry: &'a Entry) -> Self {
        Self {
            row: entry.seq,
            time: entry.at.iso(),
            operator: &entry.username,
            account: entry.actor.name(),
            address: entry.remote,
            operation: &entry.operation,
            resource: entry.resource.as_deref(),
            app_instance: entry.instance.as_deref(),
            connection: entry.connection.as_deref(),
            region: entry.region.map(Region::as_str),
            outcome: entry.phase.name(),
            reason: entry.failure.as_deref(),
            finished: entry.finished_at.map(Timestamp::iso),
            aws_request_id: entry.aws_request.as_deref(),
            operation_id: &entry.id,
            http_request_id: &entry.request,
            before: entry.before.as_ref(),
            input: &entry.input,
            damaged: entry.damaged,
        }
    }

    /// In the order of [`COLUMNS`].
    fn cells(&self) -> impl Iterator<Item = String> {
        let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
        let json = |value: Option<&Value>| {
            let value = value.filter(|value| !value.is_null());
            value.map(Value::to_string).unwrap_or_default()
        };
        [
            self.row.to_string(),
            self.time.clone(),
            self.operator.to_owned(),
            self.account.to_owned(),
            self.address
                .map(|address| address.to_string())
                .unwrap_or_default(),
            self.operation.to_owned(),
            text(self.resource),
            text(self.app_instance),
            text(self.connection),
            text(self.region),
            self.outcome.to_owned(),
            text(self.reason),
            self.finished.clone().unwrap_or_default(),
            text(self.aws_request_id),
            self.operation_id.to_owned(),
            self.http_request_id.to_owned(),
            json(self.before),
            json(Some(self.input)),
            self.damaged.to_string(),
        ]
        .into_iter()
    }
}

fn line(row: &Line) -> Vec<u8> {
    let mut line = serde_json::to_vec(row).unwrap_or_default();
    line.push(b'\n');
    line
}

fn record(cells: impl Iterator<Item = String>) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    // Writing to memory cannot fail, and a record alone has no other length to differ from.
    let _ = writer.write_record(cells.map(harmless));
    writer.into_inner().unwrap_or_default()
}

/// A spreadsheet runs what begins like a formula, some also in the wide letters of East Asia; with a
/// quote in front it is text.
fn harmless(cell: String) -> String {
    let wide = ['\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'];
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '\0']) || cell.starts_with(wide) {
        format!("'{cell}")
    } else {
        cell
    }
}

#[cfg(test)]
mod tests {
    use backend::{ActorKind, Phase};
    use serde_json::json;

    use super::*;

    fn entry() -> Entry {
        Entry {
            id: "-id".into(),
            seq: 7,
            at: Timestamp(1_700_000_000_123),
            operator: None,
            username: "=cmd()".into(),
            actor: ActorKind::Password,
            remote: Some("192.0.2.1".parse().unwrap()),
            request: "r".into(),
            connection: Some("embedded".into()),
            region: Some(Region::UsEast1),
            operation: "UpdateAppInstance".into(),
            resource: Some("arn:…".into()),
            instance: None,
            phase: Phase::Succeeded,
            input: json!({ "Name": "a,\"b\"\n=1" }),
            before: None,
            failure: None,
            aws_request: None,
            finished_at: None,
            looked_by: None,
            damaged: false,
        }
    }

    #[test]
    fn a_cell_is_never_a_formula() {
        for formula in [
            "=1", "+1", "-1", "@a", "\t=1", "\r=1", "\n=1", "\0=1", "＝1", "＋1", "－1", "＠a",
        ] {
            assert!(harmless(formula.into()).starts_with('\''), "{formula:?}");
        }
        assert_eq!(harmless("a=1".into()), "a=1");
    }

    #[test]
    fn a_record_has_a_cell_for_every_column_and_reads_back() {
        let file = [Format::Csv.head(), Format::Csv.write(&[entry()])].concat();

        let mut reader = csv::Reader::from_reader(&file[..]);
        let record = reader.records().next().unwrap().unwrap();
        let cell = |name| {
            let at = COLUMNS.iter().position(|column| *column == name);
            record[at.unwrap()].to_owned()
        };

        assert_eq!(record.len(), COLUMNS.len());
        assert_eq!(cell("operator"), "'=cmd()");
        assert_eq!(cell("operation_id"), "'-id");
        assert_eq!(cell("time"), "2023-11-14T22:13:20.123Z");
        assert_eq!(cell("input"), r#"{"Name":"a,\"b\"\n=1"}"#);
    }

    #[test]
    fn a_line_is_one_json_object_with_the_names_of_the_columns() {
        let file = Format::JsonLines.write(&[entry(), entry()]);
        let file = String::from_utf8(file).unwrap();
        assert_eq!(file.lines().count(), 2);
        let line: Value = serde_json::from_str(file.lines().next().unwrap()).unwrap();
        let mut names: Vec<_> = line
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        let mut columns = COLUMNS.to_vec();
        names.sort_unstable();
        columns.sort_unstable();
        assert_eq!(names, columns);
        assert_eq!(line["operator"], "=cmd()");
    }
}
