//! Addresses inside this console, to which a redirect may lead.

use app::paths;
use axum::http::{HeaderMap, Uri, header};
use domain::Cause;

use crate::layers::host::host_of;

/// The page to sign in on.
pub const SIGN_IN: &str = "/sign-in";

/// Whether a text is an address of this console that can stand in a header.
pub fn is_local(text: &str) -> bool {
    paths::is_local(text) && text.is_ascii() && text.parse::<Uri>().is_ok()
}

/// The page that a form was sent from, as the browser tells, if it is one of ours.
pub fn referring_page(headers: &HeaderMap, uri: &Uri) -> Option<String> {
    let referer: Uri = headers.get(header::REFERER)?.to_str().ok()?.parse().ok()?;
    let ours = referer.authority()? == &host_of(headers, uri)?;
    let page = referer.path_and_query()?.as_str();
    (ours && is_local(page)).then(|| page.to_owned())
}

/// The page to sign in on, which leads back.
pub fn sign_in(next: &str) -> String {
    leading_to(SIGN_IN, next)
}

/// A page to pass before another one, which it leads on to. A `next` that is no address of ours, or
/// is too long to be led back to, is left out.
pub fn leading_to(first: &str, next: &str) -> String {
    if next == "/" || !is_local(next) {
        first.to_owned()
    } else {
        paths::leading_to(first, next)
    }
}

/// The page on which to put right what a form was refused for; `None` when there is no such page.
pub const fn before(cause: &Cause) -> Option<&'static str> {
    match cause {
        Cause::SignedOut => Some(SIGN_IN),
        Cause::ProofNeeded => Some("/unlock"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_a_header_or_leads_away_is_not_local() {
        assert!(is_local("/a/b%20c?d=e"));
        for other in [
            "//evil",
            "/\\evil",
            "https://evil",
            "/a b",
            "/ä",
            "/a\r\nb",
            "",
        ] {
            assert!(!is_local(other), "{other:?}");
        }
    }

    #[test]
    fn an_address_that_leads_back_never_grows_beyond_what_is_read() {
        let mut page = "/audit?resource=%C3%A4".to_owned();
        for round in 0..100 {
            page = sign_in(&page);
            assert!(page.len() < 8 * 1024, "round {round}: {}", page.len());
            assert!(is_local(&page) || sign_in(&page) == SIGN_IN);
        }
    }

    #[test]
    fn an_address_that_is_written_three_times_as_long_is_measured_so() {
        let page = format!("/audit?{}", "&".repeat(3000));
        assert_eq!(sign_in(&page), SIGN_IN);
        let page = format!("/audit?{}", "&".repeat(1000));
        assert!(sign_in(&page).len() > 3000);
    }

    #[test]
    fn signing_in_leads_back() {
        assert_eq!(sign_in("/"), "/sign-in");
        assert_eq!(sign_in("/a?b=c"), "/sign-in?next=%2Fa%3Fb%3Dc");
    }
}
