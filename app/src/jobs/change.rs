//! What a row changes, from what was there and the calls that it takes.

use backend::jobs::JobRow;
use domain::Operation;
use leptos::prelude::*;
use serde_json::Value;

use crate::audit::changes::{Change, of_call};
use crate::ui::bidi::chosen;
use crate::ui::job::counted;
use crate::ui::parts::{missing, text_or_missing};

/// How many changed values a row shows.
const MOST: usize = 4;

/// The calls of a row by name, each with what it changes.
pub(super) fn view(row: &JobRow) -> AnyView {
    if row.calls.is_empty() {
        return missing();
    }
    let each = row.calls.iter().map(|call| call_view(row, call));
    view! { <ul class="row-changes">{each.collect_view()}</ul> }.into_any()
}

fn call_view(row: &JobRow, call: &Value) -> AnyView {
    let name = call["Operation"].as_str().unwrap_or_default();
    let operation: Option<Operation> = name.parse().ok();
    let label = operation.map_or_else(|| name.to_owned(), |known| known.label().to_owned());
    let changes = changes(operation, &row.before, &call["Input"]);
    let more = changes.len().saturating_sub(MOST);
    let more = (more > 0).then(|| {
        let more = u64::try_from(more).unwrap_or(u64::MAX);
        view! { <span class="muted">{counted(more, "value more", "values more")}</span> }
    });
    let shown = changes.iter().take(MOST).map(value).collect_view();
    view! {
        <li>
            <span class="muted">{label}</span>
            {shown}
            {more}
        </li>
    }
    .into_any()
}

/// What a call changes. A snapshot of everything is compared only in what the call names; what is deleted
/// is not written out again.
fn changes(operation: Option<Operation>, before: &Value, input: &Value) -> Vec<Change> {
    let is_deleted = operation.is_some_and(|operation| {
        let name = operation.name();
        name.starts_with("Delete") || name.starts_with("Deregister")
    });
    if is_deleted || operation == Some(Operation::CreateAppInstanceAdmin) {
        return Vec::new();
    }
    let known = (!before.is_null()).then_some(before);
    let mut changes = of_call(operation, known, input);
    // A snapshot has more members than an update takes.
    let takes_away = match operation {
        Some(Operation::TagResource | Operation::UntagResource) => "Tags.",
        Some(Operation::PutAppInstanceUserExpirationSettings) => "ExpirationSettings",
        _ => {
            changes.retain(|change| change.after.is_some());
            return changes;
        }
    };
    changes.retain(|change| change.after.is_some() || change.field.starts_with(takes_away));
    changes
}

fn value(change: &Change) -> AnyView {
    let before = change.before.as_deref().map(|text| {
        view! {
            <del>{text_or_missing(text)}</del>
            " → "
        }
    });
    let after = change.after.as_deref();
    let after = after.map_or_else(missing, |text| {
        view! { <ins>{text_or_missing(text)}</ins> }.into_any()
    });
    view! {
        <span class="row-change">
            {chosen(change.field.trim_start_matches("ExpirationSettings."))} ": " {before} {after}
        </span>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn told(operation: Operation, before: &Value, input: &Value) -> Vec<String> {
        let text = |value: &Option<String>| value.clone().unwrap_or_else(|| "none".to_owned());
        let changes = changes(Some(operation), before, input);
        let told = changes.iter().map(|of| {
            let (before, after) = (text(&of.before), text(&of.after));
            format!("{}: {before} → {after}", of.field)
        });
        told.collect()
    }

    #[test]
    fn only_what_the_call_sets_is_a_change() {
        let before = json!({
            "Name": "Ann", "Metadata": "m", "IsAdmin": true, "CreatedTimestamp": 1,
            "ExpirationSettings": { "ExpirationDays": 30 },
        });
        let input = json!({ "AppInstanceUserArn": "arn:…", "Name": "Anna", "Metadata": "m" });
        let update = told(Operation::UpdateAppInstanceUser, &before, &input);
        assert_eq!(update, ["Name: Ann → Anna"]);
        let input = json!({ "AppInstanceUserArn": "arn:…" });
        assert!(told(Operation::DeleteAppInstanceUser, &before, &input).is_empty());
    }

    #[test]
    fn an_expiration_that_is_cleared_shows() {
        let before = json!({ "Name": "Ann", "ExpirationSettings": { "ExpirationDays": 30 } });
        let input = json!({ "AppInstanceUserArn": "arn:…" });
        let cleared = told(
            Operation::PutAppInstanceUserExpirationSettings,
            &before,
            &input,
        );
        assert_eq!(cleared, ["ExpirationSettings.ExpirationDays: 30 → none"]);
    }

    #[test]
    fn tags_leave_the_others_alone() {
        let before = json!({ "Name": "Ann", "Tags": [{ "Key": "a", "Value": "1" }] });
        let input = json!({ "ResourceARN": "arn:…", "Tags": [{ "Key": "b", "Value": "2" }] });
        let set = told(Operation::TagResource, &before, &input);
        assert_eq!(set, ["Tags.b: none → 2"]);
        let input = json!({ "ResourceARN": "arn:…", "TagKeys": ["a"] });
        let removed = told(Operation::UntagResource, &before, &input);
        assert_eq!(removed, ["Tags.a: 1 → none"]);
    }
}
