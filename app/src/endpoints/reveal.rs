//! Showing the tokens of an endpoint in full, once. Anyone who has a token can send pushes to the
//! device. So the audit records it, and the tokens go to one page and to no address or log.

use domain::arn::AppInstanceUserArn;
use domain::input::DescribeAppInstanceUserEndpoint;
use domain::view::RevealedTokens;
use domain::{Failure, Role, Target};
use leptos::prelude::*;

use super::{OpenedEndpoint, endpoint_path};
use crate::access::reason_to_settle;
use crate::islands::Copy;
use crate::request::{Done, Request};
use crate::ui::parts::{entry, missing, note, panel_beside};
use crate::ui::{allowed, lock};

/// The value of the address that names what is shown.
const REVEAL: &str = "reveal";

/// Reads the tokens, and holds them for the one page that shows them.
#[server(prefix = "/api", endpoint = "endpoints/reveal")]
pub async fn reveal_device_tokens(
    target: Target<AppInstanceUserArn>,
    id: String,
) -> Result<Done, Failure> {
    let request = Request::on(&target);
    let user = target.arn;
    let location = endpoint_path(&request, &user, &id);
    let input = DescribeAppInstanceUserEndpoint {
        app_instance_user_arn: user,
        endpoint_id: id,
    };
    let backend = request.backend();
    let acting = request.acting()?;
    let tokens = backend
        .calls()
        .reveal_tokens(acting.caller, acting.connection, input);
    let tokens = tokens.await?;
    let held = backend
        .revealed()
        .put(&request.visitor().await?, tokens.into())
        .await?;
    Ok(Done {
        location: format!("{location}?{REVEAL}={held}"),
    })
}

/// The button, for those who may; where they have to prove who they are first, the way there.
pub fn reveal_button(request: &Request, opened: &OpenedEndpoint) -> AnyView {
    if let Some(locked) = lock::instead_of_event(request, "btn btn-small", "Reveal") {
        return locked;
    }
    let reason = reason_to_settle(request);
    let hidden = vec![
        (
            "target",
            request.connection().id.target(&opened.user.arn).to_string(),
        ),
        ("id", opened.id.clone()),
        ("page", request.path().to_owned()),
    ];
    let what = ("eye", "Reveal");
    allowed::button_unless(reason, "btn btn-small", what, "endpoints/reveal", hidden)
}

/// The tokens that the address names, if this visitor revealed them and they were not shown yet. An
/// operator who lost the role meanwhile no longer gets them.
pub async fn revealed_panel(request: &Request) -> Option<AnyView> {
    let held = request.query(REVEAL)?;
    let visitor = request.visitor().await.ok()?;
    let tokens = request
        .backend()
        .revealed()
        .take(&visitor, &held)
        .await
        .ok()?
        .map(RevealedTokens::from);
    let caller = request
        .backend()
        .access()
        .still(request.caller().ok()?)
        .await;
    let may = caller.is_ok_and(|caller| caller.role >= Role::Operator);
    let Some(tokens) = tokens.filter(|_| may) else {
        let sentence = "They are shown once. Reveal them again if you need them.";
        return Some(note(
            "flash",
            "info",
            "The tokens are hidden again",
            sentence,
        ));
    };
    request.shows_a_secret();
    Some(shown(&tokens))
}

fn shown(tokens: &RevealedTokens) -> AnyView {
    let token = |text: &str, what: &'static str| {
        view! {
            <span class="arn">{text.to_owned()}</span>
            " "
            <Copy text=text.to_owned() what=what.to_owned() />
        }
        .into_any()
    };
    let device = tokens.device_token.as_deref();
    let device = device.map_or_else(missing, |text| token(text, "device token"));
    let voip = tokens.voip_device_token.as_deref();
    let voip = voip.map(|text| entry("VoIP device token", token(text, "VoIP device token")));
    let note = view! { <span class="panel-note">"Shown once, until you leave this page"</span> };
    let body = view! { <dl class="kv kv-one">{entry("Device token", device)} {voip}</dl> };
    panel_beside("revealed", "Tokens in full", note, body)
}
