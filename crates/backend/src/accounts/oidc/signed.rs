//! What a provider signed: the payload of a token whose signature one of its published keys made.
//! Whether it is meant for this console and this try is asked in [`super::token`].
//!
//! The library checks the signature. It does not get the whole token, since it reads every claim
//! that the standard names, and would refuse a token for the wrong type of a claim that is not used
//! here.

use base64::Engine as _;
use base64::alphabet::URL_SAFE;
use base64::engine::GeneralPurpose;
use base64::engine::general_purpose::NO_PAD;
use openidconnect::core::{
    CoreJsonWebKey, CoreJsonWebKeySet, CoreJwsSigningAlgorithm as Algorithm,
};
use openidconnect::{
    JsonWebKey as _, JsonWebKeyAlgorithm, JsonWebKeyId, JsonWebKeyUse, JsonWebTokenType,
    JwsSigningAlgorithm as _,
};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::claims::Claims;

/// Signatures that only the provider can make. Not those with a shared secret, and not "none".
const SIGNATURES: [Algorithm; 9] = [
    Algorithm::RsaSsaPkcs1V15Sha256,
    Algorithm::RsaSsaPkcs1V15Sha384,
    Algorithm::RsaSsaPkcs1V15Sha512,
    Algorithm::RsaSsaPssSha256,
    Algorithm::RsaSsaPssSha384,
    Algorithm::RsaSsaPssSha512,
    Algorithm::EcdsaP256Sha256,
    Algorithm::EcdsaP384Sha384,
    Algorithm::EdDsa,
];
/// How the parts of a token are written. Some providers leave bits behind the last byte.
const PARTS: GeneralPurpose =
    GeneralPurpose::new(&URL_SAFE, NO_PAD.with_decode_allow_trailing_bits(true));

/// The head of a token. Keys and addresses of keys that stand there (`jwk`, `jku`, `x5u`) are not
/// read.
#[derive(Deserialize)]
struct Head {
    alg: Algorithm,
    kid: Option<JsonWebKeyId>,
    typ: Option<JsonWebTokenType>,
    cty: Option<Value>,
    crit: Option<Value>,
}

impl Head {
    /// Whether it is the head of a signed set of claims, without extensions that a reader must
    /// understand.
    fn is_plain(&self) -> bool {
        let is_plain_type = self.typ.as_ref().is_none_or(|named| {
            let named = named.normalize();
            named
                .is_ok_and(|named| matches!(named.as_str(), "application/jwt" | "application/jose"))
        });
        is_plain_type && self.cty.is_none() && self.crit.is_none()
    }
}

/// Claims that a provider signed, and what it signed them with.
pub(super) struct Signed<'k> {
    pub(super) claims: Claims,
    pub(super) algorithm: Algorithm,
    pub(super) key: &'k CoreJsonWebKey,
}

/// Why a token is not signed by a provider.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Unsigned {
    /// It names a key that is not among those that are known.
    UnknownKey,
    /// It is no token, the key did not make the signature, or the kind of signature is not
    /// accepted.
    Wrong,
}

impl<'k> Signed<'k> {
    /// Reads a token. Nothing of what it says is read before its signature is found right.
    pub(super) fn read(token: &str, keys: &'k CoreJsonWebKeySet) -> Result<Self, Unsigned> {
        let parts: Vec<&str> = token.split('.').collect();
        let [head, payload, signature] = parts[..] else {
            return Err(Unsigned::Wrong);
        };
        let signed = &token[..head.len() + 1 + payload.len()];
        let head: Head = serde_json::from_slice(&decoded(head)?).map_err(|_| Unsigned::Wrong)?;
        if !head.is_plain() || !SIGNATURES.contains(&head.alg) {
            return Err(Unsigned::Wrong);
        }
        let key = key_of(&head, keys)?;
        key.verify_signature(&head.alg, signed.as_bytes(), &decoded(signature)?)
            .map_err(|_| Unsigned::Wrong)?;
        let claims: Map<String, Value> =
            serde_json::from_slice(&decoded(payload)?).map_err(|_| Unsigned::Wrong)?;
        Ok(Self {
            claims: claims.into(),
            algorithm: head.alg,
            key,
        })
    }
}

