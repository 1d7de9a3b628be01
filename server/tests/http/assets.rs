//! The files of the front end.

use axum::http::{Method, StatusCode};

use crate::support::{TestApp, site};

const JS: &str = "/pkg/carillon.0123456789abcdef.js";

#[tokio::test]
async fn a_hashed_file_is_kept_for_a_year_and_comes_compressed() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    let get = async |encodings| {
        browser
            .send(Method::GET, JS, &[("accept-encoding", encodings)], "")
            .await
    };

    let brotli = get("gzip, deflate, br, zstd").await;
    let gzip = get("gzip, br;q=0").await;
    let plain = get("").await;

    assert_eq!(brotli.text(), "js in brotli");
    assert_eq!(brotli.header("content-encoding"), "br");
    assert_eq!(gzip.text(), "js in gzip");
    assert_eq!(gzip.header("content-encoding"), "gzip");
    assert_eq!(plain.text(), "export default 1;\n");
    assert_eq!(plain.header("content-encoding"), "");
    for answer in [&brotli, &gzip, &plain] {
        assert_eq!(
            answer.header("content-type"),
            "text/javascript; charset=utf-8"
        );
        assert_eq!(
            answer.header("cache-control"),
            "public, max-age=31536000, immutable"
        );
        assert_eq!(answer.header("vary"), "accept-encoding");
        assert_eq!(answer.header("set-cookie"), "");
    }
    assert_ne!(brotli.header("etag"), plain.header("etag"));
}

#[tokio::test]
async fn a_file_that_the_browser_has_is_not_sent_again() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    let first = browser.get("/icons.svg").await;
    assert_eq!(first.header("cache-control"), "public, max-age=300");
    assert_eq!(first.header("content-type"), "image/svg+xml");

    let headers = [("if-none-match", first.header("etag"))];
    let again = browser.send(Method::GET, "/icons.svg", &headers, "").await;
    let changed = browser
        .send(Method::GET, "/icons.svg", &[("if-none-match", "\"x\"")], "")
        .await;

    assert_eq!(again.status, StatusCode::NOT_MODIFIED);
    assert!(again.body.is_empty());
    assert_eq!(again.header("etag"), first.header("etag"));
    assert_eq!(changed.status, StatusCode::OK);
}

#[tokio::test]
async fn files_need_no_session_and_only_those_of_the_site_are_served() {
    let app = TestApp::start().await;
    let browser = app.anonymous();

    let wasm = browser.get("/pkg/carillon.fedcba9876543210.wasm").await;
    assert_eq!(
        (wasm.status, wasm.header("content-type")),
        (StatusCode::OK, "application/wasm")
    );
    assert_eq!(
        browser.get("/robots.txt").await.text(),
        "User-agent: *\nDisallow: /\n"
    );
    for missing in [
        "/pkg/other.js",
        "/pkg/carillon.0123456789abcdef.js.br",
        "/pkg/../Cargo.toml",
        "/pkg/%2e%2e/%2e%2e/main.rs",
        "/favicon.svg",
    ] {
        let answer = browser.get(missing).await;
        assert_ne!(answer.status, StatusCode::OK, "{missing}");
    }
}

#[tokio::test]
async fn pages_ask_for_the_files_by_their_hashed_names() {
    let app = TestApp::start().await;

    let page = app.anonymous().get("/sign-in").await;

    let files = site().front_end();
    assert_eq!(files.js, JS);
    for file in [files.js, files.wasm, files.css] {
        assert!(page.text().contains(&file), "{file}");
    }
}
