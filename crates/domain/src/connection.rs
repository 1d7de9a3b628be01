//! Where a resource is reached: the connection that calls go by, and what is acted on in it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::account::Region;
use crate::arn::Arn;

/// The name of a connection, which is the first segment of its paths: 1 to 40 of `a-z 0-9 -`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ConnectionId(String);

text_type! {
    /// The name as text.
    ConnectionId.0, NotAConnection
}

impl ConnectionId {
    /// One Region of the connection.
    pub fn scope(&self, region: Region) -> Scope {
        Scope {
            connection: self.clone(),
            region,
        }
    }

    /// Something in the connection.
    pub fn target<A>(&self, arn: A) -> Target<A> {
        Target {
            connection: self.clone(),
            arn,
        }
    }
}

/// Says that a text is not the name of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a connection is named by 1 to 40 of a-z, 0-9 and -")]
pub struct NotAConnection;

impl FromStr for ConnectionId {
    type Err = NotAConnection;

    fn from_str(text: &str) -> Result<Self, NotAConnection> {
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let is_name = (1..=40).contains(&text.len()) && text.bytes().all(allowed);
        is_name.then(|| Self(text.to_owned())).ok_or(NotAConnection)
    }
}

/// One connection in one Region: the first two segments of every resource page's path.
///
/// Written as both with a slash between: `main/us-east-1`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Scope {
    /// The connection by which calls go.
    pub connection: ConnectionId,
    /// The Region that calls go to.
    pub region: Region,
}

impl Scope {
    /// The start of every path in this scope: `/embedded/us-east-1`.
    pub fn path(&self) -> String {
        format!("/{}/{}", self.connection, self.region)
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.connection, self.region)
    }
}

/// Says that a text is not a connection and a Region.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a scope is CONNECTION/REGION")]
pub struct NotAScope;

impl FromStr for Scope {
    type Err = NotAScope;

    fn from_str(text: &str) -> Result<Self, NotAScope> {
        let (connection, region) = text.split_once('/').ok_or(NotAScope)?;
        Ok(Self {
            connection: connection.parse().map_err(|_| NotAScope)?,
            region: region.parse().map_err(|_| NotAScope)?,
        })
    }
}

serialised_as_text!(Scope, NotAScope, |scope| scope.to_string());

/// Something to act on: its ARN, and the connection by which it is reached. Two connections can lead
/// to one account, so an ARN alone does not say who is asked.
///
/// Written as both with a space between, which is the one hidden field of every form that acts on
/// something: `main arn:aws:chime:…`.
///
/// ```
/// use domain::arn::AppInstanceArn;
/// use domain::connection::Target;
/// let text = "main arn:aws:chime:us-east-1:123456789012:app-instance/1";
/// let target: Target<AppInstanceArn> = text.parse().unwrap();
/// assert_eq!(target.scope().path(), "/main/us-east-1");
/// assert_eq!(target.to_string(), text);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[serde(bound(serialize = "A: Clone + fmt::Display", deserialize = "A: FromStr"))]
pub struct Target<A> {
    /// The connection by which the resource is reached.
    pub connection: ConnectionId,
    /// The ARN of the resource.
    pub arn: A,
}

impl<A> Target<A> {
    /// The same connection with another ARN.
    pub fn with<B>(&self, arn: B) -> Target<B> {
        self.connection.target(arn)
    }

    /// The same target with its ARN as a wider type: a user as one of the resources with tags.
    pub fn widen<B: From<A>>(self) -> Target<B> {
        Target {
            connection: self.connection,
            arn: self.arn.into(),
        }
    }
}

impl<A: Arn> Target<A> {
    /// The connection, and the Region that the ARN names.
    pub fn scope(&self) -> Scope {
        self.connection.scope(self.arn.region())
    }
}

impl<A: fmt::Display> fmt::Display for Target<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.connection, self.arn)
    }
}

/// Says that a text is not a connection and an ARN of the wanted kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a target is CONNECTION ARN")]
pub struct NotATarget;

impl<A: FromStr> FromStr for Target<A> {
    type Err = NotATarget;

    fn from_str(text: &str) -> Result<Self, NotATarget> {
        let (connection, arn) = text.split_once(' ').ok_or(NotATarget)?;
        Ok(Self {
            connection: connection.parse().map_err(|_| NotATarget)?,
            arn: arn.parse().map_err(|_| NotATarget)?,
        })
    }
}

impl<A: FromStr> TryFrom<String> for Target<A> {
    type Error = NotATarget;

    fn try_from(text: String) -> Result<Self, NotATarget> {
        text.parse()
    }
}

impl<A: fmt::Display> From<Target<A>> for String {
    fn from(target: Target<A>) -> Self {
        target.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arn::{AppInstanceArn, AppInstanceUserArn, ResourceArn};

    const USER: &str = "main arn:aws:chime:eu-central-1:123456789012:app-instance/1/user/a:b";

    #[test]
    fn a_connection_is_named_by_a_segment_of_a_path() {
        for good in ["main", "a", "aws-2", &"x".repeat(40)] {
            assert_eq!(good.parse::<ConnectionId>().unwrap().as_str(), good);
        }
        for wrong in ["", "Main", "a b", "a/b", "ä", "*", &"x".repeat(41)] {
            assert_eq!(
                wrong.parse::<ConnectionId>(),
                Err(NotAConnection),
                "{wrong}"
            );
        }
    }

    #[test]
    fn a_scope_is_written_as_it_is_read() {
        let scope: Scope = "main/eu-central-1".parse().unwrap();
        assert_eq!(scope.to_string(), "main/eu-central-1");
        assert_eq!(scope.path(), "/main/eu-central-1");
        for wrong in [
            "",
            "main",
            "main/",
            "main/mars-1",
            "/us-east-1",
            "Main/us-east-1",
        ] {
            assert_eq!(wrong.parse::<Scope>(), Err(NotAScope), "{wrong}");
        }
    }

    #[test]
    fn a_target_is_written_as_it_is_read_also_as_json() {
        let target: Target<AppInstanceUserArn> = USER.parse().unwrap();
        assert_eq!(target.to_string(), USER);
        let json = serde_json::to_string(&target).unwrap();
        assert_eq!(json, format!("{USER:?}"));
        assert_eq!(serde_json::from_str::<Target<_>>(&json).unwrap(), target);
        assert_eq!(target.scope().path(), "/main/eu-central-1");
        let resource: Target<ResourceArn> = target.widen();
        assert_eq!(resource.to_string(), USER);
    }

    #[test]
    fn a_target_needs_both_and_the_right_kind() {
        for wrong in [
            "",
            "main",
            "arn:aws:chime:us-east-1:123456789012:app-instance/1",
            "Main arn:aws:chime:us-east-1:123456789012:app-instance/1",
            "main  arn:aws:chime:us-east-1:123456789012:app-instance/1",
            USER,
        ] {
            assert_eq!(
                wrong.parse::<Target<AppInstanceArn>>(),
                Err(NotATarget),
                "{wrong}"
            );
        }
    }
}
