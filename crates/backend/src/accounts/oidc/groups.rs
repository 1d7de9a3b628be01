//! The groups of somebody: where a provider tells them, in the shapes that providers give them.

use serde_json::Value;

use super::claims::{Claims, plain_text, shape};

/// What an answer tells about groups.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Groups {
    /// These, of which there may be none, and the shape they came in.
    Told(Vec<String>, &'static str),
    /// There is nothing at the path.
    Absent,
    /// They are not in the answer, which says that they are elsewhere: somebody is in more groups
    /// than the provider sends.
    Elsewhere,
}

impl Groups {
    /// Those at a path. A text that stands alone is one group, unless a separator is configured:
    /// the name of a group can have spaces and commas, and half of a name must not pass for another
    /// group.
    pub(super) fn of(claims: &Claims, path: &str, separator: Option<char>) -> Self {
        let found = claims.at(path);
        let Some(first) = found.first() else {
            return if are_elsewhere(claims, path) {
                Self::Elsewhere
            } else {
                Self::Absent
            };
        };
        let shape = shape(first);
        let mut groups = Vec::new();
        for value in found {
            match value {
                Value::String(text) => groups.extend(divided(text, separator)),
                // The keys are the groups, but for those that are denied.
                Value::Object(members) => {
                    let held = members
                        .iter()
                        .filter(|(_, value)| !matches!(value, Value::Null | Value::Bool(false)));
                    groups.extend(held.map(|(name, _)| name.clone()));
                }
                other => collect(other, &mut groups),
            }
        }
        Self::Told(groups, shape)
    }
}

/// The groups of a list, and of lists within it. Of an object it is the `name`.
fn collect(value: &Value, groups: &mut Vec<String>) {
    match value {
        Value::Array(items) => {
            for item in items {
                collect(item, groups);
            }
        }
        Value::Object(members) => groups.extend(members.get("name").and_then(plain_text)),
        other => groups.extend(plain_text(other)),
    }
}

fn divided(text: &str, separator: Option<char>) -> Vec<String> {
    let Some(separator) = separator else {
        return vec![text.to_owned()];
    };
    // Some write the brackets of a list around it.
    let inside = text
        .trim()
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'));
    let divides =
        |letter: char| letter == separator || (separator == ' ' && letter.is_whitespace());
    let parts = inside.unwrap_or(text).split(divides).map(str::trim);
    parts
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Whether the answer says that the claim is kept elsewhere (OpenID Connect Core 1.0, section
/// 5.6.2), as Entra ID does of somebody with many groups.
fn are_elsewhere(claims: &Claims, path: &str) -> bool {
    let named = claims.get("_claim_names").and_then(Value::as_object);
    let holds = |name: &String| {
        let rest = path.strip_prefix(name.as_str());
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    named.is_some_and(|named| named.keys().any(holds))
        || (path == "groups" && claims.says("hasgroups"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn groups(path: &str, separator: Option<char>, claims: &Value) -> Groups {
        let claims = claims.as_object().unwrap().clone().into();
        Groups::of(&claims, path, separator)
    }

    fn told(path: &str, claims: &Value) -> Vec<String> {
        match groups(path, None, claims) {
            Groups::Told(groups, _) => groups,
            other => panic!("{other:?} of {claims}"),
        }
    }

    #[test]
    fn each_shape_that_providers_give_them_is_understood() {
        for (path, claims, expected) in [
            (
                "groups",
                json!({ "groups": ["a", "b c"] }),
                &["a", "b c"][..],
            ),
            ("groups", json!({ "groups": "a b, c" }), &["a b, c"]),
            ("groups", json!({ "groups": [] }), &[]),
            (
                "groups",
                json!({ "groups": [7, "a", true, null] }),
                &["7", "a"],
            ),
            ("groups", json!({ "groups": [["a"], ["b"]] }), &["a", "b"]),
            (
                "groups",
                json!({ "groups": [{ "name": "a", "id": "x" }, { "id": "y" }] }),
                &["a"],
            ),
            (
                "groups.id",
                json!({ "groups": [{ "name": "a", "id": "x" }, { "id": "y" }] }),
                &["x", "y"],
            ),
            (
                "resource_access.carillon.roles",
                json!({ "resource_access": { "carillon": { "roles": ["a"] } } }),
                &["a"],
            ),
            (
                "urn:zitadel:iam:org:project:roles",
                json!({ "urn:zitadel:iam:org:project:roles": { "a": { "1": "acme.example" } } }),
                &["a"],
            ),
            (
                "roles",
                json!({ "roles": { "a": true, "b": false, "c": null } }),
                &["a"],
            ),
            (
                "https://example.com/roles",
                json!({ "https://example.com/roles": ["a"] }),
                &["a"],
            ),
            ("roles", json!({ "roles": true }), &[]),
        ] {
            assert_eq!(told(path, &claims), expected, "{claims}");
        }
    }

    #[test]
    fn one_text_is_several_groups_only_where_it_is_said_what_divides_them() {
        let divided = |text: &str, separator| {
            let found = groups("groups", separator, &json!({ "groups": text }));
            let Groups::Told(found, _) = found else {
                panic!("{found:?}")
            };
            found
        };
        assert_eq!(divided("admins,readers", None), ["admins,readers"]);
        assert_eq!(divided("former admins", None), ["former admins"]);
        assert_eq!(divided("a, b c,,d ", Some(',')), ["a", "b c", "d"]);
        assert_eq!(divided("  a   b\u{a0}", Some(' ')), ["a", "b"]);
        assert_eq!(divided("[a, b]", Some(',')), ["a", "b"]);
        assert_eq!(divided("", Some(',')), [""; 0]);
        // Items of a list stay whole.
        let list = groups("groups", Some(' '), &json!({ "groups": ["former admins"] }));
        let whole = vec!["former admins".to_owned()];
        assert_eq!(list, Groups::Told(whole, "a list of texts"));
    }

    #[test]
    fn groups_that_are_kept_elsewhere_are_not_none() {
        let entra = json!({
            "_claim_names": { "groups": "src1" },
            "_claim_sources": { "src1": { "endpoint": "https://graph.example/x" } },
        });
        assert_eq!(groups("groups", None, &entra), Groups::Elsewhere);
        for yes in [json!(true), json!("true")] {
            let short = json!({ "hasgroups": yes });
            assert_eq!(groups("groups", None, &short), Groups::Elsewhere);
            assert_eq!(groups("roles", None, &short), Groups::Absent);
        }
        let nested = json!({ "_claim_names": { "realm": "src1" } });
        assert_eq!(groups("realm.roles", None, &nested), Groups::Elsewhere);
        // Only another claim is kept elsewhere.
        assert_eq!(groups("roles", None, &entra), Groups::Absent);
        assert_eq!(groups("groupset", None, &entra), Groups::Absent);
        assert_eq!(groups("groups", None, &json!({})), Groups::Absent);
        // What is told counts.
        let both = json!({ "groups": ["a"], "_claim_names": { "groups": "src1" } });
        assert_eq!(told("groups", &both), ["a"]);
    }
}
