//! Restoring a value that an edit replaced: the ordinary form of the resource, filled with the earlier value.
//! Nothing is changed until somebody saves that form.

use backend::{Entry, Phase};
use domain::arn::ResourceArn;
use domain::tag::Tags;
use domain::{Cause, Failure, Field, Operation};
use leptos::prelude::*;

use super::changes::{Change, changes};
use crate::access::{check, reason};
use crate::form::{RESTORED, Restored, field_named, field_of, flat};
use crate::paths;
use crate::request::{Done, Request};
use crate::ui::allowed::button_unless;

/// Fills the form of a resource with a value as it was before an entry, and leads to it.
#[server(prefix = "/api", endpoint = "audit/restore")]
pub async fn restore_value(entry: i64, field: String) -> Result<Done, Failure> {
    let request = Request::current();
    let caller = request.caller()?;
    let audit = request.backend().audit_for(caller).await?;
    let found = audit.at_seq(entry).await?;
    let found = found.ok_or(Failure::from(Cause::NoSuchPage))?;
    let field = field_named(&field).ok_or(Failure::from(Cause::NoSuchPage))?;
    let filled = earlier(&request, &found, field).zip(found.event.operation());
    let (filled, operation) = filled.ok_or(Failure::from(Cause::NoSuchPage))?;
    check(&request, operation)?;
    let restored = Restored {
        entry: found.seq,
        at: found.at,
        field,
        saved: None,
    };
    let mut fields = filled.fields;
    fields.push((RESTORED.to_owned(), restored.to_string()));
    request.filled(filled.page, fields).await
}

/// A form, and what it is filled with.
#[derive(Debug, PartialEq, Eq)]
struct Filled {
    page: String,
    fields: Vec<(String, String)>,
}

/// The form that restores a field of what an entry is about; `None` where the entry does not have what was
/// there, or no form takes it.
fn earlier(request: &Request, entry: &Entry, field: Field) -> Option<Filled> {
    let base = base_of(request, entry)?;
    filled(&base, entry, field)
}

/// The page of what an entry is about.
fn base_of(request: &Request, entry: &Entry) -> Option<String> {
    let arn = entry.resource.as_ref()?.known()?;
    // Not the connection of the entry, which may have another name by now.
    let connection = &request.backend().connections().first().id;
    match (entry.event.operation()?, arn) {
        (Operation::UpdateAppInstanceUserEndpoint, ResourceArn::User(user)) => {
            let id = entry.input["EndpointId"].as_str()?;
            Some(paths::endpoint(connection, user, id))
        }
        _ => Some(paths::resource(connection, arn)),
    }
}

fn filled(base: &str, entry: &Entry, field: Field) -> Option<Filled> {
    let is_of_it = |change: Change| field_of(&change.field) == Some(field);
    if entry.phase != Phase::Succeeded || entry.damaged || !changes(entry).into_iter().any(is_of_it)
    {
        return None;
    }
    let before = flat(entry.before.as_ref()?);
    let earlier = before
        .iter()
        .find(|(member, _)| field_of(member) == Some(field))
        .map(|(_, value)| value.clone());
    let form = |page: &str, value: String| Filled {
        page: format!("{base}{page}"),
        fields: vec![(field.name().to_owned(), value)],
    };
    // Where there was nothing, another page takes the present value away.
    let or_without = |page: &str, without: &str| match earlier.clone() {
        Some(days) => form(page, days),
        None => Filled {
            page: format!("{base}{without}"),
            fields: Vec::new(),
        },
    };
    match entry.event.operation()? {
        Operation::UpdateAppInstanceBot if field == Field::WelcomeIntent => {
            Some(form("/edit", earlier.unwrap_or_default()))
        }
        Operation::UpdateAppInstance
        | Operation::UpdateAppInstanceUser
        | Operation::UpdateAppInstanceBot
        | Operation::UpdateAppInstanceUserEndpoint => Some(form("/edit", earlier?)),
        Operation::PutAppInstanceUserExpirationSettings => {
            Some(or_without("/expiration", "/expiration/clear"))
        }
        Operation::PutAppInstanceRetentionSettings => {
            Some(or_without("/retention", "/retention/off"))
        }
        Operation::TagResource | Operation::UntagResource => {
            let tags = entry.before.as_ref()?["Tags"].clone();
            let tags: Tags = serde_json::from_value(tags).ok()?;
            let rows = tags.rows().into_iter().enumerate();
            let rows = rows.flat_map(|(at, row)| {
                [
                    (format!("tag_key[{at}]"), row.key),
                    (format!("tag_value[{at}]"), row.value),
                ]
            });
            Some(Filled {
                page: format!("{base}/tags"),
                fields: rows.collect(),
            })
        }
        _ => None,
    }
}

