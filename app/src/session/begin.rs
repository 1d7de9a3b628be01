//! The beginning of a session, and the proofs of identity that it remembers.

use backend::{FirstStep, Operator, Pending, Point};
use domain::Failure;

use super::code;
use crate::request::Request;

impl Request {
    /// Goes on after a first proof of identity, of whatever kind: signs in, or asks for the code
    /// first. Answers the page to go to, which leads to `next` in the end.
    pub async fn admit(&self, step: FirstStep, next: &str) -> Result<String, Failure> {
        match step {
            FirstStep::SignedIn(operator) => {
                self.begin_session(&operator).await?;
                Ok(next.to_owned())
            }
            FirstStep::CodeNeeded(pending) => {
                self.visit()?.await_code(&pending).await?;
                Ok(code::leading_to(next))
            }
        }
    }

    /// Signs an operator in ([`Visit::begin`](backend::Visit::begin)), and takes over the forms that they
    /// sent before. After a first proof, [`Request::admit`] is the way here.
    pub async fn begin_session(&self, operator: &Operator) -> Result<(), Failure> {
        self.backend().points().reach(Point::SignInNoted).await;
        let address = self.origin().remote;
        self.visit()?.begin(operator, address, self.now()).await?;
        // They are signed in, also when a form that they sent before is lost.
        if let Err(failure) = self.adopt_drafts(&self.visitor().await?).await {
            let cause = failure.cause.code();
            tracing::warn!(cause, "forms of before a sign-in could not be taken over");
        }
        Ok(())
    }

    /// The sign-in that waits for its code.
    pub(super) async fn pending(&self) -> Result<Option<Pending>, Failure> {
        self.visit()?.pending().await
    }

    /// Gives a sign-in up that can no longer be finished.
    pub(super) async fn forget_pending(&self) -> Result<(), Failure> {
        self.visit()?.forget_pending().await
    }

    /// Notes that the operator proved again who they are. `Cause::SignedOut` when the session was ended
    /// meanwhile.
    pub async fn renew_proof(&self) -> Result<(), Failure> {
        self.backend().points().reach(Point::ProofNoted).await;
        self.visit()?.renew_proof(self.now()).await
    }
}
