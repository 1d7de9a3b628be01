//! One provider: the address to send a browser to, and the check of what comes back.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use domain::{Cause, Failure, ProviderProblem, Role, Timestamp};
use oauth2::{
    AccessToken, AuthorizationCode, CsrfToken, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl,
    Scope, TokenResponse as _,
};
use openidconnect::http::{StatusCode, header};
use openidconnect::{IssuerUrl, Nonce};

use super::claims::{Claims, Unreadable};
use super::config::{ConfigError, ProviderConfig};
use super::http::Http;
use super::provider_claims::ProviderClaims;
use super::published::Published;
use super::token::Times;
use crate::random;

/// How long what a provider publishes about itself is believed, in milliseconds.
const KNOWN_FOR: i64 = 3_600_000;
/// How far the clocks of the provider and the console may be apart, in milliseconds.
pub(super) const SKEW: i64 = 60_000;

/// A provider. What it publishes is read at the first sign-in and kept for an hour.
#[derive(Clone)]
pub struct Provider {
    pub(super) config: ProviderConfig,
    pub(super) issuer: IssuerUrl,
    pub(super) http: Http,
    known: Arc<Mutex<Option<Known>>>,
}

#[derive(Clone)]
struct Known {
    published: Arc<Published>,
    until: Timestamp,
}

/// Somebody who proved to a provider who they are.
#[derive(Clone, PartialEq, Eq)]
pub struct ProviderIdentity {
    /// SHA-256 of the issuer and the provider's id for them, which is never reused there.
    pub subject: String,
    /// The username that the provider gave, as it came.
    pub username: Option<String>,
    /// The role that their groups have here, or why there is none.
    pub role: Result<Role, ProviderProblem>,
    /// When they proved it, where the provider tells.
    pub authenticated: Option<Timestamp>,
}

/// What a browser is sent to a provider with, and what the answer is checked against.
pub(super) struct AuthorizationRequest {
    pub(super) address: String,
    pub(super) nonce: Nonce,
    pub(super) verifier: PkceCodeVerifier,
}

impl Provider {
    pub(super) fn new(config: ProviderConfig) -> Result<Self, ConfigError> {
        let issuer = IssuerUrl::new(config.issuer.clone())
            .map_err(|_| ConfigError::Issuer(config.id.clone()))?;
        let http = Http::new(issuer.url(), config.patience)?;
        Ok(Self {
            config,
            issuer,
            http,
            known: Arc::default(),
        })
    }

    /// Its part of addresses.
    pub fn id(&self) -> &str {
        &self.config.id
    }

    /// What people call it.
    pub fn label(&self) -> &str {
        &self.config.label
    }

    /// Whether the `iss` of an answer, where there is one, names this provider (RFC 9207).
    pub(super) fn is_issuer(&self, named: Option<&str>) -> bool {
        named.is_none_or(|named| named == self.issuer.as_str())
    }

    /// What it publishes about itself.
    pub(super) async fn discover(&self, now: Timestamp) -> Result<Arc<Published>, Failure> {
        let known = self.known().clone();
        if let Some(known) = known.filter(|known| known.until > now) {
            return Ok(known.published);
        }
        let found = Published::read(&self.issuer, &self.http).await;
        let published = found.map_err(|error| self.unavailable(&error.to_string()))?;
        // Browsers are sent there, so it must not be a `javascript:` or plain address either.
        if !self.http.allows(published.authorize.url()) {
            return Err(self.unavailable("its authorization address is not allowed"));
        }
        Ok(self.keep(published, now))
    }

    /// The same with the keys that it publishes now.
    pub(super) async fn with_new_keys(
        &self,
        published: &Published,
        now: Timestamp,
    ) -> Result<Arc<Published>, Failure> {
        let renewed = published.with_new_keys(&self.http).await;
        let renewed = renewed.map_err(|error| self.unavailable(&error.to_string()))?;
        Ok(self.keep(renewed, now))
    }

    /// The address to send a browser to. `fresh` makes the provider ask who they are even when it
    /// knows.
    pub(super) fn ask(
        &self,
        published: &Published,
        back: RedirectUrl,
        state: String,
        fresh: bool,
    ) -> AuthorizationRequest {
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let nonce = Nonce::new_random();
        let client = self.client(published).set_redirect_uri(back);
        let mut request = client
            .authorize_url(|| CsrfToken::new(state))
            .add_scope(Scope::new("openid".to_owned()))
            .add_scopes(self.config.scopes.iter().cloned().map(Scope::new))
            .add_extra_param("nonce", nonce.secret())
            .set_pkce_challenge(challenge);
        if fresh {
            request = request
                .add_extra_param("prompt", "login")
                .add_extra_param("max_age", "0");
        }
        let (address, _) = request.url();
        AuthorizationRequest {
            address: address.into(),
            nonce,
            verifier,
        }
    }

