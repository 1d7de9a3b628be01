//! What an entry was about: by its name where that is known, with the id behind it.
//!
//! Names are those that the entry holds, or that were read lately. AWS is not asked: the log is read
//! when AWS is silent too.

use backend::{Backend, Entry, Names};
use domain::Operation;
use domain::arn::ResourceArn;
use leptos::prelude::*;
use serde_json::Value;

use crate::paths;
use crate::ui::bidi::{chosen, isolated};
use crate::ui::parts::{missing, short_id};

/// The resource of an entry, as a link to its page.
pub fn resource_view(backend: &Backend, entry: &Entry) -> AnyView {
    let Some(arn) = &entry.resource else {
        return missing();
    };
    let Some(known) = arn.known() else {
        return chosen(arn.as_str());
    };
    // Not the connection of the entry, which may have another name by now.
    let to = paths::resource(&backend.connections().first().id, known);
    let (id, arn) = (id_of(known), arn.to_string());
    match name_of(backend.names(), entry, known) {
        None => view! {
            <a class="mono" href=to title=arn>
                {chosen(&id)}
            </a>
        }
        .into_any(),
        Some(name) => view! {
            <a href=to title=arn>
                {chosen(&name)}
            </a>
            " "
            <span class="mono muted">{chosen(&id)}</span>
        }
        .into_any(),
    }
}

/// What an entry was about, for a heading: its name, else its id.
pub(super) fn called(names: &Names, entry: &Entry) -> Option<String> {
    let arn = entry.resource.as_ref()?;
    let Some(known) = arn.known() else {
        return Some(isolated(arn.as_str()));
    };
    let name = name_of(names, entry, known);
    Some(isolated(&name.unwrap_or_else(|| id_of(known))))
}

fn id_of(arn: &ResourceArn) -> String {
    match arn {
        ResourceArn::Instance(arn) => short_id(arn.id()),
        ResourceArn::User(arn) => arn.user_id().to_string(),
        ResourceArn::Bot(arn) => short_id(arn.id()),
    }
}

fn name_of(names: &Names, entry: &Entry, arn: &ResourceArn) -> Option<String> {
    let lately = || match arn {
        ResourceArn::Instance(arn) => names.get(arn),
        _ => None,
    };
    told(entry, arn).or_else(lately)
}

/// The name that an entry holds of its resource: what it became, else what it was. The names in other
/// entries are of something else, an endpoint for one.
fn told(entry: &Entry, arn: &ResourceArn) -> Option<String> {
    let is_of_it = matches!(
        (entry.event.operation()?, arn),
        (
            Operation::CreateAppInstance
                | Operation::UpdateAppInstance
                | Operation::DeleteAppInstance,
            ResourceArn::Instance(_)
        ) | (
            Operation::CreateAppInstanceUser
                | Operation::UpdateAppInstanceUser
                | Operation::DeleteAppInstanceUser,
            ResourceArn::User(_)
        ) | (
            Operation::CreateAppInstanceBot
                | Operation::UpdateAppInstanceBot
                | Operation::DeleteAppInstanceBot,
            ResourceArn::Bot(_)
        )
    );
    let name = |values: &Value| values["Name"].as_str().map(str::to_owned);
    let became = name(&entry.input);
    let name = became.or_else(|| entry.before.as_ref().and_then(name));
    name.filter(|name| is_of_it && !name.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::audit::tests::entry;

    const CHAT: &str = "arn:aws:chime:us-east-1:123456789012:app-instance/chat";

    fn named(operation: Operation, resource: &str, input: Value, before: Value) -> Option<String> {
        let entry = entry(operation, input, before);
        told(&entry, &resource.parse().unwrap())
    }

    #[test]
    fn an_entry_tells_what_its_resource_became_or_was() {
        let user = format!("{CHAT}/user/ada");
        let (became, was) = (json!({ "Name": "Ada L." }), json!({ "Name": "Ada" }));
        let updated = named(Operation::UpdateAppInstanceUser, &user, became, was.clone());
        let deleted = named(Operation::DeleteAppInstanceUser, &user, json!({}), was);
        assert_eq!(updated.as_deref(), Some("Ada L."));
        assert_eq!(deleted.as_deref(), Some("Ada"));
    }

    #[test]
    fn the_name_of_something_else_is_not_the_resources() {
        let user = format!("{CHAT}/user/ada");
        let phone = json!({ "Name": "Phone" });
        for operation in [
            Operation::RegisterAppInstanceUserEndpoint,
            Operation::TagResource,
            Operation::UpdateAppInstance,
        ] {
            assert_eq!(named(operation, &user, phone.clone(), Value::Null), None);
        }
        let unnamed = json!({ "Name": " " });
        let bot = format!("{CHAT}/bot/1");
        assert_eq!(
            named(Operation::CreateAppInstanceBot, &bot, unnamed, Value::Null),
            None
        );
    }
}
