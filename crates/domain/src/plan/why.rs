//! Why nothing is done to a row, or why it failed.

use serde::{Deserialize, Serialize};

use crate::failure::Cause;
use crate::import::RowProblem;
use crate::tag::MAX_TAGS;

/// Why nothing is done to a row, or why it failed. Holds no text of anybody's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Why {
    /// It is as it is wanted.
    AlreadySo,
    /// It is not there, as it is wanted.
    AlreadyGone,
    /// It does not exist, or may not be seen.
    Missing,
    /// A new user needs a name.
    NameNeeded,
    /// The name that it has breaks a rule of AWS, and an update would send it again.
    NameBreaksRule,
    /// Its present metadata break a rule of AWS, and an update would send them again.
    MetadataBreaksRule,
    /// It would have more tags than there may be.
    TooManyTags,
    /// It was changed after the plan was made.
    Changed,
    /// The change is for another kind of resource.
    NotForThis,
    /// It is outside of what its owner may act on.
    NotCovered,
    /// The job ended before its turn.
    NotReached,
    /// The row of the file is no good, and why.
    Row(Vec<RowProblem>),
    /// The row of the file is about the same as an earlier line.
    Twice(u64),
    /// A call failed.
    Failed(Cause),
}

impl Why {
    /// A word for lists, addresses and the results file.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::AlreadySo => "already-so",
            Self::AlreadyGone => "already-gone",
            Self::Missing => "missing",
            Self::NameNeeded => "name-needed",
            Self::NameBreaksRule => "name-breaks-rule",
            Self::MetadataBreaksRule => "metadata-breaks-rule",
            Self::TooManyTags => "too-many-tags",
            Self::Changed => "changed-since-plan",
            Self::NotForThis => "not-for-this",
            Self::NotCovered => "not-covered",
            Self::NotReached => "not-reached",
            Self::Row(_) => "bad-row",
            Self::Twice(_) => "twice-in-file",
            Self::Failed(cause) => cause.code(),
        }
    }

    /// What it means, in one sentence.
    pub fn sentence(&self) -> String {
        match self {
            Self::AlreadySo => "It is so already.".to_owned(),
            Self::AlreadyGone => "It is gone already.".to_owned(),
            Self::Missing => "It does not exist, or the AWS credentials may not see it.".to_owned(),
            Self::NameNeeded => "A new user needs a name.".to_owned(),
            Self::NameBreaksRule => {
                "Its present name breaks a rule of AWS, and would have to be sent again. Give it \
                 another name."
                    .to_owned()
            }
            Self::MetadataBreaksRule => {
                "Its present metadata break a rule of AWS, and would have to be sent again."
                    .to_owned()
            }
            Self::TooManyTags => format!("It would have more than {MAX_TAGS} tags."),
            Self::Changed => "It was changed after the plan was made.".to_owned(),
            Self::NotForThis => "This cannot be done to a resource of its kind.".to_owned(),
            Self::NotCovered => "It is outside of what you may act on.".to_owned(),
            Self::NotReached => "The job ended before its turn.".to_owned(),
            Self::Row(problems) => {
                let each: Vec<_> = problems.iter().map(ToString::to_string).collect();
                each.join(" ")
            }
            Self::Twice(line) => format!("Line {line} of the file is about the same one."),
            Self::Failed(cause) => format!("{}.", cause.headline()),
        }
    }

    /// What somebody can do about it; nothing where nothing is wrong.
    pub fn next_step(&self) -> Option<String> {
        match self {
            Self::AlreadySo | Self::AlreadyGone => None,
            Self::Missing => Some("Check the id, or leave the row out.".to_owned()),
            Self::NameNeeded => Some("Give it a name and import it again.".to_owned()),
            Self::NameBreaksRule => Some("Give it another name.".to_owned()),
            Self::MetadataBreaksRule => Some("Give it other metadata.".to_owned()),
            Self::TooManyTags => Some("Remove tags first.".to_owned()),
            Self::Changed => Some("Retry, and look at its new values in the plan.".to_owned()),
            Self::NotForThis | Self::NotCovered => Some("Leave the row out.".to_owned()),
            Self::NotReached => Some("Run the rest as a new job.".to_owned()),
            Self::Row(_) => Some("Mend the row and import it again.".to_owned()),
            Self::Twice(_) => Some("Keep one of the two rows.".to_owned()),
            Self::Failed(cause) => Some(cause.next_step()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::{Column, Fault};
    use crate::problem::Problem;

    #[test]
    fn each_reason_is_a_sentence_and_comes_back_from_the_database() {
        let all = [
            Why::AlreadySo,
            Why::AlreadyGone,
            Why::Missing,
            Why::NameNeeded,
            Why::NameBreaksRule,
            Why::MetadataBreaksRule,
            Why::TooManyTags,
            Why::Changed,
            Why::NotForThis,
            Why::NotCovered,
            Why::NotReached,
            Why::Row(vec![RowProblem {
                column: Some(Column::Name),
                fault: Fault::Value(Problem::Empty),
            }]),
            Why::Twice(3),
            Why::Failed(Cause::LimitReached),
        ];
        for why in all {
            let sentence = why.sentence();
            assert!(
                sentence.ends_with('.') && !sentence.ends_with(".."),
                "{sentence}"
            );
            let kept = serde_json::to_string(&why).unwrap();
            assert_eq!(serde_json::from_str::<Why>(&kept).unwrap(), why);
        }
    }
}
