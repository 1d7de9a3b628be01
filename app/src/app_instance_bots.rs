//! AppInstanceBots: Lex bots that answer in channels. One file per operation.

mod create;
mod delete;
mod detail;
mod edit;
mod fields;
mod list;
mod opened;
mod present;
mod tags;

use leptos::prelude::*;
use leptos_router::components::Route;
use leptos_router::{MatchNestedRoutes, SsrMode, path};

pub use opened::Opened;

use create::CreatePage;
use delete::DeletePage;
use detail::DetailPage;
use edit::EditPage;
use list::ListPage;
use opened::{describe, list_path, title};
use tags::TagsPage;

/// The addresses of bots.
#[component(transparent)]
pub fn BotRoutes() -> impl MatchNestedRoutes + Clone {
    view! {
        <Route
            path=path!("/:connection/:region/app-instances/:instance/bots")
            view=ListPage
            ssr=SsrMode::Async
        />
        <Route
            path=path!("/:connection/:region/app-instances/:instance/create-bot")
            view=CreatePage
            ssr=SsrMode::Async
        />
        <Route
            path=path!("/:connection/:region/app-instances/:instance/bots/:bot")
            view=DetailPage
            ssr=SsrMode::Async
        />
        <Route
            path=path!("/:connection/:region/app-instances/:instance/bots/:bot/edit")
            view=EditPage
            ssr=SsrMode::Async
        />
        <Route
            path=path!("/:connection/:region/app-instances/:instance/bots/:bot/tags")
            view=TagsPage
            ssr=SsrMode::Async
        />
        <Route
            path=path!("/:connection/:region/app-instances/:instance/bots/:bot/delete")
            view=DeletePage
            ssr=SsrMode::Async
        />
    }
    .into_inner()
}
