//! What is believed of an ID token: that it is the provider's, for this console, and for this try.

use chrono::DateTime;
use domain::{Failure, ProviderProblem, Timestamp};
use openidconnect::core::{
    CoreGenderClaim, CoreJsonWebKeySet, CoreJwsSigningAlgorithm, CoreProviderMetadata,
};
use openidconnect::{
    AccessTokenHash, ClaimsVerificationError, IdTokenClaims, Nonce, OAuth2TokenResponse as _,
    SignatureVerificationError,
};

use super::Provider;
use super::claims::Others;
use super::provider::{SKEW, Tokens, reason};

/// Signatures that only the provider can make. Not those with a shared secret, and not "none".
const SIGNATURES: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

impl Provider {
    /// The claims of an ID token that is the provider's, for this console, and for this try.
    pub(super) async fn verified(
        &self,
        metadata: &CoreProviderMetadata,
        tokens: &Tokens,
        nonce: &Nonce,
        times: Times,
    ) -> Result<IdTokenClaims<Others, CoreGenderClaim>, Failure> {
        match self.check(metadata, tokens, nonce, times) {
            // A key that is new: providers change theirs without a word.
            Err(Checked::UnknownKey) => {
                let keys = CoreJsonWebKeySet::fetch_async(metadata.jwks_uri(), &self.http).await;
                let keys = keys.map_err(|error| self.unavailable(&reason(&error)))?;
                let metadata = self.keep(metadata.clone().set_jwks(keys), times.now);
                self.check(&metadata, tokens, nonce, times)
            }
            other => other,
        }
        .map_err(|checked| self.refused(checked.problem()))
    }

    fn check(
        &self,
        metadata: &CoreProviderMetadata,
        tokens: &Tokens,
        nonce: &Nonce,
        times: Times,
    ) -> Result<IdTokenClaims<Others, CoreGenderClaim>, Checked> {
        let client = self.client(metadata);
        let at = DateTime::from_timestamp_millis(times.now.0 - SKEW).unwrap_or_default();
        // A code is redeemed after the try was begun, so its token is made after that too.
        let is_issued_between = move |issued: DateTime<_>| {
            let is_of_this_try = times.holds(issued.timestamp_millis());
            let outside = "issued before this try, or later than now";
            is_of_this_try.then_some(()).ok_or(outside.to_owned())
        };
        let verifier = client
            .id_token_verifier()
            .set_allowed_algs(SIGNATURES)
            .set_issue_time_verifier_fn(is_issued_between)
            .set_time_fn(move || at);
        let token = tokens.extra_fields().id_token().ok_or(Checked::Wrong)?;
        let claims = token.claims(&verifier, nonce)?;
        // The library leaves these to its user. Everybody without an id would be one person.
        if claims.subject().trim().is_empty() {
            return Err(Checked::Wrong);
        }
        if !claims.additional_claims().count_by(times.latest()) {
            return Err(Checked::Problem(ProviderProblem::Expired));
        }
        let party = claims.authorized_party();
        if party.is_some_and(|party| party.as_str() != self.config.client_id) {
            return Err(Checked::Problem(ProviderProblem::OtherClient));
        }
        if let Some(expected) = claims.access_token_hash() {
            let (method, key) = (token.signing_alg()?, token.signing_key(&verifier)?);
            let actual = AccessTokenHash::from_token(tokens.access_token(), method, key);
            if actual.map_err(|_| Checked::Wrong)? != *expected {
                return Err(Checked::Wrong);
            }
        }
        Ok(claims.clone())
    }
}

/// When a try was begun, and when its answer came: by our clock, which the provider's may differ
/// from a little.
#[derive(Clone, Copy, Debug)]
pub(super) struct Times {
    pub(super) began: Timestamp,
    pub(super) now: Timestamp,
}

impl Times {
    /// What the provider's clock shows now at the latest.
    const fn latest(self) -> Timestamp {
        Timestamp(self.now.0 + SKEW)
    }

    /// Whether a time of the provider is of this try.
    pub(super) const fn holds(self, at: i64) -> bool {
        self.began.0 - SKEW <= at && at <= self.latest().0
    }
}

/// What is wrong with an ID token.
enum Checked {
    /// It is signed with a key that is not among those that are known.
    UnknownKey,
    /// It cannot be believed.
    Wrong,
    Problem(ProviderProblem),
}

impl Checked {
    const fn problem(&self) -> ProviderProblem {
        match self {
            Self::UnknownKey | Self::Wrong => ProviderProblem::Unsigned,
            Self::Problem(problem) => *problem,
        }
    }
}

impl From<SignatureVerificationError> for Checked {
    fn from(error: SignatureVerificationError) -> Self {
        match error {
            SignatureVerificationError::NoMatchingKey => Self::UnknownKey,
            _ => Self::Wrong,
        }
    }
}

impl From<ClaimsVerificationError> for Checked {
    fn from(error: ClaimsVerificationError) -> Self {
        use ClaimsVerificationError as Error;
        Self::Problem(match error {
            Error::SignatureVerification(error) => return error.into(),
            Error::Expired(_) => ProviderProblem::Expired,
            Error::InvalidAudience(_) => ProviderProblem::OtherClient,
            Error::InvalidIssuer(_) => ProviderProblem::OtherIssuer,
            Error::InvalidNonce(_) => ProviderProblem::OtherTry,
            _ => ProviderProblem::Unsigned,
        })
    }
}
