//! Taking one's own authenticator away.

use domain::Failure;
use leptos::prelude::*;

use super::PAGE;
use crate::request::{Done, Request};
use crate::ui::ask::{self, Ask};

/// Takes the authenticator and the recovery codes away: the password is enough again.
#[server(prefix = "/api", endpoint = "account/authenticator/remove")]
pub async fn remove_authenticator() -> Result<Done, Failure> {
    let request = Request::current();
    let accounts = request.backend().accounts();
    accounts.remove_authenticator(request.caller()?).await?;
    let detail = "Signing in asks for the password only.".to_owned();
    request
        .done("/account".to_owned(), "Authenticator removed", detail)
        .await
}

/// "Remove authenticator".
pub(super) fn button() -> AnyView {
    let ask = Ask {
        id: "remove".to_owned(),
        what: ("trash", "Remove authenticator"),
        question: "Remove the authenticator?".to_owned(),
        effect:
            "Your password alone is enough to sign in again, and the recovery codes stop working. \
                 You can set up another one."
                .to_owned(),
        warning: Some("You have no other second step."),
        confirm: "Remove it",
        action: "account/authenticator/remove",
        hidden: super::fields(PAGE),
    };
    ask::button(ask, None, "btn btn-danger-line")
}
