//! One statement for many rows: a round to the database costs more than a row does.

use sqlx::any::AnyArguments;
use sqlx::query::Query;
use sqlx::{Any, AnyConnection, AssertSqlSafe};

/// The most rows in one statement. SQLite finds the place of each value by passing those before it.
const MOST: usize = 16;

/// A statement that takes its values.
pub(crate) type Statement = Query<'static, Any, AnyArguments>;

/// Runs a statement for many rows. It is written for one, with all its values in `VALUES (…)`, in their order;
/// `bind` gives it those of a row.
pub(crate) async fn for_rows<T>(
    on: &mut AnyConnection,
    sql: &'static str,
    rows: &[T],
    bind: impl Fn(Statement, &T) -> Statement,
) -> sqlx::Result<()> {
    let mut left = rows;
    while !left.is_empty() {
        // Of few lengths, since each is a statement that the database prepares and keeps.
        let length = 1 << left.len().min(MOST).ilog2();
        let (now, later) = left.split_at(length);
        let statement = sqlx::query(AssertSqlSafe(for_so_many(sql, length)));
        let statement = now.iter().fold(statement, &bind);
        statement.execute(&mut *on).await?;
        left = later;
    }
    Ok(())
}

/// The statement for so many rows: `VALUES ($1, $2), ($3, $4)`.
fn for_so_many(sql: &str, rows: usize) -> String {
    let found = sql.split_once("VALUES (");
    let found = found.and_then(|(before, rest)| Some((before, rest.split_once(')')?)));
    let Some((before, (values, after))) = found else {
        return sql.to_owned();
    };
    let mut number = 0;
    let mut row = || {
        let cell = |cell: &str| {
            if !cell.starts_with('$') {
                return cell.to_owned();
            }
            number += 1;
            format!("${number}")
        };
        let cells: Vec<_> = values.split(", ").map(cell).collect();
        format!("({})", cells.join(", "))
    };
    let rows: Vec<_> = (0..rows).map(|_| row()).collect();
    format!("{before}VALUES {}{after}", rows.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Store;

    const INSERT: &str = "INSERT INTO setup_tokens (hash, expires_at) VALUES ($1, $2)";

    #[test]
    fn the_values_of_a_statement_are_repeated() {
        let made = |rows| {
            for_so_many(
                "UPDATE a SET b = v.column2 FROM (VALUES ($1, 0, $2)) AS v",
                rows,
            )
        };

        assert_eq!(
            made(1),
            "UPDATE a SET b = v.column2 FROM (VALUES ($1, 0, $2)) AS v"
        );
        assert_eq!(
            made(3),
            "UPDATE a SET b = v.column2 FROM (VALUES ($1, 0, $2), ($3, 0, $4), ($5, 0, $6)) AS v"
        );
    }

    #[tokio::test]
    async fn each_row_is_written_once_however_many_there_are() {
        for count in [0, 1, 2, 63, 64, 65, 200] {
            let (_folder, store) = Store::in_a_folder().await;
            let rows: Vec<i64> = (0..count).collect();
            let mut write = store.write().await.unwrap();

            let bind = |statement: Statement, row: &i64| statement.bind(row.to_string()).bind(*row);
            for_rows(write.on(), INSERT, &rows, bind).await.unwrap();
            write.commit().await.unwrap();

            let read =
                sqlx::query_as("SELECT expires_at, hash FROM setup_tokens ORDER BY expires_at");
            let found: Vec<(i64, String)> = read.fetch_all(store.pool()).await.unwrap();
            let wanted: Vec<_> = rows.iter().map(|row| (*row, row.to_string())).collect();
            assert_eq!(found, wanted, "{count} rows");
        }
    }
}
