//! A try to sign in with a provider, from the button to the answer. What the answer is checked against
//! can be used once, within ten minutes, by the browser that began it. That there was such a try, and
//! where it was to lead, is held for longer: people press Back, open a page again, or come late.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::{Cause, Failure, ProviderProblem, Timestamp};
use openidconnect::{Nonce, PkceCodeVerifier, RedirectUrl};

use super::SIGN_IN_LASTS;
use super::provider::AuthorizationRequest;
use super::token::Times;
use super::{Provider, ProviderIdentity};
use crate::operators::{Operator, OperatorId};
use crate::{Backend, Caller, ClientNetwork, Origin};

/// What a sign-in is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A session.
    SignIn,
    /// A fresh proof that this operator, who is signed in, is still the one who asks.
    Confirm(OperatorId),
}

/// A try that was begun. Held for the browser that began it, under its `state`. Clones are one try.
#[derive(Clone)]
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
    state: Arc<Mutex<State>>,
}

/// How far a try is.
enum State {
    /// Nothing came back yet.
    Open(Secrets),
    /// An answer came, be it one that signed nobody in.
    Answered,
    /// It led to what it was begun for.
    Succeeded,
}

/// What an answer is checked against.
struct Secrets {
    nonce: Nonce,
    verifier: PkceCodeVerifier,
}

impl PendingSignIn {
    /// Whether an answer would still be looked at.
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.is_in_time(now) && matches!(*self.state(), State::Open(_))
    }

    /// Whether it led to what it was begun for.
    pub fn has_succeeded(&self) -> bool {
        matches!(*self.state(), State::Succeeded)
    }

    /// Uses it up. Of two answers that come at once one gets what it is checked against.
    fn take_secrets(&self, now: Timestamp) -> Option<Secrets> {
        if !self.is_in_time(now) {
            return None;
        }
        let mut state = self.state();
        match std::mem::replace(&mut *state, State::Answered) {
            State::Open(secrets) => Some(secrets),
            ended => {
                *state = ended;
                None
            }
        }
    }

    const fn is_in_time(&self, now: Timestamp) -> bool {
        now.0 < self.began.0 + SIGN_IN_LASTS
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
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

impl Backend {
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
        let provider = self.providers().get(provider).ok_or(Cause::NoSuchPage)?;
        let began = self.clock().now();
        let published = provider.discover(began).await?;
        let back = RedirectUrl::new(back.to_owned()).map_err(|_| Cause::Outdated)?;
        let fresh = purpose != Purpose::SignIn;
        // The browser's secret costs nothing to make: its address pays.
        let payer = ClientNetwork::of(origin.remote).to_string();
        let state = self.pending_sign_ins().put_with(&payer, browser, |state| {
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
                state: Arc::new(Mutex::new(State::Open(Secrets { nonce, verifier }))),
            }
        });
        Ok(state)
    }

    /// Takes the answer to a try, of somebody who is signed in if it is a proof of who they are. The
    /// try is used up, whatever the answer.
    pub async fn finish_sign_in(
        &self,
        provider: &str,
        browser: &str,
        answer: CallbackParameters,
        origin: &Origin,
        caller: Option<&Caller>,
    ) -> Result<Finished, Failure> {
        let provider = self.providers().get(provider).ok_or(Cause::NoSuchPage)?;
        let now = self.clock().now();
        let started = self.pending_sign_ins().get(browser, &answer.state);
        let started = started.filter(|started| started.provider == provider.id());
        let started = started.ok_or(Cause::Provider(ProviderProblem::Gone))?;
        let secrets = started.take_secrets(now);
        let secrets = secrets.ok_or(Cause::Provider(ProviderProblem::Gone))?;
        let person = identify(provider, &started, secrets, answer, now).await?;
        let operator = match &started.purpose {
            Purpose::SignIn => self.admit(provider, &person, origin).await?,
            Purpose::Confirm(id) => {
                let caller = caller.ok_or(Cause::SignedOut)?;
                self.confirm_with(provider, id, &person, caller).await?
            }
        };
        *started.state() = State::Succeeded;
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
    let secrets = (secrets.verifier, secrets.nonce);
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
