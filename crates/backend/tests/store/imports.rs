//! Uploaded files: what is kept of them, for whom and for how long.

use std::time::Duration;

use backend::import::{ImportProblem, Limits, Upload};
use backend::{Backend, Caller};
use domain::Role;
use domain::import::{FileProblem, Kind, Mapping};

use crate::database::{Database, connection, on_both};
use crate::people::{add, caller_of, origin};

on_both! {
    a_file_keeps_its_rows_until_a_job_is_made_of_them
    a_file_goes_after_a_week_and_the_oldest_of_many_at_once
    what_breaks_off_leaves_nothing
}

const DAY: i64 = 24 * 3_600_000;

async fn receive(
    backend: &Backend,
    caller: &Caller,
    pieces: &[&[u8]],
) -> Result<String, ImportProblem> {
    let instance = "arn:aws:chime:us-east-1:123456789012:app-instance/1";
    let upload = Upload {
        operator: &caller.operator,
        connection: &connection(),
        instance: &instance.parse().unwrap(),
        kind: Kind::Users,
        file_name: "a\0b.csv",
    };
    let limits = Limits::default();
    let mut receiving = backend.imports().receive(upload, limits).await?;
    for piece in pieces {
        receiving.feed(piece).await?;
    }
    Ok(receiving.finish().await?.id)
}

async fn count(database: &Database) -> (i64, i64) {
    let count = "SELECT (SELECT COUNT(*) FROM imports), (SELECT COUNT(*) FROM import_parts)";
    let row = sqlx::query_as(count).fetch_one(&database.raw().await).await;
    row.unwrap()
}

async fn a_file_keeps_its_rows_until_a_job_is_made_of_them(database: Database) {
    let backend = database.open().await;
    let ada = caller_of(&add(&backend, "ada", Role::Operator).await);
    let rows = many_rows();
    let file = format!("user_id\n{rows}");
    let pieces: Vec<_> = file.as_bytes().chunks(7001).collect();
    let id = receive(&backend, &ada, &pieces).await.unwrap();
    let imports = backend.imports();

    let file = imports.get(&ada, &id).await.unwrap().unwrap();
    assert_eq!((file.total, file.bytes), (20_000, file_bytes(&pieces)));
    assert_eq!(file.file_name, "a\u{fffd}b.csv");
    let mut lines = Vec::new();
    for part in 0.. {
        let Some(rows) = imports.rows(&id, part).await.unwrap() else {
            break;
        };
        lines.extend(rows.iter().map(|row| row.line));
    }
    assert!(lines.into_iter().eq(2..=20_001));
    assert!(count(&database).await.1 > 2);

    let wrong = Mapping::of(Kind::Users, vec![None]);
    imports.choose(&ada, &file, &wrong).await.unwrap();
    let wrong = imports.get(&ada, &id).await.unwrap().unwrap();
    assert!(imports.plan(&ada, origin(), &wrong).await.is_err());
    imports.choose(&ada, &file, &file.mapping).await.unwrap();
    let checked = imports.check(&file, 10).await.unwrap();
    assert_eq!((checked.good, checked.refused), (20_000, 0));
    let plan = || imports.plan(&ada, origin(), &file);
    let (first, second) = tokio::join!(plan(), plan());
    // Pressed twice at once, it is one job; who came second waits for it.
    let made: Vec<_> = [first.unwrap(), second.unwrap()]
        .into_iter()
        .flatten()
        .collect();
    assert_eq!(made.len(), 1);
    let job = made[0].clone();
    let found = backend.jobs().find(&job).await.unwrap().unwrap();
    assert_eq!(found.total, 20_000);
    assert_eq!(count(&database).await, (1, 0));
    assert_eq!(imports.unfinished(&ada).await.unwrap(), []);

    // The same file again is the same job.
    let again = receive(&backend, &ada, &pieces).await.unwrap();
    let again = imports.get(&ada, &again).await.unwrap().unwrap();
    assert_eq!(
        imports.plan(&ada, origin(), &again).await.unwrap(),
        Some(job)
    );
}

fn file_bytes(pieces: &[&[u8]]) -> u64 {
    pieces.iter().map(|piece| piece.len() as u64).sum()
}

async fn a_file_goes_after_a_week_and_the_oldest_of_many_at_once(database: Database) {
    let backend = database.open().await;
    let ada = caller_of(&add(&backend, "ada", Role::Operator).await);
    let mut all = Vec::new();
    for _ in 0..12 {
        database.clock.advance(1);
        all.push(receive(&backend, &ada, &[b"user_id\nana\n"]).await.unwrap());
    }
    let imports = backend.imports();
    let kept = imports.unfinished(&ada).await.unwrap();
    assert_eq!(kept.len(), 10);
    assert_eq!(kept[0].id, all[11]);
    assert_eq!(count(&database).await, (10, 10));

    database.clock.advance(7 * DAY + 1);
    imports.purge().await;

    assert_eq!(count(&database).await, (0, 0));
}

async fn what_breaks_off_leaves_nothing(database: Database) {
    let backend = database.open().await;
    let ada = caller_of(&add(&backend, "ada", Role::Operator).await);
    let rows = many_rows();
    let file = format!("user_id\n{rows}\"never closed");
    let refused = receive(&backend, &ada, &[file.as_bytes()]).await;
    let line = 20_002;
    let problem = ImportProblem::File(FileProblem::OpenQuote { line });
    assert_eq!(refused, Err(problem));
    for _ in 0..500 {
        if count(&database).await == (0, 0) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("{:?} is kept", count(&database).await);
}

/// Rows of 20,000 users.
fn many_rows() -> String {
    let rows = String::new();
    (0..20_000).fold(rows, |rows, at| rows + "user-" + &at.to_string() + "\n")
}
