//! The description of a form: its fields, their rules, what was typed, what was refused.
//!
//! Every form of the dashboard is one of these, shown by [`crate::ui::form`]. The browser gets the
//! rules with it ([`crate::islands::LiveForm`]), so that both sides check the same.

mod field;
mod member;
mod preview;
mod restored;
mod resumed;
mod version;

pub use crate::rule::{DaysEffect, Rule, When};
pub use field::{Control, FIND, FieldSpec, Tick, Ticks};
pub use member::{TAG, field_named, field_of, flat, member_of};
pub use preview::{AGAIN, PREVIEW, Preview};
pub use restored::{RESTORED, Restored};
pub use version::{Version, is_told};

use std::fmt::Display;

use domain::settings::Days;
use domain::tag::TagRow;
use domain::token::RequestToken;
use domain::{Cause, ConnectionId, Failure, Field, FieldProblem, Timestamp};

/// The hidden value of a form that edits: when what it edits was last changed.
const BASE: &str = "base";

/// The description of a form, from which the server writes it.
#[derive(Clone, Debug)]
pub struct FormSpec {
    /// The address of the server function.
    pub action: String,
    /// The page that shows the form: where a refused post without JavaScript returns to.
    pub page: String,
    /// The text of the button.
    pub submit: String,
    /// The text of the button while the form is on its way.
    pub working: String,
    /// Whether the button destroys something.
    pub danger: bool,
    /// Where "Cancel" leads, if there is one.
    pub cancel: Option<String>,
    /// Whose password is in it, where nobody types the name: password managers read it.
    pub username: Option<String>,
    /// Whether its first field has the focus when the page opens.
    pub focused: bool,
    /// Hidden values that are sent along: name and value.
    pub hidden: Vec<(String, String)>,
    /// The fields, in order.
    pub fields: Vec<FieldSpec>,
    /// Why the last attempt was refused.
    pub failure: Option<Failure>,
    /// Why it cannot be sent by the one who sees it, whatever is typed.
    pub refused: Option<String>,
    /// Where to unlock writes, when sending it would ask for that.
    pub locked: Option<String>,
    /// Of a form that edits: each value as it was when the form was made, and as it is saved.
    pub versions: Vec<Version>,
    /// Whether it holds something that somebody typed and nobody saved.
    pub changed: bool,
    /// Which of its values is one from before.
    pub restored: Option<Restored>,
    /// What sending it would do, where it can say so.
    pub preview: Option<Preview>,
}

/// The value of a form that came back for the next resource: which one was just created.
pub const CREATED: &str = "created";

impl FormSpec {
    /// A form without fields yet.
    pub fn new(action: &str, page: String, submit: &str, working: &str) -> Self {
        Self {
            action: format!("/api/{action}"),
            page,
            submit: submit.to_owned(),
            working: working.to_owned(),
            danger: false,
            cancel: None,
            username: None,
            focused: false,
            hidden: Vec::new(),
            fields: Vec::new(),
            failure: None,
            refused: None,
            locked: None,
            versions: Vec::new(),
            changed: false,
            restored: None,
            preview: None,
        }
    }

    /// The id of its element, by which buttons elsewhere on the page belong to it.
    pub fn id(&self) -> String {
        let action = self.action.trim_start_matches("/api/");
        format!("form-{}", action.replace('/', "-"))
    }

    /// Marks the button as destroying.
    #[must_use]
    pub fn danger(mut self) -> Self {
        self.danger = true;
        self
    }

    /// Adds "Cancel".
    #[must_use]
    pub fn cancel(mut self, to: impl Into<String>) -> Self {
        self.cancel = Some(to.into());
        self
    }

    /// Says whose password is in it.
    #[must_use]
    pub fn of(mut self, username: &str) -> Self {
        self.username = Some(username.to_owned());
        self
    }

    /// Gives its first field the focus: for pages that are there for this form.
    #[must_use]
    pub fn focused(mut self) -> Self {
        self.focused = true;
        self
    }

    /// Adds a hidden value.
    #[must_use]
    pub fn hidden(mut self, name: &str, value: impl ToString) -> Self {
        self.hidden.push((name.to_owned(), value.to_string()));
        self
    }

