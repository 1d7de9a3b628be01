//! What a provider tells about somebody, and what that makes of them here.

use std::collections::HashMap;

use domain::{Role, Timestamp};
use openidconnect::core::CoreGenderClaim;
use openidconnect::{AdditionalClaims, IdTokenClaims, UserInfoClaims};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::ProviderConfig;

/// The claims that the standard does not name, groups among them.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Others {
    #[serde(flatten)]
    by_name: HashMap<String, Value>,
}

impl AdditionalClaims for Others {}

impl Others {
    /// A text that stands alone, or the texts of a list.
    fn texts(&self, name: &str) -> Vec<&str> {
        match self.by_name.get(name) {
            Some(Value::String(text)) => vec![text],
            Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        }
    }

    /// Whether a token counts by then (`nbf`, RFC 7519): one that does not say when it begins to
    /// does, one that says something else than a number does not.
    pub(super) fn count_by(&self, at: Timestamp) -> bool {
        let seconds = u32::try_from(at.0 / 1000).unwrap_or(u32::MAX);
        match self.by_name.get("nbf") {
            None => true,
            Some(from) => from.as_f64().is_some_and(|from| from <= f64::from(seconds)),
        }
    }
}

/// What is told about somebody, in an ID token or by the UserInfo endpoint.
#[derive(Clone, Debug)]
pub struct Told {
    pub subject: String,
    preferred: Option<String>,
    /// Only when verified: otherwise it is whatever somebody typed there.
    email: Option<String>,
    others: Others,
}

macro_rules! told_by {
    ($claims:ident) => {
        impl From<&$claims<Others, CoreGenderClaim>> for Told {
            fn from(claims: &$claims<Others, CoreGenderClaim>) -> Self {
                let email = claims.email();
                let email = email.filter(|_| claims.email_verified() == Some(true));
                Self {
                    subject: claims.subject().to_string(),
                    preferred: claims.preferred_username().map(|name| name.to_string()),
                    email: email.map(|email| email.to_string()),
                    others: claims.additional_claims().clone(),
                }
            }
        }
    };
}

told_by!(IdTokenClaims);
told_by!(UserInfoClaims);

impl Told {
    /// Whether everything is told that a sign-in needs, be it that there are no groups.
    pub fn is_complete(&self, config: &ProviderConfig) -> bool {
        let groups = self.others.by_name.contains_key(&config.group_claim);
        groups && self.username(config).is_some()
    }

    /// Fills in what another answer tells about the same person.
    pub fn or(mut self, other: Self) -> Self {
        self.preferred = self.preferred.or(other.preferred);
        self.email = self.email.or(other.email);
        for (name, value) in other.others.by_name {
            self.others.by_name.entry(name).or_insert(value);
        }
        self
    }

    /// The strongest role of the groups.
    pub fn role(&self, config: &ProviderConfig) -> Option<Role> {
        let groups = self.others.texts(&config.group_claim);
        let mapped = groups.iter().filter_map(|group| config.roles.get(*group));
        mapped.copied().max().or(config.default_role)
    }

    /// The name: as the configured claim has it, else the preferred one or the address.
    pub fn username(&self, config: &ProviderConfig) -> Option<String> {
        match config.username_claim.as_deref() {
            None => self.preferred.clone().or_else(|| self.email.clone()),
            Some("preferred_username") => self.preferred.clone(),
            Some("email") => self.email.clone(),
            Some("sub") => Some(self.subject.clone()),
            Some(claim) => self.others.by_name.get(claim)?.as_str().map(str::to_owned),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn config() -> ProviderConfig {
        ProviderConfig {
            roles: [
                ("readers".to_owned(), Role::Viewer),
                ("admins".to_owned(), Role::Admin),
            ]
            .into(),
            ..ProviderConfig::new("acme", "Acme", "https://login.example", "carillon")
        }
    }

    fn told(claims: &Value) -> Told {
        let mut all = json!({
            "iss": "https://login.example", "aud": "carillon", "exp": 2, "iat": 1, "sub": "1",
        });
        let claims = claims.as_object().unwrap().clone();
        all.as_object_mut().unwrap().extend(claims);
        let claims: IdTokenClaims<Others, CoreGenderClaim> = serde_json::from_value(all).unwrap();
        Told::from(&claims)
    }

    fn role(config: &ProviderConfig, groups: &Value) -> Option<Role> {
        told(&json!({ "groups": groups })).role(config)
    }

    #[test]
    fn the_strongest_of_the_groups_decides_the_role() {
        let config = config();
        assert_eq!(
            role(&config, &json!(["readers", "admins"])),
            Some(Role::Admin)
        );
        assert_eq!(role(&config, &json!("readers")), Some(Role::Viewer));
        for none in [
            json!(["staff"]),
            json!([]),
            json!(null),
            json!({ "admins": true }),
        ] {
            assert_eq!(role(&config, &none), None, "{none}");
        }
        // A group is what it is, not what it contains or how it is written.
        for alike in ["Admins", "admins ", "admins,readers"] {
            assert_eq!(role(&config, &json!(alike)), None, "{alike}");
        }
    }

    #[test]
    fn without_a_mapped_group_the_default_role_counts_if_there_is_one() {
        let open = ProviderConfig {
            default_role: Some(Role::Viewer),
            ..config()
        };
        assert_eq!(role(&open, &json!(["staff"])), Some(Role::Viewer));
        assert_eq!(role(&open, &json!(["admins"])), Some(Role::Admin));
    }

    #[test]
    fn a_name_is_the_preferred_one_or_a_verified_address() {
        let name = |claim: Option<&str>, claims: &Value| {
            let config = ProviderConfig {
                username_claim: claim.map(str::to_owned),
                ..config()
            };
            told(claims).username(&config)
        };
        let verified = json!({ "email": "ann@example.com", "email_verified": true });
        let typed = json!({ "email": "ann@example.com", "email_verified": false });
        let named = json!({ "preferred_username": "ann", "upn": "ann@corp" });

        assert_eq!(name(None, &verified).as_deref(), Some("ann@example.com"));
        assert_eq!(name(None, &typed), None);
        assert_eq!(name(Some("email"), &typed), None);
        assert_eq!(name(None, &named).as_deref(), Some("ann"));
        assert_eq!(name(Some("upn"), &named).as_deref(), Some("ann@corp"));
        assert_eq!(name(Some("email"), &named), None);
        assert_eq!(name(Some("preferred_username"), &verified), None);
    }

    #[test]
    fn a_token_counts_from_the_time_that_it_names() {
        let counts = |claims: &Value| told(claims).others.count_by(Timestamp(1_000_500));
        for earlier in [json!({}), json!({ "nbf": 1000 }), json!({ "nbf": 999.5 })] {
            assert!(counts(&earlier), "{earlier}");
        }
        for other in [
            json!(1001),
            json!(1000.5),
            json!("999"),
            json!([999]),
            json!(null),
        ] {
            assert!(!counts(&json!({ "nbf": other })), "{other}");
        }
    }

    #[test]
    fn what_one_answer_leaves_out_the_other_fills_in() {
        let config = config();
        let token = told(&json!({ "preferred_username": "ann" }));
        let more = told(&json!({ "preferred_username": "eve", "groups": ["admins"] }));
        assert!(!token.is_complete(&config));

        let both = token.or(more);

        assert!(both.is_complete(&config));
        assert_eq!(both.username(&config).as_deref(), Some("ann"));
        assert_eq!(both.role(&config), Some(Role::Admin));
        assert!(told(&json!({ "preferred_username": "a", "groups": [] })).is_complete(&config));
    }
}
