//! Signing in and out, the first operator, links to choose a password, one's own account, proving
//! again who one is.

mod accept;
mod account;
mod authenticator;
mod begin;
mod code;
pub mod notices;
mod provider;
mod setup;
mod sign_in;
pub mod times;
mod unlock;

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::{MatchNestedRoutes, path};

use crate::paths::is_local;
use crate::request::Request;
use crate::ui::page::at;
use crate::ui::parts::small_icon;

use accept::AcceptPage;
use account::AccountPage;
use authenticator::AuthenticatorPage;
use code::CodePage;
use provider::{LeavePage, ReturnPage};
use setup::SetupPage;
use sign_in::SignInPage;
use unlock::UnlockPage;

/// The addresses of signing in and of one's own account.
#[component(transparent)]
pub fn SessionRoutes() -> impl MatchNestedRoutes + Clone {
    (
        at(path!("/sign-in"), SignInPage),
        at(path!("/sign-in/oidc/:provider"), LeavePage),
        at(path!("/sign-in/oidc/:provider/callback"), ReturnPage),
        at(path!("/sign-in/code"), CodePage),
        at(path!("/setup"), SetupPage),
        at(path!("/invite"), AcceptPage),
        at(path!("/account"), AccountPage),
        at(path!("/account/authenticator"), AuthenticatorPage),
        at(path!("/unlock"), UnlockPage),
    )
}

/// The page of this console that the address wants to lead on to; empty when it names none.
fn asked_next(request: &Request) -> String {
    let next = request.query("next").filter(|next| is_local(next));
    next.unwrap_or_default()
}

/// A page for people who are not signed in: its card, once what stands in it is known.
fn card_page<F, L>(load: L) -> impl IntoView
where
    L: FnOnce(Request) -> F,
    F: Future<Output = AnyView> + Send + 'static,
{
    let loading = load(Request::current());
    view! { <Suspense>{Suspend::new(loading)}</Suspense> }
}

/// The frame of pages for people who are not signed in: a card and nothing else.
pub fn card(title: &'static str, lead: &'static str, inside: impl IntoView + 'static) -> AnyView {
    let chimes = || {
        view! {
            <svg class="chimes" aria-hidden="true">
                <use href="/icons.svg#i-chimes"></use>
            </svg>
        }
    };
    view! {
        <Title text=format!("{title} · Carillon") />
        <main class="signin" id="main">
            {chimes()}
            {chimes()}
            <div class="signin-card">
                <div class="brand">
                    <svg class="mark" aria-hidden="true">
                        <use href="/icons.svg#i-mark"></use>
                    </svg>
                    "Carillon"
                </div>
                <div>
                    <h1>{title}</h1>
                    <p class="signin-lead">{lead}</p>
                </div>
                {inside.into_any()}
            </div>
            <p class="signin-foot">
                <span class="rule">
                    {small_icon("shield")} "Every change is recorded in the audit log"
                </span>
            </p>
        </main>
    }
    .into_any()
}
