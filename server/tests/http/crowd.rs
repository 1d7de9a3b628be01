//! Somebody who takes what they can: places, connections, waits for others. Others are answered,
//! whatever one address does.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{Method, StatusCode};
use axum::routing::get;
use futures_util::stream;
use server::limits::{Bound, Limits};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::support::{Browser, LONG, reach, serve_at, serve_within, site};

const PROXY: [&str; 2] = ["--trusted-proxy", "127.0.0.1"];

fn limits() -> Limits {
    Limits {
        headers: LONG * 1000,
        ..Limits::default()
    }
}

/// So many places for requests, and so many of them for one address.
fn places(all: usize, each: usize) -> Limits {
    Limits {
        in_flight: Bound { all, each },
        ..limits()
    }
}

/// The same for waits for a provider.
fn waits(all: usize, each: usize) -> Limits {
    Limits {
        at_providers: Bound { all, each },
        ..limits()
    }
}

/// A page that waits until a test lets it go, and tells that it waits.
#[derive(Clone)]
struct Gate {
    waiting: Arc<Semaphore>,
    open: Arc<Semaphore>,
}

impl Gate {
    async fn pass(self) -> &'static str {
        self.waiting.add_permits(1);
        self.open.acquire().await.map_or("closed", |_| "opened")
    }

    /// Lets everybody pass once so many wait and a test looked at it.
    async fn open_after<T>(&self, waiting: u32, look: impl Future<Output = T>) -> T {
        let all = timeout(LONG, self.waiting.acquire_many(waiting)).await;
        all.expect("they are not let in").unwrap().forget();
        let seen = look.await;
        self.open.add_permits(1);
        seen
    }
}

/// Routes within all layers and limits, behind a proxy.
async fn gated(limits: &Limits) -> (Browser, Gate) {
    let gate = Gate {
        waiting: Arc::new(Semaphore::new(0)),
        open: Arc::new(Semaphore::new(0)),
    };
    let page = {
        let gate = gate.clone();
        move || gate.clone().pass()
    };
    let routes = Router::new()
        .route("/page", get(page.clone()))
        .route("/sign-in/oidc/{provider}", get(page))
        .route("/other", get(async || "other"));
    let reach = Arc::new(reach(&PROXY));
    let routes = server::layers::bounded(routes, limits);
    let routes = server::layers::around(routes, &reach, &site(), limits);
    (serve_within(routes, limits).await, gate)
}

async fn open_from(browser: &Browser, path: &str, address: &str) -> StatusCode {
    let headers = [("x-forwarded-for", address)];
    browser.send(Method::GET, path, &headers, "").await.status
}

