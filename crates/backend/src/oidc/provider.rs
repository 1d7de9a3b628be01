//! One provider: what it publishes about itself, the address to send a browser to, and the check of
//! what comes back.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use domain::{Cause, Failure, ProviderProblem, Role, Timestamp};
use openidconnect::core::{
    CoreAuthDisplay, CoreAuthPrompt, CoreAuthenticationFlow, CoreClientAuthMethod,
    CoreErrorResponseType, CoreGenderClaim, CoreJsonWebKey, CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm, CoreProviderMetadata, CoreRevocableToken, CoreRevocationErrorResponse,
    CoreTokenIntrospectionResponse, CoreTokenType,
};
use openidconnect::{
    AccessToken, AuthType, AuthorizationCode, Client, ClientId, ClientSecret, CsrfToken,
    DiscoveryError, EmptyExtraTokenFields, EndpointMaybeSet, EndpointNotSet, EndpointSet,
    IdTokenFields, IssuerUrl, Nonce, OAuth2TokenResponse as _, PkceCodeChallenge, PkceCodeVerifier,
    RedirectUrl, RequestTokenError, Scope, StandardErrorResponse, StandardTokenResponse,
    UserInfoClaims,
};

use super::claims::{Others, Told};
use super::config::{ConfigError, ProviderConfig};
use super::http::{Http, Unanswered};
use super::token::Times;
use crate::random;

/// How long what a provider publishes about itself is believed, in milliseconds.
const KNOWN_FOR: i64 = 3_600_000;
/// How far the clocks of the provider and the console may be apart, in milliseconds.
pub(super) const SKEW: i64 = 60_000;

pub(super) type TokenFields = IdTokenFields<
    Others,
    EmptyExtraTokenFields,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm,
>;
pub(super) type Tokens = StandardTokenResponse<TokenFields, CoreTokenType>;
/// A client that knows where to send browsers, and maybe where to get tokens and claims.
pub(super) type Relying = Client<
    Others,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    Tokens,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// A provider. What it publishes is read at the first sign-in and kept for an hour.
#[derive(Clone)]
pub struct Provider {
    pub(super) config: ProviderConfig,
    issuer: IssuerUrl,
    pub(super) http: Http,
    known: Arc<Mutex<Option<Known>>>,
}

#[derive(Clone)]
struct Known {
    metadata: Arc<CoreProviderMetadata>,
    until: Timestamp,
}

/// Somebody who proved to a provider who they are.
#[derive(Clone, PartialEq, Eq)]
pub struct Person {
    /// SHA-256 of the issuer and the provider's id for them, which is never reused there.
    pub subject: String,
    /// The name that it tells, as it came.
    pub username: Option<String>,
    /// The role that their groups have here.
    pub role: Option<Role>,
    /// When they proved it, where the provider tells.
    pub authenticated: Option<Timestamp>,
}

/// What a browser is sent to a provider with, and what the answer is checked against.
pub(super) struct Asked {
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
    pub(super) async fn discover(
        &self,
        now: Timestamp,
    ) -> Result<Arc<CoreProviderMetadata>, Failure> {
        let known = self.known().clone();
        if let Some(known) = known.filter(|known| known.until > now) {
            return Ok(known.metadata);
        }
        let found = CoreProviderMetadata::discover_async(self.issuer.clone(), &self.http).await;
        let metadata = found.map_err(|error| self.unavailable(&reason(&error)))?;
        // Browsers are sent there, so it must not be a `javascript:` or plain address either.
        if !self.http.allows(metadata.authorization_endpoint().url()) {
            return Err(self.unavailable("its authorization address is not allowed"));
        }
        Ok(self.keep(metadata, now))
    }

    /// The address to send a browser to. `fresh` makes the provider ask who they are even when it
    /// knows.
    pub(super) fn ask(
        &self,
        metadata: &CoreProviderMetadata,
        back: RedirectUrl,
        state: String,
        fresh: bool,
    ) -> Asked {
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let client = self.client(metadata).set_redirect_uri(back);
        let mut request = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                || CsrfToken::new(state),
                Nonce::new_random,
            )
            .add_scopes(self.config.scopes.iter().cloned().map(Scope::new))
            .set_pkce_challenge(challenge);
        if fresh {
            request = request
                .add_prompt(CoreAuthPrompt::Login)
                .set_max_age(std::time::Duration::ZERO);
        }
        let (address, _, nonce) = request.url();
        Asked {
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
    ) -> Result<Person, Failure> {
        let metadata = self.discover(times.now).await?;
        let client = self.client(&metadata).set_redirect_uri(back);
        let request = client
            .exchange_code(AuthorizationCode::new(code))
            .map_err(|_| self.unavailable("it publishes no address for tokens"))?;
        let request = request.set_pkce_verifier(verifier);
        let tokens = request.request_async(&self.http).await;
        let tokens = tokens.map_err(|error| self.unredeemed(&error))?;
        let claims = self.verified(&metadata, &tokens, &nonce, times).await?;
        let authenticated = claims
            .auth_time()
            .map(|at| Timestamp(at.timestamp_millis()));
        if fresh && authenticated.is_none_or(|at| !times.holds(at.0)) {
            return Err(self.refused(ProviderProblem::NotFresh));
        }
        let mut told = Told::from(&claims);
        if !told.is_complete(&self.config) {
            told = self.told_more(&client, told, tokens.access_token()).await?;
        }
        let subject = format!("{}\0{}", self.issuer.as_str(), told.subject);
        Ok(Person {
            subject: random::sha256(subject.as_bytes()),
            username: told.username(&self.config),
            role: told.role(&self.config),
            authenticated,
        })
    }

