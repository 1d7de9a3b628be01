//! How far the changes that a request asked for got on their way to AWS. Only the code that watches
//! the connection knows it; a cause or a layer never claims it.

use serde::{Deserialize, Serialize};

/// What is known of the changes that one request asked for.
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
    /// The sentence for a person, beside what went wrong; `None` where that says it all.
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
