//! What somebody means by what they paste or type into "Go to". Reads the text alone: whether the
//! thing exists and whether the operator may see it is decided elsewhere.

use domain::ConnectionId;
use percent_encoding::percent_decode_str;

use crate::paths::is_local;

/// What a text is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Meant {
    /// Nothing was typed.
    Nothing,
    /// An ARN, or what is meant to be one.
    Arn(String),
    /// The end of an ARN, from `app-instance/` on.
    EndOfArn(String),
    /// An address of this console.
    Page(String),
    /// An address of another site.
    Elsewhere,
    /// A name or an id.
    Word(String),
}

/// Reads a text. `own` are the starts of this console's own addresses.
pub(super) fn meant(text: &str, own: &[String], connection: &ConnectionId) -> Meant {
    let text = bare(text);
    if text.is_empty() {
        return Meant::Nothing;
    }
    let is_address = ["http://", "https://"]
        .iter()
        .any(|scheme| begins_with(text, scheme));
    if is_address {
        return own_page(text, own)
            .or_else(|| arn_in(text))
            .unwrap_or(Meant::Elsewhere);
    }
    if is_page(text, connection) {
        return Meant::Page(text.to_owned());
    }
    if let Some(arn) = arn_in(text) {
        return arn;
    }
    if text.starts_with("app-instance/") {
        return Meant::EndOfArn(text.to_owned());
    }
    Meant::Word(text.to_owned())
}

/// A text without what stands around it when it is copied: spaces, quotes, brackets, commas, and what
/// cannot be seen.
fn bare(text: &str) -> &str {
    let around = |letter: char| {
        letter.is_whitespace()
            || letter.is_control()
            || matches!(
                letter,
                '"' | '\'' | '`' | '<' | '>' | '(' | ')' | '[' | ']' | '{' | '}'
            )
            || matches!(letter, '“' | '”' | '‘' | '’' | '«' | '»' | ',' | ';')
            || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}')
            || matches!(letter, '\u{2060}'..='\u{2069}' | '\u{feff}')
    };
    text.trim_matches(around)
}

/// The page of an address of this console.
fn own_page(text: &str, own: &[String]) -> Option<Meant> {
    let rest = own.iter().find_map(|start| {
        let rest = begins_with(text, start).then(|| &text[start.len()..])?;
        (rest.is_empty() || rest.starts_with(['/', '?', '#'])).then_some(rest)
    })?;
    let page = rest.split('#').next().unwrap_or_default();
    let page = if page.starts_with('/') {
        page.to_owned()
    } else {
        format!("/{page}")
    };
    let leads_on = is_local(&page) && page.is_ascii() && !is_this_page(&page);
    leads_on.then_some(Meant::Page(page))
}

/// Whether a text is the path of a page here, as it stands in the address bar.
fn is_page(text: &str, connection: &ConnectionId) -> bool {
    let first = text.strip_prefix('/').map(|rest| {
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        &rest[..end]
    });
    let pages = ["audit", "operators", "account", connection.as_str()];
    first.is_some_and(|first| pages.contains(&first)) && is_local(text) && text.is_ascii()
}

/// Whether an address is that of "Go to" itself, which would lead to itself for ever.
fn is_this_page(page: &str) -> bool {
    let path = page.split('?').next().unwrap_or_default();
    path.trim_end_matches('/') == "/go"
}

/// The ARN in a text: alone, inside other words, or in an address, where it is encoded.
fn arn_in(text: &str) -> Option<Meant> {
    let decoded = percent_decode_str(text).decode_utf8_lossy();
    let small = decoded.to_ascii_lowercase();
    // `ResourceArn:` is a word before one.
    let begins = |at: &usize| !decoded[..*at].ends_with(char::is_alphanumeric);
    let mut places = small.match_indices("arn:").map(|(at, _)| at);
    let at = places.find(begins)?;
    let is_alone = at == 0;
    let arn = &decoded[at..];
    let arn: String = if is_alone {
        // A terminal breaks long lines.
        arn.split_whitespace().collect()
    } else {
        let ends = |letter: char| letter.is_whitespace() || "\"'`<>()[]{}&,;“”’".contains(letter);
        arn.split(ends).next().unwrap_or_default().to_owned()
    };
    Some(Meant::Arn(format!("arn:{}", &arn["arn:".len()..])))
}

fn begins_with(text: &str, start: &str) -> bool {
    text.get(..start.len())
        .is_some_and(|found| found.eq_ignore_ascii_case(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ARN: &str = "arn:aws:chime:us-east-1:123456789012:app-instance/1/user/a:b@c.d";

    fn read(text: &str) -> Meant {
        let own = ["http://console.example:8080".to_owned()];
        meant(text, &own, &"main".parse().unwrap())
    }

    fn arn(text: &str) -> Meant {
        Meant::Arn(text.to_owned())
    }

    fn page(text: &str) -> Meant {
        Meant::Page(text.to_owned())
    }

    #[test]
    fn an_arn_is_found_whatever_stands_around_it() {
        let (start, end) = ARN.split_at(40);
        for text in [
            ARN.to_owned(),
            format!(" \t\"{ARN}\"\r\n"),
            format!("“{ARN}”,"),
            format!("\u{feff}{ARN}\u{200b}"),
            format!("{start}\n  {end}"),
            ARN.replacen("arn:", "ARN:", 1),
            format!("ResourceArn: '{ARN}', Region: us-east-1"),
            format!("https://console.aws.amazon.com/x?arn={ARN}&tab=1"),
            format!(
                "https://other.example/?a={}",
                ARN.replace(':', "%3A").replace('/', "%2F")
            ),
        ] {
            assert_eq!(read(&text), arn(ARN), "{text}");
        }
    }

    #[test]
    fn an_arn_of_anything_else_stays_one() {
        for text in [
            "arn:",
            "arn:aws:s3:::bucket",
            "arn:aws:chime:us-east-1:123456789012:app-instance/",
        ] {
            assert_eq!(read(text), arn(text));
        }
        let end = "app-instance/1/bot/2";
        assert_eq!(read(end), Meant::EndOfArn(end.to_owned()));
    }

    #[test]
    fn an_address_of_this_console_is_its_page_and_no_other_site_is() {
        assert_eq!(
            read("http://console.example:8080/main/us-east-1?x=1#code"),
            page("/main/us-east-1?x=1")
        );
        assert_eq!(read("HTTP://CONSOLE.example:8080"), page("/"));
        assert_eq!(read("/audit?operator=ada"), page("/audit?operator=ada"));
        assert_eq!(
            read("/main/us-east-1/app-instances"),
            page("/main/us-east-1/app-instances")
        );
        for other in [
            "https://console.example.evil/main",
            "http://console.example:80801/",
            "http://console.example:8080@evil.example/",
            "http://console.example:8080//evil.example",
            "http://console.example:8080/go?q=x",
            "https://",
        ] {
            assert_eq!(read(other), Meant::Elsewhere, "{other}");
        }
    }

    #[test]
    fn everything_else_is_a_word() {
        let long = "w".repeat(200);
        for text in [
            "guild chat",
            "شات",
            "a/b/c",
            "/other/path",
            "//evil.example",
            "learn: more",
            "25f4c1d0-7a1e-4c53-9b0e-8e2f5a1c46ee",
            "100%",
            long.as_str(),
        ] {
            assert_eq!(read(text), Meant::Word(text.to_owned()), "{text}");
        }
        assert_eq!(read(" \"\" \u{200b}"), Meant::Nothing);
    }
}
