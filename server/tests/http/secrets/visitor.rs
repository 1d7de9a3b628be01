//! Who uses the program here, and what they were sent.

use std::fmt::Write as _;
use std::sync::Mutex;

use axum::http::Method;
use emulator::Emulator;

use super::{ADDRESSED, BROKEN, Secret};
use crate::support::{Answer, Browser, Dashboard, credentials};

/// Somebody with a browser, and everything that they were sent.
pub struct Visitor<'a> {
    pub browser: Browser,
    pub world: &'a World,
}

/// The program's surroundings, and all that is to be looked through.
pub struct World {
    pub emulator: Emulator,
    /// What came for each address.
    pub seen: Mutex<Vec<(String, String)>>,
    pub secrets: Mutex<Vec<Secret>>,
}

impl World {
    pub fn keep(&self, what: &'static str, text: &str, shown_on: &[&str]) {
        assert!(text.len() >= 9, "{what} is too short to be found: {text}");
        self.secrets.lock().unwrap().push(Secret {
            what,
            text: text.to_owned(),
            shown_on: shown_on.iter().map(|page| (*page).to_owned()).collect(),
        });
    }

    fn knows(&self, text: &str) -> bool {
        let secrets = self.secrets.lock().unwrap();
        secrets.iter().any(|secret| secret.text == text)
    }

    pub fn visitor(&self, dashboard: &Dashboard) -> Visitor<'_> {
        Visitor {
            browser: Browser::new(dashboard.browser.address),
            world: self,
        }
    }
}

impl Visitor<'_> {
    pub fn note(&self, path: &str, answer: &Answer) {
        self.note_but(path, answer, "set-cookie");
    }

    /// Keeps what an answer said, but for a header that is there to hold a secret.
    fn note_but(&self, path: &str, answer: &Answer, header: &str) {
        let mut text = String::from_utf8_lossy(&answer.body).into_owned();
        for (name, value) in &answer.headers {
            if name != "set-cookie" && name != header {
                let _ = write!(text, "\n{name}: {}", value.to_str().unwrap());
            }
        }
        self.world
            .seen
            .lock()
            .unwrap()
            .push((path.to_owned(), text));
        if let Some(cookie) = self.browser.cookies() {
            let id = cookie.split_once('=').unwrap().1;
            if !self.world.knows(id) {
                self.world.keep("a session cookie", id, &[]);
            }
        }
    }

    pub async fn get(&self, path: &str) -> Answer {
        let answer = self.browser.get(path).await;
        self.note(path, &answer);
        answer
    }

    /// Sends a form, and opens the page that it leads to.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> (String, Answer) {
        let answer = self.browser.post(path, fields).await;
        let location = answer.location().to_owned();
        // A form that comes back is on the page that it was on, whose address may hold a link.
        let page = fields.iter().find(|(name, _)| *name == "page").unwrap().1;
        let is_back = location.starts_with(page);
        self.note_but(path, &answer, if is_back { "location" } else { "" });
        let page = self.get(&location).await;
        (location, page)
    }

    pub async fn call(&self, path: &str, fields: &[(&str, &str)]) {
        let answer = self.browser.call(path, fields).await;
        self.note(path, &answer);
    }

    pub async fn sign_in(&self, name: &str, password: &str) -> (String, Answer) {
        let form = credentials(name, password);
        self.post("/api/session/sign-in", &form).await
    }

    pub async fn bad_requests(&self) {
        let same = ("sec-fetch-site", "same-origin");
        let form = ("content-type", "application/x-www-form-urlencoded");
        let path = "/api/session/sign-in";
        let broken = format!("username=%FF&password={BROKEN}%&x");
        let json = format!("{{\"password\": \"{BROKEN}\"}}");
        let far = ("sec-fetch-site", "cross-site");
        let authorization = format!("Bearer {BROKEN}");
        for (method, path, headers, body) in [
            (Method::POST, path, vec![same, form], broken.clone()),
            (
                Method::POST,
                path,
                vec![same, ("content-type", "application/json")],
                json,
            ),
            (Method::POST, path, vec![far, form], broken.clone()),
            (Method::PUT, path, vec![same, form], broken.clone()),
            (
                Method::POST,
                "/api/nothing",
                vec![same, form],
                broken.clone(),
            ),
            (
                Method::GET,
                "/nowhere",
                vec![("authorization", &*authorization)],
                String::new(),
            ),
        ] {
            let answer = self.browser.send(method, path, &headers, body).await;
            self.note(path, &answer);
        }
        // By a connection of its own, which the server closes.
        let large = broken.repeat(20_000);
        let other = self.browser.twin();
        let answer = other.send(Method::POST, path, &[same, form], large).await;
        self.note(path, &answer);
        for page in ["/invite", "/setup", "/nowhere", "/api/nothing"] {
            self.get(&format!("{page}?token={ADDRESSED}")).await;
        }
    }
}
