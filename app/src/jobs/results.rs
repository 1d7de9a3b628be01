//! The rows of a job as a file: what the plan says, what became of each, and why. Read piece by piece
//! while the browser takes it.

use axum::Extension;
use axum::body::{Body, Bytes};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use backend::jobs::JobRow;
use backend::{Backend, Caller};
use domain::plan::Why;
use domain::{Cause, Failure, JobId, Verdict};
use futures_util::stream;

use super::shown::Shown;
use crate::audit::export::{MARK, record, refused};
use crate::request::SignedIn;

/// How many rows are read at a time.
const AT_A_TIME: usize = 500;

/// The names of the columns.
const COLUMNS: [&str; 9] = [
    "row",
    "line",
    "resource",
    "endpoint",
    "plan",
    "outcome",
    "reason_code",
    "reason",
    "aws_request_id",
];

/// Where the file stands.
struct Reading {
    backend: Backend,
    caller: Caller,
    job: JobId,
    shown: Shown,
    /// Read and not yet sent.
    ready: Vec<u8>,
    /// Whether all is read.
    is_over: bool,
}

/// `GET /jobs/{job}/results.csv`.
pub async fn csv(
    State(backend): State<Backend>,
    Extension(signed_in): Extension<SignedIn>,
    Path(job): Path<String>,
    Query(asked): Query<Vec<(String, String)>>,
) -> Response {
    match file(backend, signed_in, &job, &asked).await {
        Ok(response) => response,
        Err(failure) => refused(&failure),
    }
}

async fn file(
    backend: Backend,
    SignedIn(caller): SignedIn,
    job: &str,
    asked: &[(String, String)],
) -> Result<Response, Failure> {
    let query = |name: &str| {
        let found = asked.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.clone())
    };
    let mut head = record(COLUMNS.iter().map(|name| (*name).to_owned()));
    if query("bom").as_deref() != Some("0") {
        head = [MARK.as_bytes(), &head].concat();
    }
    let mut reading = Reading {
        backend,
        caller: caller.ok_or(Cause::SignedOut)?,
        job: job.parse().map_err(|_| Cause::NoSuchPage)?,
        shown: Shown::read(query)?,
        ready: head,
        is_over: false,
    };
    // The first piece is read before the answer begins, so that a failure has its status.
    reading.read().await?;
    let name = format!("attachment; filename=\"carillon-job-{}.csv\"", reading.job);
    let body = Body::from_stream(stream::try_unfold(reading, following));
    let mut response = body.into_response();
    let kind = HeaderValue::from_static("text/csv; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    if let Ok(name) = HeaderValue::from_str(&name) {
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    Ok(response)
}

/// A failure while the file is sent ends the connection: a file that is cut off must not look whole.
async fn following(mut reading: Reading) -> Result<Option<(Bytes, Reading)>, Failure> {
    while reading.ready.is_empty() && !reading.is_over {
        reading.read().await?;
    }
    let ready = std::mem::take(&mut reading.ready);
    Ok((!ready.is_empty()).then(|| (ready.into(), reading)))
}

impl Reading {
    async fn read(&mut self) -> Result<(), Failure> {
        // For each piece anew.
        let still = self.backend.access().still(&self.caller).await?;
        if (still.role, &still.grant) != (self.caller.role, &self.caller.grant) {
            return Err(Cause::Outdated.into());
        }
        let jobs = self.backend.jobs();
        if jobs.get(&still, &self.job).await?.is_none() {
            return Err(Cause::NoSuchPage.into());
        }
        let found = jobs.rows(&self.job, self.shown.filter, self.shown.after, AT_A_TIME);
        let found = found.await?;
        let last = found.rows.last().map(|row| row.row);
        self.is_over = !found.more;
        self.shown = self.shown.after(last.unwrap_or(self.shown.after));
        let lines = found.rows.iter().flat_map(|row| record(cells(row)));
        self.ready.extend(lines);
        Ok(())
    }
}

/// In the order of [`COLUMNS`].
fn cells(row: &JobRow) -> impl Iterator<Item = String> {
    let endpoint = row.subject.as_ref().and_then(|of| of.endpoint.clone());
    let why = row.why.as_ref();
    [
        row.row.to_string(),
        row.line.map(|line| line.to_string()).unwrap_or_default(),
        row.resource.clone(),
        endpoint.unwrap_or_default(),
        row.verdict
            .map(Verdict::name)
            .unwrap_or_default()
            .to_owned(),
        row.state.name().to_owned(),
        why.map(Why::code).unwrap_or_default().to_owned(),
        why.map(Why::sentence).unwrap_or_default(),
        row.aws_request.clone().unwrap_or_default(),
    ]
    .into_iter()
}

#[cfg(test)]
mod tests {
    use domain::RowState;
    use serde_json::Value;

    use super::*;

    #[test]
    fn a_row_has_a_cell_for_every_column_and_none_is_a_formula() {
        let row = JobRow {
            row: 7,
            line: Some(9),
            subject: None,
            resource: "=cmd()".to_owned(),
            verdict: Some(Verdict::Cannot),
            warning: None,
            before: Value::Null,
            calls: Vec::new(),
            state: RowState::Failed,
            attempts: 0,
            why: Some(Why::NameNeeded),
            entry: None,
            aws_request: None,
        };
        let line = String::from_utf8(record(cells(&row))).unwrap();
        let mut reader = csv::ReaderBuilder::new();
        let mut reader = reader.has_headers(false).from_reader(line.as_bytes());
        let record = reader.records().next().unwrap().unwrap();
        assert_eq!(record.len(), COLUMNS.len());
        assert_eq!(&record[2], "'=cmd()");
        assert_eq!(&record[6], "name-needed");
    }
}