    /// Asks for what the ID token left out; many providers tell groups only there.
    async fn told_more(
        &self,
        client: &Relying,
        told: Told,
        token: &AccessToken,
    ) -> Result<Told, Failure> {
        let subject = openidconnect::SubjectIdentifier::new(told.subject.clone());
        // The subject must be the same: the token could have been exchanged for another's.
        let Ok(request) = client.user_info(token.clone(), Some(subject)) else {
            return Ok(told);
        };
        let answer: Result<UserInfoClaims<Others, CoreGenderClaim>, _> =
            request.request_async(&self.http).await;
        match answer {
            Ok(claims) => Ok(told.or(Told::from(&claims))),
            Err(openidconnect::UserInfoError::ClaimsVerification(_)) => {
                Err(self.refused(ProviderProblem::Unsigned))
            }
            Err(_) => Err(self.unavailable("it does not tell claims of people")),
        }
    }

    pub(super) fn client(&self, metadata: &CoreProviderMetadata) -> Relying {
        let secret = self.config.client_secret.clone().map(ClientSecret::new);
        let id = ClientId::new(self.config.client_id.clone());
        let client = Client::from_provider_metadata(metadata.clone(), id, secret);
        // Absent means Basic (OpenID Connect Discovery 1.0, section 3).
        let methods = metadata.token_endpoint_auth_methods_supported();
        let supports = |method| methods.is_none_or(|methods| methods.contains(&method));
        if supports(CoreClientAuthMethod::ClientSecretBasic) {
            client
        } else {
            client.set_auth_type(AuthType::RequestBody)
        }
    }

    fn known(&self) -> std::sync::MutexGuard<'_, Option<Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn keep(
        &self,
        metadata: CoreProviderMetadata,
        now: Timestamp,
    ) -> Arc<CoreProviderMetadata> {
        let metadata = Arc::new(metadata);
        *self.known() = Some(Known {
            metadata: Arc::clone(&metadata),
            until: Timestamp(now.0 + KNOWN_FOR),
        });
        metadata
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

    fn unredeemed<E>(&self, error: &RequestTokenError<Unanswered, E>) -> Failure
    where
        E: openidconnect::ErrorResponse + AsCode + 'static,
    {
        match error {
            RequestTokenError::ServerResponse(answer) => self.refused(answer.problem()),
            RequestTokenError::Request(unanswered) => self.unavailable(&unanswered.to_string()),
            _ => self.unavailable("its answer with tokens cannot be read"),
        }
    }
}

/// What the token endpoint means by its error.
trait AsCode {
    fn problem(&self) -> ProviderProblem;
}

impl AsCode for StandardErrorResponse<CoreErrorResponseType> {
    fn problem(&self) -> ProviderProblem {
        match self.error() {
            CoreErrorResponseType::InvalidClient | CoreErrorResponseType::UnauthorizedClient => {
                ProviderProblem::ClientRefused
            }
            // The code was redeemed before, or took too long.
            CoreErrorResponseType::InvalidGrant => ProviderProblem::Gone,
            _ => ProviderProblem::Declined,
        }
    }
}

/// Why nothing could be learned of a provider, without its own words.
pub(super) fn reason(error: &DiscoveryError<Unanswered>) -> String {
    match error {
        DiscoveryError::Request(unanswered) => unanswered.to_string(),
        DiscoveryError::Response(status, ..) => format!("it answered with status {status}"),
        DiscoveryError::Validation(_) => "it names another issuer".to_owned(),
        _ => "what it publishes about itself cannot be read".to_owned(),
    }
}

impl fmt::Debug for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Provider").field(&self.config).finish()
    }
}

impl fmt::Debug for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The rest names somebody.
        f.debug_struct("Person")
            .field("role", &self.role)
            .finish_non_exhaustive()
    }
}
