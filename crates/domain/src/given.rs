//! What AWS gave for a member, as it came: with its meaning when it has one that is known here.
//!
//! The rules are for values that are sent. A value that was read is always shown, and it can be
//! acted on when its meaning is known here.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A text that AWS gave, and what it is. Written as the text alone.
///
/// ```
/// use domain::{Given, settings::AllowMessages};
/// let new: Given<AllowMessages> = Given::read("SOME");
/// assert_eq!((new.as_str(), new.known()), ("SOME", None));
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Given<T> {
    text: String,
    known: Option<T>,
}

impl<T> Given<T> {
    /// The text as it came; empty when AWS gave none.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Its meaning; `None` for a text that this version does not know.
    pub const fn known(&self) -> Option<&T> {
        self.known.as_ref()
    }
}

impl<T: FromStr> Given<T> {
    /// Takes what AWS gave.
    pub fn read(text: impl Into<String>) -> Self {
        let text = text.into();
        let known = text.parse().ok();
        Self { text, known }
    }
}

/// A value that is known here, as if AWS had given it.
impl<T: fmt::Display> From<T> for Given<T> {
    fn from(known: T) -> Self {
        Self {
            text: known.to_string(),
            known: Some(known),
        }
    }
}

impl<T> fmt::Display for Given<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl<T: fmt::Debug> fmt::Debug for Given<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The text of what is not known could be anybody's name.
        f.debug_tuple("Given").field(&self.known).finish()
    }
}

impl<T> Serialize for Given<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de, T: FromStr> Deserialize<'de> for Given<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arn::AppInstanceUserArn;

    #[test]
    fn what_is_not_known_is_kept_as_it_came() {
        for text in [
            "",
            "arn:aws:s3:::bucket",
            "arn:aws:chime:us-east-1:1:app-instance/1",
        ] {
            let given = Given::<AppInstanceUserArn>::read(text);
            assert_eq!((given.as_str(), given.known()), (text, None));
            let json = serde_json::to_string(&given).unwrap();
            assert_eq!(json, format!("{text:?}"));
            assert_eq!(serde_json::from_str::<Given<_>>(&json).unwrap(), given);
        }
    }

    #[test]
    fn what_is_known_is_the_same_read_or_made() {
        let text = "arn:aws:chime:us-east-1:123456789012:app-instance/1/user/alice";
        let read = Given::<AppInstanceUserArn>::read(text);
        let made: AppInstanceUserArn = text.parse().unwrap();
        assert_eq!(read, made.into());
    }
}