#[tokio::test]
async fn an_address_has_a_share_of_the_places() {
    let (browser, gate) = gated(&places(3, 2)).await;
    let open = async |address: &str| open_from(&browser, "/page", address).await;

    let (one, two, third) = tokio::join!(
        open("192.0.2.1"),
        open("192.0.2.1"),
        gate.open_after(2, open("192.0.2.1"))
    );
    assert_eq!([one, two], [StatusCode::OK; 2]);
    assert_eq!(third, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn what_an_address_takes_leaves_places_for_others_until_all_are_taken() {
    let (browser, gate) = gated(&places(3, 2)).await;
    let open = async |address: &str| open_from(&browser, "/page", address).await;

    let (one, two, other, one_more) = tokio::join!(
        open("192.0.2.1"),
        open("192.0.2.1"),
        open("192.0.2.2"),
        gate.open_after(3, open("192.0.2.3"))
    );

    assert_eq!([one, two, other], [StatusCode::OK; 3]);
    assert_eq!(one_more, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn an_address_has_a_share_of_the_waits_for_a_provider() {
    let (browser, gate) = gated(&waits(2, 1)).await;
    let provider = async |address: &str| {
        let path = "/sign-in/oidc/google";
        open_from(&browser, path, address).await
    };
    let more = async {
        [
            provider("192.0.2.1").await,
            provider("192.0.2.3").await,
            open_from(&browser, "/other", "192.0.2.1").await,
        ]
    };

    let (first, other, more) = tokio::join!(
        provider("192.0.2.1"),
        provider("192.0.2.2"),
        gate.open_after(2, more)
    );

    assert_eq!([first, other], [StatusCode::OK; 2]);
    let busy = StatusCode::SERVICE_UNAVAILABLE;
    assert_eq!(more, [busy, busy, StatusCode::OK]);

    // There is room for others, and none for one more of theirs.
    let (browser, gate) = gated(&waits(3, 1)).await;
    let path = "/sign-in/oidc/google";
    let open = async |address: &str| open_from(&browser, path, address).await;
    let more = async { timeout(LONG, open("192.0.2.1")).await };
    let (first, again) = tokio::join!(open("192.0.2.1"), gate.open_after(1, more));
    assert_eq!((first, again), (StatusCode::OK, Ok(busy)));
}

#[tokio::test]
async fn whoever_reads_slowly_holds_no_place() {
    let limits = places(1, 1);
    // Like an export: made while it is taken, and never at an end.
    let endless = || stream::repeat_with(|| Ok::<_, std::io::Error>(vec![b'a'; 4096]));
    let routes = Router::new()
        .route("/endless", get(async move || Body::from_stream(endless())))
        .route("/page", get(async || "page"));
    let routes = server::layers::bounded(routes, &limits);
    let reach = Arc::new(reach(&[]));
    let routes = server::layers::around(routes, &reach, &site(), &limits);
    let browser = serve_within(routes, &limits).await;
    let mut slow = TcpStream::connect(browser.address).await.unwrap();
    let request = "GET /endless HTTP/1.1\r\nhost: localhost\r\n\r\n";
    slow.write_all(request.as_bytes()).await.unwrap();
    let mut start = [0; 12];
    slow.read_exact(&mut start).await.unwrap();
    assert_eq!(&start, b"HTTP/1.1 200");

    let page = browser.get("/page").await;

    assert_eq!(page.status, StatusCode::OK);
}

/// A connection from another address of this machine, which only Linux has without being asked.
#[cfg(target_os = "linux")]
async fn connect_from(address: [u8; 4], to: SocketAddr) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(SocketAddr::from((address, 0))).unwrap();
    socket.connect(to).await.unwrap()
}

/// Whether a request by it is answered, or else the connection closed.
#[cfg(target_os = "linux")]
async fn is_answered(stream: &mut TcpStream) -> bool {
    let request = "GET /livez HTTP/1.1\r\nhost: localhost\r\n\r\n";
    let mut start = [0; 12];
    // Closed before it was written, or after.
    let exchange = async {
        stream.write_all(request.as_bytes()).await?;
        stream.read_exact(&mut start).await
    };
    let exchange = timeout(LONG, exchange).await;
    exchange.expect("no answer and not closed").is_ok() && &start == b"HTTP/1.1 200"
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn an_address_has_a_share_of_the_connections_and_a_proxy_has_all() {
    let limits = Limits {
        connections: Bound { all: 4, each: 2 },
        ..limits()
    };
    for (options, answered) in [(&[][..], [true, true, false, true]), (&PROXY, [true; 4])] {
        let routes = Router::new().route("/livez", get(async || "alive"));
        let reach = Arc::new(reach(options));
        let routes = server::layers::around(routes, &reach, &site(), &limits);
        let browser = serve_at(routes, &reach, &limits).await;
        let mut held = Vec::new();
        for (last, answered) in [1, 1, 1, 2].into_iter().zip(answered) {
            let mut stream = connect_from([127, 0, 0, last], browser.address).await;
            assert_eq!(
                is_answered(&mut stream).await,
                answered,
                "{options:?} {last}"
            );
            held.push(stream);
        }
    }
}
