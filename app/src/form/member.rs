//! The members of inputs and snapshots, as the API names them, and the fields of forms that hold them.

use std::collections::BTreeMap;

use domain::Field;
use serde_json::Value;

/// What the members of tags begin with, in a flat list: `Tags.team`.
pub const TAG: &str = "Tags.";

/// The members that a form edits, each by its path.
const MEMBERS: &[(Field, &str)] = &[
    (Field::Name, "Name"),
    (Field::Metadata, "Metadata"),
    (Field::AllowMessages, "AllowMessages"),
    (Field::LexBotAliasArn, "Configuration.Lex.LexBotAliasArn"),
    (Field::LocaleId, "Configuration.Lex.LocaleId"),
    (Field::WelcomeIntent, "Configuration.Lex.WelcomeIntent"),
    (
        Field::StandardMessages,
        "Configuration.Lex.InvokedBy.StandardMessages",
    ),
    (
        Field::TargetedMessages,
        "Configuration.Lex.InvokedBy.TargetedMessages",
    ),
    (Field::ExpireAfter, "ExpirationSettings.ExpirationDays"),
    (
        Field::RetentionDays,
        "AppInstanceRetentionSettings.ChannelRetentionSettings.RetentionDays",
    ),
];

/// The field that holds a member: of a tag, that of all tags.
pub fn field_of(member: &str) -> Option<Field> {
    if member.starts_with(TAG) {
        return Some(Field::Tags);
    }
    let found = MEMBERS.iter().find(|(_, path)| *path == member);
    found.map(|(field, _)| *field)
}

/// The member that a field holds; nothing for tags, and for what is no member.
pub fn member_of(field: Field) -> Option<&'static str> {
    let found = MEMBERS.iter().find(|(of, _)| *of == field);
    found.map(|(_, member)| *member)
}

/// The field with this name, of those that hold a member.
pub fn field_named(name: &str) -> Option<Field> {
    let fields = MEMBERS.iter().map(|(field, _)| *field);
    fields
        .chain([Field::Tags])
        .find(|field| field.name() == name)
}

/// The members of an input or a snapshot that have a value, flat: `Configuration.Lex.LocaleId`.
pub fn flat(value: &Value) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    collect(&mut found, String::new(), value);
    found
}

fn collect(found: &mut BTreeMap<String, String>, path: String, value: &Value) {
    match value {
        Value::Null => {}
        Value::String(text) => {
            found.insert(path, text.clone());
        }
        Value::Object(members) => {
            for (name, value) in members {
                let path = if path.is_empty() {
                    name.clone()
                } else {
                    format!("{path}.{name}")
                };
                collect(found, path, value);
            }
        }
        Value::Array(items) if path == "Tags" => {
            let pairs = items
                .iter()
                .filter_map(|tag| Some((tag["Key"].as_str()?, tag["Value"].as_str()?)));
            found.extend(pairs.map(|(key, value)| (format!("{TAG}{key}"), value.to_owned())));
        }
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                collect(found, format!("{path}.{at}"), item);
            }
        }
        number_or_bool => {
            found.insert(path, number_or_bool.to_string());
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::Operation;
    use domain::input::AnyInput;

    use super::*;

    /// The operations of forms that edit.
    const EDITS: &[Operation] = &[
        Operation::UpdateAppInstance,
        Operation::UpdateAppInstanceUser,
        Operation::UpdateAppInstanceBot,
        Operation::UpdateAppInstanceUserEndpoint,
        Operation::PutAppInstanceUserExpirationSettings,
        Operation::PutAppInstanceRetentionSettings,
        Operation::TagResource,
    ];

    #[test]
    fn each_member_is_one_of_an_edit_and_has_its_field() {
        let of = |operation: &Operation| flat(&AnyInput::sample(*operation).to_value());
        let sent: Vec<_> = EDITS
            .iter()
            .flat_map(of)
            .map(|(member, _)| member)
            .collect();
        for (field, member) in MEMBERS {
            assert!(
                sent.iter().any(|sent| sent == member),
                "{member} in {sent:?}"
            );
            assert_eq!(field_of(member), Some(*field));
            assert_eq!(member_of(*field), Some(*member));
            assert_eq!(field_named(field.name()), Some(*field));
        }
        assert!(
            sent.iter()
                .any(|member| field_of(member) == Some(Field::Tags))
        );
        assert_eq!(field_of("AppInstanceArn"), None);
        assert_eq!(field_named("password"), None);
    }
}
