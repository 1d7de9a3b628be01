//! Which address is answered by what.

use std::sync::Arc;

use app::audit::export;
use app::imports::receive::{Receiver, receive};
use app::imports::{refused_csv, template};
use app::jobs::results;
use app::routes::App;
use app::shell::document;
use axum::Router;
use axum::body::{Body, HttpBody};
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use backend::Backend;
use domain::Cause;
use leptos::config::LeptosOptions;
use leptos::context::use_context;
use leptos::nonce::use_nonce;
use leptos_axum::{
    LeptosRoutes, ResponseOptions, generate_route_list, render_app_async_with_context,
};
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, Predicate};

use crate::answer::refuse;
use crate::assets::{self, Site};
use crate::config::Reach;
use crate::layers::headers::page_policy;
use crate::limits::Limits;
use crate::reports::{self, Reports};
use crate::{forms, layers, theme};

/// Everything the server answers.
pub fn router(backend: Backend, reach: &Arc<Reach>, site: &Site, limits: &Limits) -> Router {
    let pages = layers::with_session(pages(&backend, site, limits), &backend, reach);
    let pages = layers::bounded(pages, limits);
    // Fast: a page is made for one reader, so the time to compress it is part of its answer.
    let compression = CompressionLayer::new().quality(CompressionLevel::Fastest);
    let pages = pages.layer(compression.compress_when(DefaultPredicate::new().and(MayChange)));
    let files = Router::new()
        .route("/pkg/{*path}", get(assets::serve))
        .route("/icons.svg", get(assets::serve))
        .route("/favicon.svg", get(assets::serve))
        .with_state(site.clone());
    let others = Router::new()
        .route("/theme", post(theme::choose).with_state(Arc::clone(reach)))
        .route(
            "/csp-report",
            post(reports::take).with_state(Reports::default()),
        )
        .route("/robots.txt", get(assets::robots))
        .route("/livez", get(|| async { "alive" }))
        .route("/readyz", get(readiness).with_state(backend));
    layers::around(pages.merge(files).merge(others), reach, site, limits)
}

/// Whether an answer may be compressed. The application forbids it for pages that show a secret.
#[derive(Clone, Copy, Debug)]
struct MayChange;

impl Predicate for MayChange {
    fn should_compress<B: HttpBody>(&self, response: &axum::http::Response<B>) -> bool {
        let caching = response.headers().get(header::CACHE_CONTROL);
        let caching = caching.and_then(|value| value.to_str().ok());
        !caching.is_some_and(|caching| caching.contains("no-transform"))
    }
}

/// The pages and server functions of the application.
fn pages(backend: &Backend, site: &Site, limits: &Limits) -> Router {
    let provide = {
        let backend = backend.clone();
        move || {
            app::request::provide(backend.clone());
            allow_our_script();
        }
    };
    let shell = {
        let site = site.clone();
        move || document(site.front_end())
    };
    let render_missing = render_app_async_with_context(provide.clone(), shell.clone());
    let missing = move |request: Request| {
        let render = render_missing.clone();
        async move { not_found(render, request).await }
    };
    let options = LeptosOptions::builder().output_name("carillon").build();
    let receiver = Receiver::new(backend.clone(), limits.file, limits.body);
    let routes = Router::new()
        .leptos_routes_with_context(&options, generate_route_list(App), provide, shell)
        .route(
            "/audit/export.csv",
            get(export::csv).with_state(backend.clone()),
        )
        .route(
            "/audit/export.jsonl",
            get(export::json_lines).with_state(backend.clone()),
        )
        .route(
            "/jobs/{job}/results.csv",
            get(results::csv).with_state(backend.clone()),
        )
        .route(
            "/{connection}/{region}/app-instances/{instance}/import-users/file",
            post(receive).with_state(receiver.clone()),
        )
        .route(
            "/{connection}/{region}/app-instances/{instance}/import-admins/file",
            post(receive).with_state(receiver.clone()),
        )
        .route(
            "/{connection}/{region}/app-instances/{instance}/import-endpoints/file",
            post(receive).with_state(receiver),
        )
        .route(
            "/{connection}/{region}/app-instances/{instance}/import-users/template.csv",
            get(template::csv),
        )
        .route(
            "/{connection}/{region}/app-instances/{instance}/import-admins/template.csv",
            get(template::csv),
        )
        .route(
            "/{connection}/{region}/app-instances/{instance}/import-endpoints/template.csv",
            get(template::csv),
        )
        .route(
            "/{connection}/{region}/app-instances/{instance}/imports/{import}/refused.csv",
            get(refused_csv).with_state(backend.clone()),
        )
        .fallback(missing)
        .with_state(options);
    layers::catch_panics(routes).layer(from_fn_with_state(backend.clone(), forms::answer))
}

/// Sets the policy of a page, by the nonce that its script is rendered with. Server functions pass
/// it too; they have no nonce, and get the policy of answers that are not a page.
fn allow_our_script() {
    let policy = use_nonce().as_ref().and_then(page_policy);
    if let (Some(policy), Some(response)) = (policy, use_context::<ResponseOptions>()) {
        response.insert_header(header::CONTENT_SECURITY_POLICY, policy);
    }
}

/// The application's own page for addresses that lead nowhere.
async fn not_found<F>(render: impl Fn(Request<Body>) -> F, request: Request) -> Response
where
    F: Future<Output = Response>,
{
    if request.uri().path().starts_with("/api/") {
        return refuse(StatusCode::NOT_FOUND, Cause::NoSuchPage);
    }
    let mut response = render(request).await;
    if response.status() == StatusCode::OK {
        *response.status_mut() = StatusCode::NOT_FOUND;
    }
    response
}

/// Whether requests that need the database can be answered.
async fn readiness(State(backend): State<Backend>) -> Response {
    if backend.is_ready().await {
        "ready".into_response()
    } else {
        refuse(StatusCode::SERVICE_UNAVAILABLE, Cause::StoreUnavailable)
    }
}
