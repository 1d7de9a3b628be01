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
use leptos_router::components::Route;
use leptos_router::{MatchNestedRoutes, SsrMode, path};

pub use named::page as named;
pub use opened::{describe, inside, learn, name, title, within};

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
    view! {
        <Route path=path!("/:connection/:region/app-instances") view=ListPage ssr=SsrMode::Async />
        <Route
            path=path!("/:connection/:region/create-app-instance")
            view=CreatePage
            ssr=SsrMode::Async
        />
        <Route
            path=path!("/:connection/:region/app-instances/:instance")
            view=DetailPage
            ssr=SsrMode::Async
        />
        <Route
            path=path!("/:connection/:region/app-instances/:instance/edit")
            view=EditPage
            ssr=SsrMode::Async
        />
        <Route
            path=path!("/:connection/:region/app-instances/:instance/retention")
            view=RetentionPage
            ssr=SsrMode::Async
        />
        <Route
            path=path!("/:connection/:region/app-instances/:instance/retention/off")
            view=RetentionOffPage
            ssr=SsrMode::Async
        />
        <Route
            path=path!("/:connection/:region/app-instances/:instance/tags")
            view=TagsPage
            ssr=SsrMode::Async
        />
        <Route
            path=path!("/:connection/:region/app-instances/:instance/delete")
            view=DeletePage
            ssr=SsrMode::Async
        />
    }
    .into_inner()
}
