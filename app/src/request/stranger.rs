//! Somebody who is not signed in. No session is made for them: what they typed into a form that was
//! refused is held in memory, under a random cookie.

use axum::http::HeaderMap;
use backend::random;
use domain::Failure;

use super::{Cookie, Cookies, Reached, Request};

/// As long as what was typed is held, in seconds.
const LASTS: u32 = 3600;

/// The cookie of somebody who is not signed in.
#[derive(Clone, Debug)]
pub struct Stranger {
    secret: String,
    cookies: Cookies,
}

impl Stranger {
    /// Who sends these headers, if they have the cookie.
    pub fn known(headers: &HeaderMap, reached: &Reached) -> Option<Self> {
        let cookies = reached.cookies.clone();
        let secret = cookies.value(Cookie::Visitor, headers)?.to_owned();
        random::is_id(&secret).then_some(Self { secret, cookies })
    }

    /// A new visitor, known by a random cookie.
    pub fn new(reached: &Reached) -> Self {
        Self {
            secret: random::id(),
            cookies: reached.cookies.clone(),
        }
    }

    /// Who owns what is held for them.
    pub fn owner(&self) -> &str {
        &self.secret
    }

    /// The header that gives the cookie to the browser.
    pub fn cookie(&self) -> String {
        self.cookies.given(Cookie::Visitor, &self.secret, LASTS)
    }
}

impl Request {
    /// Who asks, if they are not known by a session.
    pub fn stranger(&self) -> Option<Stranger> {
        Stranger::known(&self.parts.headers, self.parts.extensions.get()?)
    }

    /// Gives what is held for a stranger to a visitor: they have signed in.
    pub async fn adopt_drafts(&self, visitor: &str) -> Result<(), Failure> {
        let Some(stranger) = self.stranger() else {
            return Ok(());
        };
        let (strangers, drafts) = (self.backend.strangers(), self.backend.drafts());
        for (id, draft) in strangers.take_all(stranger.owner()).await? {
            drafts.put_at(visitor, visitor, id, draft).await?;
        }
        self.set_cookie(&stranger.cookies.taken_back(Cookie::Visitor));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_of_another_form_is_nobodys() {
        let reached = Reached {
            base: None,
            cookies: Cookies::new("carillon", false),
        };
        let known = |value: &str| {
            let cookie = format!("carillon.visitor={value}").parse().unwrap();
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
