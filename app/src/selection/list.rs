//! The lists whose rows can be ticked, and what a ticked row is.
//!
//! A row is kept as what stands behind the ARN of its list, so it can only be of that list: `user/ana`, `bot/7a`,
//! or the id of an endpoint.

use domain::arn::{AppInstanceArn, AppInstanceUserArn, ResourceArn};
use domain::plan::Subject;
use domain::{Cause, ConnectionId, Failure};

use crate::paths;
use crate::request::Request;

/// More letters than any id has that AWS gives.
const LONGEST: usize = 512;

/// What the last but one part of the address of an action begins with.
const SELECTED: &str = "selected-";

/// A list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum List {
    /// The users of an AppInstance.
    Users(AppInstanceArn),
    /// Its bots.
    Bots(AppInstanceArn),
    /// Its admins.
    Admins(AppInstanceArn),
    /// The endpoints of a user.
    Endpoints(AppInstanceUserArn),
}

impl List {
    /// The list with this word of what has this ARN, as a form names it.
    pub(super) fn named(word: &str, of: ResourceArn) -> Result<Self, Failure> {
        match (word, of) {
            ("users", ResourceArn::Instance(arn)) => Ok(Self::Users(arn)),
            ("bots", ResourceArn::Instance(arn)) => Ok(Self::Bots(arn)),
            ("admins", ResourceArn::Instance(arn)) => Ok(Self::Admins(arn)),
            ("endpoints", ResourceArn::User(arn)) => Ok(Self::Endpoints(arn)),
            _ => Err(Cause::Outdated.into()),
        }
    }

    /// The list of a page below one, and the last part of its address.
    pub(super) async fn of_path(request: &Request) -> Result<(Self, String), Failure> {
        let mut parts = request.path().rsplit('/');
        let (act, word) = (parts.next(), parts.next());
        let word = word.and_then(|word| word.strip_prefix(SELECTED));
        let (act, word) = act.zip(word).ok_or(Cause::NoSuchPage)?;
        let of = match word {
            "endpoints" => request.user().await?.into(),
            _ => request.instance().await?.into(),
        };
        let list = Self::named(word, of).map_err(|_| Cause::NoSuchPage)?;
        Ok((list, act.to_owned()))
    }

    /// The word for it in addresses and forms.
    pub(super) const fn word(&self) -> &'static str {
        match self {
            Self::Users(_) => "users",
            Self::Bots(_) => "bots",
            Self::Admins(_) => "admins",
            Self::Endpoints(_) => "endpoints",
        }
    }

    /// What it is called.
    pub(super) const fn label(&self) -> &'static str {
        match self {
            Self::Users(_) => "Users",
            Self::Bots(_) => "Bots",
            Self::Admins(_) => "Admins",
            Self::Endpoints(_) => "Endpoints",
        }
    }

    /// So many of its rows: `1 user`, `14 users`.
    pub(super) fn count(&self, count: usize) -> String {
        let word = self.word();
        match count {
            1 => format!("1 {}", word.trim_end_matches('s')),
            _ => format!("{count} {word}"),
        }
    }

    /// What it is the list of.
    pub(super) fn of(&self) -> ResourceArn {
        match self {
            Self::Users(arn) | Self::Bots(arn) | Self::Admins(arn) => arn.clone().into(),
            Self::Endpoints(user) => user.clone().into(),
        }
    }

    /// The AppInstance around it.
    pub(super) const fn instance(&self) -> &AppInstanceArn {
        match self {
            Self::Users(arn) | Self::Bots(arn) | Self::Admins(arn) => arn,
            Self::Endpoints(user) => user.instance(),
        }
    }

    /// The address of its page.
    pub(super) fn path(&self, connection: &ConnectionId) -> String {
        format!("{}/{}", self.above(connection), self.word())
    }

    /// The address of what can be done with its ticked rows.
    pub(super) fn act_path(&self, connection: &ConnectionId, act: &str) -> String {
        format!("{}/{SELECTED}{}/{act}", self.above(connection), self.word())
    }

    fn above(&self, connection: &ConnectionId) -> String {
        paths::resource(connection, &self.of())
    }

    /// What its selection is kept under.
    pub(super) fn key(&self, connection: &ConnectionId) -> String {
        format!("{} {}", self.word(), connection.target(self.of()))
    }

    /// A row as it is kept; nothing when it is not of this list.
    pub(super) fn row(&self, arn: &ResourceArn) -> Option<String> {
        let id = arn.as_str().strip_prefix(self.instance().as_str())?;
        let id = id.strip_prefix('/')?;
        self.subject(id).map(|_| id.to_owned())
    }

    /// What a kept row is; nothing when it is none of this list.
    pub(super) fn subject(&self, row: &str) -> Option<Subject> {
        if row.is_empty() || row.len() > LONGEST {
            return None;
        }
        if let Self::Endpoints(user) = self {
            return Some(Subject {
                arn: user.clone().into(),
                endpoint: Some(row.to_owned()),
            });
        }
        let arn: ResourceArn = format!("{}/{row}", self.instance()).parse().ok()?;
        let fits = match (self, &arn) {
            (Self::Users(_), ResourceArn::User(_)) | (Self::Bots(_), ResourceArn::Bot(_)) => true,
            (Self::Admins(_), arn) => !matches!(arn, ResourceArn::Instance(_)),
            _ => false,
        };
        (fits && arn.instance() == self.instance()).then(|| arn.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const INSTANCE: &str = "arn:aws:chime:us-east-1:123456789012:app-instance/1";

    #[test]
    fn a_row_is_kept_without_what_all_of_the_list_have() {
        let list = List::Users(INSTANCE.parse().unwrap());
        let arn: ResourceArn = format!("{INSTANCE}/user/ana").parse().unwrap();

        assert_eq!(list.row(&arn).as_deref(), Some("user/ana"));
        assert_eq!(list.subject("user/ana"), Some(arn.into()));
    }

    #[test]
    fn what_is_not_of_the_list_is_no_row_of_it() {
        let users = List::Users(INSTANCE.parse().unwrap());
        let elsewhere = format!("{INSTANCE}0/user/ana").parse().unwrap();
        assert_eq!(users.row(&elsewhere), None);
        for row in [
            "",
            "bot/7a",
            "user",
            "user/",
            "../2/user/ana",
            &format!("{INSTANCE}/user/ana"),
            &"x".repeat(LONGEST + 1),
        ] {
            assert_eq!(users.subject(row), None, "{row}");
        }
    }

    #[test]
    fn rows_are_counted_in_words() {
        let list = List::Admins(INSTANCE.parse().unwrap());
        assert_eq!(list.count(1), "1 admin");
        assert_eq!(list.count(12), "12 admins");
    }
}
