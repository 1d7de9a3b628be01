//! How browsers reach the console: the start of its addresses, and the cookies that it gives.

use axum::http::{HeaderValue, header};

use super::{Cookie, Cookies, Request};

/// As long as a preference is kept, in seconds: a year.
pub const YEAR: u32 = 31_536_000;

/// How browsers reach the console, put into the request by the server.
#[derive(Clone, Debug)]
pub struct Reached {
    /// The start of its addresses, where it is configured.
    pub base: Option<String>,
    /// Its cookies.
    pub cookies: Cookies,
}

impl Request {
    /// The cookies of this console.
    pub fn cookies(&self) -> Cookies {
        let reached = self.parts.extensions.get::<Reached>();
        reached
            .map(|reached| reached.cookies.clone())
            .unwrap_or_default()
    }

    /// The value of a cookie of this console.
    pub fn cookie(&self, cookie: Cookie) -> Option<&str> {
        self.cookies().value(cookie, &self.parts.headers)
    }

    /// The address of this console: as configured, else as the browser tells it with every post.
    pub fn base(&self) -> String {
        let reached = self.parts.extensions.get::<Reached>();
        if let Some(base) = reached.and_then(|reached| reached.base.clone()) {
            return base;
        }
        let told = self.header(header::ORIGIN);
        if let Some(origin) = told.filter(|origin| origin.starts_with("http")) {
            return origin.to_owned();
        }
        let host = self.header(header::HOST).unwrap_or_default();
        format!("http://{host}")
    }

    /// Keeps a preference of the visitor for a year. The value is a word of ours.
    pub fn keep(&self, cookie: Cookie, value: &str) {
        self.set_cookie(&self.cookies().given(cookie, value, YEAR));
    }

    /// Sets a cookie, written out.
    pub fn set_cookie(&self, cookie: &str) {
        if let Ok(cookie) = HeaderValue::from_str(cookie) {
            self.response.append_header(header::SET_COOKIE, cookie);
        }
    }
}
