//! Who proved lately who they are: asked before what cannot be undone.
//!
//! A session that somebody left open, or took, must not be enough to change production data, to
//! delete an AppInstance, or to change who may sign in and how.

use domain::{Cause, Environment, Failure, Operation, Timestamp};

use crate::{Backend, Caller};

/// Milliseconds for which a proof counts.
const FRESH: i64 = 15 * 60_000;

impl Caller {
    /// Milliseconds for which the proof of this caller still counts; nothing when it does not.
    pub fn proof_left(&self, now: Timestamp) -> Option<i64> {
        let left = self.proved?.0 + FRESH - now.0;
        (left > 0).then_some(left)
    }
}

impl Backend {
    /// Whether an operation asks for a fresh proof: a write where the data is production's, and
    /// deleting an AppInstance anywhere.
    pub fn asks_proof(&self, operation: Operation) -> bool {
        let environment = self.connection().environment;
        operation == Operation::DeleteAppInstance
            || (environment == Environment::Production && operation.effect().is_write())
    }

    /// Refuses whoever did not prove lately who they are: `Cause::ProofNeeded`.
    pub fn check_proof(&self, caller: &Caller) -> Result<(), Failure> {
        match caller.proof_left(self.clock().now()) {
            Some(_) => Ok(()),
            None => Err(Cause::ProofNeeded.into()),
        }
    }
}
