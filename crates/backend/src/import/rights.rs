//! Who may import: an operator who may do everything that the job will do.

use domain::import::Kind;
use domain::{Cause, Failure, Timestamp};

use crate::access::{Act, Caller, may};
use crate::connections::Connection;

/// Whether somebody may make a plan from a file; where they may is for `covered`. A fresh proof is
/// asked for when the job is run: until then nothing is changed.
pub fn may_import(
    caller: &Caller,
    connection: &Connection,
    kind: Kind,
    now: Timestamp,
) -> Result<(), Failure> {
    for operation in kind.job().operations() {
        match may(caller, connection, Act::call(*operation), now) {
            Err(failure) if failure.cause != Cause::ProofNeeded => return Err(failure),
            _ => {}
        }
    }
    Ok(())
}
