//! Operators: who may sign in and what they may do. For Admins.

mod acts;
mod covering;
mod detail;
mod invite;
mod list;
mod opened;
mod reset;
mod role;
mod scope;

use leptos::prelude::*;
use leptos_router::components::Route;
use leptos_router::{MatchNestedRoutes, SsrMode, path};

pub use opened::signs_in_with;

use detail::DetailPage;
use invite::InvitePage;
use list::ListPage;
use opened::{
    LINK, LIST, Opened, chosen, hold_link, meaning, path_of, refuse_others, role_field, state,
    stays_note, why_it_stays,
};
use reset::ResetPage;
use role::RolePage;
use scope::ScopePage;

/// The addresses of operators.
#[component(transparent)]
pub fn OperatorRoutes() -> impl MatchNestedRoutes + Clone {
    view! {
        <Route path=path!("/operators") view=ListPage ssr=SsrMode::Async />
        <Route path=path!("/operators/invite") view=InvitePage ssr=SsrMode::Async />
        <Route path=path!("/operators/:id") view=DetailPage ssr=SsrMode::Async />
        <Route path=path!("/operators/:id/role") view=RolePage ssr=SsrMode::Async />
        <Route path=path!("/operators/:id/scope") view=ScopePage ssr=SsrMode::Async />
        <Route path=path!("/operators/:id/reset") view=ResetPage ssr=SsrMode::Async />
    }
    .into_inner()
}
