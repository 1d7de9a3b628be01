//! Preview: what sending a form would call, told on the page of the form. Nothing is sent for it.

use domain::snippet::Call;
use domain::tag::TagRow;
use domain::{Effect, Failure, Field};
use leptos::prelude::*;

use super::allowed::why;
use super::bidi::chosen;
use super::code::problem_links;
use super::parts::{missing, text_or_missing};
use super::table::differences;
use crate::form::{AGAIN, FormSpec, PREVIEW, Preview, TAG, field_of, flat, member_of};

/// Stands for a device token, which is never written out.
const MASKED: &str = "•••";

/// The button that shows the form again with the preview; it is off for those who may not send it.
pub fn button(spec: &FormSpec) -> Option<AnyView> {
    spec.preview.as_ref()?;
    Some(match &spec.refused {
        None => view! {
            <button class="btn" name=AGAIN value=PREVIEW>
                "Preview"
            </button>
        }
        .into_any(),
        Some(reason) => view! {
            <button class="btn" type="button" aria-disabled="true" title=reason.clone()>
                "Preview"
                {why(reason)}
            </button>
        }
        .into_any(),
    })
}

/// The preview, if it was asked for.
pub fn panel(spec: &FormSpec) -> Option<AnyView> {
    let preview = spec.preview.as_ref().filter(|preview| preview.asked)?;
    if spec.refused.is_some() {
        return None;
    }
    let body = match &preview.failure {
        Some(failure) => refused(failure),
        None => would(spec, preview),
    };
    Some(
        view! {
            <section
                class="panel"
                id="preview"
                aria-labelledby="h-preview"
                tabindex="-1"
                autofocus=true
            >
                <div class="panel-head">
                    <h2 id="h-preview">"Preview"</h2>
                </div>
                <div class="panel-body">{body}</div>
            </section>
        }
        .into_any(),
    )
}

fn refused(failure: &Failure) -> AnyView {
    let why = if failure.field_problems().is_empty() {
        view! { <p>{failure.cause.headline()}</p> }.into_any()
    } else {
        problem_links(failure)
    };
    view! {
        <p>"Sending this form would be refused, and make no call:"</p>
        {why}
    }
    .into_any()
}

fn would(spec: &FormSpec, preview: &Preview) -> AnyView {
    if preview.is_outdated {
        return view! {
            <p>
                "Somebody changed this while your form was open. Sending it would make no call, and show you first what was changed."
            </p>
        }
        .into_any();
    }
    let writes = preview.calls.iter();
    let writes: Vec<_> = writes
        .filter(|call| call.operation().effect().is_write())
        .collect();
    if writes.is_empty() {
        return view! {
            <p>
                "Nothing differs from what is saved: sending this form would make no call that changes something."
            </p>
        }
        .into_any();
    }
    let told = match writes.len() {
        1 => "Sending this form would make 1 call. Nothing was sent.".to_owned(),
        calls => format!("Sending this form would make {calls} calls. Nothing was sent."),
    };
    let rows: Vec<_> = writes
        .iter()
        .map(|call| rows(call, spec, preview))
        .collect();
    let edited: Vec<_> = rows.iter().flatten().filter(|row| row.is_edited).collect();
    let is_same = !edited.is_empty() && !edited.iter().any(|row| row.is_change());
    let same = is_same.then(|| {
        view! { <p>"Nothing differs from what is saved: it would send the same values again."</p> }
    });
    let calls = writes.into_iter().zip(rows);
    let calls = calls.map(|(call, rows)| call_view(call, rows));
    view! {
        <p>{told}</p>
        {same}
        {calls.collect_view()}
        <p class="muted">"Whether AWS accepts it shows only when it is sent."</p>
    }
    .into_any()
}

/// A member of a call.
struct Row {
    member: String,
    /// Whether a field edits it, so that it has a saved value or none.
    is_edited: bool,
    /// What is saved.
    saved: Option<String>,
    /// What would be sent; nothing where the value is taken away.
    sent: Option<String>,
}

impl Row {
    fn is_change(&self) -> bool {
        self.is_edited && self.saved != self.sent
    }
}

