//! AppInstanceAdmins: users and bots that may manage every channel. One file per operation.

mod add;
mod list;
mod member;
mod remove;
mod role;

use leptos::prelude::*;
use leptos_router::{MatchNestedRoutes, path};

use crate::ui::page::at;

pub use member::last_admin;
pub use role::{admin_role, role_badge, role_button, role_deleted, role_words};

use add::AddPage;
use list::ListPage;
use member::{after, list_path, member_of, member_path, of_path, remove_path};
use remove::RemovePage;

/// The value of the address that says that one came from the page of the user or bot.
const FROM: &str = "from";

/// The addresses of admins.
#[component(transparent)]
pub fn AdminRoutes() -> impl MatchNestedRoutes + Clone {
    (
        at(
            path!("/:connection/:region/app-instances/:instance/admins"),
            ListPage,
        ),
        at(
            path!("/:connection/:region/app-instances/:instance/admins/add"),
            AddPage,
        ),
        at(
            path!("/:connection/:region/app-instances/:instance/admins/:kind/:member/remove"),
            RemovePage,
        ),
    )
}
