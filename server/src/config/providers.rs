//! The file that `--oidc-config` names: who else may sign people in, and which groups have a role.
//!
//! Secrets are not in it: it names the file or the environment variable that holds each.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use backend::oidc::{ProviderConfig, Providers};
use domain::Role;
use serde::Deserialize;

use super::{SecretPlace, permissions, text};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    provider: Vec<Entry>,
}

/// One `[[provider]]`. What each means is in the README.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: String,
    label: String,
    issuer: String,
    client_id: String,
    client_secret_file: Option<PathBuf>,
    client_secret_env: Option<String>,
    scopes: Option<Vec<String>>,
    group_claim: Option<String>,
    group_separator: Option<char>,
    username_claim: Option<String>,
    #[serde(default)]
    roles: BTreeMap<String, Role>,
    default_role: Option<Role>,
    timeout_seconds: Option<u64>,
}

/// Reads the file; without a file there are no providers. Every error is one sentence.
pub fn read(file: Option<&Path>) -> anyhow::Result<Providers> {
    let Some(file) = file else {
        return Ok(Providers::default());
    };
    permissions::check("provider file", file)?;
    let text = text::read("provider file", file)?;
    let providers = parse(&text).and_then(|configs| Ok(Providers::new(configs)?));
    providers.with_context(|| format!("the provider file {} is refused", file.display()))
}

fn parse(text: &str) -> anyhow::Result<Vec<ProviderConfig>> {
    let file: File = toml::from_str(text).map_err(|error| {
        // Its own text prints lines of the file, where somebody may have put a secret after all.
        let line = error.span().map_or(1, |span| {
            let before = text.get(..span.start).unwrap_or(text);
            before.matches('\n').count() + 1
        });
        anyhow::anyhow!("line {line}: {}", error.message().replace('\n', " "))
    })?;
    ensure!(!file.provider.is_empty(), "it has no [[provider]]");
    file.provider.into_iter().map(Entry::config).collect()
}

impl Entry {
    fn config(self) -> anyhow::Result<ProviderConfig> {
        let client_secret = self.secret()?;
        let usual = ProviderConfig::new(&self.id, &self.label, &self.issuer, &self.client_id);
        let patience = match self.timeout_seconds {
            None => usual.patience,
            Some(seconds @ 1..=10) => Duration::from_secs(seconds),
            Some(_) => bail!(
                "timeout_seconds of the provider {} must be 1 to 10",
                self.id
            ),
        };
        Ok(ProviderConfig {
            client_secret,
            scopes: self.scopes.unwrap_or(usual.scopes),
            group_claim: self.group_claim.unwrap_or(usual.group_claim),
            group_separator: self.group_separator,
            username_claim: self.username_claim,
            roles: self.roles,
            default_role: self.default_role,
            patience,
            ..usual
        })
    }

