//! Reports of browsers that the content policy stopped something: a stranger's script on a page of
//! ours, when the policy works, but mostly an extension of the browser.
//!
//! Anyone who can reach the console can send a report, so Carillon believes little of it and keeps
//! little: only the directive, as a word of ours. The addresses and samples of code in a report may
//! hold data of people, and are left out.

use std::collections::{BTreeSet, HashMap};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::Extension;
use axum::body::Body;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use backend::ClientNetwork;
use domain::Cause;
use metrics::counter;
use serde::Deserialize;

use crate::answer::refuse;
use crate::metrics::CSP_REPORTS;

/// The largest body. A report has the address of a page and the whole policy in it.
const LARGEST: usize = 8 * 1024;
/// How many requests with reports a client may send in a minute, and all clients together.
const OF_ONE: u32 = 20;
const OF_ALL: u32 = 200;
const MINUTE: Duration = Duration::from_mins(1);

/// What a policy can say, as browsers name it. A word that is not among them is `other`.
const DIRECTIVES: [&str; 20] = [
    "base-uri",
    "child-src",
    "connect-src",
    "default-src",
    "font-src",
    "form-action",
    "frame-ancestors",
    "frame-src",
    "img-src",
    "manifest-src",
    "media-src",
    "object-src",
    "sandbox",
    "script-src",
    "script-src-attr",
    "script-src-elem",
    "style-src",
    "style-src-attr",
    "style-src-elem",
    "worker-src",
];

/// How many reports came in this minute. Cheap to clone.
#[derive(Clone, Default)]
pub struct Reports(Arc<Mutex<Option<Counted>>>);

struct Counted {
    since: Instant,
    all: u32,
    by_client: HashMap<ClientNetwork, u32>,
}

impl Reports {
    /// Whether one more may come. A minute that is over is forgotten, so that there are never more
    /// clients than reports.
    fn count(&self, client: ClientNetwork, now: Instant) -> bool {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let counted = held.take().filter(|held| now < held.since + MINUTE);
        let counted = held.insert(counted.unwrap_or_else(|| Counted {
            since: now,
            all: 0,
            by_client: HashMap::new(),
        }));
        let of_one = counted.by_client.get(&client).copied();
        let of_one = of_one.unwrap_or_default();
        if counted.all >= OF_ALL || of_one >= OF_ONE {
            return false;
        }
        counted.all += 1;
        counted.by_client.insert(client, of_one + 1);
        true
    }
}

/// `POST /csp-report`: counts what was stopped, and writes it into the log.
pub(crate) async fn take(
    State(reports): State<Reports>,
    peer: Option<Extension<ConnectInfo<SocketAddr>>>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let Some(kind) = kind_of(&headers) else {
        return refuse(StatusCode::UNSUPPORTED_MEDIA_TYPE, Cause::Outdated);
    };
    // Unknown behind a proxy that names it illegibly.
    let address = peer.map(|Extension(ConnectInfo(peer))| peer.ip());
    if !reports.count(ClientNetwork::of(address), Instant::now()) {
        return refuse(StatusCode::TOO_MANY_REQUESTS, Cause::Busy);
    }
    let Ok(body) = axum::body::to_bytes(body, LARGEST).await else {
        return refuse(StatusCode::PAYLOAD_TOO_LARGE, Cause::Outdated);
    };
    let Some(directives) = directives_of(kind, &body) else {
        return refuse(StatusCode::BAD_REQUEST, Cause::Outdated);
    };
    for directive in directives {
        counter!(CSP_REPORTS, "directive" => directive).increment(1);
        tracing::warn!(
            directive,
            "a browser reported a breach of the content policy"
        );
    }
    StatusCode::NO_CONTENT.into_response()
}

/// The two ways in which browsers write reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// What `report-uri` gets: one.
    One,
    /// What `report-to` gets: a list, also of other kinds.
    List,
}

fn kind_of(headers: &HeaderMap) -> Option<Kind> {
    let kind = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    let kind = kind.split(';').next()?.trim();
    let named = |name: &str| kind.eq_ignore_ascii_case(name);
    if named("application/csp-report") {
        Some(Kind::One)
    } else {
        named("application/reports+json").then_some(Kind::List)
    }
}

