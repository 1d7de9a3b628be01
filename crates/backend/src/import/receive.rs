//! Receiving a file: it is read while it comes, its rows go to the database, and what is left of one
//! that breaks off goes too.

use domain::arn::AppInstanceArn;
use domain::import::{Kind, Mapping, RawRow};
use domain::{Cause, ConnectionId, Failure};
use sha2::{Digest as _, Sha256};

use super::parts::next_part;
use super::{Heading, ImportProblem, Imports, Limits, Reader};
use crate::access::OperatorId;
use crate::random;
use crate::store::{holdable, within};

/// How much is kept of the name of a file.
const NAME: usize = 120;

/// Where a file is to go.
#[derive(Clone, Copy, Debug)]
pub struct Upload<'a> {
    /// Whose it is.
    pub operator: &'a OperatorId,
    /// The connection.
    pub connection: &'a ConnectionId,
    /// The AppInstance.
    pub instance: &'a AppInstanceArn,
    /// What its rows are.
    pub kind: Kind,
    /// Its name, as the browser says.
    pub file_name: &'a str,
}

/// A file that was received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// The id by which it goes on.
    pub id: String,
}

/// A file that is being received. It leaves nothing when it is dropped before its end.
#[must_use]
pub struct Receiving {
    left: Leftover,
    operator: OperatorId,
    kind: Kind,
    reader: Reader,
    hash: Sha256,
    bytes: u64,
    raw: Vec<RawRow>,
    parts: i64,
    rows: u64,
}

/// Takes a half received file away, also when the browser goes and nobody waits any more.
struct Leftover {
    imports: Imports,
    id: String,
    is_kept: bool,
}

impl Drop for Leftover {
    fn drop(&mut self) {
        if self.is_kept {
            return;
        }
        let (imports, id) = (self.imports.clone(), std::mem::take(&mut self.id));
        let background = self.imports.0.background.clone();
        drop(background.finish(async move {
            if imports.forget(&id).await.is_err() {
                tracing::warn!("an upload that broke off is taken away later");
            }
        }));
    }
}

impl Imports {
    /// Begins to receive a file. Feed it all pieces in order, then finish it.
    pub async fn receive(&self, upload: Upload<'_>, limits: Limits) -> Result<Receiving, Failure> {
        let id = random::id();
        let name: String = holdable(upload.file_name).chars().take(NAME).collect();
        let made = sqlx::query(
            "INSERT INTO imports (id, operator, connection, instance, kind, file_name, sha256, \
             bytes, total, heading, mapping, claimed_until, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, '', 0, 0, '', '', 0, $7)",
        )
        .bind(&id)
        .bind(upload.operator.as_str())
        .bind(upload.connection.as_str())
        .bind(upload.instance.as_str())
        .bind(upload.kind.word())
        .bind(name)
        .bind(self.0.clock.now().0)
        .execute(self.0.store.pool());
        within(made).await?;
        Ok(Receiving {
            left: Leftover {
                imports: self.clone(),
                id,
                is_kept: false,
            },
            operator: upload.operator.clone(),
            kind: upload.kind,
            reader: Reader::new(limits),
            hash: Sha256::new(),
            bytes: 0,
            raw: Vec::new(),
            parts: 0,
            rows: 0,
        })
    }
}

impl Receiving {
    /// Reads a piece of the file.
    pub async fn feed(&mut self, bytes: &[u8]) -> Result<(), ImportProblem> {
        self.hash.update(bytes);
        self.bytes += bytes.len() as u64;
        self.reader.feed(bytes, &mut self.raw)?;
        Ok(self.write(false).await?)
    }

    async fn write(&mut self, is_end: bool) -> Result<(), Failure> {
        while let Some(rows) = next_part(&mut self.raw, is_end) {
            self.rows += rows.len() as u64;
            let (imports, id) = (&self.left.imports, &self.left.id);
            imports.write_part(id, self.parts, rows).await?;
            self.parts += 1;
        }
        Ok(())
    }

    /// The file is whole: its columns are found by their names, or as they were chosen last.
    pub async fn finish(mut self) -> Result<Received, ImportProblem> {
        let reader = std::mem::replace(&mut self.reader, Reader::new(Limits::default()));
        let heading = reader.finish(&mut self.raw)?;
        self.write(true).await?;
        let mapping = self.mapping(&heading).await?;
        let imports = self.left.imports.clone();
        let hash = random::hex(&self.hash.finalize());
        let kept = sqlx::query(
            "UPDATE imports SET sha256 = $1, bytes = $2, total = $3, heading = $4, mapping = $5 \
             WHERE id = $6",
        )
        .bind(hash)
        .bind(i64::try_from(self.bytes).unwrap_or(i64::MAX))
        .bind(i64::try_from(self.rows).unwrap_or(i64::MAX))
        .bind(written(&heading)?)
        .bind(written(&mapping)?)
        .bind(&self.left.id)
        .execute(imports.0.store.pool());
        within(kept).await?;
        self.left.is_kept = true;
        imports.purge_of(&self.operator).await?;
        Ok(Received {
            id: std::mem::take(&mut self.left.id),
        })
    }

    async fn mapping(&self, heading: &Heading) -> Result<Mapping, Failure> {
        let (imports, names) = (&self.left.imports, &heading.columns);
        let chosen = imports.chosen(&self.operator, self.kind, names).await?;
        let none = || Mapping::of(self.kind, vec![None; names.len()]);
        Ok(chosen.unwrap_or_else(|| Mapping::found(self.kind, names).unwrap_or_else(|_| none())))
    }
}

/// As JSON.
pub(super) fn written(value: &impl serde::Serialize) -> Result<String, Failure> {
    serde_json::to_string(value).map_err(|_| Cause::Internal.into())
}
