//! The address of the client, when a trusted proxy stands between.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::{ConnectInfo, Request, State};
use axum::middleware::Next;
use axum::response::Response;

use crate::config::Reach;

pub(super) async fn look_behind_proxies(
    State(reach): State<Arc<Reach>>,
    mut request: Request,
    next: Next,
) -> Response {
    let forwarded = request.headers().get_all("x-forwarded-for").iter();
    let forwarded: Vec<_> = forwarded.filter_map(|hops| hops.to_str().ok()).collect();
    let forwarded = (!forwarded.is_empty()).then(|| forwarded.join(","));
    if let Some(ConnectInfo(peer)) = request
        .extensions_mut()
        .get_mut::<ConnectInfo<SocketAddr>>()
    {
        let client = reach.client(peer.ip(), forwarded.as_deref());
        peer.set_ip(client);
    }
    next.run(request).await
}
