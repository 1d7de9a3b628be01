//! A service that answers what a test makes it answer, and remembers what it was sent.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::body::Bytes;
use axum::http::{Method, StatusCode, Uri};
use axum::{Json, Router};
use percent_encoding::percent_decode_str;
use serde_json::Value;
use tokio::net::TcpListener;

/// What it was sent: method, path and query without percent-encoding, body.
pub type Sent = (Method, String, Value);

type Answers = dyn Fn(&Method, &str) -> (u16, Value) + Send + Sync;

/// The service, until the test ends.
pub struct Stub {
    pub address: SocketAddr,
    sent: Arc<Mutex<Vec<Sent>>>,
}

impl Stub {
    /// Answers each request, of which it is told method, path and query, with a status and JSON.
    pub async fn start(
        answers: impl Fn(&Method, &str) -> (u16, Value) + Send + Sync + 'static,
    ) -> Self {
        let answers: Arc<Answers> = Arc::new(answers);
        let sent = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&sent);
        let routes = Router::new().fallback(move |method: Method, uri: Uri, body: Bytes| {
            let (answers, kept) = (Arc::clone(&answers), Arc::clone(&kept));
            async move {
                let path = percent_decode_str(&uri.to_string())
                    .decode_utf8_lossy()
                    .into_owned();
                let (status, answer) = answers(&method, &path);
                let body = serde_json::from_slice(&body).unwrap_or(Value::Null);
                kept.lock().unwrap().push((method, path, body));
                (StatusCode::from_u16(status).unwrap(), Json(answer))
            }
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
        Self { address, sent }
    }

    /// What was sent to be written.
    pub fn writes(&self) -> Vec<Sent> {
        let sent = self.sent.lock().unwrap();
        let writes = sent.iter().filter(|(method, ..)| *method != Method::GET);
        writes.cloned().collect()
    }
}