    /// Redeems a code, and checks who it is about. `fresh` refuses proofs from before the try.
    pub(super) async fn identify(
        &self,
        code: String,
        (verifier, nonce): (PkceCodeVerifier, Nonce),
        back: RedirectUrl,
        fresh: bool,
        times: Times,
    ) -> Result<ProviderIdentity, Failure> {
        let published = self.discover(times.now).await?;
        let client = self.client(&published).set_redirect_uri(back);
        let request = client
            .exchange_code(AuthorizationCode::new(code))
            .map_err(|_| self.unavailable("it publishes no address for tokens"))?;
        let request = request.set_pkce_verifier(verifier);
        let tokens = request.request_async(&self.http).await;
        let tokens = tokens.map_err(|error| self.unredeemed(&error))?;
        let claims = self.verified(&published, &tokens, &nonce, times).await?;
        let disbelieved = |unreadable: Unreadable| self.disbelieved(&unreadable.into());
        // Asked for with a fresh proof only, and only then used.
        let authenticated = if fresh {
            claims.time("auth_time").map_err(disbelieved)?
        } else {
            None
        };
        if fresh && authenticated.is_none_or(|at| !times.holds(at)) {
            return Err(self.refused(ProviderProblem::NotFresh));
        }
        let subject = claims.text("sub").map_err(disbelieved)?.unwrap_or_default();
        let mut told = ProviderClaims::new(subject, claims);
        if !told.is_complete(&self.config) {
            told = self
                .told_more(&published, told, tokens.access_token())
                .await?;
        }
        Ok(self.person(&told, authenticated))
    }

    /// The identity and the role that follow from what the provider told.
    fn person(&self, told: &ProviderClaims, authenticated: Option<Timestamp>) -> ProviderIdentity {
        let subject = format!("{}\0{}", self.issuer.as_str(), told.subject);
        let username = told.username(&self.config);
        // Somebody who was here before needs no name.
        let username = username.unwrap_or_else(|unreadable| {
            self.cannot_read(&unreadable);
            None
        });
        let role = told.role(&self.config).map_err(|roleless| {
            tracing::warn!(
                provider = self.id(),
                claim = self.config.group_claim,
                found = roleless.found,
                "somebody gets no role: the claim with groups tells none that has one"
            );
            roleless.problem
        });
        ProviderIdentity {
            subject: random::sha256(subject.as_bytes()),
            username,
            role,
            authenticated,
        }
    }

    /// Asks for what the ID token left out; many providers tell groups only there.
    async fn told_more(
        &self,
        published: &Published,
        told: ProviderClaims,
        token: &AccessToken,
    ) -> Result<ProviderClaims, Failure> {
        let Some(address) = &published.user_info else {
            return Ok(told);
        };
        let answer = self.http.get(address, Some(token)).await;
        let answer = answer.map_err(|unanswered| self.unavailable(&unanswered.to_string()))?;
        let unreadable = || self.unavailable("it does not tell claims of people");
        if answer.status() != StatusCode::OK {
            return Err(unreadable());
        }
        let body = str::from_utf8(answer.body()).map_err(|_| unreadable())?;
        let kind = answer.headers().get(header::CONTENT_TYPE);
        let is_signed = kind.is_some_and(|kind| kind.as_bytes().starts_with(b"application/jwt"));
        let claims = if is_signed {
            let signed = self.signed_answer(published, body);
            signed.map_err(|disbelief| self.disbelieved(&disbelief))?
        } else {
            let claims: serde_json::Map<_, _> =
                serde_json::from_str(body).map_err(|_| unreadable())?;
            Claims::from(claims)
        };
        // The subject must be the same: the token could have been exchanged for another's.
        match claims.text("sub") {
            Ok(Some(subject)) if subject == told.subject => Ok(told.with(claims)),
            Ok(_) => Err(self.refused(ProviderProblem::Unsigned)),
            Err(unreadable) => Err(self.disbelieved(&unreadable.into())),
        }
    }

    fn known(&self) -> std::sync::MutexGuard<'_, Option<Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn keep(&self, published: Published, now: Timestamp) -> Arc<Published> {
        let published = Arc::new(published);
        *self.known() = Some(Known {
            published: Arc::clone(&published),
            until: Timestamp(now.0 + KNOWN_FOR),
        });
        published
    }

    /// Writes down why a provider was no use; `reason` is ours, never its text.
    pub(super) fn unavailable(&self, reason: &str) -> Failure {
        tracing::warn!(
            provider = self.id(),
            reason,
            "a provider did not answer as it should"
        );
        Cause::Provider(ProviderProblem::Unavailable).into()
    }

    pub(super) fn refused(&self, problem: ProviderProblem) -> Failure {
        tracing::warn!(
            provider = self.id(),
            cause = problem.code(),
            "a sign-in was refused"
        );
        Cause::Provider(problem).into()
    }

    /// Writes down which claim that is used cannot be read: what was expected of it and what kind
    /// of thing it is, never what it says.
    pub(super) fn cannot_read(&self, unreadable: &Unreadable) {
        tracing::warn!(
            provider = self.id(),
            claim = unreadable.claim,
            expected = unreadable.expected,
            found = unreadable.found,
            "a claim that is used cannot be read"
        );
    }
}

impl fmt::Debug for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Provider").field(&self.config).finish()
    }
}

impl fmt::Debug for ProviderIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The rest names somebody.
        f.debug_struct("ProviderIdentity")
            .field("role", &self.role)
            .finish_non_exhaustive()
    }
}
