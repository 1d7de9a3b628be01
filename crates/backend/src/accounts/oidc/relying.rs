//! The console as a client of a provider: who it is there, and what it redeems a code for.

use std::fmt;
use std::time::Duration;

use domain::{Failure, ProviderProblem};
use oauth2::basic::{BasicErrorResponseType, BasicTokenType};
use oauth2::{
    AccessToken, AuthType, Client, ClientId, ClientSecret, EmptyExtraTokenFields, EndpointMaybeSet,
    EndpointNotSet, EndpointSet, RefreshToken, RequestTokenError, RevocationErrorResponseType,
    Scope, StandardErrorResponse, StandardRevocableToken, StandardTokenIntrospectionResponse,
    TokenResponse,
};
use serde::{Deserialize, Serialize};

use super::Provider;
use super::http::Unanswered;
use super::published::Published;

/// What a code is redeemed for. Nothing else of the answer is read.
#[derive(Deserialize, Serialize)]
pub(super) struct Tokens {
    access_token: AccessToken,
    id_token: Option<String>,
}

impl Tokens {
    pub(super) fn id_token(&self) -> Option<&str> {
        self.id_token.as_deref()
    }
}

impl TokenResponse for Tokens {
    type TokenType = BasicTokenType;

    fn access_token(&self) -> &AccessToken {
        &self.access_token
    }

    fn token_type(&self) -> &BasicTokenType {
        &BasicTokenType::Bearer
    }

    fn expires_in(&self) -> Option<Duration> {
        None
    }

    fn refresh_token(&self) -> Option<&RefreshToken> {
        None
    }

    fn scopes(&self) -> Option<&Vec<Scope>> {
        None
    }
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tokens(…)")
    }
}

/// Why a code is not redeemed.
type Refusal = StandardErrorResponse<BasicErrorResponseType>;
/// A client that knows where to send browsers, and maybe where to get tokens.
pub(super) type Relying = Client<
    Refusal,
    Tokens,
    StandardTokenIntrospectionResponse<EmptyExtraTokenFields, BasicTokenType>,
    StandardRevocableToken,
    StandardErrorResponse<RevocationErrorResponseType>,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
>;

impl Provider {
    pub(super) fn client(&self, published: &Published) -> Relying {
        let client = Client::new(ClientId::new(self.config.client_id.clone()))
            .set_auth_uri(published.authorize.clone())
            .set_token_uri_option(published.token.clone());
        let client = match self.config.client_secret.clone() {
            Some(secret) => client.set_client_secret(ClientSecret::new(secret)),
            None => client,
        };
        if published.takes_basic {
            client
        } else {
            client.set_auth_type(AuthType::RequestBody)
        }
    }

    pub(super) fn unredeemed(&self, error: &RequestTokenError<Unanswered, Refusal>) -> Failure {
        match error {
            RequestTokenError::ServerResponse(answer) => self.refused(problem_of(answer)),
            RequestTokenError::Request(unanswered) => self.unavailable(&unanswered.to_string()),
            _ => self.unavailable("its answer with tokens cannot be read"),
        }
    }
}

/// What the token endpoint means by its error.
fn problem_of(refusal: &Refusal) -> ProviderProblem {
    match refusal.error() {
        BasicErrorResponseType::InvalidClient | BasicErrorResponseType::UnauthorizedClient => {
            ProviderProblem::ClientRefused
        }
        // The code was redeemed before, or took too long.
        BasicErrorResponseType::InvalidGrant => ProviderProblem::Gone,
        _ => ProviderProblem::Declined,
    }
}
