//! A connection as bytes, for what no HTTP library sends.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// What came back on a connection until the server closed it.
#[derive(Debug)]
pub struct Reply {
    pub text: String,
    /// Until the server closed the connection; `None` when it did not.
    pub took: Option<Duration>,
}

impl Reply {
    /// The status of the first answer, if there is one.
    pub fn status(&self) -> Option<u16> {
        let rest = self.text.strip_prefix("HTTP/1.")?;
        rest.get(2..5)?.parse().ok()
    }

    /// The first header of this name in the first answer.
    pub fn header(&self, name: &str) -> Option<&str> {
        let head = self.text.split("\r\n\r\n").next()?;
        let mut lines = head.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(known, _)| *known == name).map(|found| found.1)
    }

    /// How many answers there are.
    pub fn answers(&self) -> usize {
        self.text.matches("HTTP/1.").count()
    }
}

/// Sends bytes and reads until the server closes the connection, or for so long.
///
/// Both at once: the server may answer, and close, before it took everything. `ends` closes the way
/// to the server after the last byte, so that it does not wait for more.
pub async fn exchange(address: SocketAddr, bytes: &[u8], ends: bool, patience: Duration) -> Reply {
    let started = Instant::now();
    let stream = TcpStream::connect(address).await.unwrap();
    let (mut from, mut to) = stream.into_split();
    let write = async {
        // The server may have closed it, and the rest is not for it then.
        let _ = to.write_all(bytes).await;
        if ends {
            let _ = to.shutdown().await;
        }
        to
    };
    let mut answer = Vec::new();
    let read = timeout(patience, from.read_to_end(&mut answer));
    let (_to, read) = tokio::join!(write, read);
    Reply {
        text: String::from_utf8_lossy(&answer).into_owned(),
        took: read.is_ok().then(|| started.elapsed()),
    }
}

/// Sends bytes and reads until the server closes the connection, which it does within so long.
pub async fn until_closed(address: SocketAddr, sent: &str, patience: Duration) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(sent.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let read = timeout(patience, stream.read_to_end(&mut answer)).await;
    let _ = read.expect("the connection stays open");
    String::from_utf8_lossy(&answer).into_owned()
}
