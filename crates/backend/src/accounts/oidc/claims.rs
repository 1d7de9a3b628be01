//! The claims of an answer: each is read when it is used, in every type that providers are known to
//! send it in. Claims that are not used may have any type.
//!
//! What they make of somebody here is in [`super::told`].

use std::fmt;

use domain::Timestamp;
use serde_json::{Map, Value};

/// A claim that is used and cannot be read. Never holds the value itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unreadable {
    pub(super) claim: String,
    pub(super) expected: &'static str,
    pub(super) found: &'static str,
}

/// What an answer says, by name.
#[derive(Clone, Default)]
pub(super) struct Claims(Map<String, Value>);

impl From<Map<String, Value>> for Claims {
    fn from(claims: Map<String, Value>) -> Self {
        Self(claims)
    }
}

impl fmt::Debug for Claims {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Claims(…)")
    }
}

impl Claims {
    /// The claim of this name. `null` counts as absent.
    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    /// A text, which some providers send as a whole number.
    pub(super) fn text(&self, name: &str) -> Result<Option<String>, Unreadable> {
        let Some(value) = self.get(name) else {
            return Ok(None);
        };
        let text = plain_text(value).ok_or_else(|| unreadable(name, "a text", value))?;
        Ok(Some(text))
    }

    /// A list of texts, or one that stands alone.
    pub(super) fn texts(&self, name: &str) -> Result<Vec<String>, Unreadable> {
        let Some(value) = self.get(name) else {
            return Ok(Vec::new());
        };
        let texts = match value {
            Value::Array(items) => items.iter().map(plain_text).collect(),
            alone => plain_text(alone).map(|text| vec![text]),
        };
        texts.ok_or_else(|| unreadable(name, "a text or a list of texts", value))
    }

    /// A time: seconds since 1970, whole or with a fraction, as a number or as the text of one.
    pub(super) fn time(&self, name: &str) -> Result<Option<Timestamp>, Unreadable> {
        let Some(value) = self.get(name) else {
            return Ok(None);
        };
        let seconds = match value {
            Value::Number(number) => number.as_f64(),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        let seconds = seconds.filter(|seconds: &f64| seconds.is_finite());
        let seconds = seconds.ok_or_else(|| unreadable(name, SECONDS, value))?;
        #[expect(
            clippy::cast_possible_truncation,
            reason = "beyond the range it is the end of the range, which no time of a try is near"
        )]
        let at = (seconds * 1000.0) as i64;
        Ok(Some(Timestamp(at)))
    }

    /// A time that an answer must have to be believed.
    pub(super) fn needed_time(&self, name: &str) -> Result<Timestamp, Unreadable> {
        self.time(name)?.ok_or_else(|| Unreadable {
            claim: name.to_owned(),
            expected: SECONDS,
            found: "nothing",
        })
    }

    /// Whether the claim is a plain yes. Anything else counts as no.
    pub(super) fn says(&self, name: &str) -> bool {
        match self.get(name) {
            Some(Value::Bool(yes)) => *yes,
            Some(Value::String(text)) => text == "1" || text.eq_ignore_ascii_case("true"),
            Some(Value::Number(number)) => number.as_u64() == Some(1),
            _ => false,
        }
    }

    /// Everything at a path: a claim of exactly this name, else what the dots of it lead to. A name
    /// on the way may itself have dots. In a list, every item is searched.
    pub(super) fn at(&self, path: &str) -> Vec<&Value> {
        below(&self.0, path)
    }
}

const SECONDS: &str = "seconds since 1970";

fn below<'a>(object: &'a Map<String, Value>, path: &str) -> Vec<&'a Value> {
    if let Some(value) = object.get(path).filter(|value| !value.is_null()) {
        return vec![value];
    }
    for (dot, _) in path.rmatch_indices('.') {
        let rest = &path[dot + 1..];
        let found = match object.get(&path[..dot]) {
            Some(Value::Object(inner)) => below(inner, rest),
            Some(Value::Array(items)) => {
                let objects = items.iter().filter_map(Value::as_object);
                objects.flat_map(|item| below(item, rest)).collect()
            }
            _ => Vec::new(),
        };
        if !found.is_empty() {
            return found;
        }
    }
    Vec::new()
}

/// A text, or a whole number as one.
pub(super) fn plain_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) if !number.is_f64() => Some(number.to_string()),
        _ => None,
    }
}

/// The same, also from a list of one: directories send attributes that may have several values so.
pub(super) fn one_text(value: &Value) -> Option<String> {
    match value {
        Value::Array(items) => match &items[..] {
            [only] => plain_text(only),
            _ => None,
        },
        other => plain_text(other),
    }
}

pub(super) fn unreadable(claim: &str, expected: &'static str, value: &Value) -> Unreadable {
    Unreadable {
        claim: claim.to_owned(),
        expected,
        found: shape(value),
    }
}

