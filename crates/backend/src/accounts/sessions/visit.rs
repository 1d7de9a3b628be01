//! What a session holds: the one place that names its members.

use std::net::IpAddr;

use domain::{Cause, Failure, Timestamp};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tower_sessions::{Session, session};

use super::{renew, save_new};
use crate::access::OperatorId;
use crate::accounts::operators::{Operator, Pending};
use crate::random;

/// The operator who is signed in: an [`OperatorId`].
pub(super) const OPERATOR: &str = "operator";
/// A sign-in that waits for its code: a [`Pending`]. A session has this or an operator.
pub(super) const PENDING: &str = "pending";
/// The number of the operator's sessions ([`Operator::epoch`]) when they proved who they are.
pub(super) const EPOCH: &str = "epoch";
/// The session's own name, which stays when it gets another id. No secret.
pub(super) const SID: &str = "sid";
/// The key of the session that gets another id.
pub(super) const RENEWS: &str = "renews";
/// The address where it was begun.
pub(super) const ADDRESS: &str = "address";
/// When its operator signed in. A new id does not make a session live longer.
pub(super) const BEGAN: &str = "began";
/// When its operator last proved who they are.
const PROVED: &str = "proved";
/// The role and grant that it was last used with ([`Operator::standing`]).
const STANDING: &str = "standing";
/// Who owns what is held for the browser.
const VISITOR: &str = "visitor";
/// The messages for the next page.
const FLASHES: &str = "flashes";

/// The members that a session must not have while a sign-in waits for its code.
const OF_AN_OPERATOR: [&str; 7] = [OPERATOR, STANDING, BEGAN, PROVED, EPOCH, FLASHES, VISITOR];

/// A session as the console uses it.
///
/// Reading and keeping fail with `Cause::StoreUnavailable`.
#[derive(Clone, Copy, Debug)]
pub struct Visit<'a>(&'a Session);

impl<'a> Visit<'a> {
    /// The visit of a session.
    pub const fn of(session: &'a Session) -> Self {
        Self(session)
    }

    /// The operator who is signed in.
    pub async fn operator(&self) -> Result<Option<OperatorId>, Failure> {
        self.get(OPERATOR).await
    }

    /// Who owns what is held for this browser; nobody when no session was begun. Another operator
    /// is another visitor.
    pub async fn visitor(&self) -> Result<Option<String>, Failure> {
        self.get(VISITOR).await
    }

    /// When the operator last proved who they are.
    pub async fn proved(&self) -> Result<Option<Timestamp>, Failure> {
        self.get(PROVED).await
    }

    /// The session's own name ([`SessionInfo::sid`](super::SessionInfo::sid)).
    pub async fn sid(&self) -> Result<Option<String>, Failure> {
        self.get(SID).await
    }

    /// The sign-in that waits for its code.
    pub async fn pending(&self) -> Result<Option<Pending>, Failure> {
        self.get(PENDING).await
    }

    /// Gives up a sign-in that can no longer be finished.
    pub async fn forget_pending(&self) -> Result<(), Failure> {
        kept(self.0.remove_value(PENDING).await).map(drop)
    }

    /// Signs an operator in, as they were when they proved who they are: a session with a new id
    /// begins, at once. `Cause::SignedOut` when they were disabled or signed out since. What is
    /// held for a visitor stays when the same operator goes on.
    pub async fn begin(
        &self,
        operator: &Operator,
        address: Option<IpAddr>,
        now: Timestamp,
    ) -> Result<(), Failure> {
        let before = self.operator().await?;
        let began = async {
            let session = self.0;
            if before.is_none_or(|before| before != operator.id) {
                session.remove_value(FLASHES).await?;
                session.insert(VISITOR, random::id()).await?;
            }
            session.cycle_id().await?;
            session.remove_value(PENDING).await?;
            session.insert(EPOCH, operator.epoch).await?;
            session.insert(ADDRESS, address).await?;
            session.insert(BEGAN, now).await?;
            session.insert(PROVED, now).await?;
            session.insert(STANDING, operator.standing()).await?;
            session.insert(OPERATOR, &operator.id).await?;
            save_new(session).await
        };
        live(began.await)
    }

    /// Keeps a sign-in that waits for its code. An operator who was signed in before is signed out.
    pub async fn await_code(&self, pending: &Pending) -> Result<(), Failure> {
        let waits = async {
            self.0.cycle_id().await?;
            for member in OF_AN_OPERATOR {
                self.0.remove_value(member).await?;
            }
            self.0.insert(PENDING, pending).await
        };
        kept(waits.await)
    }

    /// Notes that the operator proved again who they are. The session gets a new id, at once.
    /// `Cause::SignedOut` when it was ended meanwhile.
    pub async fn renew_proof(&self, now: Timestamp) -> Result<(), Failure> {
        let renewed = async {
            self.0.insert(PROVED, now).await?;
            renew(self.0).await
        };
        live(renewed.await)
    }

    /// Gives the session a new id when role or grant changed, so that an id that somebody learned
    /// before is worth nothing. Answers false when the session has another id already, or has
    /// ended: the request may still read, and a write finds the session gone.
    pub async fn renew_after_change(&self, standing: &str) -> Result<bool, Failure> {
        let before: Option<String> = self.get(STANDING).await?;
        if before.as_deref() == Some(standing) {
            return Ok(true);
        }
        kept(self.0.insert(STANDING, standing).await)?;
        if before.is_none() {
            return Ok(true);
        }
        kept(renew(self.0).await)
    }

    /// The messages for the next page.
    pub async fn flashes<T: DeserializeOwned>(&self) -> Result<Vec<T>, Failure> {
        Ok(self.get(FLASHES).await?.unwrap_or_default())
    }

    /// Keeps these messages for the next page, in place of those that are kept.
    pub async fn keep_flashes<T: Serialize + Sync>(&self, flashes: &[T]) -> Result<(), Failure> {
        if flashes.is_empty() {
            return kept(self.0.remove_value(FLASHES).await).map(drop);
        }
        kept(self.0.insert(FLASHES, flashes).await)
    }

    async fn get<T: DeserializeOwned>(&self, member: &str) -> Result<Option<T>, Failure> {
        kept(self.0.get(member).await)
    }
}

fn live(saved: Result<bool, session::Error>) -> Result<(), Failure> {
    if kept(saved)? {
        Ok(())
    } else {
        Err(Cause::SignedOut.into())
    }
}

fn kept<T>(kept: Result<T, session::Error>) -> Result<T, Failure> {
    kept.map_err(|_| Cause::StoreUnavailable.into())
}
