//! Every address as an operator sees it whose role is limited to another AppInstance: what the role
//! does not cover looks as if it did not exist, and nothing of it reaches AWS.

use axum::http::StatusCode;
use backend::Phase;
use domain::{Cause, Role};

use super::fixture::{Fields, Fixture, borrowed};
use super::table::{Address, Kind, Table};
use super::{last_row, rows_after, writes};
use crate::support::{Browser, TestApp, arn};

/// What an address is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum About {
    /// An AppInstance, or something in one.
    Instance,
    /// All of a Region.
    Region,
    /// Operators.
    Operators,
    /// Nothing that can be covered.
    Nothing,
}

fn about(address: &Address, fields: &Fields) -> About {
    let names_one = |(_, value): &(String, String)| value.contains("arn:aws:chime:");
    let is_of_job = ["/jobs/{job}", "/api/jobs/"]
        .iter()
        .any(|start| address.path.starts_with(start));
    // The same file below every AppInstance, and nothing is read for it.
    if address.path.ends_with("/template.csv") {
        return About::Nothing;
    }
    if address.path.contains("{instance}") || is_of_job || fields.iter().any(names_one) {
        About::Instance
    } else if address.path == "/api/app-instances/create" {
        About::Region
    } else if address.path.contains("/operators") {
        About::Operators
    } else {
        About::Nothing
    }
}

async fn ask(
    browser: &Browser,
    fixture: &Fixture<'_>,
    address: &Address,
    fields: &Fields,
) -> (StatusCode, Option<Cause>) {
    if address.method == "GET" {
        let answer = browser.get(&fixture.path(&address.path)).await;
        return (answer.status, None);
    }
    let answer = browser.call(&address.path, &borrowed(fields)).await;
    let is_done = answer.status.is_success();
    (answer.status, (!is_done).then(|| answer.failure().cause))
}

#[tokio::test]
async fn what_a_role_does_not_cover_is_not_there() {
    let app = TestApp::start_with(&["--emulator-control"]).await;
    let mut fixture = Fixture::start(&app).await;
    let own = arn(&fixture.admin.make_instance("Own").await);
    let mut tried = 0;
    for role in Role::ALL {
        let (_, limited) = app.sign_in_for(*role, &own).await;
        for row in Table::read().rows {
            let address = &row.address;
            // A file is seen by its sender alone, whatever they cover (`import`).
            if matches!(row.kind, Kind::Auth | Kind::Public | Kind::Own) {
                continue;
            }
            let fields = if address.path.starts_with("/api/") {
                fixture.fields(address, Some(*role)).await
            } else {
                Fields::new()
            };
            let about = about(address, &fields);
            let refused = match about {
                About::Instance => (StatusCode::NOT_FOUND, Cause::NoSuchPage),
                About::Region if *role == Role::Viewer => continue,
                About::Operators if *role < Role::Admin => continue,
                About::Region | About::Operators => (StatusCode::FORBIDDEN, Cause::Limited),
                About::Nothing => continue,
            };
            let before = (last_row(&app).await, writes(&app).await);

            let (status, cause) = ask(&limited, &fixture, address, &fields).await;

            let at = format!("{address} as {role}: {status} {cause:?}");
            assert_eq!(status, refused.0, "{at}");
            assert!(cause.is_none_or(|cause| cause == refused.1), "{at}");
            assert_eq!(writes(&app).await, before.1, "reached AWS: {at}");
            let noted = rows_after(&app, before.0).await;
            let is_told = noted.iter().any(|entry| entry.phase == Phase::Refused);
            // A function that answers 404 read the AppInstance first, and reads are not in the
            // audit.
            assert!(
                is_told || status != StatusCode::FORBIDDEN || row.kind == Kind::Read,
                "{at}"
            );
            tried += 1;
        }
    }
    assert!(tried >= 3 * 55, "{tried} tries");
}

#[tokio::test]
async fn what_a_role_covers_is_there() {
    let app = TestApp::start_with(&["--emulator-control"]).await;
    let mut fixture = Fixture::start(&app).await;
    let covered = arn(&fixture.path("/{connection}/{region}/app-instances/{instance}"));
    let (_, limited) = app.sign_in_for(Role::Operator, &covered).await;
    for row in Table::read().rows {
        let is_read = row.kind == Kind::Read && row.address.path.contains("{instance}");
        let is_write = row.kind == Kind::Write && row.answers[2] == "200";
        if row.address.path.contains("/imports/") {
            fixture.upload(&limited).await;
        }
        let fields = if is_write {
            fixture.fields(&row.address, Some(Role::Operator)).await
        } else {
            Fields::new()
        };
        let about = about(&row.address, &fields);
        if !(is_read || is_write) || about != About::Instance {
            continue;
        }
        let (status, cause) = ask(&limited, &fixture, &row.address, &fields).await;
        assert_eq!(status, StatusCode::OK, "{}: {cause:?}", row.address);
    }
}