    fn secret(&self) -> anyhow::Result<Option<String>> {
        let id = &self.id;
        let place = match (&self.client_secret_file, &self.client_secret_env) {
            (None, None) => return Ok(None),
            (Some(_), Some(_)) => bail!(
                "the provider {id} has both client_secret_file and client_secret_env; give one"
            ),
            (Some(file), None) => SecretPlace::File("client secret file", file),
            (None, Some(name)) => SecretPlace::Variable(name),
        };
        let secret = place.read();
        let secret = secret.with_context(|| format!("the provider {id} has no secret"))?;
        Ok(Some(secret))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACME: &str = r#"
        [[provider]]
        id = "acme"
        label = "Acme"
        issuer = "https://login.acme.example"
        client_id = "carillon"
        [provider.roles]
        "chime admins" = "Admin"
        support = "Viewer"
    "#;

    fn refused(text: &str) -> String {
        let error = match parse(text).and_then(|configs| Ok(Providers::new(configs)?)) {
            Ok(_) => panic!("taken: {text}"),
            Err(error) => format!("{error:#}"),
        };
        assert!(!error.contains('\n'), "{error}");
        error
    }

    #[test]
    fn a_provider_needs_few_words() {
        let [acme] = &parse(ACME).unwrap()[..] else {
            panic!("one provider")
        };
        assert_eq!(acme.roles["chime admins"], Role::Admin);
        assert_eq!(acme.group_claim, "groups");
        assert_eq!(acme.scopes, ["profile", "email"]);
        assert_eq!((&acme.client_secret, acme.default_role), (&None, None));
        assert!(read(None).unwrap().iter().next().is_none());
    }

    #[test]
    fn a_provider_says_where_groups_are_and_what_is_between_them() {
        let line = "group_claim = \"https://acme.example/roles\"\n        group_separator = \",\"";
        let configs = parse(&ACME.replace("client_id", &format!("{line}\n        client_id")));
        let acme = &configs.unwrap()[0];
        assert_eq!(acme.group_claim, "https://acme.example/roles");
        assert_eq!(acme.group_separator, Some(','));
    }

    #[test]
    fn every_mistake_is_told_in_one_sentence() {
        let with = |line: &str| ACME.replace("client_id", &format!("{line}\n        client_id"));
        assert!(refused("").contains("no [[provider]]"));
        assert!(refused("[[provider]").contains("line 1"));
        assert!(refused(&with("colour = 1")).contains("line 6: unknown field"));
        assert!(refused(&with("default_role = \"Boss\"")).contains("line 6"));
        assert!(refused(&with("group_separator = \", \"")).contains("line 6"));
        assert!(refused(&with("group_separator = \"a\"")).contains("a comma, a semicolon"));
        assert!(refused(&with("timeout_seconds = 0")).contains("must be 1 to 10"));
        assert!(refused(&ACME.replace("https://", "http://")).contains("must be an https"));
        assert!(refused(&ACME.replace("support = \"Viewer\"", "support = 7")).contains("line 9"));
        assert!(refused(&format!("{ACME}{ACME}")).contains("two providers have the id"));
        let file = with("client_secret_file = \"/nowhere\"");
        assert!(
            refused(&file)
                .contains("acme has no secret: the client secret file /nowhere cannot be read")
        );
        let both = with("client_secret_file = \"a\"\nclient_secret_env = \"B\"");
        assert!(refused(&both).contains("give one"));
    }

    #[test]
    fn a_file_of_providers_is_read_whatever_an_editor_puts_before_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("providers.toml");
        let windows = ACME.replace('\n', "\r\n");
        let utf16 = ["\u{feff}", &windows].concat();
        let utf16: Vec<u8> = utf16.encode_utf16().flat_map(u16::to_le_bytes).collect();
        for left in [["\u{feff}", &windows].concat().into_bytes(), utf16] {
            std::fs::write(&file, left).unwrap();
            assert_eq!(read(Some(&file)).unwrap().iter().count(), 1);
        }
        std::fs::write(&file, b"# caf\xe9\n").unwrap();
        let told = format!("{:#}", read(Some(&file)).map(drop).unwrap_err());
        assert!(
            told.ends_with("providers.toml is not text in UTF-8: save it as UTF-8"),
            "{told}"
        );
    }

    #[test]
    fn a_secret_comes_from_a_file_without_its_line_end() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("secret");
        std::fs::write(&file, "hush\n").unwrap();
        let line = format!("client_secret_file = {file:?}\n        client_id");

        let configs = parse(&ACME.replace("client_id", &line)).unwrap();

        assert_eq!(configs[0].client_secret.as_deref(), Some("hush"));
        std::fs::write(&file, "\n").unwrap();
        assert!(refused(&ACME.replace("client_id", &line)).contains("is empty"));
    }

    #[cfg(unix)]
    #[test]
    fn files_that_every_user_can_change_are_refused_before_they_are_read() {
        use std::os::unix::fs::PermissionsExt as _;

        let folder = tempfile::tempdir().unwrap();
        let written = |name| {
            let file = folder.path().join(name);
            std::fs::write(&file, "\n").unwrap();
            std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o666)).unwrap();
            file
        };
        let told = "can be changed by every user";
        let providers = read(Some(&written("providers.toml"))).map(drop);
        let providers = format!("{:#}", providers.unwrap_err());
        assert!(providers.contains(told), "{providers}");
        let secret = written("secret");
        let line = format!("client_secret_file = {secret:?}\n        client_id");
        let secret = refused(&ACME.replace("client_id", &line));
        assert!(secret.contains(told), "{secret}");
    }

    #[test]
    fn a_mistake_does_not_print_what_stands_beside_it() {
        let leaked = ACME.replace("client_id", "client_secret = \"hush\"\n        client_id");
        assert!(!refused(&leaked).contains("hush"));
    }
}
