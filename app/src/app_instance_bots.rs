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
use leptos_router::{MatchNestedRoutes, path};

use crate::ui::page::at;

pub use opened::{open, place};

use create::CreatePage;
use delete::DeletePage;
use detail::DetailPage;
use edit::EditPage;
use list::ListPage;
use opened::{Opened, describe, of_path, title};
use tags::TagsPage;

/// The addresses of bots.
#[component(transparent)]
pub fn BotRoutes() -> impl MatchNestedRoutes + Clone {
    (
        at(
            path!("/:connection/:region/app-instances/:instance/bots"),
            ListPage,
        ),
        at(
            path!("/:connection/:region/app-instances/:instance/create-bot"),
            CreatePage,
        ),
        at(
            path!("/:connection/:region/app-instances/:instance/bots/:bot"),
            DetailPage,
        ),
        at(
            path!("/:connection/:region/app-instances/:instance/bots/:bot/edit"),
            EditPage,
        ),
        at(
            path!("/:connection/:region/app-instances/:instance/bots/:bot/tags"),
            TagsPage,
        ),
        at(
            path!("/:connection/:region/app-instances/:instance/bots/:bot/delete"),
            DeletePage,
        ),
    )
}
