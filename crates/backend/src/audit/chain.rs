//! The rows of the audit as they are stored, and the hashes that chain them.

use std::fmt::Write as _;

use domain::{Cause, Failure};
use futures_util::{StreamExt as _, stream};
use sha2::{Digest, Sha256};
use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::{Audit, query};
use crate::random::hex;
use crate::store::{Kind, within};

/// What [`Audit::verify`] found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verified {
    /// Every row is as it was written, and none is missing.
    Intact {
        /// How many rows there are.
        rows: u64,
        /// The hash of the last row, 64 hexadecimal digits; empty when there is none. If you keep a
        /// copy elsewhere, you can tell later whether the whole chain was rewritten.
        head: String,
    },
    /// A row was changed, removed or put in; the first place where it shows.
    BrokenAt {
        /// The row's number.
        seq: i64,
    },
}

/// A row without its hashes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Row {
    pub(super) seq: i64,
    pub(super) entry: String,
    pub(super) phase: String,
    pub(super) at: i64,
    pub(super) operator: Option<String>,
    pub(super) username: String,
    pub(super) remote: Option<String>,
    pub(super) request: String,
    pub(super) connection: Option<String>,
    pub(super) region: Option<String>,
    pub(super) operation: String,
    pub(super) resource: Option<String>,
    pub(super) instance: Option<String>,
    pub(super) input: Option<String>,
    pub(super) before: Option<String>,
    pub(super) failure: Option<String>,
    pub(super) aws_request: Option<String>,
    pub(super) job: Option<String>,
}

impl Row {
    /// The entry that it belongs to.
    pub(crate) fn entry(&self) -> String {
        self.entry.clone()
    }

    /// SHA-256 over the hash before and every column. Each is written with its length, so that two
    /// different rows never give the same text. [`links`] writes the same in SQL.
    pub(super) fn hash(&self, previous: &str) -> String {
        let mut hasher = Sha256::new();
        feed(&mut hasher, Some(previous));
        feed(&mut hasher, Some(&self.seq.to_string()));
        feed(&mut hasher, Some(&self.at.to_string()));
        for text in [
            Some(&self.entry),
            Some(&self.phase),
            self.operator.as_ref(),
            Some(&self.username),
            self.remote.as_ref(),
            Some(&self.request),
            self.connection.as_ref(),
            self.region.as_ref(),
            Some(&self.operation),
            self.resource.as_ref(),
            self.instance.as_ref(),
            self.input.as_ref(),
            self.before.as_ref(),
            self.failure.as_ref(),
            self.aws_request.as_ref(),
        ] {
            feed(&mut hasher, text.map(String::as_str));
        }
        // Added later: what belongs to no job has the hash that it always had.
        if let Some(job) = &self.job {
            feed(&mut hasher, Some(job));
        }
        hex(&hasher.finalize())
    }
}

fn feed(hasher: &mut Sha256, text: Option<&str>) {
    match text {
        Some(text) => {
            hasher.update(text.len().to_string());
            hasher.update(":");
            hasher.update(text);
        }
        None => hasher.update("-"),
    }
}

/// The columns of [`Row::hash`] that are text, in its order, and whether every row has a value there.
pub(super) const TEXTS: [(&str, bool); 15] = [
    ("entry", true),
    ("phase", true),
    ("operator", false),
    ("username", true),
    ("remote", false),
    ("request", true),
    ("connection", false),
    ("region", false),
    ("operation", true),
    ("resource", false),
    ("instance", false),
    ("input", false),
    ("before_values", false),
    ("failure", false),
    ("aws_request", false),
];

/// The rows `$1 <= seq < $2` as [`Row::hash`] feeds them to the hash. Put together by the database,
/// since reading each column of a million rows takes several times as long as checking them.
fn links(kind: Kind) -> String {
    let mut written = ["seq", "at"]
        .map(|column| format!("octet_length(CAST({column} AS TEXT)) || ':' || {column}"))
        .join(" || ");
    for (column, _) in TEXTS {
        let _ = write!(
            written,
            " || COALESCE(octet_length({column}) || ':' || {column}, '-')"
        );
    }
    written.push_str(" || COALESCE(octet_length(job) || ':' || job, '')");
    // Bytes on SQLite, whatever a cell holds: a cell that is not text is reported as a change, not
    // as a failure.
    let (written, hashes, typed) = match kind {
        Kind::Sqlite => (
            format!("CAST({written} AS BLOB)"),
            "CAST(prev_hash AS BLOB), CAST(hash AS BLOB)",
            query::typed("audit"),
        ),
        Kind::Postgres => (written, "prev_hash, hash", "1".to_owned()),
    };
    format!(
        "SELECT CAST(seq AS BIGINT), {hashes}, {written}, {typed} FROM audit \
         WHERE seq >= $1 AND seq < $2 ORDER BY seq"
    )
}

