//! Tags of an AppInstance, user or bot: the rows, what saving changes, the two calls.

use backend::commands;
use domain::arn::ResourceArn;
use domain::input;
use domain::snippet::Call;
use domain::tag::{Tag, TagRow, Tags};
use domain::{Failure, Field, FieldProblem, Operation, Target};
use leptos::prelude::*;

use crate::form::{Control, FieldSpec, FormSpec, Rule};
use crate::paths;
use crate::request::{Done, Request};
use crate::ui::bidi::chosen;
use crate::ui::code::Code;
use crate::ui::consequence::Effect;
use crate::ui::form::with_code;
use crate::ui::parts::panel_beside;
use crate::ui::{allowed, failed};

/// Reads the tags of a resource: one call.
async fn list(request: &Request, arn: &ResourceArn) -> Result<Tags, Failure> {
    let list = input::ListTagsForResource {
        resource_arn: arn.clone(),
    };
    request.call(list).await
}

/// Makes the tags of a resource what the form holds. When the second of its two calls fails the first
/// stays done, and the page says so.
#[server(prefix = "/api", endpoint = "tags/save")]
pub async fn save_tags(
    target: Target<ResourceArn>,
    #[server(default)] tag_key: Vec<String>,
    #[server(default)] tag_value: Vec<String>,
) -> Result<Done, Failure> {
    let request = Request::on(&target);
    let arn = target.arn;
    let rows = rows(tag_key, tag_value);
    let diff = commands::tags::save(request.acting()?, &arn, &rows).await?;
    let location = paths::resource(&request.connection().id, &arn);
    let (added, changed, gone) = (diff.added.len(), diff.changed.len(), diff.removed.len());
    let detail = if diff.is_empty() {
        "Nothing had to change.".to_owned()
    } else {
        format!("{added} added, {changed} changed, {gone} removed.")
    };
    request
        .done(format!("{location}/tags"), "Tags saved", detail)
        .await
}

/// The rows of two columns of a form.
pub fn rows(keys: Vec<String>, values: Vec<String>) -> Vec<TagRow> {
    let values = values.into_iter().map(Some).chain(std::iter::repeat(None));
    keys.into_iter()
        .zip(values)
        .map(|(key, value)| TagRow {
            key,
            value: value.unwrap_or_default(),
        })
        .collect()
}

/// The field of tags.
pub fn field(rows: Vec<TagRow>, before: Option<Vec<TagRow>>) -> FieldSpec {
    FieldSpec::new(Field::Tags, Control::Tags { rows, before }, Rule::None)
        .optional()
        .help("Up to 50. A value cannot be empty; keys that start with aws: are reserved.")
}

/// The tags of a resource on its page; `base` is where that is.
pub fn panel(request: &Request, tags: Result<Tags, Failure>, base: &str) -> AnyView {
    let body = match tags {
        Ok(tags) => panel_body(&tags),
        Err(failure) => failed::content(&failure, &request.with_query(&[])),
    };
    let edit = allowed::act(
        request,
        Operation::TagResource,
        "Edit tags",
        format!("{base}/tags"),
    );
    panel_beside("tags", "Tags", edit, body)
}

/// Tags as chips.
fn panel_body(tags: &Tags) -> AnyView {
    if tags.is_empty() {
        return view! { <p class="muted">"No tags."</p> }.into_any();
    }
    let chips = tags
        .iter()
        .map(|tag| {
            view! { <span class="tag">{chosen(tag.key())} ": " <b>{chosen(tag.value())}</b></span> }
        })
        .collect_view();
    view! { <div class="tags">{chips}</div> }.into_any()
}

/// What becomes of the tags of a user or a bot that is deleted.
pub fn deleted(tags: Result<Tags, Failure>) -> Effect {
    let count = tags.map_or("could not count".to_owned(), |tags| tags.len().to_string());
    Effect::counted("Tags", count, "Deleted")
}

/// The tags that AWS keeps for itself: shown, and in no form.
fn reserved(tags: &Tags) -> Option<AnyView> {
    let pairs = |tag: &Tag| (tag.key().to_owned(), tag.value().to_owned());
    let reserved = Tags::from_service(tags.reserved().map(pairs));
    (!reserved.is_empty()).then(|| {
        let note =
            view! { <span class="panel-note">"Nobody else can change or remove them"</span> };
        panel_beside("reserved", "Set by AWS", note, panel_body(&reserved))
    })
}

/// The body of the page that edits the tags of a resource, and its "As code".
pub async fn editor(request: &Request, arn: ResourceArn) -> Result<(AnyView, Code), Failure> {
    let tags = list(request, &arn).await?;
    let rows = tags.rows();
    let spec = request
        .form("tags/save", "Save tags", "Saving…")
        .cancel(paths::resource(&request.connection().id, &arn))
        .on(&request.connection().id, &arn)
        .field(field(rows.clone(), Some(rows)));
    let (form, code) = with_code(request, spec, |spec| calls(&arn, &tags, spec)).await;
    let body = view! { <div class="stack">{reserved(&tags)} {form}</div> };
    Ok((body.into_any(), code))
}

/// What saving the form as it stands calls: it reads the tags first, then sets and removes what
/// differs.
fn calls(arn: &ResourceArn, tags: &Tags, spec: &FormSpec) -> Result<Vec<Call>, Failure> {
    let list = input::ListTagsForResource {
        resource_arn: arn.clone(),
    };
    // Nobody can set or remove those that AWS keeps for itself.
    let wanted = tags.edited(spec.tag_rows()).map_err(|problem| {
        Failure::from(FieldProblem {
            field: Field::Tags,
            problem,
        })
    });
    let diff = tags.diff(&wanted?);
    let tag = input::TagResource {
        resource_arn: arn.clone(),
        tags: diff.to_set(),
    };
    let untag = input::UntagResource {
        resource_arn: arn.clone(),
        tag_keys: diff.to_remove(),
    };
    let tag = (!tag.tags.is_empty()).then(|| Call::of(&tag));
    let untag = (!untag.tag_keys.is_empty()).then(|| Call::of(&untag));
    let calls = [Some(Call::of(&list)), tag, untag];
    Ok(calls.into_iter().flatten().collect())
}
