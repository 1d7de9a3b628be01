//! What is counted, and how Prometheus reads it: names and labels in its habit.
//!
//! Labels hold routes as they are declared, operations, outcomes and statuses: a closed set of words
//! of ours. Never a path as it was asked for, a name, an ARN or an address.

use std::time::Duration;

use anyhow::Context as _;
use axum::Router;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;
use metrics::{Unit, counter, describe_counter, describe_gauge, describe_histogram, gauge};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

/// Bounds of the buckets of durations, in seconds.
const DURATIONS: &[f64] = &[
    0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0,
];
/// How often what was counted is put into buckets, so that memory stays bounded when nobody reads.
const UPKEEP: Duration = Duration::from_secs(5);

/// Begins to count. Call it once, in the process that serves: what is counted before is lost.
pub fn start() -> anyhow::Result<PrometheusHandle> {
    let builder = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), DURATIONS)
        .context("the buckets of the metrics")?;
    let handle = builder
        .install_recorder()
        .context("the metrics did not start")?;
    describe();
    // What has not happened yet is 0, not absent: an alarm on an increase misses the first else.
    counter!(PANICS).absolute(0);
    for (name, of) in [
        (SHED, "place"),
        (SHED, "body"),
        (SHED, "provider"),
        (REFUSED_CONNECTIONS, "connection"),
    ] {
        for bound in ["all", "client"] {
            counter!(name, "of" => of, "bound" => bound).absolute(0);
        }
    }
    gauge!(BUILD_INFO, "version" => env!("CARGO_PKG_VERSION")).set(1);
    let upkeep = handle.clone();
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(UPKEEP).await;
            upkeep.run_upkeep();
        }
    });
    Ok(handle)
}

/// `GET /metrics`.
pub fn routes(handle: PrometheusHandle) -> Router {
    let text = move || {
        let text = handle.render();
        let kind = "text/plain; version=0.0.4; charset=utf-8";
        async move { ([(header::CONTENT_TYPE, kind)], text).into_response() }
    };
    Router::new().route("/metrics", get(text))
}

pub(crate) const REQUESTS: &str = "carillon_http_requests_total";
pub(crate) const DURATION: &str = "carillon_http_request_duration_seconds";
pub(crate) const IN_FLIGHT: &str = "carillon_http_requests_in_flight";
pub(crate) const SHED: &str = "carillon_http_requests_shed_total";
pub(crate) const SIGN_INS: &str = "carillon_sign_ins_total";
pub(crate) const CSP_REPORTS: &str = "carillon_csp_reports_total";
pub(crate) const PANICS: &str = "carillon_panics_total";
pub(crate) const CONNECTIONS: &str = "carillon_connections";
const BUILD_INFO: &str = "carillon_build_info";
pub(crate) const REFUSED_CONNECTIONS: &str = "carillon_connections_refused_total";

/// What is counted up.
const COUNTERS: &[(&str, &str)] = &[
    (REQUESTS, "Requests answered, by route, method and status."),
    (
        SHED,
        "Requests that were told to come back, by what was short: places, bodies being read, waits for a \
         provider; and by whose bound was met, that of all or of one client.",
    ),
    (SIGN_INS, "Tries to sign in, by way and outcome."),
    (
        CSP_REPORTS,
        "Breaches of the content policy that browsers reported, by directive.",
    ),
    (PANICS, "Panics caught. Each is a bug."),
    (
        REFUSED_CONNECTIONS,
        "Connections closed at once since too many were open, in all or of one client.",
    ),
    (
        backend::measure::AWS_CALLS,
        "Calls of AWS, by operation and outcome.",
    ),
    (
        backend::measure::AWS_THROTTLES,
        "Attempts that AWS answered with 429.",
    ),
    (
        backend::measure::AUDIT_ROWS,
        "Rows appended to the audit, by phase.",
    ),
    (
        backend::measure::HASHES_REFUSED,
        "Passwords not looked at, since too many were waiting.",
    ),
];

/// What is so many at a time.
const GAUGES: &[(&str, &str)] = &[
    (
        IN_FLIGHT,
        "Pages and functions that are being answered now.",
    ),
    (CONNECTIONS, "Connections open now."),
    (BUILD_INFO, "Always 1; the version is in its label."),
    (
        backend::measure::HASHES_WAITING,
        "Passwords waiting to be hashed or being hashed.",
    ),
];

/// What takes seconds.
const TIMES: &[(&str, &str)] = &[
    (DURATION, "Time until an answer began, by route."),
    (
        backend::measure::AWS_DURATION,
        "Time of a call of AWS with its retries.",
    ),
];

fn describe() {
    for (name, words) in COUNTERS {
        describe_counter!(*name, *words);
    }
    for (name, words) in GAUGES {
        describe_gauge!(*name, *words);
    }
    for (name, words) in TIMES {
        describe_histogram!(*name, Unit::Seconds, *words);
    }
}