/// How many rows are read at a time.
const STRETCH: i64 = 5000;

/// How many stretches are read and checked at the same time.
const ABREAST: usize = 4;

/// Some rows that follow each other, checked among themselves.
struct Stretch {
    /// The number of the first row.
    from: i64,
    /// The hash that the first row says the row before it has.
    follows: String,
    /// The hash of the last row.
    last: String,
    /// The first row that is not as it should be.
    broken: Option<i64>,
}

impl Audit {
    /// Reads every row in order and checks it against the chain. Rows that are added meanwhile are
    /// not counted.
    pub async fn verify(&self) -> Result<Verified, Failure> {
        // On SQLite a number may be a text, which comes after all numbers.
        let ends = sqlx::query(
            "SELECT CAST(COALESCE((SELECT seq FROM audit ORDER BY seq LIMIT 1), 1) AS BIGINT), \
             CAST(COALESCE((SELECT seq FROM audit WHERE seq <= $1 ORDER BY seq DESC LIMIT 1), 0) \
             AS BIGINT), (SELECT COUNT(*) FROM audit WHERE seq > $1)",
        )
        .bind(i64::MAX)
        .fetch_one(self.store.log());
        let (first, end, beyond): (i64, i64, i64) = within(async {
            ends.await
                .and_then(|row| Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?)))
        })
        .await?;
        // Rows are counted from 1, so an earlier one was put in; the rows after it would not reveal
        // that.
        if first < 1 {
            return Ok(Verified::BrokenAt { seq: first });
        }
        let starts = (1..=end).step_by(usize::try_from(STRETCH).unwrap_or(1));
        let mut stretches = stream::iter(starts)
            .map(|from| {
                let audit = self.clone();
                tokio::spawn(async move { audit.stretch(from, end.min(from + STRETCH - 1)).await })
            })
            .buffered(ABREAST);
        let mut previous = String::new();
        while let Some(stretch) = stretches.next().await {
            let stretch = stretch.map_err(|_panicked| Failure::from(Cause::StoreUnavailable))??;
            if stretch.follows != previous {
                return Ok(Verified::BrokenAt { seq: stretch.from });
            }
            if let Some(seq) = stretch.broken {
                return Ok(Verified::BrokenAt { seq });
            }
            previous = stretch.last;
        }
        if beyond > 0 {
            return Ok(Verified::BrokenAt { seq: end + 1 });
        }
        self.ends_with(end, previous).await
    }

    /// Whether the triggers that keep rows from being changed are as this program makes them.
    /// Without them, rows may have been changed and changed back.
    pub async fn is_guarded(&self) -> Result<bool, Failure> {
        within(self.store.guards_hold()).await
    }

    /// Checks the rows from one to another, both counted.
    async fn stretch(&self, from: i64, to: i64) -> Result<Stretch, Failure> {
        let rows = sqlx::query(sqlx::AssertSqlSafe(links(self.store.kind())))
            .bind(from)
            .bind(to + 1)
            .fetch_all(self.store.log());
        let links = async { rows.await?.iter().map(link).collect() };
        let links: Vec<Link> = within(links).await?;
        let mut stretch = Stretch {
            from,
            follows: links
                .first()
                .map(|link| link.previous.clone())
                .unwrap_or_default(),
            last: String::new(),
            broken: None,
        };
        let mut previous = stretch.follows.clone();
        let mut expected = from;
        for link in links {
            let is_next = link.seq == expected && link.previous == previous && link.is_typed;
            if !is_next || link.expected() != link.hash {
                break;
            }
            previous = link.hash;
            expected += 1;
        }
        stretch.broken = (expected <= to).then_some(expected);
        stretch.last = previous;
        Ok(stretch)
    }

    /// Whether the chain's end is where the head says. Rows may have been added meanwhile.
    async fn ends_with(&self, last: i64, hash: String) -> Result<Verified, Failure> {
        let head = sqlx::query("SELECT seq, hash FROM audit_head WHERE id = 1")
            .fetch_one(self.store.log());
        let (seq, head): (i64, String) = within(async {
            head.await
                .and_then(|row| Ok((row.try_get(0)?, row.try_get(1)?)))
        })
        .await?;
        if seq < last || (seq == last && head != hash) {
            return Ok(Verified::BrokenAt { seq: last });
        }
        if seq > last {
            let next = sqlx::query("SELECT prev_hash FROM audit WHERE seq = $1")
                .bind(last + 1)
                .fetch_optional(self.store.log());
            let next: Option<String> =
                within(async { next.await?.map(|row| row.try_get(0)).transpose() }).await?;
            if next.as_ref() != Some(&hash) {
                return Ok(Verified::BrokenAt { seq: last + 1 });
            }
        }
        Ok(Verified::Intact {
            rows: u64::try_from(last).unwrap_or_default(),
            head: hash,
        })
    }
}

