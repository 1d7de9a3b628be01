//! What an operator does in several calls: their order, what was there before, and what becomes of
//! it when a later call fails.
//!
//! Pages, the demonstration and whatever acts for somebody call these. Knows nothing of HTTP, and
//! of forms only the names of the fields that it refuses.

pub mod admins;
pub mod app_instances;
pub mod bots;
pub mod endpoints;
pub mod tags;
pub mod users;

use domain::snapshot::{Snapshot, before};
use domain::{Cause, ConnectionId, Failure, Timestamp};

use crate::access::Caller;
use crate::call::Calls;
use crate::identity::Request;

/// Who acts, and through which connection.
#[derive(Clone, Copy, Debug)]
pub struct Acting<'a> {
    /// What makes the calls.
    pub calls: &'a Calls,
    /// The operator who acts.
    pub caller: &'a Caller,
    /// The connection that the calls go through.
    pub connection: &'a ConnectionId,
}

impl Acting<'_> {
    /// Makes a call.
    pub async fn call<I: Request>(&self, input: I) -> Result<I::Output, Failure> {
        let (calls, connection) = (self.calls, self.connection);
        calls.call(self.caller, connection, input).await
    }

    /// Makes a call that replaces what is there, which the audit keeps.
    pub async fn replace<I: Request>(
        &self,
        input: I,
        present: &impl Snapshot,
    ) -> Result<I::Output, Failure> {
        let (calls, connection) = (self.calls, self.connection);
        let before = before(&input, present);
        let call = calls.call_with_before(self.caller, connection, input, before);
        call.await
    }

    /// Replaces values, unless they changed since `base`: reads what is there with `read`, and
    /// sends what `change` makes of it. Answers what was there.
    ///
    /// `base` is the LastUpdatedTimestamp that the operator saw. A change between the read and the
    /// write goes unnoticed, since the API has no conditional write.
    pub async fn update<R, U>(
        &self,
        read: R,
        base: Option<Timestamp>,
        change: impl FnOnce(&R::Output) -> Result<U, Failure>,
    ) -> Result<R::Output, Failure>
    where
        R: Request<Output: Snapshot>,
        U: Request,
    {
        let present = self.call(read).await?;
        let updated = present.updated();
        if base.is_some() && updated.is_some() && updated != base {
            return Err(Failure::from(Cause::Changed(updated)).during(U::OPERATION));
        }
        let input = change(&present)?;
        self.replace(input, &present).await?;
        Ok(present)
    }
}
