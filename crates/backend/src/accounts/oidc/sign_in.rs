//! A try to sign in with a provider, from the button to the answer. The secrets that the answer is
//! checked against can be used once, within ten minutes, by the browser that began the try. The try
//! itself and the page that it leads to are held for longer: people press Back, open a page again,
//! or come late.

use std::fmt;

use domain::{Cause, Failure, ProviderProblem, Timestamp};
use openidconnect::{Nonce, PkceCodeVerifier, RedirectUrl};
use serde::{Deserialize, Serialize};

use super::SIGN_IN_LASTS;
use super::provider::AuthorizationRequest;
use super::token::Times;
use super::{Provider, ProviderIdentity};
use crate::access::{Caller, OperatorId, Origin};
use crate::accounts::Accounts;
use crate::accounts::operators::Operator;
use crate::network::ClientNetwork;

/// What a sign-in is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Purpose {
    /// A session.
    SignIn,
    /// A fresh proof that this operator, who is signed in, is still the one who asks.
    Confirm(OperatorId),
}

/// A try that was begun. Held for the browser that began it, under its `state`.
#[derive(Clone, Serialize, Deserialize)]
pub struct PendingSignIn {
    /// The provider.
    pub(crate) provider: String,
    /// What people call it.
    pub label: String,
    /// The address to send the browser to.
    pub address: String,
    back: String,
    /// The page that was asked for.
    pub next: String,
    /// What it is for.
    pub purpose: Purpose,
    began: Timestamp,
    progress: Progress,
}

/// How far a try is.
#[derive(Clone, Serialize, Deserialize)]
enum Progress {
    /// Nothing came back yet.
    Open(Secrets),
    /// An answer came; it may have signed nobody in.
    Answered,
    /// It led to what it was begun for.
    Succeeded,
}

/// What an answer is checked against.
#[derive(Clone, Serialize, Deserialize)]
struct Secrets {
    nonce: String,
    verifier: String,
}

impl PendingSignIn {
    /// Whether an answer would still be looked at.
    pub const fn is_open(&self, now: Timestamp) -> bool {
        now.0 < self.began.0 + SIGN_IN_LASTS && matches!(self.progress, Progress::Open(_))
    }

    /// Whether it led to what it was begun for.
    pub const fn has_succeeded(&self) -> bool {
        matches!(self.progress, Progress::Succeeded)
    }
}

/// What came back with the browser: the query of the callback.
#[derive(Clone, Default)]
pub struct CallbackParameters {
    /// Which try it answers.
    pub state: String,
    /// What the provider gives the identity for.
    pub code: Option<String>,
    /// Why it gives none.
    pub error: Option<String>,
    /// Who answers (RFC 9207).
    pub issuer: Option<String>,
}

/// A sign-in that went well.
#[derive(Clone, Debug)]
pub struct Finished {
    /// Who signed in.
    pub operator: Operator,
    /// What it was for.
    pub purpose: Purpose,
    /// The page that was asked for when it began.
    pub next: String,
}

impl Accounts {
    /// Begins a sign-in with a provider, for a browser that is known by a secret of its own. `back`
    /// is the address of the callback as the browser reaches it. Answers the try's `state`.
    pub async fn start_sign_in(
        &self,
        provider: &str,
        browser: &str,
        back: &str,
        next: &str,
        purpose: Purpose,
        origin: &Origin,
    ) -> Result<String, Failure> {
        let provider = self.providers.get(provider).ok_or(Cause::NoSuchPage)?;
        let began = self.clock.now();
        let published = provider.discover(began).await?;
        let back = RedirectUrl::new(back.to_owned()).map_err(|_| Cause::Outdated)?;
        let fresh = purpose != Purpose::SignIn;
        // The browser's secret costs nothing to make: its address pays.
        let payer = ClientNetwork::of(origin.remote).to_string();
        let state = self.pending_sign_ins.put_with(&payer, browser, |state| {
            let AuthorizationRequest {
                address,
                nonce,
                verifier,
            } = provider.ask(&published, back.clone(), state.to_owned(), fresh);
            PendingSignIn {
                provider: provider.id().to_owned(),
                label: provider.label().to_owned(),
                address,
                back: back.to_string(),
                next: next.to_owned(),
                purpose,
                began,
                progress: Progress::Open(Secrets {
                    nonce: nonce.secret().clone(),
                    verifier: verifier.secret().clone(),
                }),
            }
        });
        state.await
    }

