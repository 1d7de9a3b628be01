//! The triggers that keep the rows of the audit from being changed: checks that they are as they
//! should be, and makes them again. The owner of the tables can drop them, and that is noticed
//! here.

use sqlx::{AnyPool, Executor, Row as _};

use super::{Kind, OpenError};

/// The triggers of SQLite, by name and as it keeps their text. REPLACE deletes rows with the same
/// number, place or outcome without firing the trigger for deletions.
const SQLITE: &[(&str, &str)] = &[
    (
        "audit_no_delete",
        "CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN \
         SELECT RAISE(ABORT, 'the audit is append-only'); END",
    ),
    (
        "audit_no_replace",
        "CREATE TRIGGER audit_no_replace BEFORE INSERT ON audit \
         WHEN EXISTS (SELECT 1 FROM audit WHERE seq = NEW.seq) \
         OR EXISTS (SELECT 1 FROM audit WHERE rowid = NEW.rowid) \
         OR EXISTS (SELECT 1 FROM audit WHERE entry = NEW.entry AND (phase = NEW.phase \
         OR (phase IN ('succeeded', 'failed') AND NEW.phase IN ('succeeded', 'failed')))) \
         BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END",
    ),
    (
        "audit_no_update",
        "CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN \
         SELECT RAISE(ABORT, 'the audit is append-only'); END",
    ),
];

pub(super) const POSTGRES: &str = include_str!("append_only_postgres.sql");

/// The triggers of PostgreSQL: each row a name, whether it is on, on what it acts (bits: 1 each
/// row, 2 before, 8 delete, 16 update, 32 truncate), and whether it acts always.
const OF_POSTGRES: &str = "SELECT t.tgname::text, t.tgenabled::text, t.tgtype::bigint, \
     CASE WHEN t.tgqual IS NULL AND t.tgattr::text = '' THEN 1::bigint ELSE 0::bigint END, p.prosrc \
     FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid \
     WHERE t.tgrelid = 'audit'::regclass AND NOT t.tgisinternal ORDER BY t.tgname::text";

/// Whether exactly the right triggers are there.
pub(super) async fn hold(pool: &AnyPool, kind: Kind) -> sqlx::Result<bool> {
    match kind {
        Kind::Sqlite => {
            let rows = sqlx::query(
                "SELECT name, sql FROM sqlite_master \
                 WHERE type = 'trigger' AND lower(tbl_name) = 'audit' ORDER BY name",
            )
            .fetch_all(pool)
            .await?;
            let read = |row: &sqlx::any::AnyRow| Ok((row.try_get(0)?, row.try_get(1)?));
            let found: Vec<(String, String)> =
                rows.iter().map(read).collect::<sqlx::Result<_>>()?;
            let found = found.iter().map(|(name, sql)| (&**name, &**sql));
            Ok(found.eq(SQLITE.iter().copied()))
        }
        Kind::Postgres => {
            let rows = sqlx::query(OF_POSTGRES).fetch_all(pool).await?;
            let read = |row: &sqlx::any::AnyRow| {
                let source: String = row.try_get(4)?;
                let acts: (String, i64, i64) = (row.try_get(1)?, row.try_get(2)?, row.try_get(3)?);
                let is_ours = !source.is_empty() && POSTGRES.contains(&*source);
                Ok((row.try_get(0)?, acts, is_ours))
            };
            let found: Vec<(String, (String, i64, i64), bool)> =
                rows.iter().map(read).collect::<sqlx::Result<_>>()?;
            let expected = [("audit_no_change", 27), ("audit_no_truncate", 34)];
            let expected =
                expected.map(|(name, on)| (name.to_owned(), ("O".to_owned(), on, 1), true));
            Ok(found == expected)
        }
    }
}

/// Makes them again, whatever is there.
pub(super) async fn make(pool: &AnyPool, kind: Kind) -> Result<(), OpenError> {
    match kind {
        Kind::Sqlite => {
            let mut write = pool.begin_with("BEGIN IMMEDIATE").await?;
            let found = sqlx::query(
                "SELECT name FROM sqlite_master \
                 WHERE type = 'trigger' AND lower(tbl_name) = 'audit'",
            )
            .fetch_all(&mut *write)
            .await?;
            for row in found {
                let name: String = row.try_get(0)?;
                let name = name.replace('"', "\"\"");
                // A name cannot be bound; it is quoted.
                let drop = sqlx::AssertSqlSafe(format!("DROP TRIGGER \"{name}\""));
                sqlx::query(drop).execute(&mut *write).await?;
            }
            for (_, sql) in SQLITE {
                sqlx::query(*sql).execute(&mut *write).await?;
            }
            write.commit().await?;
        }
        Kind::Postgres => {
            pool.execute(sqlx::raw_sql(POSTGRES)).await?;
        }
    }
    Ok(())
}
