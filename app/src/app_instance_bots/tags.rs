//! The tags of an AppInstanceBot.

use domain::arn::ResourceArn;
use leptos::prelude::*;

use super::Opened;
use crate::tags::{self, code, form, reserved};
use crate::ui::bidi::isolated;
use crate::ui::form::Form;
use crate::ui::page::page;
use crate::ui::tabs::BotTab;

/// The page with the form that edits the tags of a bot.
#[component]
pub fn TagsPage() -> impl IntoView {
    page(|request| async move {
        let arn = request.bot().await?;
        let resource = ResourceArn::from(arn.clone());
        let (opened, tags) = tokio::join!(
            Opened::read(&request, &arn),
            tags::list(&request, &resource)
        );
        let (opened, tags) = (opened?, tags?);
        let spec = form(&request, &resource, &tags).await;
        let code = code(&resource, &tags, &spec);
        let body = view! { <div class="stack">{reserved(&tags)} <Form spec=spec /></div> };
        Ok(opened
            .page(&request, BotTab::Tags, "Tags", body)
            .headed(format!("Tags of bot {}", isolated(&opened.title())))
            .code(code))
    })
}
