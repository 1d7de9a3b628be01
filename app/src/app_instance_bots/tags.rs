//! The tags of an AppInstanceBot.

use leptos::prelude::*;

use super::open;
use crate::tags;
use crate::ui::bidi::isolated;
use crate::ui::page::page;
use crate::ui::tabs::Tab;

/// The page with the form that edits the tags of a bot.
#[component]
pub fn TagsPage() -> impl IntoView {
    page(|request| async move {
        let arn = request.bot().await?;
        let editor = tags::editor(&request, arn.clone().into());
        let (opened, editor) = tokio::join!(open(&request, &arn), editor);
        let (opened, (body, code)) = (opened?, editor?);
        let heading = format!("Tags of bot {}", isolated(opened.title()));
        let content = opened.page(&request, Tab::Tags, "Tags", body);
        Ok(content.headed(heading).code(code))
    })
}