/// A row of [`links`].
struct Link {
    seq: i64,
    previous: String,
    hash: String,
    written: Vec<u8>,
    /// Whether each cell is of its type.
    is_typed: bool,
}

impl Link {
    /// The hash that it should have.
    fn expected(&self) -> String {
        let mut hasher = Sha256::new();
        feed(&mut hasher, Some(&self.previous));
        hasher.update(&self.written);
        hex(&hasher.finalize())
    }
}

fn link(row: &AnyRow) -> sqlx::Result<Link> {
    let bytes = |column: usize| -> sqlx::Result<Vec<u8>> {
        let text = row.try_get::<String, _>(column);
        text.map(String::into_bytes)
            .or_else(|_| row.try_get(column))
    };
    // A hash that is no text fits no row.
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap_or_default();
    Ok(Link {
        seq: row.try_get(0)?,
        previous: text(bytes(1)?),
        hash: text(bytes(2)?),
        written: bytes(3)?,
        is_typed: row.try_get::<i64, _>(4)? == 1,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use domain::event::ConsoleEvent;

    use super::*;
    use crate::audit::Actor;
    use crate::clock::Clock;
    use crate::store::Store;

    /// Changes a row and gives it the right hash again, as anybody can who knows how the hash is
    /// made.
    async fn changed_with_its_hash(audit: &Audit, seq: i64) {
        let store = &audit.store;
        let mut write = store.write().await.unwrap();
        let found = sqlx::query(
            "SELECT entry, phase, at, request, operation, prev_hash FROM audit WHERE seq = $1",
        )
        .bind(seq)
        .fetch_one(write.on())
        .await
        .unwrap();
        let row = Row {
            seq,
            entry: found.get(0),
            phase: found.get(1),
            at: found.get(2),
            username: "eve".to_owned(),
            request: found.get(3),
            operation: found.get(4),
            ..Row::default()
        };
        let hash = row.hash(&found.get::<String, _>(5));
        sqlx::query("DROP TRIGGER IF EXISTS audit_no_update")
            .execute(write.on())
            .await
            .unwrap();
        sqlx::query("UPDATE audit SET username = 'eve', hash = $1 WHERE seq = $2")
            .bind(hash)
            .bind(seq)
            .execute(write.on())
            .await
            .unwrap();
        write.commit().await.unwrap();
    }

    #[tokio::test]
    async fn a_row_that_was_changed_with_its_hash_shows_in_what_follows_it() {
        const ROWS: i64 = STRETCH + 2;
        let actor = Actor {
            operator: None,
            username: "ada",
            remote: None,
            request_id: "r-1",
        };
        // Within a stretch, at the end of one, and at the end of all.
        for (changed, shows) in [(3, 4), (STRETCH, STRETCH + 1), (ROWS, ROWS)] {
            let (_folder, store) = Store::in_a_folder().await;
            let audit = Audit::new(store, Clock::system());
            let mut write = audit.write().await.unwrap();
            for _ in 0..ROWS {
                let noted = audit.note_on(write.on(), &actor, ConsoleEvent::SignIn, Value::Null);
                noted.await.unwrap();
            }
            write.commit().await.unwrap();
            let before = audit.verify().await;
            assert!(
                matches!(before, Ok(Verified::Intact { rows, .. }) if rows.cast_signed() == ROWS)
            );

            changed_with_its_hash(&audit, changed).await;

            let found = audit.verify().await;
            assert_eq!(found, Ok(Verified::BrokenAt { seq: shows }), "{changed}");
        }
    }
}
