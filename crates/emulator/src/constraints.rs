//! The length, pattern and range rules of the service model, as functions that name the member and the rule.
//!
//! The patterns are applied by hand: some of them, run as written, refuse what they mean to accept.

use serde::{Deserialize, Serialize};

use crate::error::ApiError;
use crate::object::Object;

type Check = Result<(), ApiError>;

/// A refusal in the words of AWS's own front end; it never repeats the value, which may be sensitive.
pub(crate) fn violated(member: &str, rule: &str) -> ApiError {
    ApiError::bad_request(format!(
        "1 validation error detected: Value at '{member}' failed to satisfy constraint: {rule}"
    ))
}

/// A member that must be present and not null.
pub(crate) fn required<T>(member: &str, value: Option<T>) -> Result<T, ApiError> {
    value.ok_or_else(|| violated(member, "Member must not be null"))
}

/// Checks a length in Unicode code points, the unit of the model.
pub(crate) fn length(member: &str, value: &str, min: usize, max: usize) -> Check {
    let count = value.chars().count();
    if count < min {
        return Err(violated(
            member,
            &format!("Member must have length greater than or equal to {min}"),
        ));
    }
    if count > max {
        return Err(violated(
            member,
            &format!("Member must have length less than or equal to {max}"),
        ));
    }
    Ok(())
}

/// Checks that a number is within two bounds, which are good themselves.
pub(crate) fn range(member: &str, value: i64, min: i64, max: i64) -> Check {
    if (min..=max).contains(&value) {
        Ok(())
    } else {
        Err(violated(
            member,
            &format!("Member must be between {min} and {max}"),
        ))
    }
}

/// Checks that a value is one of an enumeration of the model.
pub(crate) fn one_of(member: &str, value: &str, allowed: &[&str]) -> Check {
    if allowed.contains(&value) {
        Ok(())
    } else {
        Err(violated(
            member,
            &format!(
                "Member must satisfy enum value set: [{}]",
                allowed.join(", ")
            ),
        ))
    }
}

/// The name of an app instance, which it must have (shape `NonEmptyResourceName`).
pub(crate) fn app_instance_name(value: Option<String>) -> Result<String, ApiError> {
    let value = required("name", value)?;
    resource_name("name", &value, 1)?;
    Ok(value)
}

/// The name of a bot, which it may lack (shape `ResourceName`).
pub(crate) fn bot_name(value: Option<String>) -> Result<Option<String>, ApiError> {
    if let Some(value) = &value {
        resource_name("name", value, 0)?;
    }
    Ok(value)
}

/// Shapes `NonEmptyResourceName` (`min` 1) and `ResourceName` (`min` 0): up to 256 characters that XML 1.0 allows.
///
/// The pattern of the model writes the last range as `\u10000-\u10FFFF`, which read literally refuses emoji; the
/// intent is applied.
fn resource_name(member: &str, value: &str, min: usize) -> Check {
    length(member, value, min, 256)?;
    let allowed = |c: char| {
        matches!(c, '\t' | '\n' | '\r' | ' '..='~' | '\u{85}' | '\u{A0}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}')
            || c >= '\u{10000}'
    };
    if value.chars().all(allowed) {
        Ok(())
    } else {
        Err(violated(member, "Member must not hold control characters"))
    }
}

/// The name of a user, which they must have (shape `UserName`): 1 to 100 characters, one of them not blank.
pub(crate) fn user_name(value: Option<String>) -> Result<String, ApiError> {
    let value = required("name", value)?;
    length("name", &value, 1, 100)?;
    if value.chars().any(|c| !c.is_whitespace()) {
        Ok(value)
    } else {
        Err(violated(
            "name",
            "Member must hold a character that is not blank",
        ))
    }
}

/// Shape `UserId`: 1 to 64 of letters, digits and `:-_.@`, a letter or digit at both ends.
pub(crate) fn user_id(member: &str, value: &str) -> Check {
    length(member, value, 1, 64)?;
    let inside = value
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || b":-_.@".contains(&b));
    let ends = value.bytes().next().zip(value.bytes().last());
    if inside
        && ends.is_some_and(|(first, last)| {
            first.is_ascii_alphanumeric() && last.is_ascii_alphanumeric()
        })
    {
        Ok(())
    } else {
        let rule = "Member must satisfy regular expression pattern: [A-Za-z0-9]([A-Za-z0-9\\:\\-\\_\\.\\@]{0,62}[A-Za-z0-9])?";
        Err(violated(member, rule))
    }
}

/// Shape `Metadata`, where it may be left out: the reference says a 1 KB string in UTF-8, so bytes are counted.
pub(crate) fn metadata(value: Option<String>) -> Result<Option<String>, ApiError> {
    if value.as_ref().is_none_or(|value| value.len() <= 1024) {
        Ok(value)
    } else {
        Err(violated(
            "metadata",
            "Member must have length less than or equal to 1024 bytes in UTF-8",
        ))
    }
}

/// Shape `ClientRequestToken`: 2 to 64 of letters, digits, `-` and `_`.
pub(crate) fn client_request_token(value: Option<String>) -> Result<String, ApiError> {
    let member = "clientRequestToken";
    let value = required(member, value)?;
    length(member, &value, 2, 64)?;
    if value
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    {
        Ok(value)
    } else {
        Err(violated(
            member,
            "Member must satisfy regular expression pattern: [-_a-zA-Z0-9]*",
        ))
    }
}