    /// Adds what the form acts on, and by which connection.
    #[must_use]
    pub fn on<A: Display>(self, connection: &ConnectionId, arn: A) -> Self {
        self.hidden("target", connection.target(arn))
    }

    /// Adds a field.
    #[must_use]
    pub fn field(mut self, field: FieldSpec) -> Self {
        self.fields.push(field);
        self
    }

    /// Makes it a form that edits what its fields hold, as it was last changed at `updated`. Both travel
    /// along, so that a change meanwhile is noticed and can be told apart from one's own.
    #[must_use]
    pub fn edits(self, updated: Option<Timestamp>) -> Self {
        let versions: Vec<_> = self.fields.iter().map(Version::of).collect();
        let mut form = self.hidden(BASE, updated.map_or(0, |updated| updated.0));
        for version in &versions {
            form = form.hidden(&version.name(), &version.saved);
        }
        form.versions = versions;
        form
    }

    /// What a field holds; nothing if there is no such field.
    pub fn value_of(&self, field: Field) -> &str {
        let found = self.fields.iter().find(|spec| spec.field == field);
        found.map_or("", |spec| &spec.value)
    }

    /// Whether the days of the form, as it stands, delete something.
    pub fn loses(&self) -> bool {
        let effect = |field: &FieldSpec| field.rule.effect(&field.value);
        self.fields.iter().filter_map(effect).any(DaysEffect::loses)
    }

    /// The rows of tags as they stand.
    pub fn tag_rows(&self) -> &[TagRow] {
        let rows = self.fields.iter().find_map(|field| match &field.control {
            Control::Tags { rows, .. } => Some(rows.as_slice()),
            _ => None,
        });
        rows.unwrap_or_default()
    }

    /// A value that travels along; nothing if there is none of this name.
    pub fn hidden_value(&self, name: &str) -> &str {
        let found = self.hidden.iter().find(|(key, _)| key == name);
        found.map_or("", |(_, value)| value)
    }

    /// The token by which AWS knows a retry of what the form creates.
    pub fn token(&self) -> Result<RequestToken, Failure> {
        let token = self.hidden_value("token").to_owned();
        token.try_into().map_err(|_| Cause::Outdated.into())
    }

    /// Puts back what was typed before, and why it was refused.
    #[must_use]
    pub fn with_typed(mut self, typed: &[(String, String)], failure: Option<Failure>) -> Self {
        let of = |name: &str| {
            typed
                .iter()
                .find(|(n, _)| n == name)
                .map(|(_, value)| value.clone())
        };
        for field in &mut self.fields {
            if let Control::Tags { rows, .. } = &mut field.control {
                *rows = typed_rows(typed);
            } else if let Control::Ticks(_) = &field.control {
                field.value = typed_ticks(typed, field.field.name());
            } else if let Some(value) = of(field.field.name()) {
                field.value = value;
            } else if matches!(field.control, Control::Checkbox) {
                field.value = String::new();
            }
        }
        for version in &mut self.versions {
            version.base = of(&version.name());
        }
        // The same request token again: a retry must not create a second resource. And the same base:
        // only who was shown that something changed meanwhile may replace it.
        let told = failure.as_ref().is_some_and(is_told);
        let names: Vec<_> = self.versions.iter().map(Version::name).collect();
        for (name, value) in &mut self.hidden {
            let is_base = name == BASE || names.contains(name);
            if (name == "token" || is_base && !told)
                && let Some(typed) = of(name)
            {
                *value = typed;
            }
        }
        self.changed = of(CREATED).is_none() && self.fields.iter().any(FieldSpec::is_work);
        self.failure = failure;
        self
    }

    /// Whether it shows a device token, which is typed and not hidden while it is.
    pub fn shows_a_token(&self) -> bool {
        let is_token =
            |field: &&FieldSpec| matches!(field.field, Field::DeviceToken | Field::VoipDeviceToken);
        self.fields
            .iter()
            .filter(is_token)
            .any(|field| !field.value.is_empty())
    }
}

/// What was ticked, one a line: `limit[0]`, `limit[4]`, ….
fn typed_ticks(typed: &[(String, String)], field: &str) -> String {
    let is_of_it = |name: &str| {
        let number = name
            .strip_prefix(field)
            .and_then(|rest| rest.strip_prefix('['));
        number.is_some_and(|rest| rest.ends_with(']'))
    };
    let ticked = typed.iter().filter(|(name, _)| is_of_it(name));
    ticked
        .map(|(_, value)| value.as_str())
        .collect::<Vec<_>>()
        .join("\n")
}

