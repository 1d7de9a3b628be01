//! How browsers reach the console: the start of its addresses, and the cookies that it gives.

use axum::http::{HeaderValue, header};

use super::Request;

/// How browsers reach the console, put into the request by the server.
#[derive(Clone, Debug)]
pub struct Reached {
    /// The start of its addresses, where it is configured.
    pub base: Option<String>,
    /// Whether cookies travel over connections only that the browser trusts.
    pub secure_cookies: bool,
}

impl Request {
    /// Whether cookies travel over connections only that the browser trusts.
    pub fn has_secure_cookies(&self) -> bool {
        let reached = self.parts.extensions.get::<Reached>();
        reached.is_none_or(|reached| reached.secure_cookies)
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
    pub fn keep(&self, name: &str, value: &str) {
        let secure = self.secure();
        self.set_cookie(&format!(
            "{name}={value}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax{secure}"
        ));
    }

    /// What a cookie has that goes over HTTPS only, where the console is reached by it.
    pub fn secure(&self) -> &'static str {
        if self.has_secure_cookies() {
            "; Secure"
        } else {
            ""
        }
    }

    /// Sets a cookie, written out.
    pub fn set_cookie(&self, cookie: &str) {
        if let Ok(cookie) = HeaderValue::from_str(cookie) {
            self.response.append_header(header::SET_COOKIE, cookie);
        }
    }
}
