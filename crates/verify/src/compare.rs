//! What two answers have in common: status, exception, and which members of which types there are.
//!
//! Values are not compared, and no difference holds one: a report of it can be given to anybody.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use serde_json::Value;

use crate::service::Answer;

/// Something that the service and the emulator answer differently.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// The status or the exception differs.
    Answer {
        /// Status and exception of the service.
        service: String,
        /// Status and exception of the emulator.
        emulator: String,
    },
    /// A member that only the service sends.
    OnlyService(String),
    /// A member that only the emulator sends.
    OnlyEmulator(String),
    /// A member has other types.
    Type {
        /// The path of the member.
        member: String,
        /// Its types at the service.
        service: String,
        /// Its types at the emulator.
        emulator: String,
    },
    /// Something beside the answer itself differs, as a step tells it.
    Fact {
        /// What was seen at the service.
        service: String,
        /// What was seen at the emulator.
        emulator: String,
    },
}

impl fmt::Display for Difference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Answer { service, emulator } | Self::Fact { service, emulator } => {
                write!(
                    formatter,
                    "the service: {service}; the emulator: {emulator}"
                )
            }
            Self::OnlyService(member) => write!(formatter, "only the service sends {member}"),
            Self::OnlyEmulator(member) => write!(formatter, "only the emulator sends {member}"),
            Self::Type {
                member,
                service,
                emulator,
            } => write!(
                formatter,
                "{member} is {service} at the service and {emulator} at the emulator"
            ),
        }
    }
}

/// Status and exception in words.
pub(crate) fn in_words(answer: &Answer) -> String {
    let Some(status) = answer.status else {
        return "no answer".to_owned();
    };
    let mut words = status.to_string();
    if let Some(exception) = &answer.exception {
        words = format!("{words} {}", name(exception));
    }
    if let Some(code) = answer.text("Code") {
        words = format!("{words} (Code {})", name(code));
    }
    words
}

/// How two answers differ. `ignored` are paths that depend on the account and not on the service.
pub(crate) fn differences(
    service: &Answer,
    emulator: &Answer,
    ignored: &[&str],
) -> Vec<Difference> {
    let (ours, theirs) = (in_words(emulator), in_words(service));
    if ours != theirs {
        return vec![Difference::Answer {
            service: theirs,
            emulator: ours,
        }];
    }
    let (theirs, ours) = (shape(&service.body), shape(&emulator.body));
    let is_ignored = |path: &str| ignored.iter().any(|start| path.starts_with(start));
    let paths: BTreeSet<&String> = theirs.keys().chain(ours.keys()).collect();
    let compared = paths.into_iter().filter(|path| !is_ignored(path));
    compared
        .filter_map(|path| match (theirs.get(path), ours.get(path)) {
            (Some(theirs), Some(ours)) if theirs != ours => Some(Difference::Type {
                member: path.clone(),
                service: list(theirs),
                emulator: list(ours),
            }),
            (Some(_), None) => Some(Difference::OnlyService(path.clone())),
            (None, Some(_)) => Some(Difference::OnlyEmulator(path.clone())),
            _ => None,
        })
        .collect()
}

type Types = BTreeSet<&'static str>;

/// The paths of all members with their types.
fn shape(body: &Value) -> BTreeMap<String, Types> {
    let mut found = BTreeMap::new();
    collect(body, "", &mut found);
    found
}

fn collect(value: &Value, path: &str, found: &mut BTreeMap<String, Types>) {
    let mut note = |kind| {
        if !path.is_empty() {
            found.entry(path.to_owned()).or_default().insert(kind);
        }
    };
    match value {
        Value::Null => note("null"),
        Value::Bool(_) => note("a boolean"),
        Value::Number(_) => note("a number"),
        Value::String(_) => note("a text"),
        Value::Array(elements) => {
            note("a list");
            for element in elements {
                collect(element, &format!("{path}[]"), found);
            }
        }
        Value::Object(members) => {
            note("an object");
            for (member, value) in members {
                let member = name(member);
                let inner = if path.is_empty() {
                    member
                } else {
                    format!("{path}.{member}")
                };
                collect(value, &inner, found);
            }
        }
    }
}

/// A name as a model could have it; anything else could be somebody's.
fn name(text: &str) -> String {
    let is_name = |c: char| c.is_ascii_alphabetic() || c == '_';
    if !text.is_empty() && text.len() <= 64 && text.chars().all(is_name) {
        text.to_owned()
    } else {
        "(not a name)".to_owned()
    }
}

fn list(types: &Types) -> String {
    types.iter().copied().collect::<Vec<_>>().join(" or ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn answer(body: Value) -> Answer {
        Answer {
            status: Some(200),
            exception: None,
            body,
        }
    }

    #[test]
    fn members_and_types_are_compared_and_values_are_not() {
        let service = json!({ "A": 1.5, "B": [{ "C": "x" }], "D": "text", "E": null });
        let emulator = json!({ "A": 2, "B": [{ "C": "y" }, { "C": "z", "F": true }], "D": 1 });

        let found = differences(&answer(service), &answer(emulator), &[]);

        let found: Vec<String> = found.iter().map(ToString::to_string).collect();
        let expected = [
            "only the emulator sends B[].F",
            "D is a text at the service and a number at the emulator",
            "only the service sends E",
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn what_says_something_of_the_account_is_ignored() {
        let service = answer(json!({ "AppInstances": [{ "Name": "x" }], "NextToken": "secret" }));
        let emulator = answer(json!({ "AppInstances": [] }));

        let found = differences(&service, &emulator, &["AppInstances[]", "NextToken"]);

        assert_eq!(found, []);
    }

    #[test]
    fn nothing_that_could_be_a_value_is_told() {
        let odd = Answer {
            status: Some(403),
            exception: Some("arn:aws:chime:us-east-1:123456789012:app-instance/1".to_owned()),
            body: json!({ "Code": "123456789012", "user@example.com": 1 }),
        };

        let told = format!("{}{:?}", in_words(&odd), shape(&odd.body));

        assert!(
            !told.contains("123456789012") && !told.contains("example"),
            "{told}"
        );
    }
}