/// Tag rows as a form sends them: `tag_key[0]`, `tag_value[0]`, ….
fn typed_rows(typed: &[(String, String)]) -> Vec<TagRow> {
    let column = |wanted: &str| {
        let matching = |(name, value): &(String, String)| {
            let index = name
                .strip_prefix(wanted)?
                .strip_prefix('[')?
                .strip_suffix(']')?;
            Some((index.parse::<usize>().ok()?, value.clone()))
        };
        typed.iter().filter_map(matching).collect::<Vec<_>>()
    };
    let (keys, values) = (column("tag_key"), column("tag_value"));
    keys.into_iter()
        .map(|(index, key)| {
            let value = values
                .iter()
                .find(|(at, _)| *at == index)
                .map(|(_, value)| value.clone());
            TagRow {
                key,
                value: value.unwrap_or_default(),
            }
        })
        .collect()
}

/// The days of a field as it stands; none when it is empty, which only a preview refuses as sending it does.
pub fn days_of(spec: &FormSpec, field: Field) -> Result<Option<Days>, Failure> {
    match spec.value_of(field).trim() {
        "" if !spec.is_previewed() => Ok(None),
        days => match days.parse() {
            Ok(days) => Ok(Some(days)),
            Err(problem) => Err(FieldProblem { field, problem }.into()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_that_comes_back_does_not_pretend_to_have_seen_a_later_change() {
        let spec = || FormSpec::new("x", "/x".into(), "Go", "Going…").hidden("base", "2");
        let typed = [("base".to_owned(), "1".to_owned())];
        let base = |failure: Option<Failure>| {
            let spec = spec().with_typed(&typed, failure);
            spec.hidden_value("base").to_owned()
        };

        assert_eq!(base(None), "1");
        assert_eq!(base(Some(Cause::Throttled.into())), "1");
        assert_eq!(base(Some(Cause::Invalid(Vec::new()).into())), "1");
        // That page shows both versions.
        assert_eq!(base(Some(Cause::Changed(None).into())), "2");
    }

    #[test]
    fn only_what_somebody_typed_and_could_lose_is_a_change() {
        let field = |control, rule| {
            FormSpec::new("x", "/x".into(), "Go", "Going…").field(FieldSpec::new(
                Field::Name,
                control,
                rule,
            ))
        };
        let name = || field(Control::text(), Rule::AppInstanceName);
        let confirm = field(
            Control::text(),
            Rule::Confirm {
                name: "Chat".into(),
                when: When::Always,
            },
        );
        let created = [(CREATED.to_owned(), "arn:…".to_owned())];

        assert!(!name().changed);
        assert!(name().with_typed(&[], None).changed);
        assert!(!name().with_typed(&created, None).changed);
        assert!(!confirm.with_typed(&[], None).changed);
    }

    #[test]
    fn typed_values_come_back_with_the_same_token() {
        let spec = FormSpec::new("x", "/x".into(), "Go", "Going…")
            .hidden("token", "new")
            .field(FieldSpec::new(
                Field::Name,
                Control::text(),
                Rule::AppInstanceName,
            ))
            .field(FieldSpec::new(
                Field::Tags,
                Control::Tags {
                    rows: Vec::new(),
                    before: None,
                },
                Rule::None,
            ));
        let typed = [
            ("token", "old"),
            ("name", "Chat"),
            ("tag_key[0]", "a"),
            ("tag_value[0]", "1"),
            ("tag_key[1]", ""),
            ("tag_value[1]", "2"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()));

        let spec = spec.with_typed(&typed, None);

        assert_eq!(spec.hidden, [("token".to_owned(), "old".to_owned())]);
        assert_eq!(spec.fields[0].value, "Chat");
        let rows = vec![
            TagRow {
                key: "a".into(),
                value: "1".into(),
            },
            TagRow {
                key: String::new(),
                value: "2".into(),
            },
        ];
        assert_eq!(spec.fields[1].control, Control::Tags { rows, before: None });
    }
}
