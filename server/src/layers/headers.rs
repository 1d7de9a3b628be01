//! The headers that tell a browser what this console never needs.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use leptos::nonce::Nonce;

use super::host::host_of;
use crate::config::Reach;

/// On every response, whatever it is.
const ALWAYS: [(HeaderName, &str); 6] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    // Not `no-referrer`: forms without JavaScript find their way back by it.
    (header::REFERRER_POLICY, "same-origin"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), microphone=(), geolocation=(), payment=(), usb=(), clipboard-read=()",
    ),
];

/// For answers that are not a page of the application: they may look like one, and do nothing.
const WITHOUT_SCRIPT: &str = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; \
     form-action 'none'; frame-ancestors 'none'";

/// For files that are saved: when a browser opens one after all, it can do nothing.
const SAVED: &str = "default-src 'none'; frame-ancestors 'none'; sandbox";

const REPORTING_ENDPOINTS: HeaderName = HeaderName::from_static("reporting-endpoints");
/// The address of reports under its name, which `report-to` uses.
const ENDPOINT: &str = "csp=\"/csp-report\"";

/// A policy that says where browsers report what it stops. Chromium heeds `report-to` over
/// encrypted connections only, but it ignores `report-uri` wherever `report-to` stands.
fn reported(policy: &HeaderValue, is_encrypted: bool) -> Option<HeaderValue> {
    let policy = policy.to_str().ok()?;
    let to = if is_encrypted { "; report-to csp" } else { "" };
    HeaderValue::from_str(&format!("{policy}; report-uri /csp-report{to}")).ok()
}

/// The policy of a page, whose own script carries the nonce.
pub fn page_policy(nonce: &Nonce) -> Option<HeaderValue> {
    // `cargo leptos watch` reloads pages through a socket of its own.
    let watching = cfg!(debug_assertions) && std::env::var_os("LEPTOS_WATCH").is_some();
    let reload = if watching {
        " ws://127.0.0.1:3001 ws://localhost:3001"
    } else {
        ""
    };
    let policy = format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; \
         connect-src 'self'{reload}; style-src 'self'; img-src 'self' data:; form-action 'self'; \
         base-uri 'none'; frame-ancestors 'none'"
    );
    HeaderValue::from_str(&policy).ok()
}

pub(super) async fn add(State(reach): State<Arc<Reach>>, request: Request, next: Next) -> Response {
    // The other ports of `localhost` are other programs, which may not be encrypted.
    let insist = reach.is_encrypted()
        && host_of(request.headers(), request.uri())
            .is_none_or(|host| !host.host().eq_ignore_ascii_case("localhost"));
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    let is_saved = headers.contains_key(header::CONTENT_DISPOSITION);
    let usual = if is_saved { SAVED } else { WITHOUT_SCRIPT };
    let policy = headers.remove(header::CONTENT_SECURITY_POLICY);
    let policy = policy.unwrap_or(HeaderValue::from_static(usual));
    let policy = reported(&policy, reach.is_encrypted()).unwrap_or(policy);
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    if reach.is_encrypted() {
        let endpoint = HeaderValue::from_static(ENDPOINT);
        headers.insert(REPORTING_ENDPOINTS, endpoint);
    }
    let caching = headers.entry(header::CACHE_CONTROL);
    caching.or_insert(HeaderValue::from_static("no-store"));
    if insist {
        let value = HeaderValue::from_static("max-age=63072000; includeSubDomains");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, value);
    }
    response
}
