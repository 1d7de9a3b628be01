//! Who proved lately who they are: asked before what cannot be undone.
//!
//! A session that somebody left open, or took, must not be enough to change production data or to
//! learn its secrets, to delete an AppInstance, or to change who may sign in and how.

use domain::{Cause, Environment, Failure, Operation, Timestamp};

use super::Caller;
use crate::connections::Connection;

/// Milliseconds for which a proof counts.
const FRESH: i64 = 15 * 60_000;

impl Caller {
    /// Milliseconds for which the proof of this caller still counts; nothing when it does not.
    pub fn proof_left(&self, now: Timestamp) -> Option<i64> {
        let left = self.proved?.0 + FRESH - now.0;
        (left > 0).then_some(left)
    }

    /// `Cause::ProofNeeded` unless they proved lately who they are.
    pub fn check_proof(&self, now: Timestamp) -> Result<(), Failure> {
        match self.proof_left(now) {
            Some(_) => Ok(()),
            None => Err(Cause::ProofNeeded.into()),
        }
    }
}

/// Whether an operation asks for a fresh proof: a write where the data is production's, and
/// deleting an AppInstance anywhere.
pub(super) fn of_operation(operation: Operation, connection: &Connection) -> bool {
    operation == Operation::DeleteAppInstance
        || (operation.effect().is_write() && of_events(connection))
}

/// Whether acts that the audit records like writes although they are none need a fresh proof:
/// revealing device tokens, which cannot be undone either, and looking again at an outcome, which
/// the audit keeps. They do for production data.
pub(super) fn of_events(connection: &Connection) -> bool {
    connection.environment == Environment::Production
}
