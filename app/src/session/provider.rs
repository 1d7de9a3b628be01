//! Signing in with a provider: the buttons, the way there, and the way back.

mod browser;

use backend::Draft;
use backend::oidc::{CallbackParameters, PendingSignIn, Purpose};
use domain::{Cause, Failure, ProviderProblem};
use leptos::prelude::*;
use leptos_meta::Meta;

use super::sign_in::sign_in_card;
use super::{card, card_page, code};
use crate::access::unlock_path;
use crate::paths::{encoded, is_local, leading_to, with_value};
use crate::request::{Done, Place, Request};
use crate::ui::parts::icon;

/// What the forms of the buttons call themselves, so that a refusal is not put above the password.
pub(super) const FORM: &str = "provider";

/// Begins a sign-in with a provider, and leads to the page that goes there.
#[server(prefix = "/api", endpoint = "session/provider")]
pub async fn sign_in_with_provider(provider: String, next: String) -> Result<Done, Failure> {
    start(&provider, &next, Purpose::SignIn).await
}

/// Begins a fresh proof with the operator's own provider, which unlocks writes.
#[server(prefix = "/api", endpoint = "session/confirm")]
pub async fn confirm_with_provider(provider: String, next: String) -> Result<Done, Failure> {
    let operator = Request::current().caller()?.operator.clone();
    start(&provider, &next, Purpose::Confirm(operator)).await
}

async fn start(provider: &str, next: &str, purpose: Purpose) -> Result<Done, Failure> {
    let request = Request::current();
    let next = if is_local(next) { next } else { "/" };
    let browser = browser::known_or_new(&request);
    let path = path_of(provider);
    let back = format!("{}{path}/callback", request.base());
    let state = request
        .backend()
        .accounts()
        .start_sign_in(provider, &browser, &back, next, purpose, &request.origin())
        .await?;
    let location = format!("{path}?state={}", encoded(&state));
    Ok(Done { location })
}

fn path_of(provider: &str) -> String {
    format!("/sign-in/oidc/{}", encoded(provider))
}

/// "Sign in with …", one for each provider.
pub(super) fn buttons(request: &Request, next: &str) -> Option<AnyView> {
    let page = sign_in_path(next);
    if request
        .backend()
        .accounts()
        .providers()
        .iter()
        .next()
        .is_some()
    {
        browser::known_or_new(request);
    }
    let forms = request
        .backend()
        .accounts()
        .providers()
        .iter()
        .map(|provider| {
            let text = format!("Sign in with {}", provider.label());
            button("session/provider", provider.id(), &page, next, text)
        })
        .collect::<Vec<_>>();
    (!forms.is_empty()).then(|| {
        view! {
            <div class="signin-providers">{forms}</div>
            <p class="signin-or">"or with a Carillon account"</p>
        }
        .into_any()
    })
}

/// "Confirm with …", for operators who sign in with a provider: they have no password to unlock
/// with.
pub(super) async fn confirm_button(
    request: &Request,
    next: &str,
) -> Result<Option<AnyView>, Failure> {
    let backend = request.backend();
    let operator = backend.accounts().get(&request.caller()?.operator).await?;
    let provider = operator.and_then(|operator| operator.provider);
    let Some(provider) = provider.and_then(|id| backend.accounts().providers().get(&id)) else {
        return Ok(None);
    };
    browser::known_or_new(request);
    let page = unlock_path(next);
    let text = format!("Confirm with {}", provider.label());
    Ok(Some(button(
        "session/confirm",
        provider.id(),
        &page,
        next,
        text,
    )))
}

/// A button that leads to a provider; a refusal comes back to the page.
fn button(action: &'static str, provider: &str, page: &str, next: &str, text: String) -> AnyView {
    view! {
        <form method="post" action=format!("/api/{action}")>
            <input type="hidden" name="page" value=page.to_owned() />
            <input type="hidden" name="form" value=FORM />
            <input type="hidden" name="provider" value=provider.to_owned() />
            <input type="hidden" name="next" value=next.to_owned() />
            <button class="btn">{icon("key")} <span>{text}</span></button>
        </form>
    }
    .into_any()
}

/// Why one of the buttons of this page was refused.
pub(super) async fn refused(request: &Request) -> Option<Failure> {
    let draft = request.draft().await?;
    let form = draft.fields.iter().find(|(name, _)| name == "form")?;
    draft.failure.filter(|_| form.1 == FORM)
}

/// The address of the page to sign in on, which leads on to `next`.
pub(super) fn sign_in_path(next: &str) -> String {
    if next.is_empty() || next == "/" {
        "/sign-in".to_owned()
    } else {
        leading_to("/sign-in", next)
    }
}

