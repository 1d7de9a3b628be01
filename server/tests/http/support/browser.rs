//! What a browser does: keeps cookies, says where a request comes from, follows nothing by itself.

use std::net::SocketAddr;
use std::sync::Mutex;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use domain::{Cause, Failure};
use http_body_util::BodyExt as _;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

pub struct Browser {
    pub address: SocketAddr,
    client: Client<HttpConnector, Body>,
    cookies: Mutex<Vec<(String, String)>>,
}

impl Browser {
    pub fn new(address: SocketAddr) -> Self {
        let client = Client::builder(TokioExecutor::new()).build_http();
        Self {
            address,
            client,
            cookies: Mutex::default(),
        }
    }

    /// Another window of it: the same cookies from here on, kept apart.
    pub fn twin(&self) -> Self {
        Self {
            cookies: Mutex::new(self.cookies.lock().unwrap().clone()),
            ..Self::new(self.address)
        }
    }

    /// The same browser at another console of this machine: cookies know no port.
    pub fn at(&self, address: SocketAddr) -> Self {
        Self {
            address,
            ..self.twin()
        }
    }

    /// Opens a page.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, &[("accept", "text/html")], "")
            .await
    }

    /// Sends a form without JavaScript.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.post_with(&[], path, fields).await
    }

    /// The same with more headers.
    pub async fn post_with(
        &self,
        more: &[(&str, &str)],
        path: &str,
        fields: &[(&str, &str)],
    ) -> Answer {
        let accept = [("accept", "text/html,*/*;q=0.8")];
        self.submit(&[&accept, more].concat(), path, fields).await
    }

    /// Calls a server function as the browser code does.
    pub async fn call(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let accept = [("accept", "application/json")];
        self.submit(&accept, path, fields).await
    }

    async fn submit(
        &self,
        headers: &[(&str, &str)],
        path: &str,
        fields: &[(&str, &str)],
    ) -> Answer {
        let headers = [headers, &[("sec-fetch-site", "same-origin"), FORM]].concat();
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        self.send(Method::POST, path, &headers, body).await
    }

    /// Sends anything.
    pub async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Body>,
    ) -> Answer {
        let uri = format!("http://{}{path}", self.address);
        let mut request = Request::builder().method(method).uri(uri);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(cookies) = self.cookies() {
            request = request.header(header::COOKIE, cookies);
        }
        let response = self
            .client
            .request(request.body(body.into()).unwrap())
            .await
            .unwrap();
        let (parts, body) = response.into_parts();
        for cookie in parts.headers.get_all(header::SET_COOKIE) {
            self.keep(cookie.to_str().unwrap());
        }
        let body = body.collect().await.unwrap().to_bytes();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body,
        }
    }

    /// The cookies it holds, as it sends them.
    pub fn cookies(&self) -> Option<String> {
        let cookies = self.cookies.lock().unwrap();
        let pairs: Vec<_> = cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }

    fn keep(&self, cookie: &str) {
        let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
        let mut cookies = self.cookies.lock().unwrap();
        cookies.retain(|(known, _)| known != name);
        if !cookie.contains("Max-Age=0") {
            cookies.push((name.to_owned(), value.to_owned()));
        }
    }
}

/// The header of a body that a form sends.
pub const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Answer {
    /// The text of the body.
    pub fn text(&self) -> &str {
        str::from_utf8(&self.body).unwrap()
    }

    /// A header, empty when it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    /// Where a redirect leads.
    pub fn location(&self) -> &str {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{}", self.text());
        self.header("location")
    }

    /// The failure in a JSON body.
    pub fn failure(&self) -> Failure {
        assert_eq!(self.header("content-type"), "application/json");
        serde_json::from_slice(&self.body).unwrap()
    }

    /// That a call failed so.
    #[track_caller]
    pub fn assert_failed(&self, status: StatusCode, cause: Cause) {
        assert_eq!((self.status, self.failure().cause), (status, cause));
    }
}