#[derive(Deserialize)]
struct One {
    #[serde(rename = "csp-report")]
    report: Old,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Old {
    effective_directive: Option<String>,
    violated_directive: Option<String>,
}

#[derive(Deserialize)]
struct Listed {
    r#type: String,
    body: Option<New>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct New {
    effective_directive: Option<String>,
}

/// The directives that a body tells of, each once; `None` when it cannot be read.
fn directives_of(kind: Kind, body: &[u8]) -> Option<BTreeSet<&'static str>> {
    let told: Vec<Option<String>> = match kind {
        Kind::One => {
            let One { report } = serde_json::from_slice(body).ok()?;
            vec![report.effective_directive.or(report.violated_directive)]
        }
        Kind::List => {
            let listed: Vec<Listed> = serde_json::from_slice(body).ok()?;
            let of_policy = listed
                .into_iter()
                .filter(|one| one.r#type == "csp-violation");
            of_policy
                .map(|one| one.body.and_then(|body| body.effective_directive))
                .collect()
        }
    };
    Some(told.iter().map(|told| word(told.as_deref())).collect())
}

/// A directive in our words. Older browsers send it with its sources.
fn word(told: Option<&str>) -> &'static str {
    let name = told.and_then(|told| told.split(' ').next());
    let known = DIRECTIVES.iter().find(|known| Some(**known) == name);
    known.copied().unwrap_or("other")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(kind: Kind, body: &str) -> Option<Vec<&'static str>> {
        directives_of(kind, body.as_bytes()).map(|told| told.into_iter().collect())
    }

    #[test]
    fn the_directive_is_a_word_of_ours_and_nothing_else_is_read() {
        for (body, expected) in [
            (
                r#"{"csp-report":{"effective-directive":"script-src-elem","blocked-uri":"x"}}"#,
                Some(vec!["script-src-elem"]),
            ),
            (
                r#"{"csp-report":{"violated-directive":"img-src 'self' data:"}}"#,
                Some(vec!["img-src"]),
            ),
            (
                r#"{"csp-report":{"effective-directive":"ana@example.com"}}"#,
                Some(vec!["other"]),
            ),
            (r#"{"csp-report":{}}"#, Some(vec!["other"])),
            (r#"{"csp-report":7}"#, None),
            ("{}", None),
            ("[]", None),
            ("", None),
        ] {
            assert_eq!(told(Kind::One, body), expected, "{body}");
        }
    }

    #[test]
    fn a_list_is_read_once_for_each_directive_and_without_what_is_no_breach() {
        let body = r#"[
            {"type":"csp-violation","body":{"effectiveDirective":"img-src"}},
            {"type":"csp-violation","body":{"effectiveDirective":"img-src"}},
            {"type":"csp-violation","body":{"effectiveDirective":"connect-src"}},
            {"type":"csp-violation"},
            {"type":"deprecation","body":{"id":"x"}}
        ]"#;
        let expected = vec!["connect-src", "img-src", "other"];
        assert_eq!(told(Kind::List, body), Some(expected));
        assert_eq!(told(Kind::List, "[]"), Some(Vec::new()));
        assert_eq!(told(Kind::List, "{}"), None);
    }

    #[test]
    fn an_address_and_all_addresses_have_so_many_a_minute() {
        let (reports, start) = (Reports::default(), Instant::now());
        let count = |text: &str, at: Instant| {
            let client = ClientNetwork::of(Some(text.parse().unwrap()));
            reports.count(client, at)
        };
        for at in 0..OF_ONE {
            assert!(count("192.0.2.1", start), "{at}");
        }
        assert!(!count("192.0.2.1", start));
        assert!(count("2001:db8:1:2::1", start));
        for at in 1..OF_ONE {
            assert!(count(&format!("2001:db8:1:2::{at}"), start));
        }
        assert!(!count("2001:db8:1:2:ffff::1", start));
        for at in OF_ONE * 2..OF_ALL {
            assert!(count(&format!("198.51.100.{at}"), start), "{at}");
        }
        assert!(!count("203.0.113.1", start));
        assert!(count("192.0.2.1", start + MINUTE));
    }
}
