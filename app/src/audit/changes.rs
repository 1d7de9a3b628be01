//! What a call changed, field by field, from what the audit holds of it: the values before and the
//! input.

use std::collections::BTreeMap;

use backend::{Entry, Phase};
use domain::Operation;
use leptos::prelude::*;
use serde_json::Value;

use super::restore;
use crate::form::{TAG, flat};
use crate::request::Request;
use crate::ui::bidi::chosen;
use crate::ui::parts::{missing, text_or_missing};
use crate::ui::table::differences;

/// Members of an input that name a resource, or that only mark a retry. They are no change.
const IDENTIFIERS: &[&str] = &[
    "AppInstanceArn",
    "AppInstanceUserArn",
    "AppInstanceBotArn",
    "AppInstanceAdminArn",
    "AppInstanceUserId",
    "EndpointId",
    "ResourceARN",
    "ClientRequestToken",
    "ExpirationSettings.ExpirationCriterion",
];

/// One field, before and after; nothing where it had or has no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The member as the API names it; of a structure its path, with dots.
    pub field: String,
    /// What it was, if that is known.
    pub before: Option<String>,
    /// What it became.
    pub after: Option<String>,
}

/// What an entry changed, or would have if it had been done.
pub fn changes(entry: &Entry) -> Vec<Change> {
    of_call(entry.event.operation(), entry.before.as_ref(), &entry.input)
}

/// What a call changes, given its input and what is known of the values before.
pub fn of_call(operation: Option<Operation>, before: Option<&Value>, input: &Value) -> Vec<Change> {
    let before = before.map(fields).unwrap_or_default();
    let after = match operation {
        Some(Operation::TagResource) => tagged(&before, &fields(input)),
        Some(Operation::UntagResource) => untagged(&before, input),
        // The inputs name who; what changes is the role.
        Some(Operation::CreateAppInstanceAdmin) => return vec![role(None, Some("Yes"))],
        Some(Operation::DeleteAppInstanceAdmin) => return vec![role(Some("Yes"), None)],
        // What is deleted has no values any more.
        Some(
            Operation::DeleteAppInstance
            | Operation::DeleteAppInstanceBot
            | Operation::DeleteAppInstanceUser
            | Operation::DeregisterAppInstanceUserEndpoint,
        ) => BTreeMap::new(),
        _ => fields(input),
    };
    let mut names: Vec<_> = before.keys().chain(after.keys()).collect();
    names.sort();
    names.dedup();
    let change = |field: &String| Change {
        field: field.clone(),
        before: before.get(field).cloned(),
        after: after.get(field).cloned(),
    };
    names
        .into_iter()
        .map(change)
        .filter(|change| change.before != change.after)
        .collect()
}

fn role(before: Option<&str>, after: Option<&str>) -> Change {
    Change {
        field: "Admin".to_owned(),
        before: before.map(str::to_owned),
        after: after.map(str::to_owned),
    }
}

/// Tags that are set leave the others as they are.
fn tagged(
    before: &BTreeMap<String, String>,
    set: &BTreeMap<String, String>,
) -> BTreeMap<String, String> {
    let mut after = before.clone();
    after.extend(set.clone());
    after
}

fn untagged(before: &BTreeMap<String, String>, input: &Value) -> BTreeMap<String, String> {
    let keys = input["TagKeys"].as_array().into_iter().flatten();
    let removed: Vec<_> = keys.filter_map(Value::as_str).map(tag_field).collect();
    let mut after = before.clone();
    after.retain(|field, _| !removed.contains(field));
    after
}

fn tag_field(key: &str) -> String {
    format!("{TAG}{key}")
}

/// The values of an input, without what names a resource or marks a retry.
fn fields(value: &Value) -> BTreeMap<String, String> {
    let mut found = flat(value);
    found.retain(|field, _| !IDENTIFIERS.contains(&field.as_str()));
    found
}

