//! The cookies of the console: what each is called, and how it is given and taken back. Nothing else
//! names one.
//!
//! Cookies know no port, so that two consoles on one host would take each other's. All names begin
//! with that of the console.

use std::sync::Arc;

use axum::http::{HeaderMap, header};
use tower_sessions::cookie::time::Duration;
use tower_sessions::cookie::{Cookie as HttpCookie, SameSite};

/// What a cookie is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cookie {
    /// The id of a session.
    Session,
    /// Finds the refused form of somebody who is not signed in.
    Visitor,
    /// Which browser began a sign-in with a provider.
    Provider,
    /// Light, dark, or as the system has it.
    Theme,
    /// The columns of the list of users.
    UserColumns,
}

impl Cookie {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Session,
        Self::Visitor,
        Self::Provider,
        Self::Theme,
        Self::UserColumns,
    ];

    /// What stands behind the name of the console. No such name has a dot.
    const fn ending(self) -> &'static str {
        match self {
            Self::Session => "",
            Self::Visitor => ".visitor",
            Self::Provider => ".provider",
            Self::Theme => ".theme",
            Self::UserColumns => ".user-columns",
        }
    }
}

/// The cookies of one console. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cookies {
    console: Arc<str>,
    is_secure: bool,
}

impl Default for Cookies {
    fn default() -> Self {
        Self::new("carillon", true)
    }
}

impl Cookies {
    /// The cookies of the console with this name: letters, digits, `-` and `_`. Secure ones are
    /// bound to this very host, and browsers send them only over connections that they trust.
    pub fn new(console: &str, is_secure: bool) -> Self {
        Self {
            console: console.into(),
            is_secure,
        }
    }

    /// Whether browsers send them only over connections that they trust.
    pub const fn are_secure(&self) -> bool {
        self.is_secure
    }

    /// The full name of a cookie.
    pub fn name(&self, cookie: Cookie) -> String {
        let prefix = if self.is_secure { "__Host-" } else { "" };
        format!("{prefix}{}{}", self.console, cookie.ending())
    }

    /// The value of a cookie, as a browser sends it.
    pub fn value<'a>(&self, cookie: Cookie, headers: &'a HeaderMap) -> Option<&'a str> {
        let name = self.name(cookie);
        let headers = headers.get_all(header::COOKIE).iter();
        let mut sent = headers
            .filter_map(|value| value.to_str().ok())
            .flat_map(HttpCookie::split_parse)
            .flatten();
        let found = sent.find(|sent| sent.name() == name)?;
        found.value_raw()
    }

    /// The header that gives a cookie to a browser for so many seconds. The value is ours, and has
    /// no character that means something there.
    pub fn given(&self, cookie: Cookie, value: &str, lasts: u32) -> String {
        HttpCookie::build((self.name(cookie), value))
            .path("/")
            .max_age(Duration::seconds(lasts.into()))
            .http_only(true)
            .same_site(SameSite::Lax)
            .secure(self.is_secure)
            .to_string()
    }

    /// The header that takes a cookie back.
    pub fn taken_back(&self, cookie: Cookie) -> String {
        self.given(cookie, "", 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cookie_of_a_console_is_one_of_another() {
        let mut names = Vec::new();
        for console in ["carillon", "carillon-3000", "carillon-3000-theme", "theme"] {
            for is_secure in [true, false] {
                let cookies = Cookies::new(console, is_secure);
                names.extend(Cookie::ALL.map(|cookie| cookies.name(cookie)));
            }
        }
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all, "{names:?}");
    }

    #[test]
    fn a_value_is_found_among_those_of_others() {
        let cookies = Cookies::new("carillon-3000", false);
        let sent = "carillon-3001=x; carillon-3000.theme=dark;carillon-3000=a=b; theme=light";
        let headers = [(header::COOKIE, sent.parse().unwrap())]
            .into_iter()
            .collect();
        assert_eq!(cookies.value(Cookie::Theme, &headers), Some("dark"));
        assert_eq!(cookies.value(Cookie::Session, &headers), Some("a=b"));
        assert_eq!(cookies.value(Cookie::Visitor, &headers), None);
    }
}
