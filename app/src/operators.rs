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
use leptos_router::{MatchNestedRoutes, path};

use crate::ui::page::at;

pub use opened::signs_in_with;

use detail::DetailPage;
use invite::InvitePage;
use list::ListPage;
use opened::{
    LINK, LIST, Opened, chosen, hold_link, meaning, path_of, refuse_others, role_field, state,
    stays_note, unless_refused, why_it_stays,
};
use reset::ResetPage;
use role::RolePage;
use scope::ScopePage;

/// The addresses of operators.
#[component(transparent)]
pub fn OperatorRoutes() -> impl MatchNestedRoutes + Clone {
    (
        at(path!("/operators"), ListPage),
        at(path!("/operators/invite"), InvitePage),
        at(path!("/operators/:id"), DetailPage),
        at(path!("/operators/:id/role"), RolePage),
        at(path!("/operators/:id/scope"), ScopePage),
        at(path!("/operators/:id/reset"), ResetPage),
    )
}
