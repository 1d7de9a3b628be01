//! Counts the answers for the metrics.

use std::time::Duration;

use axum::http::{Method, StatusCode};
use metrics::{counter, histogram};

use crate::metrics::{DURATION, REQUESTS};

/// Counts an answer under its route, which is a template and holds no text of a client.
pub(super) fn answered(method: &Method, route: &str, status: StatusCode, took: Duration) {
    let class = match status.as_u16() / 100 {
        1 => "1xx",
        2 => "2xx",
        3 => "3xx",
        4 => "4xx",
        _ => "5xx",
    };
    let labels = [
        ("route", route.to_owned()),
        ("method", named(method).to_owned()),
        ("status", class.to_owned()),
    ];
    counter!(REQUESTS, &labels).increment(1);
    histogram!(DURATION, "route" => route.to_owned()).record(took);
}

/// The method, if it is a known one: a method that a client made up would be a new series each
/// time.
fn named(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        _ => "other",
    }
}
