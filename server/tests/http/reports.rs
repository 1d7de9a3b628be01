//! What browsers report that the content policy stopped.

use std::fs::{self, File};
use std::process::Command;

use axum::http::{Method, StatusCode};
use domain::Role;

use crate::malformed::metrics;
use crate::support::{Answer, Browser, Dashboard, TestApp};

const PATH: &str = "/csp-report";
/// As Chromium sends them, by `report-uri` and by `report-to`.
const ONE: (&str, &str) = (
    "application/csp-report",
    r#"{"csp-report":{"document-uri":"http://localhost/canary?canary=1","referrer":"",
        "violated-directive":"script-src-elem","effective-directive":"script-src-elem",
        "original-policy":"default-src 'none'","disposition":"enforce","blocked-uri":"inline",
        "source-file":"http://localhost/canary","script-sample":"canary()"}}"#,
);
const LIST: (&str, &str) = (
    "application/reports+json",
    r#"[{"age":1,"type":"csp-violation","url":"https://localhost/canary","user_agent":"canary",
        "body":{"blockedURL":"https://canary.example/x.png","disposition":"enforce",
        "documentURL":"https://localhost/canary","effectiveDirective":"img-src","sample":""}},
        {"type":"csp-violation","body":{"effectiveDirective":"canary"}}]"#,
);

async fn send(browser: &Browser, (kind, body): (&str, &str)) -> Answer {
    let headers = [("content-type", kind), ("sec-fetch-site", "same-origin")];
    browser
        .send(Method::POST, PATH, &headers, body.to_owned())
        .await
}

#[tokio::test]
async fn every_policy_says_where_to_report_and_by_what_name_when_encrypted() {
    let (_app, browser) = TestApp::signed_in(Role::Viewer).await;
    for path in ["/", "/icons.svg", "/pkg/none.js", "/audit/export.csv"] {
        let answer = browser.get(path).await;
        let policy = answer.header("content-security-policy");
        assert!(policy.ends_with("; report-uri /csp-report"), "{policy}");
        assert_eq!(answer.header("reporting-endpoints"), "", "{path}");
    }

    let encrypted = ["--public-url", "https://console.example"];
    let app = TestApp::start_with(&encrypted).await;
    let answer = app.anonymous().get("/sign-in").await;
    let policy = answer.header("content-security-policy");
    let both = "; report-uri /csp-report; report-to csp";
    assert!(policy.ends_with(both), "{policy}");
    assert_eq!(answer.header("reporting-endpoints"), "csp=\"/csp-report\"");
}

#[tokio::test]
async fn a_report_is_counted_and_logged_by_its_directive_and_by_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let mut command = Command::new(env!("CARGO_BIN_EXE_carillon"));
    command
        .args(["serve", "--listen", "127.0.0.1:0", "--log", "debug"])
        .args(["--metrics-listen", "127.0.0.1:0"])
        .env("CARILLON_DATA_DIR", folder.path())
        .stderr(File::create(&log).unwrap());
    let mut dashboard = Dashboard::of(command);
    let reader = metrics(&mut dashboard);

    for report in [ONE, LIST] {
        let answer = send(&dashboard.browser, report).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.text());
        assert_eq!(answer.header("set-cookie"), "");
    }

    let counted = reader.get("/metrics").await;
    dashboard.stop();
    let log = fs::read_to_string(log).unwrap();
    for directive in ["script-src-elem", "img-src", "other"] {
        let series = format!("carillon_csp_reports_total{{directive=\"{directive}\"}} 1");
        assert!(counted.text().contains(&series), "{}", counted.text());
        let line = |line: &&str| line.contains("content policy") && line.contains(directive);
        assert_eq!(log.lines().filter(line).count(), 1, "{log}");
    }
    assert!(!counted.text().contains("canary"));
    assert!(!log.contains("canary"), "{log}");
}

#[tokio::test]
async fn whom_a_proxy_names_illegibly_may_report_too() {
    let app = TestApp::start_with(&["--trusted-proxy", "127.0.0.1"]).await;
    let headers = [
        ("content-type", ONE.0),
        ("sec-fetch-site", "same-origin"),
        ("x-forwarded-for", "somebody"),
    ];

    let answer = app
        .anonymous()
        .send(Method::POST, PATH, &headers, ONE.1)
        .await;

    assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.text());
}

#[tokio::test]
async fn what_is_no_report_or_too_large_or_too_much_is_refused() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    let large = format!("{{\"csp-report\":{{\"a\":\"{}\"}}}}", "x".repeat(8 * 1024));
    let deep = "[".repeat(4000);
    for (report, status) in [
        (("application/x-www-form-urlencoded", ONE.1), 415),
        (("text/plain", ONE.1), 415),
        (("application/csp-reports", ONE.1), 415),
        ((ONE.0, "not JSON"), 400),
        ((ONE.0, LIST.1), 400),
        ((LIST.0, ONE.1), 400),
        ((LIST.0, &*deep), 400),
        ((ONE.0, &*large), 413),
        (("Application/CSP-Report; charset=utf-8", ONE.1), 204),
        (ONE, 204),
    ] {
        // By connections of their own: one is closed when its body is not read.
        let answer = send(&browser.twin(), report).await;
        assert_eq!(answer.status.as_u16(), status, "{report:?}");
    }
    let mut let_through = 0;
    for _ in 0..30 {
        let answer = send(&browser, ONE).await;
        if answer.status == StatusCode::TOO_MANY_REQUESTS {
            assert_ne!(answer.header("retry-after"), "");
        } else {
            let_through += 1;
        }
    }
    // Seven were looked at before.
    assert_eq!(let_through, 13);
    // Nobody was given a session, and a browser that has one keeps it.
    assert_eq!(browser.cookies(), None);
    assert_eq!(browser.get("/sign-in").await.status, StatusCode::OK);
}