fn decoded(part: &str) -> Result<Vec<u8>, Unsigned> {
    PARTS.decode(part).map_err(|_| Unsigned::Wrong)
}

/// The one key that can have made the signature: with the id that the head names, if it names one,
/// and for this algorithm.
fn key_of<'k>(head: &Head, keys: &'k CoreJsonWebKeySet) -> Result<&'k CoreJsonWebKey, Unsigned> {
    let fits = |key: &&CoreJsonWebKey| {
        let is_named = head.kid.is_none() || head.kid.as_ref() == key.key_id();
        let is_for_signing = key.key_use().is_none_or(JsonWebKeyUse::allows_signature);
        let is_of_kind = head.alg.key_type().as_ref() == Some(key.key_type());
        let takes_algorithm = match key.signing_alg() {
            JsonWebKeyAlgorithm::Unspecified => true,
            JsonWebKeyAlgorithm::Algorithm(only) => *only == head.alg,
            JsonWebKeyAlgorithm::Unsupported => false,
        };
        is_named && is_for_signing && is_of_kind && takes_algorithm
    };
    let mut fitting = keys.keys().iter().filter(fits);
    match (fitting.next(), fitting.next()) {
        (Some(key), None) => Ok(key),
        (None, _) => Err(Unsigned::UnknownKey),
        // Several keys fit: the token must name one. Trying each in turn would let any of them sign
        // for all.
        (Some(_), Some(_)) => Err(Unsigned::Wrong),
    }
}

#[cfg(test)]
mod tests {
    use openidconnect::PrivateSigningKey as _;
    use openidconnect::core::CoreEdDsaPrivateSigningKey;
    use serde_json::json;

    use super::*;

    /// Made for these tests; they open nothing.
    const KEYS: [&str; 2] = [
        "MC4CAQAwBQYDK2VwBCIEIFDkk8kv4EocX6KH71VSE/XMhMVBEFKVoEgor4LPqKMn",
        "MC4CAQAwBQYDK2VwBCIEIFwDXj1myBIld1NrD4bpNVwwa5o8JSHAoC8aRbFlT+48",
    ];

    fn key(at: usize, id: Option<&str>) -> CoreEdDsaPrivateSigningKey {
        let pem = format!(
            "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----",
            KEYS[at]
        );
        let id = id.map(|id| JsonWebKeyId::new(id.to_owned()));
        CoreEdDsaPrivateSigningKey::from_ed25519_pem(&pem, id).unwrap()
    }

    fn published(ids: &[Option<&str>]) -> CoreJsonWebKeySet {
        let keys = ids.iter().enumerate();
        CoreJsonWebKeySet::new(
            keys.map(|(at, id)| key(at, *id).as_verification_key())
                .collect(),
        )
    }

    fn token(head: &Value, payload: &str) -> String {
        let part = |text: &str| PARTS.encode(text);
        let signed = format!("{}.{}", part(&head.to_string()), part(payload));
        let key = key(0, None);
        let signature = key.sign(&Algorithm::EdDsa, signed.as_bytes()).unwrap();
        format!("{signed}.{}", PARTS.encode(signature))
    }

