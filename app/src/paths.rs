//! The addresses of pages. Every ARN of the service has one. The way back, from a path to an ARN, is
//! [`Place::parse`](crate::request::Place::parse).
//!
//! What people or AWS name and what we name never stand at one level: `/users/{user}` is a user whatever
//! it is called, and the page that creates one is beside the list, `/create-user`.

use std::fmt::Write as _;

use domain::arn::{AppInstanceArn, AppInstanceBotArn, AppInstanceUserArn, MemberArn, ResourceArn};
use domain::import::Kind;
use domain::{ConnectionId, JobId, Region, Scope};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What stays as it is in a segment of a path: what RFC 3986 calls unreserved.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// The value that has the page somebody comes from.
pub const FROM: &str = "from";

/// A path with values; those that are empty are left out.
pub fn with_query<T: AsRef<str>>(path: &str, pairs: &[(T, T)]) -> String {
    let mut text = path.to_owned();
    let set = pairs.iter().filter(|(_, value)| !value.as_ref().is_empty());
    for (at, (name, value)) in set.enumerate() {
        let mark = if at == 0 { '?' } else { '&' };
        let (name, value) = (encoded(name.as_ref()), encoded(value.as_ref()));
        let _ = write!(text, "{mark}{name}={value}");
    }
    text
}

/// A page with one value of its query replaced, or taken away by an empty one. The others stay as they
/// are written.
pub fn with_value(page: &str, name: &str, value: &str) -> String {
    let (path, query) = page.split_once('?').unwrap_or((page, ""));
    let other = |pair: &&str| !pair.is_empty() && pair.split('=').next() != Some(name);
    let mut pairs: Vec<_> = query.split('&').filter(other).map(str::to_owned).collect();
    if !value.is_empty() {
        pairs.push(format!("{name}={}", encoded(value)));
    }
    if pairs.is_empty() {
        return path.to_owned();
    }
    format!("{path}?{}", pairs.join("&"))
}

/// A page that has to be passed before another one.
pub fn leading_to(first: &str, next: &str) -> String {
    with_query(first, &[("next", next)])
}

/// A text as a segment of a path or a value of a query.
pub fn encoded(text: &str) -> String {
    utf8_percent_encode(text, SEGMENT).to_string()
}

/// The list of AppInstances of a Region.
pub fn instances(connection: &ConnectionId, region: Region) -> String {
    format!("/{connection}/{region}/app-instances")
}

/// The page that creates an AppInstance.
pub fn create_instance(scope: &Scope) -> String {
    format!("{}/create-app-instance", scope.path())
}

/// The page that creates a user.
pub fn create_user(connection: &ConnectionId, instance: &AppInstanceArn) -> String {
    format!("{}/create-user", self::instance(connection, instance))
}

/// The page that creates a bot.
pub fn create_bot(connection: &ConnectionId, instance: &AppInstanceArn) -> String {
    format!("{}/create-bot", self::instance(connection, instance))
}

/// The page that imports users, admins or endpoints.
pub fn import(connection: &ConnectionId, instance: &AppInstanceArn, kind: Kind) -> String {
    let instance = self::instance(connection, instance);
    format!("{instance}/import-{kind}")
}

/// The page that registers an endpoint.
pub fn register_endpoint(connection: &ConnectionId, user: &AppInstanceUserArn) -> String {
    format!("{}/register-endpoint", self::user(connection, user))
}

/// The page of an AppInstance.
pub fn instance(connection: &ConnectionId, arn: &AppInstanceArn) -> String {
    format!(
        "/{connection}/{}/app-instances/{}",
        arn.region(),
        encoded(arn.id())
    )
}

/// The page of a user.
pub fn user(connection: &ConnectionId, arn: &AppInstanceUserArn) -> String {
    format!(
        "{}/users/{}",
        instance(connection, arn.instance()),
        encoded(arn.user_id().as_str())
    )
}

/// The page of a bot.
pub fn bot(connection: &ConnectionId, arn: &AppInstanceBotArn) -> String {
    format!(
        "{}/bots/{}",
        instance(connection, arn.instance()),
        encoded(arn.id())
    )
}

/// What an admin is, as a word of an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemberKind {
    /// An AppInstanceUser.
    User,
    /// An AppInstanceBot.
    Bot,
}

impl MemberKind {
    /// Both.
    pub const ALL: &[Self] = &[Self::User, Self::Bot];

    /// What a member is.
    pub const fn of(member: &MemberArn) -> Self {
        match member {
            MemberArn::User(_) => Self::User,
            MemberArn::Bot(_) => Self::Bot,
        }
    }

    /// The word in an address, and for people.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Bot => "bot",
        }
    }
}

/// What the pages about an admin begin with.
pub fn admin(connection: &ConnectionId, member: &MemberArn) -> String {
    format!(
        "{}/admins/{}/{}",
        instance(connection, member.instance()),
        MemberKind::of(member).slug(),
        encoded(member.id())
    )
}

/// The page of a job.
pub fn job(id: &JobId) -> String {
    format!("/jobs/{id}")
}

/// The page of anything that has an ARN.
pub fn resource(connection: &ConnectionId, arn: &ResourceArn) -> String {
    match arn {
        ResourceArn::Instance(arn) => instance(connection, arn),
        ResourceArn::User(arn) => user(connection, arn),
        ResourceArn::Bot(arn) => bot(connection, arn),
    }
}

/// The page of an endpoint of a user.
pub fn endpoint(connection: &ConnectionId, user_arn: &AppInstanceUserArn, id: &str) -> String {
    format!("{}/endpoints/{}", user(connection, user_arn), encoded(id))
}

/// The longest address that is led back to, as the value of another one: it grows with each page that
/// has to be passed first, and the server reads 8 KiB.
const LONGEST: usize = 4096;

/// Whether a text is an address of this console and not of another site, and can be led back to.
pub fn is_local(path: &str) -> bool {
    path.starts_with('/')
        && path.len() <= LONGEST
        && encoded(path).len() <= LONGEST
        && !path.starts_with("//")
        && !path.contains('\\')
        && !path.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_id_is_one_segment() {
        let arn =
            "arn:aws:chime:us-east-1:123456789012:app-instance/1/user/us-east-1:abc@example.com";
        let path = user(&"embedded".parse().unwrap(), &arn.parse().unwrap());
        assert_eq!(
            path,
            "/embedded/us-east-1/app-instances/1/users/us-east-1%3Aabc%40example.com"
        );
    }

    #[test]
    fn a_value_replaces_an_older_one() {
        assert_eq!(with_value("/a", "draft", "1"), "/a?draft=1");
        assert_eq!(with_value("/a?draft=1&x=2", "draft", "3"), "/a?x=2&draft=3");
        assert_eq!(with_value("/a?draft=1", "draft", ""), "/a");
        assert_eq!(with_value("/a?x=2", "draft", ""), "/a?x=2");
    }

    #[test]
    fn another_site_is_not_local() {
        assert!(is_local("/embedded/us-east-1?x=1"));
        for other in [
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "",
            "x",
            "/a\nb",
        ] {
            assert!(!is_local(other), "{other}");
        }
    }
}
