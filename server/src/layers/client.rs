//! The address of the client, when a trusted proxy stands between.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::Extensions;
use axum::middleware::Next;
use axum::response::Response;
use backend::ClientNetwork;

use crate::config::Reach;

/// Leaves the address of the client in the request; none when a proxy named it illegibly.
pub(super) async fn look_behind_proxies(
    State(reach): State<Arc<Reach>>,
    mut request: Request,
    next: Next,
) -> Response {
    let peer = request.extensions_mut().remove::<ConnectInfo<SocketAddr>>();
    if let Some(ConnectInfo(mut peer)) = peer
        && let Some(client) = reach.client(peer.ip(), request.headers())
    {
        peer.set_ip(client);
        request.extensions_mut().insert(ConnectInfo(peer));
    }
    next.run(request).await
}

/// The address that a request came from; `None` when nobody knows it.
pub(super) fn address_of(known: &Extensions) -> Option<IpAddr> {
    let peer = known.get::<ConnectInfo<SocketAddr>>();
    peer.map(|ConnectInfo(peer)| peer.ip())
}

/// The client that a request is counted for.
pub(crate) fn network_of(known: &Extensions) -> ClientNetwork {
    ClientNetwork::of(address_of(known))
}
