//! Finds members that a JSON text gives twice. Readers keep the first, the last or neither, so what was meant cannot be
//! known.
//!
//! Whether the text is JSON at all is found by its reader.

use std::{collections::HashSet, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, SeqAccess, Visitor},
};

use crate::error::ApiError;

const TWICE: &str = "a member is given twice";

/// Refuses a text in which a member stands twice, at any depth.
pub(crate) fn refuse(text: &[u8]) -> Result<(), ApiError> {
    match serde_json::from_slice::<Distinct>(text) {
        Err(error) if error.to_string().starts_with(TWICE) => {
            let (line, column) = (error.line(), error.column());
            let message = format!("{TWICE}, at line {line} column {column}");
            Err(ApiError::bad_request(message))
        }
        _ => Ok(()),
    }
}

/// A value whose members all differ.
struct Distinct;

impl<'de> Deserialize<'de> for Distinct {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(DistinctVisitor)
    }
}

struct DistinctVisitor;

impl<'de> Visitor<'de> for DistinctVisitor {
    type Value = Distinct;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Distinct, E> {
        Ok(Distinct)
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Distinct, E> {
        Ok(Distinct)
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<Distinct, E> {
        Ok(Distinct)
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Distinct, E> {
        Ok(Distinct)
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<Distinct, E> {
        Ok(Distinct)
    }

    fn visit_unit<E: Error>(self) -> Result<Distinct, E> {
        Ok(Distinct)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Distinct, A::Error> {
        while elements.next_element::<Distinct>()?.is_some() {}
        Ok(Distinct)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Distinct, A::Error> {
        let mut names = HashSet::new();
        while let Some(name) = members.next_key::<String>()? {
            if !names.insert(name) {
                return Err(A::Error::custom(TWICE));
            }
            members.next_value::<Distinct>()?;
        }
        Ok(Distinct)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_that_is_given_twice_is_found_wherever_it_is() {
        for text in [
            r#"{"Name":"a","Name":"a"}"#,
            r#"{"Name":"a","Metadata":"","Name":null}"#,
            r#"{"Name":"a","\u004eame":"b"}"#,
            r#"{"Configuration":{"Lex":{"LocaleId":"a","LocaleId":"b"}}}"#,
            r#"{"Tags":[{"Key":"a","Value":"b"},{"Key":"a","Key":"b"}]}"#,
            r#"{"Unknown":1,"Unknown":2}"#,
        ] {
            let refused = refuse(text.as_bytes()).unwrap_err();
            assert!(refused.message.starts_with(TWICE), "{text}");
        }
    }

    #[test]
    fn the_same_name_at_two_places_is_no_member_given_twice() {
        for text in [
            r#"{"Tags":[{"Key":"a"},{"Key":"a"}],"Key":{"Key":1.5}}"#,
            r#"{"Name":"a","name":"b"}"#,
            "[]",
            // The reader refuses it.
            r#"{"Name":"#,
        ] {
            assert_eq!(refuse(text.as_bytes()), Ok(()), "{text}");
        }
    }
}