/// The button that restores the value before a change; it is off for those who may not save it.
pub(super) fn of_change(request: &Request, entry: &Entry, change: &Change) -> Option<AnyView> {
    let field = field_of(&change.field).filter(|field| *field != Field::Tags)?;
    button(request, entry, field, "Restore this value")
}

/// The button that restores all tags as they were.
pub(super) fn of_tags(request: &Request, entry: &Entry) -> Option<AnyView> {
    button(request, entry, Field::Tags, "Restore these tags")
}

fn button(request: &Request, entry: &Entry, field: Field, text: &'static str) -> Option<AnyView> {
    let operation = entry.event.operation()?;
    earlier(request, entry, field)?;
    let hidden = vec![
        ("entry", entry.seq.to_string()),
        ("field", field.name().to_owned()),
        ("page", request.path().to_owned()),
    ];
    let what = ("undo", text);
    Some(button_unless(
        reason(request, operation),
        "btn btn-small",
        what,
        "audit/restore",
        hidden,
    ))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::audit::tests::entry;

    fn filled_by(
        operation: Operation,
        input: Value,
        before: Value,
        field: Field,
    ) -> Option<Filled> {
        filled("/x", &entry(operation, input, before), field)
    }

    fn one(page: &str, field: &str, value: &str) -> Filled {
        Filled {
            page: page.to_owned(),
            fields: vec![(field.to_owned(), value.to_owned())],
        }
    }

    #[test]
    fn only_what_an_edit_changed_can_be_restored() {
        let (before, input) = (
            json!({ "Name": "Ann", "Metadata": "m" }),
            json!({ "Name": "Anna", "Metadata": "m" }),
        );
        let user = Operation::UpdateAppInstanceUser;
        let of = |field| filled_by(user, input.clone(), before.clone(), field);

        assert_eq!(of(Field::Name), Some(one("/x/edit", "name", "Ann")));
        assert_eq!(of(Field::Metadata), None, "it did not change");
        assert_eq!(of(Field::ExpireAfter), None);
        let unknown = filled_by(user, input.clone(), Value::Null, Field::Name);
        assert_eq!(unknown, None, "nobody knows what was there");
        let deleted = Operation::DeleteAppInstanceUser;
        assert_eq!(
            filled_by(deleted, json!({}), before.clone(), Field::Name),
            None
        );
        for phase in [Phase::Failed, Phase::Unknown, Phase::Refused, Phase::Begun] {
            let entry = Entry {
                phase,
                ..entry(user, input.clone(), before.clone())
            };
            assert_eq!(filled("/x", &entry, Field::Name), None, "{phase:?}");
        }
    }

    #[test]
    fn what_was_not_there_is_restored_where_it_is_taken_away() {
        let put = Operation::PutAppInstanceUserExpirationSettings;
        let days = |days: u32| json!({ "ExpirationSettings": { "ExpirationDays": days } });
        let none = json!({ "ExpirationSettings": null });
        let of = |before, input| filled_by(put, input, before, Field::ExpireAfter);

        let days_again = of(days(30), days(60));
        let never_again = of(none, days(60)).unwrap();

        assert_eq!(
            days_again,
            Some(one("/x/expiration", "expiration_days", "30"))
        );
        assert_eq!(never_again.page, "/x/expiration/clear");
        assert_eq!(never_again.fields, []);
        let intent =
            json!({ "Configuration": { "Lex": { "LocaleId": "en_US", "WelcomeIntent": "Hi" } } });
        let without = json!({ "Configuration": { "Lex": { "LocaleId": "en_US" } } });
        let bot = Operation::UpdateAppInstanceBot;
        let intent = filled_by(bot, intent, without, Field::WelcomeIntent);
        assert_eq!(intent, Some(one("/x/edit", "welcome_intent", "")));
    }

    #[test]
    fn all_tags_come_back_together_but_those_of_aws() {
        let before = json!({ "Tags": [
            { "Key": "aws:stack", "Value": "s" },
            { "Key": "env", "Value": "dev" },
        ]});
        let input = json!({ "ResourceARN": "arn:…", "TagKeys": ["env"] });

        let filled = filled_by(Operation::UntagResource, input, before, Field::Tags).unwrap();

        assert_eq!(filled.page, "/x/tags");
        let rows = [("tag_key[0]", "env"), ("tag_value[0]", "dev")];
        assert_eq!(
            filled.fields,
            rows.map(|(name, value)| (name.to_owned(), value.to_owned()))
        );
    }
}
