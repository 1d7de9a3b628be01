//! The tags of an AppInstanceBot.

use leptos::prelude::*;

use super::open;
use crate::opened;
use crate::ui::page::page;

/// The page with the form that edits the tags of a bot.
#[component]
pub fn TagsPage() -> impl IntoView {
    page(|request| async move {
        let arn = request.bot().await?;
        opened::tags_page(&request, &arn, open(&request, &arn), "bot").await
    })
}