/// The differences as a table; nothing when there are none. A value from before can be restored by `restorer`,
/// where there is still something that has it.
pub fn table(restorer: Option<&Request>, entry: &Entry) -> Option<AnyView> {
    let changes = changes(entry);
    if changes.is_empty() {
        return None;
    }
    let after = match entry.phase {
        Phase::Succeeded | Phase::Noted => "After",
        Phase::Begun | Phase::Unknown => "Asked for",
        Phase::Failed | Phase::Refused => "Asked for, not made",
    };
    let buttons = changes
        .iter()
        .map(|change| restorer.and_then(|request| restore::of_change(request, entry, change)));
    let buttons: Vec<_> = buttons.collect();
    let has_buttons = buttons.iter().any(Option::is_some);
    let rows = changes
        .into_iter()
        .zip(buttons)
        .map(|(change, button)| {
            let before = change.before.as_deref();
            let before = before.map_or_else(missing, |text| {
                view! { <del>{text_or_missing(text)}</del> }.into_any()
            });
            let wanted = change.after.as_deref();
            let wanted = wanted.map_or_else(missing, |text| {
                view! { <ins>{text_or_missing(text)}</ins> }.into_any()
            });
            let button = has_buttons.then(|| view! { <td>{button}</td> });
            view! {
                <tr>
                    <th scope="row">{chosen(&change.field)}</th>
                    <td data-label="Before">{before}</td>
                    <td data-label=after>{wanted}</td>
                    {button}
                </tr>
            }
        })
        .collect_view();
    let caption = "What was changed";
    let table = if has_buttons {
        differences(caption, ["Before", after, "Earlier value"], rows)
    } else {
        differences(caption, ["Before", after], rows)
    };
    let tags = restorer.and_then(|request| restore::of_tags(request, entry));
    Some(
        view! {
            {table}
            {tags}
        }
        .into_any(),
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::audit::tests::entry;

    fn changed(operation: Operation, before: Value, input: Value) -> Vec<String> {
        let entry = entry(operation, input, before);
        let text = |value: Option<String>| value.unwrap_or_else(|| "none".into());
        changes(&entry)
            .into_iter()
            .map(|change| {
                format!(
                    "{}: {} → {}",
                    change.field,
                    text(change.before),
                    text(change.after)
                )
            })
            .collect()
    }

    #[test]
    fn only_what_differs_is_a_change() {
        let changes = changed(
            Operation::UpdateAppInstanceUser,
            json!({ "Name": "Ann", "Metadata": "m" }),
            json!({ "AppInstanceUserArn": "arn:…", "Name": "Anna", "Metadata": "m" }),
        );
        assert_eq!(changes, ["Name: Ann → Anna"]);
    }

    #[test]
    fn a_structure_is_compared_member_by_member() {
        let lex = |locale: &str| json!({ "Lex": { "LocaleId": locale, "InvokedBy": { "A": 1 } } });
        let changes = changed(
            Operation::UpdateAppInstanceBot,
            json!({ "Name": "B", "Configuration": lex("en_US") }),
            json!({ "Name": "B", "Configuration": lex("de_DE") }),
        );
        assert_eq!(changes, ["Configuration.Lex.LocaleId: en_US → de_DE"]);
    }

    #[test]
    fn tags_that_are_set_or_removed_leave_the_others() {
        let before = json!({ "Tags": [
            { "Key": "env", "Value": "dev" },
            { "Key": "team", "Value": "a" },
        ]});
        let set = changed(
            Operation::TagResource,
            before.clone(),
            json!({ "ResourceARN": "arn:…", "Tags": [{ "Key": "env", "Value": "prod" }] }),
        );
        let removed = changed(
            Operation::UntagResource,
            before,
            json!({ "ResourceARN": "arn:…", "TagKeys": ["team"] }),
        );
        assert_eq!(set, ["Tags.env: dev → prod"]);
        assert_eq!(removed, ["Tags.team: a → none"]);
    }

    #[test]
    fn what_is_deleted_loses_its_values_and_what_is_created_gets_them() {
        let deleted = changed(
            Operation::DeleteAppInstanceUser,
            json!({ "Name": "Ann", "Metadata": "" }),
            json!({ "AppInstanceUserArn": "arn:…" }),
        );
        let created = changed(
            Operation::CreateAppInstanceUser,
            Value::Null,
            json!({ "AppInstanceUserId": "u", "Name": "Ann", "ClientRequestToken": "t" }),
        );
        assert_eq!(deleted, ["Metadata:  → none", "Name: Ann → none"]);
        assert_eq!(created, ["Name: none → Ann"]);
    }

    #[test]
    fn an_expiration_that_is_cleared_and_a_role_show() {
        let cleared = changed(
            Operation::PutAppInstanceUserExpirationSettings,
            json!({ "ExpirationSettings": {
                "ExpirationDays": 30, "ExpirationCriterion": "CREATED_TIMESTAMP" } }),
            json!({ "AppInstanceUserArn": "arn:…" }),
        );
        let input = json!({ "AppInstanceArn": "arn:…", "AppInstanceAdminArn": "arn:…" });
        let promoted = changed(
            Operation::CreateAppInstanceAdmin,
            Value::Null,
            input.clone(),
        );
        let demoted = changed(Operation::DeleteAppInstanceAdmin, Value::Null, input);
        assert_eq!(cleared, ["ExpirationSettings.ExpirationDays: 30 → none"]);
        assert_eq!(promoted, ["Admin: none → Yes"]);
        assert_eq!(demoted, ["Admin: Yes → none"]);
    }
}
