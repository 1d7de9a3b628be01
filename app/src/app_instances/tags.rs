//! The tags of an AppInstance: a page of their own.

use domain::arn::ResourceArn;
use leptos::prelude::*;

use super::{describe, inside, title};
use crate::tags::{self, code, form, reserved};
use crate::ui::bidi::isolated;
use crate::ui::form::Form;
use crate::ui::frame::Section;
use crate::ui::page::page;

/// The page with the form that edits the tags of an AppInstance.
#[component]
pub fn TagsPage() -> impl IntoView {
    page(|request| async move {
        let arn = request.instance().await?;
        let resource = ResourceArn::from(arn.clone());
        let (instance, tags) =
            tokio::join!(describe(&request, &arn), tags::list(&request, &resource));
        let (instance, tags) = (instance?, tags?);
        let spec = form(&request, &resource, &tags).await;
        let code = code(&resource, &tags, &spec);
        let body = view! { <div class="stack">{reserved(&tags)} <Form spec=spec /></div> };
        let name = isolated(title(&arn, &instance.name));
        Ok(
            inside(&request, &arn, &instance, Section::Tags, "Tags", body)
                .headed(format!("Tags of {name}"))
                .code(code),
        )
    })
}
