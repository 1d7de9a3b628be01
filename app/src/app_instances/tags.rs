//! The tags of an AppInstance: a page of their own.

use leptos::prelude::*;

use super::{describe, title, within};
use crate::tags;
use crate::ui::bidi::isolated;
use crate::ui::frame::Section;
use crate::ui::page::page;

/// The page with the form that edits the tags of an AppInstance.
#[component]
pub fn TagsPage() -> impl IntoView {
    page(|request| async move {
        let arn = request.instance().await?;
        let editor = tags::editor(&request, arn.clone().into());
        let (instance, editor) = tokio::join!(describe(&request, &arn), editor);
        let (instance, (body, code)) = (instance?, editor?);
        let name = &instance.name;
        let heading = format!("Tags of {}", isolated(title(&arn, name)));
        let content = within(&request, &arn, name, Section::Tags, "Tags", body);
        Ok(content.headed(heading).code(code))
    })
}