    fn read(head: &Value, ids: &[Option<&str>]) -> Result<(), Unsigned> {
        let token = token(head, r#"{"sub":"1","updated_at":"today"}"#);
        Signed::read(&token, &published(ids)).map(drop)
    }

    #[test]
    fn a_head_is_plain_or_the_token_is_none() {
        let with = |more: Value| {
            let mut head = json!({ "alg": "EdDSA" });
            head.as_object_mut()
                .unwrap()
                .extend(more.as_object().unwrap().clone());
            read(&head, &[None])
        };
        for plain in [
            json!({}),
            json!({ "typ": "JWT" }),
            json!({ "typ": "jwt" }),
            json!({ "typ": "application/jwt" }),
            json!({ "typ": "JOSE", "x": 1 }),
            json!({ "kid": null }),
        ] {
            assert_eq!(with(plain.clone()), Ok(()), "{plain}");
        }
        for other in [
            // A token to call something with is not one about a person.
            json!({ "typ": "at+jwt" }),
            json!({ "typ": "logout+jwt" }),
            json!({ "cty": "JWT" }),
            json!({ "crit": ["exp"] }),
            json!({ "crit": [] }),
            json!({ "alg": "none" }),
            json!({ "alg": "HS256" }),
            json!({ "alg": "dir" }),
            json!({ "alg": 1 }),
        ] {
            assert_eq!(with(other.clone()), Err(Unsigned::Wrong), "{other}");
        }
        assert_eq!(with(json!({ "alg": "RS256" })), Err(Unsigned::UnknownKey));
    }

    #[test]
    fn of_several_keys_the_head_names_the_one() {
        let head = json!({ "alg": "EdDSA", "kid": "a" });
        assert_eq!(read(&head, &[Some("a"), Some("b")]), Ok(()));
        // It is the other one's signature.
        assert_eq!(read(&head, &[Some("b"), Some("a")]), Err(Unsigned::Wrong));
        for others in [&[][..], &[None], &[Some("b"), Some("c")]] {
            assert_eq!(read(&head, others), Err(Unsigned::UnknownKey));
        }
        let none = json!({ "alg": "EdDSA" });
        assert_eq!(read(&none, &[Some("a")]), Ok(()));
        assert_eq!(read(&none, &[Some("a"), Some("b")]), Err(Unsigned::Wrong));
        assert_eq!(read(&head, &[Some("a"), Some("a")]), Err(Unsigned::Wrong));
    }

    #[test]
    fn a_key_for_something_else_signs_nothing() {
        let of = |more: Value| {
            let mut key = serde_json::to_value(key(0, None).as_verification_key()).unwrap();
            key.as_object_mut()
                .unwrap()
                .extend(more.as_object().unwrap().clone());
            let keys = serde_json::from_value(json!({ "keys": [key] })).unwrap();
            Signed::read(&token(&json!({ "alg": "EdDSA" }), "{}"), &keys).map(drop)
        };
        assert_eq!(of(json!({ "use": "sig", "alg": "EdDSA" })), Ok(()));
        assert_eq!(of(json!({ "use": "enc" })), Err(Unsigned::UnknownKey));
        assert_eq!(of(json!({ "alg": "ES256" })), Err(Unsigned::UnknownKey));
    }

    #[test]
    fn what_was_changed_on_the_way_is_not_signed() {
        let good = token(&json!({ "alg": "EdDSA" }), r#"{"sub":"1"}"#);
        let keys = published(&[None]);
        assert!(Signed::read(&good, &keys).is_ok());
        let parts: Vec<_> = good.split('.').collect();
        let other = PARTS.encode(r#"{"sub":"2"}"#);
        for bad in [
            format!("{}.{other}.{}", parts[0], parts[2]),
            format!("{}.{}.", parts[0], parts[1]),
            format!("{}.{}", parts[0], parts[1]),
            format!("{good}.{other}"),
            format!("{good}="),
            format!(" {good}"),
            String::new(),
            "..".to_owned(),
        ] {
            assert_eq!(
                Signed::read(&bad, &keys).map(drop),
                Err(Unsigned::Wrong),
                "{bad}"
            );
        }
        let list = token(&json!({ "alg": "EdDSA" }), "[1]");
        assert_eq!(Signed::read(&list, &keys).map(drop), Err(Unsigned::Wrong));
    }
}
