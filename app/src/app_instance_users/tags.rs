//! The tags of an AppInstanceUser.

use leptos::prelude::*;

use super::open;
use crate::tags;
use crate::ui::bidi::isolated;
use crate::ui::page::page;
use crate::ui::tabs::Tab;

/// The page with the form that edits the tags of a user.
#[component]
pub fn TagsPage() -> impl IntoView {
    page(|request| async move {
        let arn = request.user().await?;
        let editor = tags::editor(&request, arn.clone().into());
        let (opened, editor) = tokio::join!(open(&request, &arn), editor);
        let (opened, (body, code)) = (opened?, editor?);
        let heading = format!("Tags of user {}", isolated(opened.title()));
        let content = opened.page(&request, Tab::Tags, "Tags", body);
        Ok(content.headed(heading).code(code))
    })
}
