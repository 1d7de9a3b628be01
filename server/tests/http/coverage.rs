//! None of the operations is missing anywhere: each has a page that opens and a server function
//! that calls it, the emulator answers it, and the audit has it.

use std::collections::BTreeSet;

use app::operations::{Place, place};
use app::routes::App;
use axum::http::{Method, StatusCode};
use backend::Phase;
use domain::Operation;
use leptos_axum::{AxumRouteListing, generate_route_list};

use crate::access::{Fixture, borrowed, last_row, rows_after};
use crate::support::TestApp;

/// The page of an operation as the router has it, with its placeholders in braces.
fn route(operation: Operation) -> String {
    let segments = place(operation).page.split('/');
    let segments = segments.map(|segment| match segment.strip_prefix(':') {
        Some(name) => format!("{{{name}}}"),
        None => segment.to_owned(),
    });
    segments.collect::<Vec<_>>().join("/")
}

/// How often AWS got a call of an operation.
async fn count(app: &TestApp, operation: Operation) -> u64 {
    let calls = app.calls().await;
    calls.get(operation.name()).copied().unwrap_or_default()
}

#[tokio::test]
async fn every_operation_is_called_by_its_function_and_every_write_is_in_the_audit() {
    let app = TestApp::start_with(&["--emulator-control"]).await;
    let mut fixture = Fixture::start(&app).await;
    for operation in Operation::ALL {
        let Place { page, function } = place(*operation);
        let fields = match function {
            Some(_) => fixture.of_operation(*operation).await,
            None => Vec::new(),
        };
        let before = (count(&app, *operation).await, last_row(&app).await);

        let answer = match function {
            Some(function) => fixture.admin.call(function, &borrowed(&fields)).await,
            None => fixture.admin.get(&fixture.path(&route(*operation))).await,
        };

        let text = answer.text();
        assert_eq!(answer.status, StatusCode::OK, "{operation}: {text}");
        let at = function.unwrap_or(page);
        let is_called = count(&app, *operation).await > before.0;
        assert!(is_called, "{operation} is not called by {at}");
        let entries = rows_after(&app, before.1).await;
        let is_written = entries.iter().any(|entry| {
            entry.event.to_string() == operation.name() && entry.phase == Phase::Succeeded
        });
        assert_eq!(is_written, operation.effect().is_write(), "{operation}");
    }
    // The emulator was asked for nothing that the list does not have.
    for operation in app.calls().await.keys() {
        assert!(operation.parse::<Operation>().is_ok(), "{operation}");
    }
}

#[tokio::test]
async fn every_operation_has_a_page_that_opens() {
    let app = TestApp::start().await;
    let fixture = Fixture::start(&app).await;
    let routes = generate_route_list(App);
    let routes: BTreeSet<_> = routes.iter().map(AxumRouteListing::path).collect();

    for operation in Operation::ALL {
        let route = route(*operation);
        assert!(routes.contains(&*route), "{route} of {operation}");
        let page = fixture.admin.get(&fixture.path(&route)).await;
        assert_eq!(page.status, StatusCode::OK, "{operation} at {route}");
        assert!(page.text().contains("<h1"), "{operation} at {route}");
    }
}

#[test]
fn every_write_has_a_server_function_that_is_registered() {
    let functions: BTreeSet<_> = leptos::server_fn::axum::server_fn_paths()
        .filter(|(_, method)| *method == Method::POST)
        .map(|(path, _)| path)
        .collect();
    for operation in Operation::ALL {
        let Place { function, .. } = place(*operation);
        let is_write = operation.effect().is_write();
        assert_eq!(function.is_some(), is_write, "{operation}");
        let is_registered = function.is_none_or(|function| functions.contains(function));
        assert!(is_registered, "{function:?} of {operation}");
    }
}
