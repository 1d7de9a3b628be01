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
use leptos_router::components::Route;
use leptos_router::{MatchNestedRoutes, SsrMode, path};

pub use opened::Opened;

use create::CreatePage;
use delete::DeletePage;
use detail::DetailPage;
use edit::EditPage;
use expiration::{ExpirationClearPage, ExpirationPage};
use list::ListPage;
use opened::list_path;
use tags::TagsPage;

/// The addresses of users.
#[component(transparent)]
pub fn UserRoutes() -> impl MatchNestedRoutes + Clone {
    view! {
        <Route
            path=path!("/:connection/:region/app-instances/:instance/users")
            view=ListPage
            ssr=SsrMode::Async
        />
        <Route
            path=path!("/:connection/:region/app-instances/:instance/create-user")
            view=CreatePage
            ssr=SsrMode::Async
        />
        <Route
            path=path!("/:connection/:region/app-instances/:instance/users/:user")
            view=DetailPage
            ssr=SsrMode::Async
        />
        <Route
            path=path!("/:connection/:region/app-instances/:instance/users/:user/edit")
            view=EditPage
            ssr=SsrMode::Async
        />
        <Route
            path=path!("/:connection/:region/app-instances/:instance/users/:user/expiration")
            view=ExpirationPage
            ssr=SsrMode::Async
        />
        <Route
            path=path!("/:connection/:region/app-instances/:instance/users/:user/expiration/clear")
            view=ExpirationClearPage
            ssr=SsrMode::Async
        />
        <Route
            path=path!("/:connection/:region/app-instances/:instance/users/:user/tags")
            view=TagsPage
            ssr=SsrMode::Async
        />
        <Route
            path=path!("/:connection/:region/app-instances/:instance/users/:user/delete")
            view=DeletePage
            ssr=SsrMode::Async
        />
    }
    .into_inner()
}
