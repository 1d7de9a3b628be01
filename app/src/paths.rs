//! The addresses of pages. Every ARN of the service has one. The way back, from a path to an ARN, is in
//! [`crate::request`].
//!
//! What people or AWS name and what we name never stand at one level: `/users/{user}` is a user whatever
//! it is called, and the page that creates one is beside the list, `/create-user`.

use std::fmt::Write as _;

use domain::arn::{AppInstanceArn, AppInstanceBotArn, AppInstanceUserArn, ResourceArn};
use domain::{ConnectionId, Region, Scope};
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
