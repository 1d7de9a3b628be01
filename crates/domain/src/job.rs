//! Work on many resources: what a job is for, how far it is, and what became of each row.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::operation::Operation;

/// Says that a text is none of the words that were expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a word that is known here")]
pub struct UnknownWord;

words! {
    /// What a job does to its rows.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
    pub enum JobKind {
        /// Makes users from a file, or makes existing ones so.
        ImportUsers => "import-users",
        /// Makes users and bots of a file admins.
        ImportAdmins => "import-admins",
        /// Registers the endpoints of a file.
        ImportEndpoints => "import-endpoints",
        /// Changes names or metadata.
        Update => "update",
        /// Makes users expire, or never expire.
        SetExpiration => "set-expiration",
        /// Sets tags.
        Tag => "tag",
        /// Removes tags.
        Untag => "untag",
        /// Makes users or bots admins.
        Promote => "promote",
        /// Takes the role of admins.
        Demote => "demote",
        /// Deletes users or bots.
        Delete => "delete",
        /// Allows endpoints all messages or none.
        AllowMessages => "allow-messages",
        /// Deregisters endpoints.
        Deregister => "deregister",
        /// Makes again what a job deleted.
        BringBack => "bring-back",
    }
    /// The word for it, in the database and in addresses.
    fn name, read by str::eq, else UnknownWord = UnknownWord;
}

impl JobKind {
    /// What somebody reads: `Import users`.
    pub const fn label(self) -> &'static str {
        match self {
            Self::ImportUsers => "Import users",
            Self::ImportAdmins => "Import admins",
            Self::ImportEndpoints => "Import endpoints",
            Self::Update => "Update",
            Self::SetExpiration => "Set expiration",
            Self::Tag => "Tag",
            Self::Untag => "Remove tags",
            Self::Promote => "Promote to admin",
            Self::Demote => "Demote",
            Self::Delete => "Delete",
            Self::AllowMessages => "Allow messages",
            Self::Deregister => "Deregister",
            Self::BringBack => "Bring back",
        }
    }

    /// The operations that it may call to change something, for the rights that it needs.
    pub const fn operations(self) -> &'static [Operation] {
        match self {
            Self::ImportUsers => &[
                Operation::CreateAppInstanceUser,
                Operation::UpdateAppInstanceUser,
                Operation::PutAppInstanceUserExpirationSettings,
                Operation::TagResource,
            ],
            Self::ImportAdmins | Self::Promote => &[Operation::CreateAppInstanceAdmin],
            Self::ImportEndpoints => &[Operation::RegisterAppInstanceUserEndpoint],
            Self::Update => &[Operation::UpdateAppInstanceUser],
            Self::SetExpiration => &[Operation::PutAppInstanceUserExpirationSettings],
            Self::Tag => &[Operation::TagResource],
            Self::Untag => &[Operation::UntagResource],
            Self::Demote => &[Operation::DeleteAppInstanceAdmin],
            Self::Delete => &[
                Operation::DeleteAppInstanceAdmin,
                Operation::DeleteAppInstanceUser,
                Operation::DeleteAppInstanceBot,
            ],
            Self::AllowMessages => &[Operation::UpdateAppInstanceUserEndpoint],
            Self::Deregister => &[Operation::DeregisterAppInstanceUserEndpoint],
            Self::BringBack => &[
                Operation::CreateAppInstanceUser,
                Operation::CreateAppInstanceAdmin,
            ],
        }
    }

    /// Whether what it does cannot be undone, so that the count has to be typed first.
    pub const fn is_severe(self) -> bool {
        matches!(self, Self::Delete | Self::Deregister)
    }
}

words! {
    /// How far a job is.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
    pub enum JobState {
        /// Its rows are being compared with what is there. Nothing is sent but reads.
        Planning => "planning",
        /// The plan is made and waits for somebody to run it.
        Planned => "planned",
        /// It runs.
        Running => "running",
        /// Somebody paused it, or its owner may not do it now.
        Paused => "paused",
        /// Every row has its outcome.
        Done => "done",
        /// Somebody ended it before its end.
        Cancelled => "cancelled",
        /// It ended itself, and can be resumed.
        Stopped => "stopped",
    }
    /// The word for it, in the database and in addresses.
    fn name, read by str::eq, else UnknownWord = UnknownWord;
}

impl JobState {
    /// Whether a runner works on it.
    pub const fn is_active(self) -> bool {
        matches!(self, Self::Planning | Self::Running)
    }

