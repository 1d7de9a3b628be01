//! What the names of the cookies begin with: as chosen, else as browsers reach the console.

use anyhow::ensure;

use super::PublicUrl;

/// The longest name that can be chosen.
const LONGEST: usize = 40;

/// The name that somebody chose, if it keeps the rules.
pub(super) fn checked(name: &str) -> anyhow::Result<String> {
    let letter = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_');
    let begins = name.starts_with(|letter: char| letter.is_ascii_alphanumeric());
    ensure!(
        begins && name.len() <= LONGEST && name.chars().all(letter),
        "--cookie-name (CARILLON_COOKIE_NAME) needs 1 to {LONGEST} letters, digits, hyphens and \
         underscores, and begins with a letter or digit"
    );
    Ok(name.to_owned())
}

/// The name where nobody chose one. It differs for two consoles that one browser reaches by the
/// same host. Port 0 does not count: the port is not known yet.
pub(super) fn usual(public_url: Option<&PublicUrl>, port: u16) -> String {
    let ending = match (public_url, port) {
        (Some(url), _) => url.authority.as_str().to_ascii_lowercase(),
        (None, 0) => return "carillon".to_owned(),
        (None, port) => port.to_string(),
    };
    let ending = ending.replace(|letter: char| !letter.is_ascii_alphanumeric(), "-");
    format!("carillon-{}", ending.trim_matches('-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn consoles_that_one_browser_reaches_by_one_host_have_names_of_their_own() {
        let usual = |url: Option<&str>, port| {
            let url = url.map(|url| url.parse().unwrap());
            usual(url.as_ref(), port)
        };
        assert_eq!(usual(None, 3000), "carillon-3000");
        assert_eq!(usual(None, 3001), "carillon-3001");
        let behind_proxy = usual(Some("https://Console.example"), 3000);
        assert_eq!(behind_proxy, "carillon-console-example");
        let beside = usual(Some("https://console.example:8443"), 3000);
        assert_eq!(beside, "carillon-console-example-8443");
        let with_an_address = usual(Some("https://[2001:db8::1]:8443"), 3000);
        assert_eq!(with_an_address, "carillon-2001-db8--1--8443");
    }

    #[test]
    fn a_name_is_letters_that_every_browser_takes() {
        for good in ["carillon", "Bells_2", "eu-production", &"a".repeat(40)] {
            assert_eq!(checked(good).unwrap(), good);
        }
        for bad in [
            "",
            " ",
            "a b",
            "a.b",
            "a=b",
            "a;b",
            "a\nb",
            "glocken-für-alle",
            "__Host-a",
            "__Secure-a",
            "-a",
            &"a".repeat(41),
        ] {
            let refused = checked(bad).unwrap_err().to_string();
            assert!(
                refused.contains("--cookie-name (CARILLON_COOKIE_NAME)"),
                "{refused}"
            );
        }
    }
}
