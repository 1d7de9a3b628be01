//! What a provider tells about somebody, and what that makes of them here.

use domain::{ProviderProblem, Role};

use super::ProviderConfig;
use super::claims::{Claims, Unreadable, one_text, unreadable};
use super::groups::Groups;

/// What is told about somebody: in an ID token, and maybe by the UserInfo endpoint.
#[derive(Clone, Debug)]
pub(super) struct ProviderClaims {
    /// The provider's id for them.
    pub(super) subject: String,
    /// The first one that has a claim tells it.
    answers: Vec<Claims>,
}

/// Why somebody has no role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Roleless {
    pub(super) problem: ProviderProblem,
    /// In which shape the claim with groups came, for the log.
    pub(super) found: &'static str,
}

impl ProviderClaims {
    pub(super) fn new(subject: String, claims: Claims) -> Self {
        Self {
            subject,
            answers: vec![claims],
        }
    }

    /// Whether everything that a sign-in needs was told. That somebody has no groups counts as
    /// told.
    pub(super) fn is_complete(&self, config: &ProviderConfig) -> bool {
        let needs_groups = !config.roles.is_empty();
        let has_groups = || matches!(self.groups(config), Groups::Told(..));
        (!needs_groups || has_groups()) && matches!(self.username(config), Ok(Some(_)))
    }

    /// Fills in what another answer tells about the same person.
    pub(super) fn with(mut self, other: Claims) -> Self {
        self.answers.push(other);
        self
    }

    /// The strongest role of the groups.
    pub(super) fn role(&self, config: &ProviderConfig) -> Result<Role, Roleless> {
        let (groups, found) = match self.groups(config) {
            Groups::Told(groups, shape) => (groups, shape),
            // The groups are unknown, so the role for people in no group must not be given.
            Groups::Elsewhere if !config.roles.is_empty() => {
                return Err(Roleless {
                    problem: ProviderProblem::GroupsUntold,
                    found: "a note that the groups are kept elsewhere",
                });
            }
            Groups::Elsewhere | Groups::Absent => (Vec::new(), "nothing"),
        };
        let mapped = groups.iter().filter_map(|group| config.roles.get(group));
        let role = mapped.copied().max().or(config.default_role);
        role.ok_or(Roleless {
            problem: ProviderProblem::NoRole,
            found,
        })
    }

    /// The name: as the configured claim has it, else the preferred one or the address.
    pub(super) fn username(&self, config: &ProviderConfig) -> Result<Option<String>, Unreadable> {
        match config.username_claim.as_deref() {
            None => match self.text("preferred_username") {
                Ok(None) => self.email(),
                Err(unreadable) => self.email()?.map(Some).ok_or(unreadable),
                preferred => preferred,
            },
            Some("email") => self.email(),
            Some("sub") => Ok(Some(self.subject.clone())),
            Some(path) => self.text(path),
        }
    }

    fn groups(&self, config: &ProviderConfig) -> Groups {
        let told = |claims| Groups::of(claims, &config.group_claim, config.group_separator);
        let mut all: Vec<_> = self.answers.iter().map(told).collect();
        let first = |is: fn(&Groups) -> bool| all.iter().position(is);
        let at = first(|groups| matches!(groups, Groups::Told(..)));
        let at = at.or_else(|| first(|groups| *groups == Groups::Elsewhere));
        at.map_or(Groups::Absent, |at| all.swap_remove(at))
    }

    fn text(&self, path: &str) -> Result<Option<String>, Unreadable> {
        let Some(value) = self
            .answers
            .iter()
            .find_map(|claims| claims.at(path).first().copied())
        else {
            return Ok(None);
        };
        let text = one_text(value).ok_or_else(|| unreadable(path, "a text", value))?;
        Ok(Some(text))
    }

