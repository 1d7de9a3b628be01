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
        now: Timestamp,
    ) -> Result<IdTokenClaims<Others, CoreGenderClaim>, Failure> {
        match self.check(metadata, tokens, nonce, now) {
            // A key that is new: providers change theirs without a word.
            Err(Checked::UnknownKey) => {
                let keys = CoreJsonWebKeySet::fetch_async(metadata.jwks_uri(), &self.http).await;
                let keys = keys.map_err(|error| self.unavailable(&reason(&error)))?;
                let metadata = self.keep(metadata.clone().set_jwks(keys), now);
                self.check(&metadata, tokens, nonce, now)
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
        now: Timestamp,
    ) -> Result<IdTokenClaims<Others, CoreGenderClaim>, Checked> {
        let client = self.client(metadata);
        let at = DateTime::from_timestamp_millis(now.0 - SKEW).unwrap_or_default();
        let verifier = client
            .id_token_verifier()
            .set_allowed_algs(SIGNATURES)
            .set_time_fn(move || at);
        let token = tokens.extra_fields().id_token().ok_or(Checked::Wrong)?;
        let claims = token.claims(&verifier, nonce)?;
        // The library leaves this one to its user.
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
