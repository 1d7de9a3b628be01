//! Listening: limits on connections and slow clients, and an end that lets requests finish.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use anyhow::Context as _;
use axum::Router;
use axum_server::Handle;
use axum_server::accept::Accept;
use axum_server::tls_rustls::RustlsAcceptor;
use backend::ClientNetwork;
use metrics::{Gauge, gauge};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tokio::time::{Sleep, sleep};

use crate::config::Reach;
use crate::limits::Limits;
use crate::metrics::{CONNECTIONS, REFUSED_CONNECTIONS};
use crate::shares::{Share, Shares};
use crate::tls::Tls;

/// Takes an address.
pub fn bind(listen: SocketAddr) -> anyhow::Result<TcpListener> {
    let listener =
        TcpListener::bind(listen).with_context(|| format!("cannot listen on {listen}"))?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

/// A server that answers requests.
pub struct Running {
    /// The address that it listens on.
    pub address: SocketAddr,
    drain: Duration,
    handle: Handle<SocketAddr>,
    task: JoinHandle<io::Result<()>>,
}

/// Starts to answer requests, encrypted when there is a certificate.
pub async fn start(
    listener: TcpListener,
    router: Router,
    reach: &Arc<Reach>,
    limits: &Limits,
    tls: Option<&Tls>,
) -> anyhow::Result<Running> {
    let handle = Handle::new();
    let capped = Capped::new(reach, limits);
    let mut server = axum_server::from_tcp(listener)?
        .handle(handle.clone())
        .first_request_timeout(limits.headers)
        .http1_only();
    server
        .http_builder()
        .http1()
        .header_read_timeout(limits.headers);
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let task = match tls {
        None => tokio::spawn(server.acceptor(capped).serve(service)),
        Some(tls) => {
            let encrypting = RustlsAcceptor::new(tls.config())
                .handshake_timeout(limits.headers)
                .acceptor(capped);
            tokio::spawn(server.acceptor(encrypting).serve(service))
        }
    };
    let address = handle
        .listening()
        .await
        .context("the server did not start")?;
    Ok(Running {
        address,
        drain: limits.drain,
        handle,
        task,
    })
}

impl Running {
    /// Takes no more connections, and waits for requests in flight.
    pub async fn stop(self) -> anyhow::Result<()> {
        self.handle.graceful_shutdown(Some(self.drain));
        self.task.await?.context("the server failed")
    }

    /// Waits until the server ends by itself, which happens only when it fails.
    pub async fn failed(&mut self) -> anyhow::Error {
        match (&mut self.task).await {
            Ok(Err(error)) => anyhow::Error::new(error).context("the server failed"),
            Ok(Ok(())) | Err(_) => anyhow::anyhow!("the server ended unexpectedly"),
        }
    }
}

/// Waits until the process is asked to stop, and listens from the moment that this returns. A
/// terminal that goes away (SIGHUP) no longer ends the process, whether there is a certificate to
/// read again or not.
pub fn asked_to_stop() -> anyhow::Result<impl Future<Output = ()>> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        // A process that listened to the signal once no longer ends by it, even when nobody listens
        // any more.
        drop(signal(SignalKind::hangup())?);
        Ok(async move {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
        })
    }
    #[cfg(not(unix))]
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}

/// A listener that refuses connections beyond the most.
#[derive(Clone)]
struct Capped {
    shares: Shares,
    reach: Arc<Reach>,
    open: Gauge,
    stall: Duration,
}

impl Capped {
    fn new(reach: &Arc<Reach>, limits: &Limits) -> Self {
        Self {
            shares: Shares::new(limits.connections),
            reach: Arc::clone(reach),
            open: gauge!(CONNECTIONS),
            stall: limits.stall,
        }
    }
}

impl Capped {
    /// Takes a place for a connection. A trusted proxy has no bound of its own: it brings those of
    /// many clients.
    fn share(&self, stream: &TcpStream) -> io::Result<Share> {
        let peer = stream.peer_addr()?.ip();
        let client = (!self.reach.trusts(peer)).then(|| ClientNetwork::of(Some(peer)));
        self.shares.take(client).map_err(|met| {
            met.count(REFUSED_CONNECTIONS, "connection");
            io::Error::other("too many connections")
        })
    }
}

impl<S> Accept<TcpStream, S> for Capped {
    type Stream = Connection;
    type Service = S;
    type Future = std::future::Ready<io::Result<(Connection, S)>>;

    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        let share = self.share(&stream);
        let connection = share.map(|share| {
            // Worth a little latency only; a connection without it works.
            let _ = stream.set_nodelay(true);
            self.open.increment(1);
            Connection {
                stream,
                stall: self.stall,
                stalled: None,
                open: self.open.clone(),
                _share: share,
            }
        });
        std::future::ready(connection.map(|connection| (connection, service)))
    }
}

/// A connection that counts among the most, and that ends when its client stops reading.
struct Connection {
    stream: TcpStream,
    stall: Duration,
    stalled: Option<Pin<Box<Sleep>>>,
    open: Gauge,
    _share: Share,
}

impl Connection {
    /// Watches a write: one that waits starts the clock, one that goes on stops it.
    fn watch<T>(
        &mut self,
        cx: &mut Context<'_>,
        write: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if write.is_ready() {
            self.stalled = None;
            return write;
        }
        let stall = self.stall;
        let stalled = self.stalled.get_or_insert_with(|| Box::pin(sleep(stall)));
        ready!(stalled.as_mut().poll(cx));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.open.decrement(1);
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_read(cx, into)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let write = Pin::new(&mut this.stream).poll_write(cx, bytes);
        this.watch(cx, write)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let write = Pin::new(&mut this.stream).poll_write_vectored(cx, slices);
        this.watch(cx, write)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(cx)
    }
}
