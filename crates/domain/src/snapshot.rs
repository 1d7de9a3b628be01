//! The values of a resource under the API's names of its members. This is the one form in which the
//! values before a write are kept; the audit, a later look, a comparison and a way back read it.

use serde_json::{Map, Value, json};

use crate::given::Given;
use crate::input::{AnyInput, Configuration, ExpirationSettings, Input, RetentionSettings};
use crate::operation::Operation;
use crate::tag::Tags;
use crate::timestamp::Timestamp;
use crate::view::{AppInstance, AppInstanceBot, AppInstanceUser, Endpoint, Retention};

/// A resource that was read and whose values can be written again.
pub trait Snapshot {
    /// The members that can be set, named as in inputs; `null` where the resource has no value.
    /// Never a device token.
    fn snapshot(&self) -> Value;

    /// When it was last changed, where AWS says so.
    fn updated(&self) -> Option<Timestamp> {
        None
    }
}

impl Snapshot for AppInstance {
    fn snapshot(&self) -> Value {
        json!({ "Name": self.name, "Metadata": self.metadata })
    }

    fn updated(&self) -> Option<Timestamp> {
        self.updated
    }
}

impl Snapshot for AppInstanceUser {
    fn snapshot(&self) -> Value {
        json!({
            "Name": self.name,
            "Metadata": self.metadata,
            "ExpirationSettings": self.expires_after.map(ExpirationSettings::after),
        })
    }

    fn updated(&self) -> Option<Timestamp> {
        self.updated
    }
}

impl Snapshot for AppInstanceBot {
    fn snapshot(&self) -> Value {
        let lex = self.configuration.clone();
        json!({
            "Name": self.name,
            "Metadata": self.metadata,
            "Configuration": lex.map(|lex| Configuration { lex }),
        })
    }

    fn updated(&self) -> Option<Timestamp> {
        self.updated
    }
}

impl Snapshot for Endpoint {
    fn snapshot(&self) -> Value {
        json!({
            "Name": self.name,
            "Type": self.kind,
            "ResourceArn": self.resource_arn,
            "AllowMessages": given(&self.allow_messages),
        })
    }

    fn updated(&self) -> Option<Timestamp> {
        self.updated
    }
}

impl Snapshot for Retention {
    fn snapshot(&self) -> Value {
        json!({ "AppInstanceRetentionSettings": RetentionSettings::new(self.days) })
    }
}

impl Snapshot for Tags {
    fn snapshot(&self) -> Value {
        json!({ "Tags": self })
    }
}

/// The choice that AWS gave; `None` when it gave none.
fn given<T>(choice: &Given<T>) -> Option<&Given<T>> {
    (!choice.as_str().is_empty()).then_some(choice)
}

/// What a write replaces: the members that it sets, or all of them when it removes the resource.
pub fn before<I: Input>(input: &I, present: &impl Snapshot) -> Value {
    let input = serde_json::to_value(input).unwrap_or_default();
    replaced(I::OPERATION, &input, present)
}

/// The same as [`before`], for the JSON of an input as the audit has it.
pub fn replaced(operation: Operation, input: &Value, present: &impl Snapshot) -> Value {
    let whole = present.snapshot();
    let members = AnyInput::members(operation);
    let is_set = |name: &str| {
        members.iter().any(|member| pascal(member) == name)
            && !(keeps_what_is_left_out(operation) && input[name].is_null())
    };
    let members = whole.as_object().into_iter().flatten();
    let set: Map<_, _> = members
        .filter(|(name, _)| is_set(name))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    if set.is_empty() { whole } else { set.into() }
}

/// Whether the operation leaves a member as it is when the input leaves it out. Others clear it.
const fn keeps_what_is_left_out(operation: Operation) -> bool {
    matches!(
        operation,
        Operation::UpdateAppInstanceBot | Operation::UpdateAppInstanceUserEndpoint
    )
}

/// `app_instance_arn` as the API writes it: `AppInstanceArn`.
fn pascal(member: &str) -> String {
    let words = member.split('_').map(|word| {
        let (first, rest) = word.split_at(usize::from(!word.is_empty()));
        first.to_ascii_uppercase() + rest
    });
    words.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Days;
    use crate::view::{EndpointState, MaskedToken};

    fn before_of(operation: Operation, present: &impl Snapshot) -> Value {
        let input = AnyInput::sample(operation).to_value();
        replaced(operation, &input, present)
    }

    fn user() -> AppInstanceUser {
        AppInstanceUser {
            arn: Given::read(""),
            name: "Alice".into(),
            metadata: "m".into(),
            created: None,
            updated: None,
            expires_after: Some(Days::read(30)),
        }
    }

    #[test]
    fn a_write_replaces_what_it_sets_and_a_delete_all() {
        let name = json!({ "Name": "Alice", "Metadata": "m" });
        let expires = json!({ "ExpirationSettings":
            { "ExpirationDays": 30, "ExpirationCriterion": "CREATED_TIMESTAMP" } });
        let mut all = name.clone();
        all["ExpirationSettings"] = expires["ExpirationSettings"].clone();
        let clear = json!({ "AppInstanceUserArn": "…" });
        let put = Operation::PutAppInstanceUserExpirationSettings;

        assert_eq!(before_of(Operation::UpdateAppInstanceUser, &user()), name);
        assert_eq!(before_of(put, &user()), expires);
        assert_eq!(replaced(put, &clear, &user()), expires);
        assert_eq!(before_of(Operation::DeleteAppInstanceUser, &user()), all);
    }

    #[test]
    fn a_bot_keeps_the_configuration_that_an_update_leaves_out() {
        let bot = AppInstanceBot {
            arn: Given::read(""),
            name: "Helper".into(),
            metadata: String::new(),
            configuration: None,
            responds_to: false,
            created: None,
            updated: None,
        };
        let operation = Operation::UpdateAppInstanceBot;
        let name = json!({ "Name": "Helper", "Metadata": "" });
        assert_eq!(
            replaced(operation, &json!({ "Name": "H", "Metadata": "" }), &bot),
            name
        );
        let mut all = name;
        all["Configuration"] = Value::Null;
        assert_eq!(before_of(operation, &bot), all);
    }

    #[test]
    fn untagging_replaces_the_tags() {
        let tags = Tags::from_service([("env".into(), "prod".into())]);
        let kept = json!({ "Tags": [{ "Key": "env", "Value": "prod" }] });
        assert_eq!(before_of(Operation::UntagResource, &tags), kept);
    }

    #[test]
    fn an_endpoint_keeps_no_token() {
        let endpoint = Endpoint {
            user: Given::read(""),
            id: "e-1".into(),
            name: "Phone".into(),
            kind: "GCM".into(),
            resource_arn: Given::read("arn:…"),
            device_token: Some(MaskedToken::of("device-token-1")),
            voip_device_token: None,
            allow_messages: Given::read(""),
            state: EndpointState {
                status: "ACTIVE".into(),
                reason: None,
            },
            created: None,
            updated: None,
        };
        let all = json!({ "Name": "Phone", "Type": "GCM", "ResourceArn": "arn:…",
            "AllowMessages": null });
        let deregister = Operation::DeregisterAppInstanceUserEndpoint;
        assert_eq!(before_of(deregister, &endpoint), all);
        let set = json!({ "Name": "Phone", "AllowMessages": null });
        let update = Operation::UpdateAppInstanceUserEndpoint;
        assert_eq!(before_of(update, &endpoint), set);
    }
}
