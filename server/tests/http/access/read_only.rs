//! Every write in AWS with a console that only reads: none is sent, and the audit has each.

use domain::{Cause, Role};

use super::fixture::Fixture;
use super::table::Table;
use super::{is_write, refused};
use crate::support::TestApp;

#[tokio::test]
async fn a_console_that_only_reads_sends_no_write() {
    let app = TestApp::start_with(&["--emulator-control"]).await;
    let reading = app.start_read_only().await;
    let (_, mut admin) = app.sign_in(Role::Admin).await;
    admin.address = reading.address;
    let mut fixture = Fixture::start(&app).await;
    let mut tried = 0;
    // Not what changes the console only.
    for row in Table::read().rows.iter().filter(|row| is_write(&row.audit)) {
        let cause = refused(&app, &mut fixture, &admin, row).await;
        assert_eq!(cause, Cause::ReadOnly, "{}", row.address.path);
        tried += 1;
    }
    assert!(tried >= 20, "{tried} tried");
}