    /// The address, only if it is verified: anybody can type any other.
    fn email(&self) -> Result<Option<String>, Unreadable> {
        let verified =
            |claims: &&Claims| claims.says("email_verified") && claims.get("email").is_some();
        let claims = self.answers.iter().find(verified);
        claims.map_or(Ok(None), |claims| claims.text("email"))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

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

    fn claims(value: &Value) -> Claims {
        value.as_object().unwrap().clone().into()
    }

    fn told(value: &Value) -> ProviderClaims {
        ProviderClaims::new("1".to_owned(), claims(value))
    }

    fn role(config: &ProviderConfig, groups: &Value) -> Option<Role> {
        told(&json!({ "groups": groups })).role(config).ok()
    }

    #[test]
    fn the_strongest_of_the_groups_decides_the_role() {
        let config = config();
        assert_eq!(
            role(&config, &json!(["readers", "admins"])),
            Some(Role::Admin)
        );
        assert_eq!(role(&config, &json!("readers")), Some(Role::Viewer));
        assert_eq!(role(&config, &json!({ "admins": true })), Some(Role::Admin));
        for none in [
            json!(["staff"]),
            json!([]),
            json!(null),
            json!({ "admins": false }),
        ] {
            assert_eq!(role(&config, &none), None, "{none}");
        }
        // A group is what it is, not what it contains or how it is written.
        for alike in ["Admins", "admins ", "admins,readers", "former admins"] {
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
        // Unknown groups are not the same as no groups.
        let elsewhere = told(&json!({ "_claim_names": { "groups": "src1" } }));
        let roleless = elsewhere.role(&open).unwrap_err();
        assert_eq!(roleless.problem, ProviderProblem::GroupsUntold);
        let no_groups = ProviderConfig {
            roles: [].into(),
            ..open
        };
        assert_eq!(elsewhere.role(&no_groups), Ok(Role::Viewer));
    }

    #[test]
    fn whoever_has_no_role_is_told_apart_by_what_was_found() {
        let found = |value: &Value| told(value).role(&config()).unwrap_err().found;
        assert_eq!(found(&json!({})), "nothing");
        assert_eq!(found(&json!({ "groups": null })), "nothing");
        assert_eq!(found(&json!({ "groups": "staff" })), "a text");
        assert_eq!(found(&json!({ "groups": ["staff"] })), "a list of texts");
        assert_eq!(found(&json!({ "groups": [] })), "an empty list");
        assert_eq!(found(&json!({ "groups": { "roles": [] } })), "an object");
        assert_eq!(found(&json!({ "groups": true })), "a yes or no");
    }

    #[test]
    fn a_name_is_the_preferred_one_or_a_verified_address() {
        let name = |claim: Option<&str>, claims: &Value| {
            let config = ProviderConfig {
                username_claim: claim.map(str::to_owned),
                ..config()
            };
            told(claims).username(&config).map_err(|error| error.claim)
        };
        let is = |name: &str| Ok(Some(name.to_owned()));
        for yes in [json!(true), json!("true"), json!(1)] {
            let verified = json!({ "email": "ann@example.com", "email_verified": yes });
            assert_eq!(name(None, &verified), is("ann@example.com"));
            assert_eq!(name(Some("preferred_username"), &verified), Ok(None));
        }
        for no in [json!(false), json!("false"), json!("no"), json!(null)] {
            let typed = json!({ "email": "ann@example.com", "email_verified": no });
            assert_eq!(name(None, &typed), Ok(None));
            assert_eq!(name(Some("email"), &typed), Ok(None));
        }
        let named = json!({ "preferred_username": "ann", "upn": ["ann@corp"], "a": { "b": 7 } });
        assert_eq!(name(None, &named), is("ann"));
        assert_eq!(name(Some("upn"), &named), is("ann@corp"));
        assert_eq!(name(Some("a.b"), &named), is("7"));
        assert_eq!(name(Some("sub"), &named), is("1"));
        assert_eq!(name(Some("email"), &named), Ok(None));
        assert_eq!(name(Some("a"), &named), Err("a".to_owned()));
    }

    #[test]
    fn a_preferred_name_that_cannot_be_read_leaves_the_address() {
        let mut odd =
            json!({ "preferred_username": {}, "email": "a@b.example", "email_verified": true });
        let name = |odd: &Value| told(odd).username(&config());
        assert_eq!(name(&odd), Ok(Some("a@b.example".to_owned())));
        odd["email_verified"] = json!(false);
        assert_eq!(name(&odd).unwrap_err().claim, "preferred_username");
    }

    #[test]
    fn what_one_answer_leaves_out_the_other_fills_in() {
        let config = config();
        let token = told(&json!({ "preferred_username": "ann" }));
        let more = json!({ "preferred_username": "eve", "groups": ["admins"] });
        assert!(!token.is_complete(&config));

        let both = token.with(claims(&more));

        assert!(both.is_complete(&config));
        assert_eq!(both.username(&config), Ok(Some("ann".to_owned())));
        assert_eq!(both.role(&config), Ok(Role::Admin));
        assert!(told(&json!({ "preferred_username": "a", "groups": [] })).is_complete(&config));
        // An address is verified by the answer that tells it.
        let typed = told(&json!({ "email": "eve@example.com" }));
        let other = typed.with(claims(&json!({ "email_verified": true })));
        assert_eq!(other.username(&config), Ok(None));
        // One answer says that the groups are elsewhere; the other may have them.
        let elsewhere = told(&json!({ "_claim_names": { "groups": "src1" } }));
        let found = elsewhere.with(claims(&json!({ "groups": ["readers"] })));
        assert_eq!(found.role(&config), Ok(Role::Viewer));
    }
}
