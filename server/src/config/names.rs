//! The addresses of the console that browsers use, as options name them.

use std::str::FromStr;

use axum::http::Uri;
use axum::http::uri::Authority;

/// The address that browsers use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl {
    /// Whether it is encrypted.
    pub is_https: bool,
    /// The host, and the port if there is one.
    pub authority: Authority,
}

impl PublicUrl {
    /// The start of its addresses.
    pub fn origin(&self) -> String {
        let scheme = if self.is_https { "https" } else { "http" };
        format!("{scheme}://{}", self.authority)
    }
}

impl FromStr for PublicUrl {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const WRONG: &str = "it must look like https://console.example, without a path";
        let parts = text.trim().parse::<Uri>().map_err(|_| WRONG)?.into_parts();
        let is_https = match parts.scheme.as_ref().map(axum::http::uri::Scheme::as_str) {
            Some("https") => true,
            Some("http") => false,
            _ => return Err(WRONG),
        };
        let authority = parts.authority.filter(is_plain).ok_or(WRONG)?;
        match parts.path_and_query {
            Some(path) if path.as_str() != "/" => Err(WRONG),
            _ => Ok(Self {
                is_https,
                authority,
            }),
        }
    }
}

/// Another address that browsers use, or only the name in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OtherName {
    /// `https://console.internal:8443`.
    Url(PublicUrl),
    /// `console.internal`, which is encrypted when the console is.
    Name(Authority),
}

impl OtherName {
    /// The address in full. `None` when only one of it and the console is encrypted: they share a
    /// session cookie, which works in one of the two only.
    pub(super) fn of_console(self, is_https: bool) -> Option<PublicUrl> {
        match self {
            Self::Url(url) => (url.is_https == is_https).then_some(url),
            Self::Name(authority) => Some(PublicUrl {
                is_https,
                authority,
            }),
        }
    }
}

impl FromStr for OtherName {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const WRONG: &str =
            "it must look like console.example or https://console.example, without a path";
        if text.contains("://") {
            return text.parse().map(Self::Url).map_err(|_| WRONG);
        }
        let name: Authority = text.parse().map_err(|_| WRONG)?;
        is_plain(&name).then_some(Self::Name(name)).ok_or(WRONG)
    }
}

/// Whether it is a host alone, without a user name.
fn is_plain(authority: &Authority) -> bool {
    !authority.host().is_empty() && !authority.as_str().contains('@')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_the_console_has_no_path_and_nobody_in_it() {
        for url in [
            "https://console.example",
            "http://console.example:8080/",
            " https://10.0.0.5\n",
        ] {
            assert!(url.parse::<PublicUrl>().is_ok(), "{url}");
        }
        for wrong in [
            "console.example",
            "ftp://console.example",
            "https://",
            "https://console.example/path",
            "https://ann@console.example",
            "https://console example",
            "https://console.example?x",
        ] {
            assert!(wrong.parse::<PublicUrl>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn another_name_is_as_encrypted_as_the_console() {
        let of = |text: &str, is_https| {
            let name: OtherName = text.parse().unwrap();
            name.of_console(is_https).map(|url| url.origin())
        };
        assert_eq!(
            of("console.internal", true).unwrap(),
            "https://console.internal"
        );
        assert_eq!(of("console:3000", false).unwrap(), "http://console:3000");
        assert_eq!(
            of("https://c.internal:8443", true).unwrap(),
            "https://c.internal:8443"
        );
        assert_eq!(of("http://console.internal", true), None);
        assert_eq!(of("https://console.internal", false), None);
        for wrong in ["", "a/b", "ann@host", "https://a/b", "a b", "://a"] {
            assert!(wrong.parse::<OtherName>().is_err(), "{wrong}");
        }
    }
}
