//! Tags: what is set and what is removed are two calls.

use domain::arn::ResourceArn;
use domain::input::{ListTagsForResource, TagResource, UntagResource};
use domain::tag::{MAX_TAGS, TagDiff, TagRow};
use domain::{Cause, Failure, Field, FieldProblem, Operation};

use super::Acting;

/// Makes the tags of a resource what the rows hold: sets what is new or changed, then removes what
/// is gone; the other way around where there is no room for both. Answers what was changed.
///
/// When the second call fails the first stays done: `Cause::Partly` names the one that failed.
pub async fn save(
    acting: Acting<'_>,
    arn: &ResourceArn,
    rows: &[TagRow],
) -> Result<TagDiff, Failure> {
    let read = ListTagsForResource {
        resource_arn: arn.clone(),
    };
    let present = acting.call(read).await?;
    let wanted = present.edited(rows).map_err(|problem| FieldProblem {
        field: Field::Tags,
        problem,
    })?;
    let diff = present.diff(&wanted);
    let tag = TagResource {
        resource_arn: arn.clone(),
        tags: diff.to_set(),
    };
    let untag = UntagResource {
        resource_arn: arn.clone(),
        tag_keys: diff.to_remove(),
    };
    // Removing first would make room below the limit, but lose tags if the second call fails.
    let has_room = present.len() + diff.added.len() <= MAX_TAGS as usize;
    let mut is_done_in_part = false;
    for removes in [!has_room, has_room] {
        let (operation, sent) = if removes {
            if untag.tag_keys.is_empty() {
                continue;
            }
            let sent = acting.replace(untag.clone(), &present).await;
            (Operation::UntagResource, sent)
        } else {
            if tag.tags.is_empty() {
                continue;
            }
            let sent = acting.replace(tag.clone(), &present).await;
            (Operation::TagResource, sent)
        };
        match sent {
            Ok(()) => is_done_in_part = true,
            Err(failure) if is_done_in_part => {
                let cause = Cause::Partly(operation);
                return Err(Failure { cause, ..failure });
            }
            Err(failure) => return Err(failure),
        }
    }
    Ok(diff)
}
