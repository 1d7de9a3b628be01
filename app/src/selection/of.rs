//! What a list is of, as its forms say it.

use std::fmt;

use domain::arn::ResourceArn;
use domain::connection::{NotATarget, Scope, Target};
use serde::{Deserialize, Serialize};

use crate::request::Request;

/// What a list is of, and by which connection it is reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Of {
    /// A Region, whose AppInstances it lists: `main/us-east-1`.
    Region(Scope),
    /// An AppInstance, or a user with endpoints: `main arn:aws:chime:…`.
    Resource(Target<ResourceArn>),
}

impl Of {
    /// The request of a server function that acts on rows of it.
    pub(super) fn request(&self) -> Request {
        match self {
            Self::Region(scope) => Request::in_scope(scope),
            Self::Resource(target) => Request::on(target),
        }
    }
}

impl fmt::Display for Of {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Region(scope) => scope.fmt(f),
            Self::Resource(target) => target.fmt(f),
        }
    }
}

impl TryFrom<String> for Of {
    type Error = NotATarget;

    fn try_from(text: String) -> Result<Self, NotATarget> {
        let scope = text.parse().map(Self::Region);
        scope.or_else(|_| text.parse().map(Self::Resource))
    }
}

impl From<Of> for String {
    fn from(of: Of) -> Self {
        of.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_written_as_it_is_read() {
        let instance = "main arn:aws:chime:us-east-1:123456789012:app-instance/1";
        for text in ["main/us-east-1", instance] {
            let of = Of::try_from(text.to_owned()).unwrap();
            assert_eq!(of.to_string(), text);
        }
        for text in ["", "main", "main/elsewhere", "main arn:aws:s3:::bucket"] {
            assert!(Of::try_from(text.to_owned()).is_err(), "{text}");
        }
    }
}
