//! The rows that were refused as a file, each with what is wrong: to be mended and uploaded again.
//! It is written while the browser takes it.

use axum::Extension;
use axum::body::{Body, Bytes};
use axum::extract::{OriginalUri, State};
use axum::response::Response;
use backend::access::covers;
use backend::import::{Kept, RowsOfFile};
use backend::{Backend, Caller};
use domain::import::BadRows;
use domain::{Cause, Failure};
use futures_util::stream;

use super::receive::refused;
use super::template::{MARK, saved};
use crate::request::{Place, SignedIn};

/// `GET …/imports/{import}/refused.csv`.
pub async fn csv(
    State(backend): State<Backend>,
    OriginalUri(uri): OriginalUri,
    Extension(signed_in): Extension<SignedIn>,
) -> Response {
    match open(&backend, signed_in.0, uri.path()).await {
        Ok(writing) => {
            let name = format!("carillon-refused-{}.csv", writing.file.kind);
            let body = Body::from_stream(stream::try_unfold(writing, following));
            saved(&name, body)
        }
        Err(failure) => refused(&failure),
    }
}

/// How far a file is written.
struct Writing {
    backend: Backend,
    file: Kept,
    rows: RowsOfFile,
    bad: BadRows,
    /// The part to go on with; nothing before the heading was written.
    part: Option<i64>,
}

async fn open(backend: &Backend, caller: Option<Caller>, path: &str) -> Result<Writing, Failure> {
    let caller = caller.ok_or(Cause::SignedOut)?;
    let place = Place::parse(path).ok_or(Cause::NoSuchPage)?;
    let Place::Import(_, id) = &place else {
        return Err(Cause::NoSuchPage.into());
    };
    let file = backend.imports().get(&caller, id).await?;
    let is_here = |file: &Kept| {
        let scope = file.connection.scope(file.instance.region());
        place.scope() == Some(&scope) && covers(&caller, &scope, Some(&file.instance))
    };
    let file = file.filter(is_here).ok_or(Cause::NoSuchPage)?;
    if file.job.is_some() || !file.mapping.problems().is_empty() {
        return Err(Cause::NoSuchPage.into());
    }
    Ok(Writing {
        backend: backend.clone(),
        rows: RowsOfFile::new(file.mapping.clone(), file.instance.clone()),
        bad: BadRows::new(file.heading.columns.clone()),
        file,
        part: None,
    })
}

/// A failure while the file is sent ends the connection: a file that is cut off must not look whole.
async fn following(mut writing: Writing) -> Result<Option<(Bytes, Writing)>, Failure> {
    let Some(mut part) = writing.part else {
        writing.part = Some(0);
        let heading = format!("{MARK}{}", writing.bad.heading());
        return Ok(Some((heading.into(), writing)));
    };
    let mut text = String::new();
    while text.is_empty() {
        let imports = writing.backend.imports().clone();
        let found = imports.refused(&writing.file, &mut writing.rows, part);
        let Some(found) = found.await? else {
            return Ok(None);
        };
        for (raw, why) in found {
            text += &writing.bad.row_with(&raw, &why.sentence());
        }
        part += 1;
    }
    writing.part = Some(part);
    Ok(Some((text.into(), writing)))
}
