//! TCP connections: so many at once, and each can be reset by a handler.
//!
//! A reset fault must look like a reset: the socket is closed with `SO_LINGER` 0, which sends RST, in place of the
//! response. And what the HTTP library refuses by itself is written in the form that `below` gives it.

use std::{
    future::{Ready, ready},
    io,
    net::SocketAddr,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, ready},
};

use axum::{Extension, middleware::AddExtension};
use axum_server::accept::Accept;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    sync::{OwnedSemaphorePermit, Semaphore},
};
use tower::Layer as _;

use crate::below;
use crate::state::State;

/// The most connections at once: half of the file descriptors that a process usually has.
const MOST: usize = 512;

/// Accepts connections up to the most, and counts them.
#[derive(Clone)]
pub(crate) struct Counted {
    state: Arc<State>,
    free: Arc<Semaphore>,
}

impl Counted {
    pub(crate) fn new(state: Arc<State>) -> Self {
        let free = Arc::new(Semaphore::new(MOST));
        Self { state, free }
    }
}

/// The stream of one connection, which a handler can reset.
pub(crate) struct Connection {
    stream: TcpStream,
    reset: Arc<AtomicBool>,
    /// What is left to write in place of what the library wrote.
    instead: Vec<u8>,
    _place: OwnedSemaphorePermit,
}

/// What a handler knows of the connection its request came on.
#[derive(Clone, Debug)]
pub(crate) struct Peer {
    pub(crate) address: SocketAddr,
    reset: Arc<AtomicBool>,
}

impl Peer {
    /// Makes the next write reset the connection.
    pub(crate) fn reset(&self) {
        self.reset.store(true, Ordering::Release);
    }
}

impl<S> Accept<TcpStream, S> for Counted {
    type Stream = Connection;
    type Service = AddExtension<S, Peer>;
    type Future = Ready<io::Result<(Connection, AddExtension<S, Peer>)>>;

    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        ready(
            self.connection(stream)
                .map(|(connection, peer)| (connection, Extension(peer).layer(service))),
        )
    }
}

impl Counted {
    fn connection(&self, stream: TcpStream) -> io::Result<(Connection, Peer)> {
        // Closed at once and not queued: a queue would hold the descriptors that are short.
        let place = Arc::clone(&self.free)
            .try_acquire_owned()
            .map_err(io::Error::other)?;
        self.state.statistics.count_connection();
        // Without it, small answers on a kept connection wait for the peer's delayed acknowledgement.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(error = %error, "TCP_NODELAY was refused");
        }
        let peer = Peer {
            address: stream.peer_addr()?,
            reset: Arc::default(),
        };
        let connection = Connection {
            stream,
            reset: peer.reset.clone(),
            instead: Vec::new(),
            _place: place,
        };
        Ok((connection, peer))
    }
}

impl Connection {
    /// An error in place of a write, once a handler asked for a reset; dropping the stream then sends RST.
    fn refuse_after_reset(&self) -> io::Result<()> {
        if !self.reset.load(Ordering::Acquire) {
            return Ok(());
        }
        self.stream.set_zero_linger()?;
        Err(io::ErrorKind::ConnectionReset.into())
    }

    /// Writes our form of a refusal in place of `buf`; `None` when `buf` itself is to be written.
    fn poll_write_instead(
        &mut self,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<Option<usize>>> {
        if self.instead.is_empty() {
            match below::in_our_form(buf) {
                Some(ours) => self.instead = ours,
                None => return Poll::Ready(Ok(None)),
            }
        }
        while !self.instead.is_empty() {
            let written = ready!(Pin::new(&mut self.stream).poll_write(cx, &self.instead))?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.instead.drain(..written);
        }
        Poll::Ready(Ok(Some(buf.len())))
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.refuse_after_reset()?;
        if let Some(written) = ready!(self.poll_write_instead(cx, buf))? {
            return Poll::Ready(Ok(written));
        }
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.refuse_after_reset()?;
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.refuse_after_reset()?;
        // The library writes its own refusals in one piece.
        if let [buf] = bufs
            && let Some(written) = ready!(self.poll_write_instead(cx, buf))?
        {
            return Poll::Ready(Ok(written));
        }
        Pin::new(&mut self.stream).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
