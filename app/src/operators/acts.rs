//! What takes one button and a question: disabling, signing out everywhere, resetting an authenticator.
//! Enabling asks nothing.

use backend::{Operator, OperatorChange, OperatorId};
use domain::Failure;
use leptos::prelude::*;

use super::{LIST, path_of};
use crate::request::{Done, Request};
use crate::ui::allowed;
use crate::ui::ask::{self, Ask};
use crate::ui::bidi::isolated;

/// Lets somebody sign in no longer, and ends their sessions.
#[server(prefix = "/api", endpoint = "operators/disable")]
pub async fn disable_operator(id: String) -> Result<Done, Failure> {
    act(id, OperatorChange::Disable, "Operator disabled").await
}

/// Lets somebody sign in again.
#[server(prefix = "/api", endpoint = "operators/enable")]
pub async fn enable_operator(id: String) -> Result<Done, Failure> {
    act(id, OperatorChange::Enable, "Operator enabled").await
}

/// Takes the authenticator of somebody who lost it away, and ends their sessions.
#[server(prefix = "/api", endpoint = "operators/reset-authenticator")]
pub async fn reset_operator_authenticator(id: String) -> Result<Done, Failure> {
    act(
        id,
        OperatorChange::ResetAuthenticator,
        "Authenticator reset",
    )
    .await
}

/// Ends all sessions of somebody.
#[server(prefix = "/api", endpoint = "operators/sign-out")]
pub async fn sign_operator_out(id: String) -> Result<Done, Failure> {
    act(id, OperatorChange::SignOut, "Signed out everywhere").await
}

async fn act(id: String, change: OperatorChange<'_>, headline: &str) -> Result<Done, Failure> {
    let request = Request::current();
    let id = OperatorId::from(id);
    let backend = request.backend();
    backend
        .accounts()
        .change_operator(request.caller()?, &id, change)
        .await?;
    let operator = backend.accounts().get(&id).await?;
    let name = operator.map_or_else(String::new, |operator| isolated(&operator.username));
    request.done(path_of(&id), headline, name).await
}

/// The acts on an operator that take one button, and what each asks before. `own` says that
/// operators act on themselves, of which some acts warn.
pub(super) struct Acts<'a> {
    pub operator: &'a Operator,
    pub own: bool,
    /// The page that a refusal comes back to.
    pub page: &'a str,
    pub class: &'static str,
}

impl<'a> Acts<'a> {
    pub fn new(
        request: &Request,
        operator: &'a Operator,
        page: &'a str,
        class: &'static str,
    ) -> Self {
        let caller = request.caller();
        Self {
            operator,
            own: caller.is_ok_and(|caller| caller.operator == operator.id),
            page,
            class,
        }
    }

    /// "Disable", or "Enable" for an operator who is disabled. `stays` is why an operator cannot be
    /// disabled.
    pub fn disable(&self, stays: Option<String>, class: &'static str) -> AnyView {
        if self.operator.disabled.is_some() {
            let what = ("tick", "Enable");
            return allowed::button_unless(None, class, what, "operators/enable", self.fields());
        }
        let name = isolated(&self.operator.username);
        let ask = Ask {
            id: format!("disable-{}", self.operator.id),
            what: ("slash-circle", "Disable"),
            question: format!("Disable {name}?"),
            effect: format!(
                "{name} is signed out everywhere and cannot sign in until an Admin enables them."
            ),
            warning: self.own.then_some(
                "This is you: you are signed out, and only another Admin can let you in again.",
            ),
            confirm: "Disable operator",
            action: "operators/disable",
            hidden: self.fields(),
        };
        ask::button(ask, stays, class)
    }

    /// "Reset authenticator".
    pub fn reset_authenticator(&self) -> AnyView {
        let name = isolated(&self.operator.username);
        let ask = Ask {
            id: format!("authenticator-{}", self.operator.id),
            what: ("phone", "Reset authenticator"),
            question: format!("Reset the authenticator of {name}?"),
            effect: format!(
                "{name} is signed out everywhere, and the recovery codes stop working. The password \
                 alone is enough until they set an authenticator up again."
            ),
            warning: self.own.then_some("This is you: this session ends too."),
            confirm: "Reset it",
            action: "operators/reset-authenticator",
            hidden: self.fields(),
        };
        ask::button(ask, None, self.class)
    }

    /// "Sign out everywhere", for an operator who is signed in somewhere.
    pub fn sign_out(&self, sessions: i64) -> AnyView {
        let reason = (sessions == 0).then(|| "Not signed in anywhere".to_owned());
        let name = isolated(&self.operator.username);
        let sessions = match sessions {
            1 => "1 session ends".to_owned(),
            sessions => format!("{sessions} sessions end"),
        };
        let ask = Ask {
            id: format!("sign-out-{}", self.operator.id),
            what: ("sign-out", "Sign out everywhere"),
            question: format!("Sign {name} out everywhere?"),
            effect: format!("{sessions} at once. The password stays: {name} can sign in again."),
            warning: self.own.then_some("This is you: this session ends too."),
            confirm: "End all sessions",
            action: "operators/sign-out",
            hidden: self.fields(),
        };
        ask::button(ask, reason, self.class)
    }

    fn fields(&self) -> Vec<(&'static str, String)> {
        let page = if self.page.is_empty() {
            LIST
        } else {
            self.page
        };
        vec![
            ("id", self.operator.id.to_string()),
            ("page", page.to_owned()),
            ("form", "act".to_owned()),
        ]
    }
}
