//! AppInstances: one file per operation.

mod create;
mod delete;
mod detail;
mod edit;
mod list;
mod named;
mod opened;
mod retention;
mod tags;

use leptos::prelude::*;
use leptos_router::{MatchNestedRoutes, path};

use crate::ui::page::at;

pub use named::page as named;
pub use opened::{
    below_list, describe, form_page, learn, learn_names, list_page, list_path, name, title, unread,
    within,
};

use create::CreatePage;
use delete::DeletePage;
use detail::DetailPage;
use edit::EditPage;
use list::ListPage;
use opened::confirm_rule;
use retention::{RetentionOffPage, RetentionPage};
use tags::TagsPage;

/// The addresses of AppInstances.
#[component(transparent)]
pub fn AppInstanceRoutes() -> impl MatchNestedRoutes + Clone {
    (
        at(path!("/:connection/:region/app-instances"), ListPage),
        at(
            path!("/:connection/:region/create-app-instance"),
            CreatePage,
        ),
        at(
            path!("/:connection/:region/app-instances/:instance"),
            DetailPage,
        ),
        at(
            path!("/:connection/:region/app-instances/:instance/edit"),
            EditPage,
        ),
        at(
            path!("/:connection/:region/app-instances/:instance/retention"),
            RetentionPage,
        ),
        at(
            path!("/:connection/:region/app-instances/:instance/retention/off"),
            RetentionOffPage,
        ),
        at(
            path!("/:connection/:region/app-instances/:instance/tags"),
            TagsPage,
        ),
        at(
            path!("/:connection/:region/app-instances/:instance/delete"),
            DeletePage,
        ),
    )
}
