//! What is believed of an ID token: that it is the provider's, for this console, and for this try.

use domain::{Failure, ProviderProblem, Timestamp};
use oauth2::TokenResponse as _;
use openidconnect::{AccessTokenHash, Nonce};

use super::Provider;
use super::claims::{Claims, Unreadable};
use super::provider::SKEW;
use super::published::Published;
use super::relying::Tokens;
use super::signed::{Signed, Unsigned};
use crate::random;

impl Provider {
    /// The claims of an ID token that is the provider's, for this console, and for this try.
    pub(super) async fn verified(
        &self,
        published: &Published,
        tokens: &Tokens,
        nonce: &Nonce,
        times: Times,
    ) -> Result<Claims, Failure> {
        let checked = match self.check(published, tokens, nonce, times) {
            // A key that is new: providers change theirs without a word.
            Err(Disbelief::UnknownKey) => {
                let published = self.with_new_keys(published, times.now).await?;
                self.check(&published, tokens, nonce, times)
            }
            other => other,
        };
        checked.map_err(|disbelief| self.disbelieved(&disbelief))
    }

    fn check(
        &self,
        published: &Published,
        tokens: &Tokens,
        nonce: &Nonce,
        times: Times,
    ) -> Result<Claims, Disbelief> {
        use ProviderProblem as Problem;
        let token = tokens.id_token().ok_or(Problem::Unsigned)?;
        let signed = Signed::read(token, &published.keys)?;
        let claims = &signed.claims;
        self.is_ours(claims)?;
        let party = claims.text("azp")?;
        if party.is_some_and(|party| party != self.config.client_id) {
            return Err(Problem::OtherClient.into());
        }
        if claims.needed_time("exp")? <= times.earliest() {
            return Err(Problem::Expired.into());
        }
        // A code is redeemed after the try was begun, so its token is made after that too.
        if !times.holds(claims.needed_time("iat")?) {
            return Err(Problem::Expired.into());
        }
        // A token without `nbf` counts from the start (RFC 7519, section 4.1.5).
        if claims
            .time("nbf")?
            .is_some_and(|from| from > times.latest())
        {
            return Err(Problem::Expired.into());
        }
        let answered = claims.text("nonce")?;
        if !answered.is_some_and(|answered| is_same(&answered, nonce.secret())) {
            return Err(Problem::OtherTry.into());
        }
        // Without this check, all people without an id would be the same person.
        if claims.text("sub")?.is_none_or(|id| id.trim().is_empty()) {
            return Err(Problem::Unsigned.into());
        }
        if let Some(expected) = claims.text("at_hash")? {
            let token = tokens.access_token();
            let actual = AccessTokenHash::from_token(token, &signed.algorithm, signed.key);
            let actual = actual.map_err(|_| Problem::Unsigned)?;
            if !is_same(&actual, &expected) {
                return Err(Problem::Unsigned.into());
            }
        }
        Ok(signed.claims)
    }

    /// Whether claims are the provider's, and for this console alone: another client could pass its
    /// token on.
    fn is_ours(&self, claims: &Claims) -> Result<(), Disbelief> {
        if claims.text("iss")?.as_deref() != Some(self.issuer.as_str()) {
            return Err(ProviderProblem::OtherIssuer.into());
        }
        let audience = claims.texts("aud")?;
        let is_for_us = |client: &String| *client == self.config.client_id;
        if audience.is_empty() || !audience.iter().all(is_for_us) {
            return Err(ProviderProblem::OtherClient.into());
        }
        Ok(())
    }

    /// The claims of an answer about a person that is itself signed.
    pub(super) fn signed_answer(
        &self,
        published: &Published,
        token: &str,
    ) -> Result<Claims, Disbelief> {
        let signed = Signed::read(token.trim(), &published.keys)?;
        self.is_ours(&signed.claims)?;
        Ok(signed.claims)
    }

    /// Writes down why an answer is not believed: never what it says.
    pub(super) fn disbelieved(&self, disbelief: &Disbelief) -> Failure {
        if let Disbelief::Unreadable(unreadable) = disbelief {
            self.cannot_read(unreadable);
        }
        self.refused(disbelief.problem())
    }
}

/// Whether two texts are the same. The time it takes does not reveal where they differ.
fn is_same(one: &str, other: &str) -> bool {
    random::sha256(one.as_bytes()) == random::sha256(other.as_bytes())
}

/// When a try was begun, and when its answer came: by our clock, which the provider's may differ
/// from a little.
#[derive(Clone, Copy, Debug)]
pub(super) struct Times {
    pub(super) began: Timestamp,
    pub(super) now: Timestamp,
}

impl Times {
    /// What the provider's clock shows now at the earliest.
    const fn earliest(self) -> Timestamp {
        Timestamp(self.now.0 - SKEW)
    }

    /// What it shows now at the latest.
    const fn latest(self) -> Timestamp {
        Timestamp(self.now.0 + SKEW)
    }

    /// Whether a time of the provider is of this try.
    pub(super) const fn holds(self, at: Timestamp) -> bool {
        self.began.0 - SKEW <= at.0 && at.0 <= self.latest().0
    }
}

/// Why an answer is not believed.
#[derive(Debug)]
pub(super) enum Disbelief {
    /// It is signed with a key that is not among those that are known.
    UnknownKey,
    /// A claim that is used has a type that it cannot be read from.
    Unreadable(Unreadable),
    Problem(ProviderProblem),
}

impl Disbelief {
    const fn problem(&self) -> ProviderProblem {
        match self {
            Self::UnknownKey => ProviderProblem::Unsigned,
            Self::Unreadable(_) => ProviderProblem::Unreadable,
            Self::Problem(problem) => *problem,
        }
    }
}

impl From<ProviderProblem> for Disbelief {
    fn from(problem: ProviderProblem) -> Self {
        Self::Problem(problem)
    }
}

impl From<Unreadable> for Disbelief {
    fn from(unreadable: Unreadable) -> Self {
        Self::Unreadable(unreadable)
    }
}

impl From<Unsigned> for Disbelief {
    fn from(unsigned: Unsigned) -> Self {
        match unsigned {
            Unsigned::UnknownKey => Self::UnknownKey,
            Unsigned::Wrong => Self::Problem(ProviderProblem::Unsigned),
        }
    }
}