    /// Takes the answer to a try. `caller` is the operator who is signed in, whom a fresh proof
    /// needs. The try is used up, whatever the answer.
    pub async fn finish_sign_in(
        &self,
        provider: &str,
        browser: &str,
        answer: CallbackParameters,
        origin: &Origin,
        caller: Option<&Caller>,
    ) -> Result<Finished, Failure> {
        let provider = self.providers.get(provider).ok_or(Cause::NoSuchPage)?;
        let now = self.clock.now();
        let tries = &self.pending_sign_ins;
        // Of two answers that come at once one gets what it is checked against.
        let answered = tries.update(browser, &answer.state, |pending| {
            let is_ours = pending.provider == provider.id() && pending.is_open(now);
            if !is_ours {
                return None;
            }
            match std::mem::replace(&mut pending.progress, Progress::Answered) {
                Progress::Open(secrets) => Some((pending.clone(), secrets)),
                Progress::Answered | Progress::Succeeded => None,
            }
        });
        let answered = answered.await?.flatten();
        let gone = Cause::Provider(ProviderProblem::Gone);
        let (started, secrets) = answered.ok_or(gone)?;
        let state = answer.state.clone();
        let person = identify(provider, &started, secrets, answer, now).await?;
        let operator = match &started.purpose {
            Purpose::SignIn => self.admit(provider, &person, origin).await?,
            Purpose::Confirm(id) => {
                let caller = caller.ok_or(Cause::SignedOut)?;
                self.confirm_with(provider, id, &person, caller).await?
            }
        };
        let succeeded = |pending: &mut PendingSignIn| pending.progress = Progress::Succeeded;
        if let Err(failure) = tries.update(browser, &state, succeeded).await {
            // They are signed in. Only the way back to this address says less.
            let cause = failure.cause.code();
            tracing::warn!(cause, "that a sign-in succeeded could not be kept");
        }
        Ok(Finished {
            operator,
            purpose: started.purpose,
            next: started.next,
        })
    }
}

async fn identify(
    provider: &Provider,
    started: &PendingSignIn,
    secrets: Secrets,
    answer: CallbackParameters,
    now: Timestamp,
) -> Result<ProviderIdentity, Failure> {
    if !provider.is_issuer(answer.issuer.as_deref()) {
        return Err(Cause::Provider(ProviderProblem::OtherIssuer).into());
    }
    let problem = match answer.error.as_deref() {
        None => None,
        Some("access_denied") => Some(ProviderProblem::Cancelled),
        Some("temporarily_unavailable" | "server_error") => Some(ProviderProblem::Unavailable),
        Some("unauthorized_client" | "invalid_scope" | "invalid_request") => {
            Some(ProviderProblem::ClientRefused)
        }
        Some(_) => Some(ProviderProblem::Declined),
    };
    if let Some(problem) = problem {
        return Err(Cause::Provider(problem).into());
    }
    let code = answer
        .code
        .ok_or(Cause::Provider(ProviderProblem::Declined))?;
    let back = RedirectUrl::new(started.back.clone()).map_err(|_| Cause::Outdated)?;
    let secrets = (
        PkceCodeVerifier::new(secrets.verifier),
        Nonce::new(secrets.nonce),
    );
    let fresh = started.purpose != Purpose::SignIn;
    let times = Times {
        began: started.began,
        now,
    };
    provider.identify(code, secrets, back, fresh, times).await
}

impl fmt::Debug for PendingSignIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PendingSignIn")
            .field("provider", &self.provider)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for CallbackParameters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CallbackParameters(…)")
    }
}
