//! What is known of a provider before it is asked.

use std::collections::{BTreeMap, HashSet};
use std::fmt;
use std::io;
use std::time::Duration;

use domain::Role;
use openidconnect::IssuerUrl;

use super::http;

/// A provider and what it may say about people.
#[derive(Clone)]
pub struct ProviderConfig {
    /// Its part of addresses and the mark of its operators: 1 to 40 of `a-z 0-9 -`.
    pub id: String,
    /// What people call it: 1 to 40 characters, "Sign in with LABEL".
    pub label: String,
    /// Where it is. Also what its answers must name, letter by letter.
    pub issuer: String,
    /// The console's name there.
    pub client_id: String,
    /// The console's secret there; a public client has none and relies on PKCE.
    pub client_secret: Option<String>,
    /// What is asked for beside `openid`.
    pub scopes: Vec<String>,
    /// Where the groups of somebody are: the name of a claim, or a path of names with dots between.
    pub group_claim: String,
    /// What stands between groups where they are one text. Without it such a text is one group.
    pub group_separator: Option<char>,
    /// The claim with the name, or a path to it; `preferred_username`, else a verified `email`,
    /// when absent.
    pub username_claim: Option<String>,
    /// The role of each group; the strongest wins.
    pub roles: BTreeMap<String, Role>,
    /// The role of somebody in none of these groups; without it they do not get in.
    pub default_role: Option<Role>,
    /// How long the provider may take for one answer.
    pub patience: Duration,
}

impl ProviderConfig {
    /// A public client, with the usual claims and no role for anybody.
    pub fn new(id: &str, label: &str, issuer: &str, client_id: &str) -> Self {
        Self {
            id: id.to_owned(),
            label: label.to_owned(),
            issuer: issuer.to_owned(),
            client_id: client_id.to_owned(),
            client_secret: None,
            scopes: vec!["profile".to_owned(), "email".to_owned()],
            group_claim: "groups".to_owned(),
            group_separator: None,
            username_claim: None,
            roles: BTreeMap::new(),
            default_role: None,
            patience: Duration::from_secs(5),
        }
    }
}

impl fmt::Debug for ProviderConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProviderConfig")
            .field("id", &self.id)
            .field("issuer", &self.issuer)
            .finish_non_exhaustive()
    }
}

/// Why a configuration is refused, in one sentence for the terminal.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The id does not fit into an address.
    #[error("the id {0:?} of a provider needs 1 to 40 small letters, digits or hyphens")]
    Id(String),
    /// The label does not fit on a button.
    #[error("the label of the provider {0} needs 1 to 40 characters")]
    Label(String),
    /// Two have the same id.
    #[error("two providers have the id {0}")]
    IdTwice(String),
    /// Two have the same issuer, so it would be unclear which of them somebody belongs to.
    #[error("two providers have the issuer {0}")]
    IssuerTwice(String),
    /// An address that no provider has.
    #[error(
        "the issuer of the provider {0} must be an https address, or http with a loopback address like http://127.0.0.1:9000"
    )]
    Issuer(String),
    /// No client id.
    #[error("the provider {0} needs a client_id")]
    ClientId(String),
    /// The separator of groups is not one of those that are allowed.
    #[error(
        "the group_separator of the provider {0} must be a comma, a semicolon, a bar or a space"
    )]
    Separator(String),
    /// Nobody could sign in.
    #[error("the provider {0} gives nobody a role: it needs roles or a default_role")]
    NoRoles(String),
    /// The system has nothing to check certificates with.
    #[error("the root certificates of this system cannot be read: {0}")]
    Roots(#[from] io::Error),
}

/// Refuses providers that could not work, and providers that could be mixed up.
pub(super) fn check(configs: &[ProviderConfig]) -> Result<(), ConfigError> {
    let (mut ids, mut issuers) = (HashSet::new(), HashSet::new());
    for config in configs {
        let id = config.id.clone();
        let letter = |letter: char| matches!(letter, 'a'..='z' | '0'..='9' | '-');
        if !(1..=40).contains(&id.len()) || !id.chars().all(letter) {
            return Err(ConfigError::Id(id));
        }
        if !(1..=40).contains(&config.label.chars().count())
            || config.label.chars().any(char::is_control)
        {
            return Err(ConfigError::Label(id));
        }
        if config.client_id.is_empty() {
            return Err(ConfigError::ClientId(id));
        }
        let divides = |letter| matches!(letter, ',' | ';' | '|' | ' ');
        if !config.group_separator.is_none_or(divides) {
            return Err(ConfigError::Separator(id));
        }
        if config.roles.is_empty() && config.default_role.is_none() {
            return Err(ConfigError::NoRoles(id));
        }
        let issuer = IssuerUrl::new(config.issuer.clone());
        if !issuer.is_ok_and(|issuer| http::is_allowed(issuer.url())) {
            return Err(ConfigError::Issuer(id));
        }
        if !ids.insert(&config.id) {
            return Err(ConfigError::IdTwice(id));
        }
        if !issuers.insert(config.issuer.trim_end_matches('/')) {
            return Err(ConfigError::IssuerTwice(config.issuer.clone()));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(id: &str, issuer: &str) -> ProviderConfig {
        ProviderConfig {
            default_role: Some(Role::Viewer),
            ..ProviderConfig::new(id, "Acme", issuer, "carillon")
        }
    }

    const ISSUER: &str = "https://login.example";

    #[test]
    fn a_provider_that_could_not_work_is_refused_in_one_sentence() {
        let refused = |config: ProviderConfig| check(&[config]).unwrap_err().to_string();
        assert!(check(&[config("acme", ISSUER)]).is_ok());
        for id in ["", "Acme", "a/b", "a b", "é", &"a".repeat(41)] {
            assert!(
                refused(config(id, ISSUER)).contains("needs 1 to 40"),
                "{id}"
            );
        }
        for issuer in [
            "login.example",
            "http://login.example",
            "https://169.254.169.254",
        ] {
            assert!(
                refused(config("acme", issuer)).contains("must be an https"),
                "{issuer}"
            );
        }
        let label = ProviderConfig {
            label: String::new(),
            ..config("acme", ISSUER)
        };
        assert!(refused(label).contains("the label of the provider acme"));
        let client = ProviderConfig {
            client_id: String::new(),
            ..config("acme", ISSUER)
        };
        assert!(refused(client).contains("client_id"));
        for letter in ['a', '-', '\n'] {
            let separator = ProviderConfig {
                group_separator: Some(letter),
                ..config("acme", ISSUER)
            };
            assert!(refused(separator).contains("group_separator of the provider acme"));
        }
        let nobody = ProviderConfig {
            default_role: None,
            ..config("acme", ISSUER)
        };
        assert!(refused(nobody).contains("gives nobody a role"));
    }

    #[test]
    fn providers_that_could_be_mixed_up_are_refused() {
        let both = |a, b| check(&[a, b]).map_err(|error| error.to_string());
        assert!(both(config("a", ISSUER), config("b", "https://id.example")).is_ok());
        let twice = both(config("a", ISSUER), config("a", "https://id.example"));
        assert!(twice.unwrap_err().contains("the id a"));
        let same = both(config("a", ISSUER), config("b", "https://login.example/"));
        assert!(same.unwrap_err().contains("the issuer"));
    }

    #[test]
    fn a_secret_is_not_in_the_log() {
        let config = ProviderConfig {
            client_secret: Some("hush".to_owned()),
            ..config("acme", ISSUER)
        };
        assert!(!format!("{config:?}").contains("hush"));
    }
}