/// Whether a call changes what is there already.
fn is_edit(call: &Call) -> bool {
    call.operation().effect() != Effect::Create
}

fn rows(call: &Call, spec: &FormSpec, preview: &Preview) -> Vec<Row> {
    let is_edit = is_edit(call);
    let sent = flat(&call.input());
    let tag = |key: &str| saved_tag(&preview.tags, key);
    let row = |(member, value): (&String, &String)| {
        if member.starts_with("TagKeys.") {
            return Row {
                member: format!("{TAG}{value}"),
                is_edited: true,
                saved: tag(value),
                sent: None,
            };
        }
        let field = field_of(member).filter(|_| is_edit);
        let saved = match field {
            None => None,
            Some(Field::Tags) => member.strip_prefix(TAG).and_then(tag),
            Some(field) => saved_value(preview, field),
        };
        let is_token = member.ends_with("DeviceToken");
        Row {
            member: member.clone(),
            is_edited: field.is_some(),
            saved,
            sent: Some(if is_token {
                MASKED.to_owned()
            } else {
                value.clone()
            }),
        }
    };
    let is_retry_mark = |member: &str| member == "ClientRequestToken";
    let members = sent.iter().filter(|(member, _)| !is_retry_mark(member));
    let mut rows: Vec<_> = members.map(row).collect();
    // A value that is left out is taken away.
    let cleared = preview
        .saved
        .iter()
        .filter(|(field, saved)| is_edit && !saved.is_empty() && spec.value_of(*field).is_empty());
    rows.extend(cleared.filter_map(|(field, saved)| {
        let member = member_of(*field).filter(|member| !sent.contains_key(*member))?;
        Some(Row {
            member: member.to_owned(),
            is_edited: true,
            saved: Some(saved.clone()),
            sent: None,
        })
    }));
    rows
}

fn saved_value(preview: &Preview, field: Field) -> Option<String> {
    let found = preview.saved.iter().find(|(saved, _)| *saved == field);
    found.map(|(_, value)| value.clone())
}

fn saved_tag(tags: &[TagRow], key: &str) -> Option<String> {
    let found = tags.iter().find(|row| row.key == key);
    found.map(|row| row.value.clone())
}

fn call_view(call: &Call, rows: Vec<Row>) -> AnyView {
    let name = call.operation().name();
    let caption = "What the call sends";
    let table = if is_edit(call) {
        let rows = rows.into_iter().map(edited_row).collect_view();
        differences(caption, ["Saved now", "As sent"], rows)
    } else {
        let rows = rows.into_iter().map(|row| {
            view! {
                <tr>
                    <th scope="row">{chosen(&row.member)}</th>
                    <td data-label="As sent">{value(row.sent.as_deref())}</td>
                </tr>
            }
        });
        differences(caption, ["As sent"], rows.collect_view())
    };
    view! {
        <h3>{name}</h3>
        {table}
        <p class="muted">"IAM action " <code>{call.operation().iam_action()}</code></p>
    }
    .into_any()
}

fn edited_row(row: Row) -> AnyView {
    let (is_edited, is_change) = (row.is_edited, row.is_change());
    let (saved, sent) = (value(row.saved.as_deref()), value(row.sent.as_deref()));
    let cells = if !is_edited {
        view! {
            <td colspan="2" data-label="As sent">
                {sent}
            </td>
        }
        .into_any()
    } else if is_change {
        view! {
            <td data-label="Saved now">
                <del>{saved}</del>
            </td>
            <td data-label="As sent">
                <ins>{sent}</ins>
            </td>
        }
        .into_any()
    } else {
        view! {
            <td data-label="Saved now">{saved}</td>
            <td data-label="As sent">{sent} <span class="muted">" the same"</span></td>
        }
        .into_any()
    };
    view! {
        <tr>
            <th scope="row">{chosen(&row.member)}</th>
            {cells}
        </tr>
    }
    .into_any()
}

fn value(text: Option<&str>) -> AnyView {
    text.map_or_else(missing, text_or_missing)
}
