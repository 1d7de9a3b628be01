//! The lists whose rows can be ticked, and what a ticked row is.
//!
//! A row is kept as what stands behind the ARN of its list, so it can only be of that list: `user/ana`, `bot/7a`,
//! or the id of an endpoint. An AppInstance is kept by its ARN, which tells the Region.

use std::collections::BTreeSet;

use backend::jobs::Around;
use domain::arn::{AppInstanceArn, AppInstanceUserArn, ResourceArn};
use domain::plan::Subject;
use domain::{Cause, ConnectionId, Failure, Region, Target};

use super::Of;
use crate::paths;
use crate::request::Request;

/// More letters than any id has that AWS gives.
const LONGEST: usize = 512;

/// What the last but one part of the address of an action begins with.
const SELECTED: &str = "selected-";

/// A list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum List {
    /// The AppInstances of a Region.
    Instances(Region),
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
    /// The list with this word of what a form says.
    pub(super) fn named(word: &str, of: Of) -> Result<Self, Failure> {
        let arn = match (word, of) {
            ("app-instances", Of::Region(scope)) => return Ok(Self::Instances(scope.region)),
            (_, Of::Region(_)) => return Err(Cause::Outdated.into()),
            (_, Of::Resource(Target { arn, .. })) => arn,
        };
        match (word, arn) {
            ("users", ResourceArn::Instance(arn)) => Ok(Self::Users(arn)),
            ("bots", ResourceArn::Instance(arn)) => Ok(Self::Bots(arn)),
            ("admins", ResourceArn::Instance(arn)) => Ok(Self::Admins(arn)),
            ("endpoints", ResourceArn::User(arn)) => Ok(Self::Endpoints(arn)),
            _ => Err(Cause::Outdated.into()),
        }
    }

    /// The list of a page below one, and the last part of its address.
    pub async fn of_path(request: &Request) -> Result<(Self, String), Failure> {
        let mut parts = request.path().rsplit('/');
        let (act, word) = (parts.next(), parts.next());
        let word = word.and_then(|word| word.strip_prefix(SELECTED));
        let (act, word) = act.zip(word).ok_or(Cause::NoSuchPage)?;
        let connection = &request.connection().id;
        let of = match word {
            "app-instances" => Of::Region(request.scope()?),
            "endpoints" => Of::Resource(connection.target(request.user().await?.into())),
            _ => Of::Resource(connection.target(request.instance().await?.into())),
        };
        let list = Self::named(word, of).map_err(|_| Cause::NoSuchPage)?;
        Ok((list, act.to_owned()))
    }

    /// The word for it in addresses and forms.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Instances(_) => "app-instances",
            Self::Users(_) => "users",
            Self::Bots(_) => "bots",
            Self::Admins(_) => "admins",
            Self::Endpoints(_) => "endpoints",
        }
    }

    /// What it is called.
    pub const fn label(&self) -> &'static str {
        match self {
            Self::Instances(_) => "AppInstances",
            Self::Users(_) => "Users",
            Self::Bots(_) => "Bots",
            Self::Admins(_) => "Admins",
            Self::Endpoints(_) => "Endpoints",
        }
    }

    /// What its rows are in a sentence: `users`.
    pub fn rows(&self) -> &'static str {
        match self {
            Self::Instances(_) => self.label(),
            _ => self.word(),
        }
    }

    /// So many of its rows: `1 user`, `14 users`.
    pub fn count(&self, count: usize) -> String {
        let rows = self.rows();
        match count {
            1 => format!("1 {}", rows.trim_end_matches('s')),
            _ => format!("{count} {rows}"),
        }
    }

    /// What it is the list of.
    pub fn of(&self, connection: &ConnectionId) -> Of {
        let arn = match self {
            Self::Instances(region) => return Of::Region(connection.scope(*region)),
            Self::Users(arn) | Self::Bots(arn) | Self::Admins(arn) => arn.clone().into(),
            Self::Endpoints(user) => user.clone().into(),
        };
        Of::Resource(connection.target(arn))
    }

    /// What is around its rows.
    pub const fn around(&self) -> Around<'_> {
        match self {
            Self::Instances(region) => Around::Region(*region),
            Self::Users(arn) | Self::Bots(arn) | Self::Admins(arn) => Around::Instance(arn),
            Self::Endpoints(user) => Around::Instance(user.instance()),
        }
    }

    /// Answers 404 when the scope of the one who asks has nothing of it.
    pub(super) fn stay_inside(&self, request: &Request) -> Result<(), Failure> {
        match self.around() {
            Around::Instance(arn) => request.stay_inside(arn),
            Around::Region(region) if request.regions().contains(&region) => Ok(()),
            Around::Region(_) => Err(Cause::NoSuchPage.into()),
        }
    }

    /// What the one who asks ticked in it. What their scope does not have by now is left out.
    pub async fn kept(&self, request: &Request) -> Result<BTreeSet<String>, Failure> {
        let (owner, key) = (
            &request.caller()?.operator,
            self.key(&request.connection().id),
        );
        let mut kept = request.backend().selections().of(owner, &key).await?;
        kept.retain(|row| self.is_covered(request, row));
        Ok(kept)
    }

    /// Whether a row of it is in the scope of the one who asks.
    pub(super) fn is_covered(&self, request: &Request, row: &str) -> bool {
        let subject = self.subject(row);
        subject.is_some_and(|subject| request.stay_inside(subject.arn.instance()).is_ok())
    }

    /// The address of its page.
    pub fn path(&self, connection: &ConnectionId) -> String {
        format!("{}/{}", self.above(connection), self.word())
    }

    /// The address of what can be done with its ticked rows.
    pub(super) fn act_path(&self, connection: &ConnectionId, act: &str) -> String {
        format!("{}/{SELECTED}{}/{act}", self.above(connection), self.word())
    }

    fn above(&self, connection: &ConnectionId) -> String {
        match self.of(connection) {
            Of::Region(scope) => scope.path(),
            Of::Resource(target) => paths::resource(connection, &target.arn),
        }
    }

    /// What its selection is kept under.
    pub(super) fn key(&self, connection: &ConnectionId) -> String {
        format!("{} {}", self.word(), self.of(connection))
    }

    /// A row as it is kept; nothing when it is not of this list.
    pub(super) fn row(&self, arn: &ResourceArn) -> Option<String> {
        let id = match self.around().instance() {
            None => arn.as_str(),
            Some(instance) => {
                let id = arn.as_str().strip_prefix(instance.as_str())?;
                id.strip_prefix('/')?
            }
        };
        self.subject(id).map(|_| id.to_owned())
    }

    /// What a row is kept as that is about this; nothing when it is not of this list.
    pub(super) fn row_of(&self, subject: &Subject) -> Option<String> {
        match (self, &subject.endpoint) {
            (Self::Endpoints(user), Some(id)) => {
                let is_here = subject.arn.as_str() == user.as_str();
                (is_here && self.subject(id).is_some()).then(|| id.clone())
            }
            (Self::Endpoints(_), None) | (_, Some(_)) => None,
            (_, None) => self.row(&subject.arn),
        }
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
        let instance = match self.around() {
            Around::Instance(instance) => instance,
            Around::Region(region) => {
                let arn: AppInstanceArn = row.parse().ok()?;
                return (arn.region() == region).then(|| arn.into());
            }
        };
        let arn: ResourceArn = format!("{instance}/{row}").parse().ok()?;
        let fits = match (self, &arn) {
            (Self::Users(_), ResourceArn::User(_)) | (Self::Bots(_), ResourceArn::Bot(_)) => true,
            (Self::Admins(_), arn) => !matches!(arn, ResourceArn::Instance(_)),
            _ => false,
        };
        (fits && arn.instance() == instance).then(|| arn.into())
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
    fn an_app_instance_is_kept_by_its_arn_and_is_of_its_region() {
        let list = List::Instances(Region::UsEast1);
        let arn: ResourceArn = INSTANCE.parse().unwrap();
        assert_eq!(list.row(&arn).as_deref(), Some(INSTANCE));
        assert_eq!(list.subject(INSTANCE), Some(arn.into()));
        let elsewhere = INSTANCE.replace("us-east-1", "eu-central-1");
        for row in [&*elsewhere, &format!("{INSTANCE}/user/ana"), "1", ""] {
            assert_eq!(list.subject(row), None, "{row}");
        }
    }

    #[test]
    fn rows_are_counted_in_words() {
        let list = List::Instances(Region::UsEast1);
        assert_eq!(
            (list.count(1), list.count(2)),
            ("1 AppInstance".into(), "2 AppInstances".into())
        );
        let list = List::Admins(INSTANCE.parse().unwrap());
        assert_eq!(list.count(1), "1 admin");
        assert_eq!(list.count(12), "12 admins");
    }
}
