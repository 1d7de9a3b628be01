//! What became of a call of a row.

use domain::input::AnyInput;
use domain::plan::{Reads, Why, decide};
use domain::{Cause, Failure, RowState, Timestamp, Verdict};

use super::item::{Item, Moved, token};
use super::retry::{self, MOST_ATTEMPTS};
use super::{lease::Lease, present};
use crate::audit::Outcome;
use crate::commands::Acting;
use crate::identity::Made;

/// A call that was sent, and how it ended.
pub(super) struct Sent {
    pub(super) item: Item,
    pub(super) result: Result<Option<Made>, Failure>,
    pub(super) aws_request: Option<String>,
}

/// What is written down of it.
pub(super) struct Settled {
    pub(super) moved: Moved,
    /// The outcome for the audit, unless the call is sent again.
    pub(super) outcome: Option<Outcome>,
    pub(super) entry: Option<String>,
    pub(super) made: Option<Made>,
    /// Why it failed, for the job as a whole.
    pub(super) failed: Option<Cause>,
}

impl Sent {
    /// Decides what the answer means. A refusal may be the echo of an earlier try that got through:
    /// then what is there tells.
    pub(super) async fn settle(
        self,
        acting: Acting<'_>,
        lease: &Lease,
        now: Timestamp,
        in_trouble: bool,
    ) -> Settled {
        let Self {
            item,
            result,
            aws_request,
        } = self;
        let failure = match result {
            Ok(made) => return done(&item, made, aws_request),
            Err(failure) => failure,
        };
        let cause = failure.cause;
        // An earlier try of ours may have got through.
        let was_sent = item.state == RowState::Unanswered;
        let is_echo = matches!(cause, Cause::Conflict)
            || (was_sent && matches!(cause, Cause::Forbidden | Cause::NotFound));
        if is_echo {
            match is_so(acting, lease, &item, now).await {
                Ok(true) if was_sent => return done(&item, None, aws_request),
                // Nothing of ours made it so.
                Ok(true) => {
                    return ended(item, RowState::Skipped, Why::AlreadySo, &cause, aws_request);
                }
                Err(failure) if retry::is_passing(&failure.cause) => {
                    return again(&item, &failure.cause, now, aws_request);
                }
                Ok(false) | Err(_) => {}
            }
        }
        if retry::is_passing(&cause) && (in_trouble || item.attempts < MOST_ATTEMPTS) {
            return again(&item, &cause, now, aws_request);
        }
        let state = match cause {
            Cause::OutcomeUnknown => RowState::Unknown,
            _ => RowState::Failed,
        };
        ended(item, state, Why::Failed(cause.clone()), &cause, aws_request)
    }
}

/// Whether what the call that was sent wants is so by now.
async fn is_so(
    acting: Acting<'_>,
    lease: &Lease,
    item: &Item,
    now: Timestamp,
) -> Result<bool, Failure> {
    let reads = match item.call() {
        // The role alone tells.
        Some(AnyInput::CreateAppInstanceAdmin(_) | AnyInput::DeleteAppInstanceAdmin(_)) => Reads {
            admin: true,
            ..Reads::default()
        },
        _ => item.change.reads(&item.subject),
    };
    let present = present::read(acting, &item.subject, reads).await?;
    match item.call() {
        Some(AnyInput::CreateAppInstanceAdmin(_)) => return Ok(present.is_admin == Some(true)),
        Some(AnyInput::DeleteAppInstanceAdmin(_)) => return Ok(present.is_admin != Some(true)),
        _ => {}
    }
    let token = token(&lease.job, item.row)?;
    let decision = decide(&item.change, &item.subject, &present, &token, now);
    Ok(match decision.verdict {
        Verdict::Skip => true,
        // Only the calls of the row are left that come after this one.
        Verdict::Will => decision.calls == item.calls[item.step + 1..],
        Verdict::Cannot | Verdict::Unknown => false,
    })
}

/// AWS did it. The next call of the row, if it has one, waits for its turn.
fn done(item: &Item, made: Option<Made>, aws_request: Option<String>) -> Settled {
    let is_last = item.step + 1 >= item.calls.len();
    let mut moved = Moved::to(item, RowState::Done, None);
    moved.aws_request = aws_request;
    if !is_last {
        moved.state = RowState::Pending;
        moved.step = item.step + 1;
        moved.attempts = 0;
        moved.entry = None;
    }
    Settled {
        moved,
        outcome: Some(Outcome::Succeeded),
        entry: item.entry.clone(),
        made,
        failed: None,
    }
}

/// The call is sent again later. Where no answer came, it may have been carried out: the row says so.
fn again(item: &Item, cause: &Cause, now: Timestamp, aws_request: Option<String>) -> Settled {
    let state = match cause {
        Cause::OutcomeUnknown => RowState::Unanswered,
        _ => item.state_before(),
    };
    let wait = i64::try_from(retry::pause(item.attempts).as_millis()).unwrap_or(0);
    let mut moved = Moved::to(item, state, None);
    moved.not_before = Timestamp(now.0 + wait);
    moved.aws_request = aws_request;
    Settled {
        moved,
        outcome: None,
        entry: None,
        made: None,
        failed: Some(cause.clone()),
    }
}

/// The row has come to its end without being done.
fn ended(
    item: Item,
    state: RowState,
    why: Why,
    cause: &Cause,
    aws_request: Option<String>,
) -> Settled {
    let mut moved = Moved::to(&item, state, Some(why));
    moved.aws_request = aws_request;
    let outcome = match state {
        RowState::Unknown => Outcome::Unknown,
        _ => Outcome::Failed(cause.code()),
    };
    Settled {
        moved,
        outcome: Some(outcome),
        entry: item.entry,
        made: None,
        failed: Some(cause.clone()),
    }
}
