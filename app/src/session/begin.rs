//! The beginning of a session, and the proofs of who somebody is that it remembers.

use backend::sessions::{self, ADDRESS, BEGAN, EPOCH, OPERATOR, PENDING};
use backend::{FirstStep, Operator, OperatorId, Pending, Point};
use domain::{Cause, Failure};
use tower_sessions::session;

use super::code;
use crate::request::{FLASHES, Request, STANDING, VISITOR};

/// The session's value that says when its operator last proved who they are.
pub const PROVED: &str = "proved";

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

    /// Signs an operator in, as they were when they proved who they are: a session with a new id
    /// begins, at once. `Cause::SignedOut` when they were disabled or signed out since. What is held
    /// for a visitor stays when the same operator goes on; another operator is another visitor.
    /// After a first proof, [`Request::admit`] is the way here.
    pub async fn begin_session(&self, operator: &Operator) -> Result<(), Failure> {
        self.backend().points().reach(Point::SignInNoted).await;
        let session = self.session()?;
        let began = async {
            let before: Option<OperatorId> = session.get(OPERATOR).await?;
            if before.is_none_or(|before| before != operator.id) {
                session.remove_value(FLASHES).await?;
                let visitor = backend::random::id();
                session.insert(VISITOR, visitor).await?;
            }
            session.cycle_id().await?;
            session.remove_value(PENDING).await?;
            session.insert(EPOCH, operator.epoch).await?;
            session.insert(ADDRESS, self.origin().remote).await?;
            session.insert(BEGAN, self.now()).await?;
            session.insert(PROVED, self.now()).await?;
            session.insert(STANDING, operator.standing()).await?;
            session.insert(OPERATOR, &operator.id).await?;
            sessions::save_new(session).await
        };
        is_live(began.await)?;
        self.adopt_drafts(&self.visitor().await?);
        Ok(())
    }

    /// Keeps a sign-in that waits for its code. Whoever was signed in before is no longer.
    async fn await_code(&self, pending: &Pending) -> Result<(), Failure> {
        let session = self.session()?;
        let kept = async {
            session.cycle_id().await?;
            for value in [OPERATOR, STANDING, BEGAN, PROVED, EPOCH, FLASHES, VISITOR] {
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

    /// Notes that who is signed in proved it again. The session gets a new id, at once.
    /// `Cause::SignedOut` when it was ended meanwhile.
    pub async fn renew_proof(&self) -> Result<(), Failure> {
        self.backend().points().reach(Point::ProofNoted).await;
        let session = self.session()?;
        let renewed = async {
            session.insert(PROVED, self.now()).await?;
            sessions::renew(session).await
        };
        is_live(renewed.await)
    }
}

fn is_live(saved: Result<bool, session::Error>) -> Result<(), Failure> {
    match saved {
        Ok(true) => Ok(()),
        Ok(false) => Err(Cause::SignedOut.into()),
        Err(error) => Err(away(&error)),
    }
}

/// The session cannot be read or kept.
fn away(_: &session::Error) -> Failure {
    Cause::StoreUnavailable.into()
}
