//! Every write in AWS with a console that only reads: none is sent, and the audit has each.

use axum::http::StatusCode;
use backend::Phase;
use domain::{Cause, Operation, Role};

use super::fixture::Fixture;
use super::table::{Row, Table};
use super::{last_row, rows_after, writes};
use crate::support::TestApp;

/// Whether it changes something in AWS, and not in the console only.
fn is_write(row: &Row) -> bool {
    let operation = row.audit.parse::<Operation>();
    operation.is_ok_and(|operation| operation.effect().is_write())
}

#[tokio::test]
async fn a_console_that_only_reads_sends_no_write() {
    let app = TestApp::start_with(&["--emulator-control"]).await;
    let reading = app.start_read_only().await;
    let (_, mut admin) = app.sign_in(Role::Admin).await;
    admin.address = reading.address;
    let mut fixture = Fixture::start(&app).await;
    let mut tried = 0;
    for row in Table::read().rows.iter().filter(|row| is_write(row)) {
        let path = &*row.address.path;
        let fields = fixture.fields(&row.address, Some(Role::Admin)).await;
        let fields: Vec<_> = fields
            .iter()
            .map(|(name, value)| (&**name, &**value))
            .collect();
        let before = (last_row(&app).await, writes(&app).await);

        let refused = admin.call(path, &fields).await;

        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{path}");
        assert_eq!(refused.failure().cause, Cause::ReadOnly, "{path}");
        assert_eq!(writes(&app).await, before.1, "{path}");
        let noted = rows_after(&app, before.0).await;
        let noted: Vec<_> = noted
            .iter()
            .map(|entry| (entry.phase, entry.failure.as_deref()))
            .collect();
        assert_eq!(noted, [(Phase::Refused, Some("read-only"))], "{path}");
        tried += 1;
    }
    assert!(tried >= 20, "{tried} tried");
}
