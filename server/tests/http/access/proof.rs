//! Every write as a session sees it that was left alone in production: a fresh proof is asked for.

use backend::Clock;
use domain::{Cause, Role};

use super::fixture::Fixture;
use super::refused;
use super::table::{Kind, Table};
use crate::support::TestApp;

/// Writes that ask for no proof.
const EXCEPT: &[&str] = &[
    // Only take rights away.
    "/api/account/end-others",
    "/api/account/end-session",
    // Says that somebody knows; what they were told stays in the list.
    "/api/account/see-notices",
    // Only how times are written.
    "/api/account/times",
    // Stop what was set off, or only read: what they plan is run with a proof.
    "/api/jobs/pause",
    "/api/jobs/cancel",
    "/api/jobs/retry",
    "/api/jobs/again",
    "/api/jobs/bring-back",
    "/api/jobs/bring-all-back",
    "/api/imports/plan",
    "/api/selection/plan",
    // Asks for the present password itself.
    "/api/account/password",
    // Asks for a code first, of a secret that was shown for a proof. `second_factor` has it.
    "/api/account/authenticator/confirm",
];

#[tokio::test]
async fn every_write_in_production_asks_again_after_fifteen_minutes() {
    let clock = Clock::fixed(Clock::system().now());
    let options = ["--environment", "production", "--emulator-control"];
    let app = TestApp::start_at(clock.clone(), &options).await;
    let (_, stale) = app.sign_in(Role::Admin).await;
    stale.set_up_authenticator(clock.now()).await;
    clock.advance(15 * 60_000);
    let mut fixture = Fixture::start(&app).await;
    let mut tried = 0;
    for row in Table::read().rows {
        let path = &*row.address.path;
        if row.kind != Kind::Write || EXCEPT.contains(&path) {
            continue;
        }
        let cause = refused(&app, &mut fixture, &stale, &row).await;
        assert_eq!(cause, Cause::ProofNeeded, "{path}");
        tried += 1;
    }
    assert!(tried >= 30, "{tried} tried");
}
