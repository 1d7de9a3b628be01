//! How far the changes that a request asked for got on their way to AWS. Whoever watches the wire
//! says so; no cause and no layer does.

use serde::{Deserialize, Serialize};

/// What is known of the changes of one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Sent {
    /// None left for AWS.
    Nothing,
    /// AWS answered those that left, and made none of them.
    Answered,
    /// AWS made some of them.
    Partly,
    /// One left, or may have left, and has no answer.
    Unanswered,
}

impl Sent {
    /// What a person is told beside what went wrong; nothing where that says it all.
    pub const fn sentence(self) -> Option<&'static str> {
        match self {
            Self::Nothing => Some("No change was sent to AWS."),
            Self::Answered => None,
            Self::Partly => {
                Some("A part of the change was made before this happened; the audit log has which.")
            }
            Self::Unanswered => Some(
                "A change was sent to AWS, and its outcome is not known here. Look at the resource \
                 before you try again.",
            ),
        }
    }
}
