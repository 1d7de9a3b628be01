//! What a provider publishes about itself. Only what is used is read: where browsers go, where the
//! console asks, and the keys. The rest may be anything.

use openidconnect::core::CoreJsonWebKeySet;
use openidconnect::http::StatusCode;
use openidconnect::url::Url;
use openidconnect::{AuthUrl, DiscoveryError, IssuerUrl, JsonWebKeySetUrl, TokenUrl};
use serde_json::{Map, Value};

use super::http::{Http, Unanswered};

/// Where it stands, below the issuer (OpenID Connect Discovery 1.0, section 4).
const DOCUMENT: &str = ".well-known/openid-configuration";

/// Addresses and keys of a provider.
#[derive(Clone, Debug)]
pub(super) struct Published {
    /// Where browsers are sent.
    pub(super) authorize: AuthUrl,
    /// Where codes are redeemed.
    pub(super) token: Option<TokenUrl>,
    /// Where more is told about people.
    pub(super) user_info: Option<Url>,
    /// Whether the console proves itself in a header there; else in the body.
    pub(super) takes_basic: bool,
    keys_at: JsonWebKeySetUrl,
    /// Its keys.
    pub(super) keys: CoreJsonWebKeySet,
}

/// Why the published data of a provider could not be read. For the log, without the provider's own
/// words.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unpublished {
    #[error(transparent)]
    Unanswered(#[from] Unanswered),
    #[error("it answered with status {0}")]
    Status(StatusCode),
    #[error("what it publishes about itself is no JSON object")]
    NoObject,
    #[error("it names another issuer")]
    OtherIssuer,
    #[error("it publishes no address as its {0}")]
    NoAddress(&'static str),
    #[error("its keys cannot be read")]
    Keys,
}

impl Published {
    /// Asks for it.
    pub(super) async fn read(issuer: &IssuerUrl, http: &Http) -> Result<Self, Unpublished> {
        let address = issuer.join(DOCUMENT);
        let address = address.map_err(|_| Unpublished::NoAddress("issuer"))?;
        let answer = http.get(&address, None).await?;
        if answer.status() != StatusCode::OK {
            return Err(Unpublished::Status(answer.status()));
        }
        let document: Map<String, Value> =
            serde_json::from_slice(answer.body()).map_err(|_| Unpublished::NoObject)?;
        let text = |name| document.get(name).and_then(Value::as_str);
        // Letter by letter: a provider speaks for itself only.
        if text("issuer") != Some(issuer.as_str()) {
            return Err(Unpublished::OtherIssuer);
        }
        let address = |name| {
            let url = text(name).and_then(|url| Url::parse(url).ok());
            url.ok_or(Unpublished::NoAddress(name))
        };
        let keys_at = JsonWebKeySetUrl::from_url(address("jwks_uri")?);
        Ok(Self {
            authorize: AuthUrl::from_url(address("authorization_endpoint")?),
            token: address("token_endpoint").ok().map(TokenUrl::from_url),
            user_info: address("userinfo_endpoint").ok(),
            takes_basic: takes_basic(document.get("token_endpoint_auth_methods_supported")),
            keys: keys(&keys_at, http).await?,
            keys_at,
        })
    }

    /// The same with the keys that it publishes now.
    pub(super) async fn with_new_keys(&self, http: &Http) -> Result<Self, Unpublished> {
        Ok(Self {
            keys: keys(&self.keys_at, http).await?,
            ..self.clone()
        })
    }
}

/// Whether the secret goes into a header. It does when the provider names no method (section 3).
fn takes_basic(methods: Option<&Value>) -> bool {
    const BASIC: &str = "client_secret_basic";
    match methods {
        Some(Value::Array(methods)) => methods.iter().any(|method| method == BASIC),
        Some(Value::String(method)) => method == BASIC,
        _ => true,
    }
}

/// Reads keys. Keys of a kind that the library does not know are left out, so no signature of
/// theirs is accepted.
async fn keys(address: &JsonWebKeySetUrl, http: &Http) -> Result<CoreJsonWebKeySet, Unpublished> {
    let keys = CoreJsonWebKeySet::fetch_async(address, http).await;
    keys.map_err(|error| match error {
        DiscoveryError::Request(unanswered) => unanswered.into(),
        DiscoveryError::Response(status, ..) if status != StatusCode::OK => {
            Unpublished::Status(status)
        }
        _ => Unpublished::Keys,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_secret_goes_into_a_header_unless_the_provider_wants_it_otherwise() {
        for basic in [
            None,
            Some(json!(null)),
            Some(json!(7)),
            Some(json!("client_secret_basic")),
            Some(json!(["client_secret_post", "client_secret_basic", 7])),
        ] {
            assert!(takes_basic(basic.as_ref()), "{basic:?}");
        }
        for post in [
            json!(["client_secret_post"]),
            json!("client_secret_post"),
            json!([]),
        ] {
            assert!(!takes_basic(Some(&post)), "{post}");
        }
    }
}
