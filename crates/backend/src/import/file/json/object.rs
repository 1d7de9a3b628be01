//! One JSON object, with its members in the order in which they are written.
//!
//! A map of `serde_json` would sort them, and keep the last of two with one name.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// The members of an object. Those of a member `tags` are members `tag:KEY`.
#[derive(Debug)]
pub(super) struct Object(Vec<(String, Value)>);

/// What a member holds.
#[derive(Debug)]
pub(super) enum Value {
    /// A text, or a whole number as it is written.
    Text(String),
    /// `null`.
    Nothing,
    /// What cannot stand in a cell. Among it numbers with a fraction or very many digits, which would
    /// not come out as they were written.
    Other,
}

impl Object {
    pub(super) fn members(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    pub(super) fn into_members(self) -> impl Iterator<Item = (String, Value)> {
        self.0.into_iter()
    }
}

/// A member before it is known whether it holds tags.
enum Member {
    Value(Value),
    Members(Vec<(String, Member)>),
}

impl Member {
    fn value(self) -> Value {
        match self {
            Self::Value(value) => value,
            Self::Members(_) => Value::Other,
        }
    }
}

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let members = deserializer.deserialize_map(Members)?;
        let mut flat = Vec::with_capacity(members.len());
        for (name, member) in members {
            let holds_tags = name.trim().eq_ignore_ascii_case("tags");
            match member {
                Member::Members(tags) if holds_tags => {
                    let tag =
                        |(key, value): (String, Member)| (format!("tag:{key}"), value.value());
                    flat.extend(tags.into_iter().map(tag));
                }
                Member::Value(Value::Nothing) if holds_tags => {}
                member => flat.push((name, member.value())),
            }
        }
        Ok(Self(flat))
    }
}

impl<'de> Deserialize<'de> for Member {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OfMember)
    }
}

struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = Vec<(String, Member)>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(members)
    }
}

struct OfMember;

impl<'de> Visitor<'de> for OfMember {
    type Value = Member;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_str<E>(self, text: &str) -> Result<Member, E> {
        Ok(Member::Value(Value::Text(text.to_owned())))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Member, E> {
        Ok(Member::Value(Value::Text(number.to_string())))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Member, E> {
        Ok(Member::Value(Value::Text(number.to_string())))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Member, E> {
        Ok(Member::Value(Value::Other))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Member, E> {
        Ok(Member::Value(Value::Other))
    }

    fn visit_unit<E>(self) -> Result<Member, E> {
        Ok(Member::Value(Value::Nothing))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Member, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Member::Value(Value::Other))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Member, A::Error> {
        Members.visit_map(map).map(Member::Members)
    }
}
