//! What can be planned for the ticked rows of a list.

use backend::Job;
use domain::JobKind;

use super::List;
use crate::access;
use crate::request::Request;

/// One of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    Update,
    SetExpiration,
    ClearExpiration,
    Tag,
    Untag,
    Promote,
    Demote,
    AllowMessages,
    Delete,
    Deregister,
}

use Action::{
    AllowMessages, ClearExpiration, Delete, Demote, Deregister, Promote, SetExpiration, Tag, Untag,
    Update,
};

impl Action {
    /// All of a list, in the order of its buttons.
    pub(super) const fn of(list: &List) -> &'static [Self] {
        match list {
            List::Instances(_) => &[Tag, Untag],
            List::Users(_) => &[
                Update,
                SetExpiration,
                ClearExpiration,
                Tag,
                Untag,
                Promote,
                Demote,
                Delete,
            ],
            List::Bots(_) => &[Tag, Untag, Promote, Demote, Delete],
            List::Admins(_) => &[Demote],
            List::Endpoints(_) => &[AllowMessages, Deregister],
        }
    }

    /// The one of a list with this word.
    pub fn named(list: &List, word: &str) -> Option<Self> {
        let mut all = Self::of(list).iter().copied();
        all.find(|action| action.word() == word)
    }

    /// The word for it in addresses and forms.
    pub const fn word(self) -> &'static str {
        match self {
            Update => "edit",
            SetExpiration => "set-expiration",
            ClearExpiration => "clear-expiration",
            Tag => "tag",
            Untag => "untag",
            Promote => "promote",
            Demote => "demote",
            AllowMessages => "allow-messages",
            Delete => "delete",
            Deregister => "deregister",
        }
    }

    /// What its button says, and its page before what it is for: `Tag`, `14 users`.
    pub const fn label(self) -> &'static str {
        match self {
            Update => "Edit",
            SetExpiration => "Set expiration",
            ClearExpiration => "Clear expiration",
            Tag => "Tag",
            Untag => "Remove tags",
            Promote => "Promote",
            Demote => "Demote",
            AllowMessages => "Allow messages",
            Delete => "Delete",
            Deregister => "Deregister",
        }
    }

    /// What carrying the plan out would do to each row for which it says so.
    pub const fn effect(self) -> &'static str {
        match self {
            Update => {
                "Each user would get the name and the metadata that you fill in. What you leave empty stays as it is."
            }
            SetExpiration => {
                "Each user would expire so many days after it was created. Where that date is past, AWS deletes the user within hours; the plan counts these."
            }
            ClearExpiration => "Each user would stay until somebody deletes it.",
            Tag => {
                "Each would have these tags beside its others. A tag with the same key gets the new value."
            }
            Untag => "Each would lose the tags with these keys. Its other tags stay.",
            Promote => {
                "Each would be an AppInstanceAdmin, who may manage every channel of the AppInstance."
            }
            Demote => "Each would lose the role of AppInstanceAdmin. Nothing else of it changes.",
            AllowMessages => "Each endpoint would get all messages, or none.",
            Delete => {
                "Each would be deleted, and AWS cannot restore it. An admin is demoted first."
            }
            Deregister => {
                "Each endpoint would be deregistered, and its device gets no more pushes."
            }
        }
    }

    /// What the job is that does it.
    pub const fn kind(self) -> JobKind {
        match self {
            Update => JobKind::Update,
            SetExpiration | ClearExpiration => JobKind::SetExpiration,
            Tag => JobKind::Tag,
            Untag => JobKind::Untag,
            Promote => JobKind::Promote,
            Demote => JobKind::Demote,
            AllowMessages => JobKind::AllowMessages,
            Delete => JobKind::Delete,
            Deregister => JobKind::Deregister,
        }
    }

    /// The one that a job does; nothing for one that is made of a file, or of what was deleted.
    pub fn of_job(job: &Job) -> Option<Self> {
        Some(match job.kind {
            JobKind::Update => Update,
            JobKind::SetExpiration if job.input["ExpirationDays"].is_null() => ClearExpiration,
            JobKind::SetExpiration => SetExpiration,
            JobKind::Tag => Tag,
            JobKind::Untag => Untag,
            JobKind::Promote => Promote,
            JobKind::Demote => Demote,
            JobKind::Delete => Delete,
            JobKind::AllowMessages => AllowMessages,
            JobKind::Deregister => Deregister,
            JobKind::ImportUsers
            | JobKind::ImportAdmins
            | JobKind::ImportEndpoints
            | JobKind::BringBack => return None,
        })
    }

    /// Whether its button is set apart.
    pub(super) const fn takes_away(self) -> bool {
        self.kind().is_severe()
    }

    /// Whether it stands in the menu of the bar, which has room for few.
    pub(super) const fn is_rare(self) -> bool {
        matches!(self, ClearExpiration | Untag | Demote)
    }

    /// Why the operator may not do it; `None` when they may.
    pub fn reason(self, request: &Request) -> Option<String> {
        let mut operations = self.kind().operations().iter();
        operations.find_map(|operation| access::reason(request, *operation))
    }
}