/// What kind of thing a value is, without what it says.
pub(super) fn shape(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "a yes or no",
        Value::Number(_) => "a number",
        Value::String(text) if text.is_empty() => "an empty text",
        Value::String(_) => "a text",
        Value::Array(items) if items.is_empty() => "an empty list",
        Value::Array(items) if items.iter().all(Value::is_string) => "a list of texts",
        Value::Array(items) if items.iter().all(Value::is_object) => "a list of objects",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn claims(value: &Value) -> Claims {
        value.as_object().unwrap().clone().into()
    }

    fn one(value: &Value) -> Claims {
        claims(&json!({ "claim": value }))
    }

    #[test]
    fn a_text_is_read_in_every_type_that_is_sent() {
        let text = |value: Value| one(&value).text("claim").map_err(|error| error.found);
        assert_eq!(text(json!("ann")), Ok(Some("ann".to_owned())));
        assert_eq!(text(json!(4711)), Ok(Some("4711".to_owned())));
        assert_eq!(text(json!(-1)), Ok(Some("-1".to_owned())));
        let long = "123456789012345678";
        let number: Value = long.parse().unwrap();
        assert_eq!(text(number), Ok(Some(long.to_owned())));
        assert_eq!(text(json!(null)), Ok(None));
        assert_eq!(claims(&json!({})).text("claim"), Ok(None));
        for (odd, found) in [
            (json!(true), "a yes or no"),
            // Two numbers of this size can be one.
            (json!(1.5), "a number"),
            (json!(["ann"]), "a list of texts"),
            (json!([]), "an empty list"),
            (json!({ "value": "ann" }), "an object"),
        ] {
            assert_eq!(text(odd), Err(found));
        }
    }

    #[test]
    fn a_list_of_texts_may_be_one_text() {
        let texts = |value: Value| one(&value).texts("claim").map_err(|error| error.found);
        assert_eq!(texts(json!("a")).unwrap(), ["a"]);
        assert_eq!(texts(json!(["a", 2])).unwrap(), ["a", "2"]);
        assert_eq!(texts(json!(null)).unwrap(), [""; 0]);
        assert_eq!(texts(json!(["a", null])), Err("a list"));
        assert_eq!(texts(json!({ "a": true })), Err("an object"));
    }

    #[test]
    fn a_time_is_read_in_every_type_that_is_sent() {
        let time = |value: Value| one(&value).time("claim").map_err(|error| error.found);
        for same in [json!(1000), json!(1000.0), json!("1000"), json!(" 1000.0 ")] {
            assert_eq!(time(same.clone()), Ok(Some(Timestamp(1_000_000))), "{same}");
        }
        assert_eq!(time(json!(999.5)), Ok(Some(Timestamp(999_500))));
        assert_eq!(time(json!(1e300)), Ok(Some(Timestamp(i64::MAX))));
        assert_eq!(time(json!(null)), Ok(None));
        for odd in ["today", "", "NaN", "inf", "10:00"] {
            assert!(time(json!(odd)).is_err(), "{odd}");
        }
        assert_eq!(time(json!([1000])), Err("a list"));
        assert_eq!(time(json!(true)), Err("a yes or no"));
        let absent = claims(&json!({})).needed_time("exp").unwrap_err();
        assert_eq!((&*absent.claim, absent.found), ("exp", "nothing"));
    }

    #[test]
    fn nothing_but_a_plain_yes_is_one() {
        for yes in [
            json!(true),
            json!("true"),
            json!("True"),
            json!(1),
            json!("1"),
        ] {
            assert!(one(&yes).says("claim"), "{yes}");
        }
        for no in [
            json!(false),
            json!("false"),
            json!(0),
            json!("0"),
            json!(2),
            json!("yes, but not yet"),
            json!([true]),
            json!({}),
            json!(null),
        ] {
            assert!(!one(&no).says("claim"), "{no}");
        }
    }

    #[test]
    fn a_path_leads_inside_and_a_name_with_dots_is_still_a_name() {
        let claims = claims(&json!({
            "realm_access": { "roles": ["a"] },
            "resource_access": { "carillon": { "roles": ["b"] }, "my.client": { "roles": ["c"] } },
            "https://example.com/roles": ["d"],
            "groups": [{ "name": "e" }, { "id": 1 }, "loose", { "name": "f" }],
            "a.b": "whole",
            "a": { "b": "inside", "c": null },
        }));
        let at = |path| json!(claims.at(path));
        assert_eq!(at("realm_access.roles"), json!([["a"]]));
        assert_eq!(at("resource_access.carillon.roles"), json!([["b"]]));
        assert_eq!(at("resource_access.my.client.roles"), json!([["c"]]));
        assert_eq!(at("https://example.com/roles"), json!([["d"]]));
        assert_eq!(at("groups.name"), json!(["e", "f"]));
        assert_eq!(at("a.b"), json!(["whole"]));
        for nothing in ["", ".", "a.c", "a.", ".a", "roles", "a.b.c", "groups.0"] {
            assert_eq!(at(nothing), json!([]), "{nothing}");
        }
    }
}
