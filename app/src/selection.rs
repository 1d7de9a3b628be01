//! Selections: rows that are ticked in a list, on whatever page, and what is planned for all of them at once.
//!
//! Everything works without JavaScript: the ticks belong to the form of the bar above the list, and the server
//! keeps what was ticked on other pages (`backend::Selections`). What becomes of a plan is the page of its job.

mod action;
mod bar;
mod keep;
mod list;
mod page;
mod plan;

use leptos::prelude::*;
use leptos_router::{MatchNestedRoutes, path};

use crate::ui::page::at;

pub use bar::Bulk;
pub use list::List;

use action::Action;
use page::ActionPage;

/// The addresses of what can be planned for a selection.
#[component(transparent)]
pub fn SelectionRoutes() -> impl MatchNestedRoutes + Clone {
    (
        at(
            path!("/:connection/:region/app-instances/:instance/selected-users/:act"),
            ActionPage,
        ),
        at(
            path!("/:connection/:region/app-instances/:instance/selected-bots/:act"),
            ActionPage,
        ),
        at(
            path!("/:connection/:region/app-instances/:instance/selected-admins/:act"),
            ActionPage,
        ),
        at(
            path!(
                "/:connection/:region/app-instances/:instance/users/:user/selected-endpoints/:act"
            ),
            ActionPage,
        ),
    )
}
