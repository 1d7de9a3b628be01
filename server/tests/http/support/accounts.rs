//! Operators: adding them, signing in as one, and the link that an invitation shows.

use backend::{Operator, OperatorId};
use domain::Role;
use percent_encoding::percent_decode_str;

use super::{Answer, Browser, PASSWORD, TestApp};

/// What the form on `/sign-in` calls.
pub const SIGN_IN: &str = "/api/session/sign-in";

/// The form on `/sign-in`.
pub fn credentials<'a>(name: &'a str, password: &'a str) -> [(&'a str, &'a str); 4] {
    [
        ("page", "/sign-in"),
        ("next", ""),
        ("username", name),
        ("password", password),
    ]
}

/// The form that invites an operator whose role covers everything.
pub fn invitation<'a>(username: &'a str, role: &'a str) -> [(&'a str, &'a str); 4] {
    [
        ("page", "/operators/invite"),
        ("username", username),
        ("role", role),
        ("scope", "Everything"),
    ]
}

impl TestApp {
    /// Adds an operator with the password of these tests.
    pub async fn add_operator(&self, name: &str, role: Role) -> Operator {
        let added = self.backend.accounts().add(name, PASSWORD, role);
        added.await.unwrap()
    }

    /// The name of an operator.
    pub async fn username(&self, id: &OperatorId) -> String {
        let operator = self.backend.accounts().get(id).await.unwrap();
        operator.unwrap().username
    }
}

impl Browser {
    /// Sends the form on `/sign-in`, whatever becomes of it.
    pub async fn sign_in(&self, name: &str, password: &str) -> Answer {
        self.post(SIGN_IN, &credentials(name, password)).await
    }
}

impl Answer {
    /// Where a page that asks who somebody is leads afterwards, when this answer leads to that page.
    pub fn next_after(&self, page: &str) -> String {
        let next = self.location().strip_prefix(page).unwrap();
        let next = next.strip_prefix("?next=").unwrap();
        percent_decode_str(next).decode_utf8().unwrap().into_owned()
    }

    /// The token of the link for choosing a password, which this page shows.
    pub fn invitation_token(&self) -> &str {
        let (_, rest) = self.text().split_once("/invite?token=").unwrap();
        rest.split(['<', '"', '&']).next().unwrap()
    }
}
