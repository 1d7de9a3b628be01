//! What must not outlive its cause: a database that could not be written, a client that went away.

use serde_json::json;
use sqlx::{Connection as _, SqliteConnection};

use crate::wire::Wire;

#[tokio::test]
async fn writes_go_on_once_the_database_can_be_written_again() {
    let folder = tempfile::tempdir().unwrap();
    let wire = Wire::in_folder(folder.path()).await;
    let file = folder.path().join("emulator.sqlite3");
    let url = format!("sqlite:{}", file.display());
    let mut other = SqliteConnection::connect(&url).await.unwrap();
    // What SQLite does to a transaction when the disk is full: it rolls it back by itself.
    let broken = "CREATE TRIGGER full BEFORE INSERT ON app_instance \
         BEGIN SELECT RAISE(ROLLBACK, 'database or disk is full'); END";
    sqlx::query(broken).execute(&mut other).await.unwrap();
    let body = json!({ "Name": "A", "ClientRequestToken": "t-1" });
    for _ in 0..2 {
        let refused = wire.call("POST", "/app-instances", &body).await;
        assert_eq!(refused.refusal(), (500, "ServiceFailureException"));
    }
    let mended = sqlx::query("DROP TRIGGER full").execute(&mut other);
    mended.await.unwrap();

    let made = wire.call("POST", "/app-instances", &body).await;

    assert_eq!(made.status, 201, "{made:?}");
    let listed = wire.call("GET", "/app-instances", &json!(null)).await;
    assert_eq!(listed.json()["AppInstances"].as_array().unwrap().len(), 1);
    wire.stop().await;
}
