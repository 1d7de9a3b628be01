//! Taking one's own authenticator away.

use domain::Failure;
use leptos::prelude::*;

use super::PAGE;
use crate::form::Done;
use crate::request::Request;

/// Takes the authenticator and the recovery codes away: the password is enough again.
#[server(prefix = "/api", endpoint = "account/authenticator/remove")]
pub async fn remove_authenticator() -> Result<Done, Failure> {
    let request = Request::current();
    let backend = request.backend();
    backend.remove_authenticator(request.caller()?).await?;
    let detail = "Signing in asks for the password only.".to_owned();
    request
        .done("/account".to_owned(), "Authenticator removed", detail)
        .await
}

/// "Remove authenticator".
pub(super) fn button() -> AnyView {
    let what = ("trash", "Remove authenticator");
    super::button(PAGE, "btn", what, "account/authenticator/remove")
}