/// On the way to a provider.
///
/// A page of its own, and no redirect as the answer to the form: `form-action 'self'` holds for
/// every redirect that a form post leads through (Chromium), and naming the addresses of providers
/// in the policy would not do, since they hand people on to others.
#[component]
pub fn LeavePage() -> impl IntoView {
    card_page(|request| async move {
        let started = started(&request).await;
        let Some(open) = started
            .as_ref()
            .filter(|started| started.is_open(request.now()))
        else {
            let next = started.as_ref().map_or("", |started| &started.next);
            let page = onward(&request, started.as_ref()).await;
            request.go_to(&page.unwrap_or_else(|| sign_in_path(next)));
            return ().into_any();
        };
        request.shows_a_secret();
        let go_on = format!("0; url={}", open.address);
        let lead = "You come back here when you have signed in there";
        let inside = // Back, from where it led.
        view! {
            <Meta http_equiv="refresh" content=go_on />
            <a class="btn btn-primary" href=open.address.clone() rel="noreferrer">
                {format!("Go on to {}", open.label)}
            </a>
        };
        card("On the way to the provider", lead, inside)
    })
}

/// Back from a provider: signs in, or shows why not on the page where it began.
#[component]
pub fn ReturnPage() -> impl IntoView {
    card_page(|request| async move {
        let started = started(&request).await;
        let failure = match finish(&request).await {
            Ok(location) => {
                request.go_to(&location);
                return ().into_any();
            }
            Err(failure) => failure,
        };
        if failure.cause == Cause::Provider(ProviderProblem::Gone)
            && let Some(page) = onward(&request, started.as_ref()).await
        {
            request.go_to(&page);
            return ().into_any();
        }
        let next = started.as_ref().map_or("", |started| &started.next);
        let confirms = started
            .as_ref()
            .is_some_and(|started| started.purpose != Purpose::SignIn);
        if confirms && let Ok(page) = back_to_unlock(&request, next, &failure).await {
            request.go_to(&page);
            return ().into_any();
        }
        request.set_status(failure.cause.status());
        sign_in_card(&request, next, Some(failure)).await
    })
}

/// The try of this browser that the address names, be it over.
async fn started(request: &Request) -> Option<PendingSignIn> {
    let state = request.query("state")?;
    let browser = browser::known(request)?;
    let pending = request.backend().accounts().pending_sign_ins();
    pending.get(&browser, &state).await.ok().flatten()
}

/// Where to lead somebody who comes back to a try that is over: they are signed in, or wait for
/// their code. `None` when they need a new try. This signs nobody in.
async fn onward(request: &Request, over: Option<&PendingSignIn>) -> Option<String> {
    let next = over.map_or("/", |over| &over.next);
    if request.caller().is_ok() {
        let is_done =
            over.is_none_or(|over| over.purpose == Purpose::SignIn || over.has_succeeded());
        return is_done.then(|| next.to_owned());
    }
    match request.pending().await {
        Ok(Some(_)) => Some(code::leading_to(next)),
        _ => None,
    }
}

/// Holds a refusal for the page that unlocks writes: the person is still signed in, and sees it
/// there.
async fn back_to_unlock(
    request: &Request,
    next: &str,
    failure: &Failure,
) -> Result<String, Failure> {
    let draft = Draft {
        path: "/unlock".to_owned(),
        fields: vec![("form".to_owned(), FORM.to_owned())],
        failure: Some(failure.clone()),
    };
    let drafts = request.backend().drafts();
    let id = drafts.put(&request.visitor().await?, draft).await?;
    Ok(with_value(&unlock_path(next), "draft", &id))
}

async fn finish(request: &Request) -> Result<String, Failure> {
    let Place::Provider(provider) = request.place()? else {
        return Err(Cause::NoSuchPage.into());
    };
    let browser = browser::known(request).unwrap_or_default();
    let answer = CallbackParameters {
        state: request.query("state").unwrap_or_default(),
        code: request.query("code"),
        error: request.query("error"),
        issuer: request.query("iss"),
    };
    let backend = request.backend();
    let finished = backend
        .accounts()
        .finish_sign_in(
            &provider,
            &browser,
            answer,
            &request.origin(),
            request.caller().ok(),
        )
        .await?;
    match finished.purpose {
        Purpose::SignIn => {
            // An operator with an authenticator is asked for a code, whatever the first step was.
            let step = backend.accounts().after_first_step(finished.operator);
            return request.admit(step.await?, &finished.next).await;
        }
        Purpose::Confirm(_) => request.renew_proof().await?,
    }
    Ok(finished.next)
}