/// The name of an endpoint, which it may lack (shape `SensitiveString1600`).
pub(crate) fn endpoint_name(value: Option<&str>) -> Check {
    value.map_or(Ok(()), |value| length("name", value, 0, 1600))
}

/// Shape `EndpointId` (`String64`). The model allows an empty one, no endpoint has it.
pub(crate) fn endpoint_id(value: &str) -> Check {
    length("endpointId", value, 1, 64)
}

/// Shape `Tag`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Tag {
    pub(crate) key: String,
    pub(crate) value: String,
}

/// A tag as it arrives, before the required members are known to be there.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct TagInput {
    key: Option<String>,
    value: Option<String>,
}

/// The tags that a resource is made with: shape `TagList`, and none where it is left out.
pub(crate) fn first_tags(value: Option<Vec<Object<TagInput>>>) -> Result<Vec<Tag>, ApiError> {
    value.map_or(Ok(Vec::new()), tags)
}

/// Shape `TagList`: 1 to 50 tags with different keys, sorted by key.
///
/// Unlike most services a value may not be empty. Keys beginning with `aws:` are reserved (AWS tagging rules).
pub(crate) fn tags(tags: Vec<Object<TagInput>>) -> Result<Vec<Tag>, ApiError> {
    list_size("tags", tags.len())?;
    let mut checked = Vec::with_capacity(tags.len());
    for Object(tag) in tags {
        let (key, value) = (
            required("tags.key", tag.key)?,
            required("tags.value", tag.value)?,
        );
        tag_key("tags.key", &key)?;
        if key
            .get(..4)
            .is_some_and(|prefix| prefix.eq_ignore_ascii_case("aws:"))
        {
            return Err(violated("tags.key", "Member must not begin with aws:"));
        }
        length("tags.value", &value, 1, 256)?;
        checked.push(Tag { key, value });
    }
    checked.sort();
    if checked.windows(2).any(|pair| pair[0].key == pair[1].key) {
        return Err(violated("tags", "Member must not hold the same key twice"));
    }
    Ok(checked)
}

/// Shape `TagKey`.
pub(crate) fn tag_key(member: &str, key: &str) -> Check {
    length(member, key, 1, 128)
}

/// Shapes `TagList` and `TagKeyList`: 1 to 50 elements.
pub(crate) fn list_size(member: &str, size: usize) -> Check {
    if (1..=50).contains(&size) {
        Ok(())
    } else {
        Err(violated(
            member,
            "Member must have between 1 and 50 elements",
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_accept_emoji_and_refuse_control_characters() {
        assert!(resource_name("name", "Démo 🚀", 1).is_ok());
        assert!(resource_name("name", &"é".repeat(256), 1).is_ok());
        assert!(resource_name("name", "", 0).is_ok());
        for bad in ["", "\u{7}", "\u{7F}", "\u{80}", &"x".repeat(257)] {
            assert!(resource_name("name", bad, 1).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_user_name_holds_something_visible() {
        assert!(user_name(Some(" 🚀 ".to_owned())).is_ok());
        for bad in ["", "   ", &"x".repeat(101)] {
            assert!(user_name(Some(bad.to_owned())).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn user_ids_follow_the_pattern() {
        for good in ["a", "us-east-1:alice.b_c-d@ex.org1", &"x".repeat(64)] {
            assert!(user_id("id", good).is_ok(), "{good}");
        }
        for bad in ["", "a/b", "a+b", "a.", ".a", "é", &"x".repeat(65)] {
            assert!(user_id("id", bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn metadata_is_counted_in_bytes() {
        assert!(metadata(Some("é".repeat(512))).is_ok());
        assert!(metadata(Some("é".repeat(513))).is_err());
        assert!(metadata(Some("line\nline".to_owned())).is_ok());
    }

    #[test]
    fn tokens_are_two_to_sixty_four_plain_characters() {
        assert!(client_request_token(Some("tok-1_A".to_owned())).is_ok());
        for bad in [
            None,
            Some("a".to_owned()),
            Some("a b!".to_owned()),
            Some("x".repeat(65)),
        ] {
            assert!(client_request_token(bad).is_err());
        }
    }

    #[test]
    fn tags_are_sorted_and_must_differ() {
        let input = |pairs: &[(&str, &str)]| {
            let tag = |(k, v): &(&str, &str)| {
                Object(TagInput {
                    key: Some((*k).to_owned()),
                    value: Some((*v).to_owned()),
                })
            };
            tags(pairs.iter().map(tag).collect())
        };

        assert_eq!(input(&[("b", "1"), ("a", "2")]).unwrap()[0].key, "a");
        assert!(input(&[("Env", "1"), ("env", "2")]).is_ok());
        for bad in [
            &[][..],
            &[("a", "1"), ("a", "2")],
            &[("a", "")],
            &[("", "x")],
            &[("AWS:x", "1")],
        ] {
            assert!(input(bad).is_err(), "{bad:?}");
        }
    }
}
