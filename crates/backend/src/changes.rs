//! The changes that one request asked AWS for, and how far each got. Kept with the request itself,
//! so that its answer says exactly what is known of them, also after another failure or a timeout.

use std::sync::{Arc, Mutex, PoisonError};

use domain::{Cause, Failure, Sent};

use crate::identity::Observed;

/// The changes of a request. Clones are of the same request.
#[derive(Clone, Debug, Default)]
pub struct Changes(Arc<Mutex<Tally>>);

#[derive(Debug, Default)]
struct Tally {
    /// The entries of those that are under way.
    open: Vec<String>,
    made: bool,
    refused: bool,
    unanswered: bool,
}

impl Changes {
    fn with<T>(&self, work: impl FnOnce(&mut Tally) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Notes that a change is about to be sent. It stays open until its end is noted.
    pub(crate) fn begin(&self, entry: &str) {
        self.with(|tally| tally.open.push(entry.to_owned()));
    }

    /// Notes how it ended, as the wire tells.
    pub(crate) fn end<T>(&self, entry: &str, result: &Result<T, Failure>, wire: &Observed) {
        self.with(|tally| {
            tally.open.retain(|open| open != entry);
            match result {
                Ok(_) => tally.made = true,
                Err(failure) if failure.cause == Cause::OutcomeUnknown => tally.unanswered = true,
                Err(_) if wire.connected() => tally.refused = true,
                Err(_) => {}
            }
        });
    }

    /// The entry of a change that is still under way.
    pub fn open(&self) -> Option<String> {
        self.with(|tally| tally.open.last().cloned())
    }

    /// How far they got.
    pub fn sent(&self) -> Sent {
        self.with(|tally| {
            if tally.unanswered || !tally.open.is_empty() {
                Sent::Unanswered
            } else if tally.made {
                Sent::Partly
            } else if tally.refused {
                Sent::Answered
            } else {
                Sent::Nothing
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_a_request_had_sent_is_told_over_all_of_its_changes() {
        let changes = Changes::default();
        let unseen = Observed::default();
        let refused: Result<(), Failure> = Err(Cause::ReadOnly.into());
        let lost: Result<(), Failure> = Err(Cause::OutcomeUnknown.into());

        assert_eq!(changes.sent(), Sent::Nothing);
        changes.begin("e-1");
        assert_eq!(
            (changes.sent(), changes.open()),
            (Sent::Unanswered, Some("e-1".into()))
        );
        changes.end("e-1", &refused, &unseen);
        assert_eq!((changes.sent(), changes.open()), (Sent::Nothing, None));
        changes.begin("e-2");
        changes.end("e-2", &Ok::<_, Failure>(()), &unseen);
        changes.begin("e-3");
        changes.end("e-3", &refused, &unseen);
        assert_eq!(changes.sent(), Sent::Partly);
        changes.begin("e-4");
        changes.end("e-4", &lost, &unseen);
        assert_eq!(changes.sent(), Sent::Unanswered);
    }
}
