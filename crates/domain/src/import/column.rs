//! The columns that a file can have, and the names by which they are found.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::Kind;
use crate::problem::Problem;

/// What a column of a file holds. As text it is the name in the heading: `user_id`, `tag:team`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Column {
    /// The id of a user; for admins also the ARN of a user or bot.
    UserId,
    /// The name of a user or an endpoint.
    Name,
    /// The metadata of a user.
    Metadata,
    /// After how many days a user expires, or `never`.
    ExpiresDays,
    /// The push service of an endpoint.
    Type,
    /// The Pinpoint application of an endpoint.
    ResourceArn,
    /// The token of a device.
    DeviceToken,
    /// The token of an Apple device for calls.
    VoipDeviceToken,
    /// Whether an endpoint gets messages.
    AllowMessages,
    /// The value of the tag with this key.
    Tag(String),
}

/// What the name of a column with a tag begins with.
const TAG: &str = "tag:";

/// Each column but tags, its name in a heading, and other names that are usual for it. These are
/// compared by letters and digits alone.
const NAMES: &[(Column, &str, &[&str])] = &[
    (
        Column::UserId,
        "user_id",
        &["id", "user", "appinstanceuserid", "appinstanceuser"],
    ),
    (
        Column::Name,
        "name",
        &["displayname", "fullname", "username", "endpointname"],
    ),
    (Column::Metadata, "metadata", &["meta"]),
    (
        Column::ExpiresDays,
        "expires_days",
        &[
            "expirationdays",
            "expiredays",
            "expirydays",
            "expireafterdays",
            "expiresafterdays",
            "expirationsettingsexpirationdays",
        ],
    ),
    (Column::Type, "type", &["endpointtype", "kind"]),
    (
        Column::ResourceArn,
        "resource_arn",
        &["pinpointarn", "pinpointapparn"],
    ),
    (Column::DeviceToken, "device_token", &["token"]),
    (Column::VoipDeviceToken, "voip_device_token", &["voiptoken"]),
    (Column::AllowMessages, "allow_messages", &[]),
];

/// Other names of [`Column::UserId`] in a file of admins.
const OF_ADMINS: &[&str] = &[
    "member",
    "arn",
    "admin",
    "userarn",
    "appinstanceuserarn",
    "appinstanceadminarn",
];

impl Column {
    /// The columns that a file of this kind can have, without tags.
    pub const fn of(kind: Kind) -> &'static [Self] {
        match kind {
            Kind::Users => &[Self::UserId, Self::Name, Self::Metadata, Self::ExpiresDays],
            Kind::Admins => &[Self::UserId],
            Kind::Endpoints => &[
                Self::UserId,
                Self::Name,
                Self::Type,
                Self::ResourceArn,
                Self::DeviceToken,
                Self::VoipDeviceToken,
                Self::AllowMessages,
            ],
        }
    }

    /// The columns without which no row of this kind means anything.
    pub const fn required(kind: Kind) -> &'static [Self] {
        match kind {
            Kind::Users | Kind::Admins => &[Self::UserId],
            Kind::Endpoints => &[
                Self::UserId,
                Self::Type,
                Self::ResourceArn,
                Self::DeviceToken,
            ],
        }
    }

    /// Whether a file of this kind can have this column. Only users have tags.
    pub fn is_of(&self, kind: Kind) -> bool {
        match self {
            Self::Tag(_) => kind == Kind::Users,
            column => Self::of(kind).contains(column),
        }
    }

    /// Finds the column of a name in a heading: in capitals or not, with spaces or dashes instead of
    /// `_`, or by another usual name. The key of a tag is taken as it is written.
    pub fn found(kind: Kind, name: &str) -> Option<Self> {
        let column = Self::tag(name).or_else(|| {
            let plain = letters(name);
            let is_of_admin = kind == Kind::Admins && OF_ADMINS.contains(&plain.as_str());
            if is_of_admin {
                return Some(Self::UserId);
            }
            let is_named = |(_, own, others): &&(Self, &str, &[&str])| {
                letters(own) == plain || others.contains(&plain.as_str())
            };
            NAMES.iter().find(is_named).map(|found| found.0.clone())
        });
        column.filter(|column| column.is_of(kind))
    }

    /// `user_id, name, …` as a sentence gives it.
    pub(super) fn heading(kind: Kind) -> String {
        let own = Self::of(kind).iter().map(Self::to_string);
        let tags = Self::Tag("KEY".to_owned());
        let tags = tags.is_of(kind).then(|| tags.to_string());
        own.chain(tags).collect::<Vec<_>>().join(", ")
    }

    fn tag(name: &str) -> Option<Self> {
        let name = name.trim_start();
        let start = name.get(..TAG.len())?;
        let is_tag = start.eq_ignore_ascii_case(TAG);
        is_tag.then(|| Self::Tag(name[TAG.len()..].to_owned()))
    }
}

fn letters(name: &str) -> String {
    let letters = name.chars().filter(|letter| letter.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Self::Tag(key) = self {
            return write!(f, "{TAG}{key}");
        }
        let own = NAMES.iter().find(|(column, ..)| column == self);
        f.write_str(own.map_or("", |(_, name, _)| name))
    }
}

impl FromStr for Column {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let named = || NAMES.iter().find(|(_, name, _)| *name == text);
        Self::tag(text)
            .or_else(|| named().map(|(column, ..)| column.clone()))
            .ok_or(Problem::NotAChoice)
    }
}

serialised_as_text!(Column, Problem, |column| column.to_string());

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_found_by_every_usual_name() {
        for name in [
            "user_id",
            "USER-ID",
            " User ID ",
            "id",
            "userId",
            "AppInstanceUserId",
        ] {
            assert_eq!(
                Column::found(Kind::Users, name),
                Some(Column::UserId),
                "{name}"
            );
        }
        for (name, column) in [
            ("Display Name", Column::Name),
            ("ExpirationDays", Column::ExpiresDays),
            ("Expire after (days)", Column::ExpiresDays),
            ("Tag:Team", Column::Tag("Team".into())),
            ("tag: a b ", Column::Tag(" a b ".into())),
        ] {
            assert_eq!(Column::found(Kind::Users, name), Some(column), "{name}");
        }
        for name in ["", "tag", "email", "device_token", "member", "té"] {
            assert_eq!(Column::found(Kind::Users, name), None, "{name}");
        }
        for name in ["member", "User ARN", "user_id"] {
            assert_eq!(Column::found(Kind::Admins, name), Some(Column::UserId));
        }
        assert_eq!(Column::found(Kind::Endpoints, "tag:a"), None);
    }

    #[test]
    fn a_column_is_its_name_and_is_read_back() {
        let tag = Column::Tag(" Ä=1 ".into());
        let columns = NAMES.iter().map(|(column, ..)| column.clone());
        for column in columns.chain([tag]) {
            let json = serde_json::to_string(&column).unwrap();
            assert_eq!(serde_json::from_str::<Column>(&json).unwrap(), column);
        }
        assert_eq!("ID".parse::<Column>(), Err(Problem::NotAChoice));
    }

    #[test]
    fn every_kind_has_what_it_requires() {
        for kind in Kind::ALL {
            for column in Column::required(*kind) {
                assert!(column.is_of(*kind));
                assert_eq!(
                    Column::found(*kind, &column.to_string()),
                    Some(column.clone())
                );
            }
        }
    }
}
