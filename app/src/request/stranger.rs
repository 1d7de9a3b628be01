//! Somebody who is not signed in. No session is made for them: what they typed into a form that was
//! refused is held in memory, under a random cookie.

use axum::http::HeaderMap;
use backend::random;

use super::{Reached, Request, cookie};

/// As long as what was typed is held, in seconds.
const LASTS: u32 = 3600;

/// The cookie of somebody who is not signed in.
#[derive(Clone, Debug)]
pub struct Stranger {
    secret: String,
    is_secure: bool,
}

impl Stranger {
    /// Who sends these headers, if they have the cookie.
    pub fn known(headers: &HeaderMap, reached: &Reached) -> Option<Self> {
        let is_secure = reached.secure_cookies;
        let secret = cookie(headers, name(is_secure))?.to_owned();
        random::is_id(&secret).then_some(Self { secret, is_secure })
    }

    /// Somebody new.
    pub fn new(reached: &Reached) -> Self {
        Self {
            secret: random::id(),
            is_secure: reached.secure_cookies,
        }
    }

    /// Who owns what is held for them.
    pub fn owner(&self) -> &str {
        &self.secret
    }

    /// The header that gives the cookie to the browser.
    pub fn cookie(&self) -> String {
        written(&self.secret, LASTS, self.is_secure)
    }
}

impl Request {
    /// Who asks, if they are not known by a session.
    pub fn stranger(&self) -> Option<Stranger> {
        Stranger::known(&self.parts.headers, self.parts.extensions.get()?)
    }

    /// Gives what is held for a stranger to a visitor: they have signed in.
    pub fn adopt_drafts(&self, visitor: &str) {
        let Some(stranger) = self.stranger() else {
            return;
        };
        for (id, draft) in self.backend.strangers().take_all(stranger.owner()) {
            self.backend.drafts().put_back(visitor, id, draft);
        }
        self.set_cookie(&written("", 0, stranger.is_secure));
    }
}

fn name(is_secure: bool) -> &'static str {
    if is_secure {
        "__Host-carillon-visitor"
    } else {
        "carillon-visitor"
    }
}

fn written(value: &str, lasts: u32, is_secure: bool) -> String {
    let secure = if is_secure { "; Secure" } else { "" };
    let name = name(is_secure);
    format!("{name}={value}; Path=/; Max-Age={lasts}; HttpOnly; SameSite=Lax{secure}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_of_another_form_is_nobodys() {
        let reached = Reached {
            base: None,
            secure_cookies: false,
        };
        let known = |value: &str| {
            let cookie = format!("carillon-visitor={value}").parse().unwrap();
            let headers = [(axum::http::header::COOKIE, cookie)].into_iter().collect();
            Stranger::known(&headers, &reached).is_some()
        };
        assert!(known(Stranger::new(&reached).owner()));
        for other in [
            "",
            "a",
            "../../../../../../etc",
            &"a".repeat(23),
            &"a".repeat(4000),
        ] {
            assert!(!known(other), "{other}");
        }
    }
}