    /// Whether it has come to its end. A stopped one may go on.
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Done | Self::Cancelled)
    }
}

words! {
    /// How far a row is.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
    pub enum RowState {
        /// It was not compared with what is there yet.
        New => "new",
        /// It waits for its turn.
        Pending => "pending",
        /// It is in the audit, and its call may have been sent.
        Intent => "intent",
        /// Its call was sent and no answer came; it is sent again, or looked for.
        Unanswered => "unanswered",
        /// AWS did it.
        Done => "done",
        /// It was so already, or is left out.
        Skipped => "skipped",
        /// It cannot be done, or AWS refused it.
        Failed => "failed",
        /// Its call was sent, no answer came, and nothing tells whether it was carried out.
        Unknown => "unknown",
    }
    /// The word for it, in the database and in addresses.
    fn name, read by str::eq, else UnknownWord = UnknownWord;
}

words! {
    /// What a plan says about a row.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
    pub enum Verdict {
        /// It will be done.
        Will => "will",
        /// It is so already.
        Skip => "skip",
        /// It cannot be done.
        Cannot => "cannot",
        /// It could not be found out; running it will.
        Unknown => "unknown",
    }
    /// The word for it, in the database and in addresses.
    fn name, read by str::eq, else UnknownWord = UnknownWord;
}

/// The id of a job: 22 letters, digits, `-` and `_`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct JobId(String);

text_type! {
    /// The id as text.
    JobId.0, UnknownWord
}

impl FromStr for JobId {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        let is_id = text.len() == 22 && text.bytes().all(allowed);
        is_id.then(|| Self(text.to_owned())).ok_or(UnknownWord)
    }
}

/// How many rows have which outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// AWS did them.
    pub done: u64,
    /// They were so already, or are left out.
    pub skipped: u64,
    /// They cannot be done, or AWS refused them.
    pub failed: u64,
    /// No answer came.
    pub unknown: u64,
}

impl Tally {
    /// Rows that have an outcome.
    pub const fn settled(self) -> u64 {
        self.done + self.skipped + self.failed + self.unknown
    }

    /// Counts one more row that ended like this. Rows on their way are not counted.
    pub const fn count(&mut self, state: RowState, more: u64) {
        match state {
            RowState::Done => self.done += more,
            RowState::Skipped => self.skipped += more,
            RowState::Failed => self.failed += more,
            RowState::Unknown => self.unknown += more,
            RowState::New | RowState::Pending | RowState::Intent | RowState::Unanswered => {}
        }
    }
}

impl fmt::Display for Tally {
    /// As the command line prints it: `done 9990, skipped 10, failed 0`; what is unknown only where
    /// there is any.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            done,
            skipped,
            failed,
            unknown,
        } = self;
        write!(f, "done {done}, skipped {skipped}, failed {failed}")?;
        match unknown {
            0 => Ok(()),
            unknown => write!(f, ", unknown {unknown}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_is_read_back() {
        for kind in JobKind::ALL {
            assert_eq!(kind.name().parse(), Ok(*kind));
        }
        for state in JobState::ALL {
            assert_eq!(state.name().parse(), Ok(*state));
        }
        for state in RowState::ALL {
            assert_eq!(state.name().parse(), Ok(*state));
        }
        assert_eq!("Planned".parse::<JobState>(), Err(UnknownWord));
    }

    #[test]
    fn an_id_is_what_is_made_here() {
        assert!("AAAAAAAAAAAAAAAAAAAAAA".parse::<JobId>().is_ok());
        for text in [
            "",
            "AAAA",
            "AAAAAAAAAAAAAAAAAAAAA/",
            "AAAAAAAAAAAAAAAAAAAAAAA",
        ] {
            assert_eq!(text.parse::<JobId>(), Err(UnknownWord), "{text}");
        }
    }

    #[test]
    fn outcomes_are_told_as_the_command_line_prints_them() {
        let mut tally = Tally::default();
        tally.count(RowState::Done, 9990);
        tally.count(RowState::Skipped, 10);
        tally.count(RowState::Pending, 7);
        assert_eq!(tally.to_string(), "done 9990, skipped 10, failed 0");
        tally.count(RowState::Unknown, 1);
        assert_eq!(
            tally.to_string(),
            "done 9990, skipped 10, failed 0, unknown 1"
        );
        assert_eq!(tally.settled(), 10_001);
    }
}
