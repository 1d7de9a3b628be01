//! The beginning of a session, and the proofs of who somebody is that it remembers.

use backend::sessions::{ADDRESS, BEGAN};
use backend::{FirstStep, Operator, Pending};
use domain::{Cause, Failure};
use tower_sessions::session;

use super::code;
use crate::request::{OPERATOR, Request, STANDING};

/// The session's value that says when its operator last proved who they are.
pub const PROVED: &str = "proved";
/// The session's value for a sign-in that waits for its code.
const PENDING: &str = "pending";

impl Request {
    /// Goes on after a first proof of who somebody is, whatever it was: signs in, or asks for the
    /// code first. Answers the page to go to, which leads to `next` in the end.
    pub async fn admit(&self, step: FirstStep, next: &str) -> Result<String, Failure> {
        match step {
            FirstStep::SignedIn(operator) => {
                self.begin_session(&operator).await?;
                Ok(next.to_owned())
            }
            FirstStep::CodeNeeded(pending) => {
                self.await_code(&pending).await?;
                Ok(code::leading_to(next))
            }
        }
    }

    /// Signs an operator in: the session gets a new id, and keeps what is held for the visitor.
    /// After a first proof, [`Request::admit`] is the way here.
    pub async fn begin_session(&self, operator: &Operator) -> Result<(), Failure> {
        let session = self.session()?;
        let began = async {
            session.cycle_id().await?;
            session.remove::<Pending>(PENDING).await?;
            session.insert(ADDRESS, self.origin().remote).await?;
            session.insert(BEGAN, self.now()).await?;
            session.insert(PROVED, self.now()).await?;
            session.insert(STANDING, operator.standing()).await?;
            session.insert(OPERATOR, &operator.id).await
        };
        began.await.map_err(|error| away(&error))
    }

    /// Keeps a sign-in that waits for its code. Whoever was signed in before is no longer.
    async fn await_code(&self, pending: &Pending) -> Result<(), Failure> {
        let session = self.session()?;
        let kept = async {
            session.cycle_id().await?;
            for value in [OPERATOR, STANDING, BEGAN, PROVED] {
                session.remove_value(value).await?;
            }
            session.insert(PENDING, pending).await
        };
        kept.await.map_err(|error| away(&error))
    }

    /// The sign-in that waits for its code.
    pub(super) async fn pending(&self) -> Result<Option<Pending>, Failure> {
        let pending = self.session()?.get(PENDING).await;
        pending.map_err(|error| away(&error))
    }

    /// Gives a sign-in up that can no longer be finished.
    pub(super) async fn forget_pending(&self) -> Result<(), Failure> {
        let forgotten = self.session()?.remove::<Pending>(PENDING).await;
        forgotten.map(drop).map_err(|error| away(&error))
    }

    /// Notes that who is signed in proved it again. The session gets a new id.
    pub async fn renew_proof(&self) -> Result<(), Failure> {
        let session = self.session()?;
        let renewed = async {
            session.cycle_id().await?;
            session.insert(PROVED, self.now()).await
        };
        renewed.await.map_err(|error| away(&error))
    }
}

/// The session cannot be read or kept.
fn away(_: &session::Error) -> Failure {
    Cause::StoreUnavailable.into()
}
