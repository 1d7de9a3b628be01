//! AppInstanceUsers: one file per operation.

mod create;
mod delete;
mod detail;
mod edit;
mod expiration;
mod list;
mod opened;
mod tags;

use leptos::prelude::*;
use leptos_router::{MatchNestedRoutes, path};

use crate::ui::page::at;

pub use opened::{Opened, of_path, open, place};

use create::CreatePage;
use delete::DeletePage;
use detail::DetailPage;
use edit::EditPage;
use expiration::{ExpirationClearPage, ExpirationPage};
use list::ListPage;
use tags::TagsPage;

/// The addresses of users.
#[component(transparent)]
pub fn UserRoutes() -> impl MatchNestedRoutes + Clone {
    (
        at(
            path!("/:connection/:region/app-instances/:instance/users"),
            ListPage,
        ),
        at(
            path!("/:connection/:region/app-instances/:instance/create-user"),
            CreatePage,
        ),
        at(
            path!("/:connection/:region/app-instances/:instance/users/:user"),
            DetailPage,
        ),
        at(
            path!("/:connection/:region/app-instances/:instance/users/:user/edit"),
            EditPage,
        ),
        at(
            path!("/:connection/:region/app-instances/:instance/users/:user/expiration"),
            ExpirationPage,
        ),
        at(
            path!("/:connection/:region/app-instances/:instance/users/:user/expiration/clear"),
            ExpirationClearPage,
        ),
        at(
            path!("/:connection/:region/app-instances/:instance/users/:user/tags"),
            TagsPage,
        ),
        at(
            path!("/:connection/:region/app-instances/:instance/users/:user/delete"),
            DeletePage,
        ),
    )
}
