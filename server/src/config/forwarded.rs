//! The addresses that proxies name, in the one header that an option chose. The other header is
//! never looked at, since a proxy passes it on as its client sent it.
//!
//! Which proxies are believed is decided elsewhere.

use std::net::IpAddr;

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use clap::ValueEnum;

/// The header in which trusted proxies name the client.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ForwardedHeader {
    /// `X-Forwarded-For`.
    #[default]
    XForwardedFor,
    /// `Forwarded` (RFC 7239).
    Forwarded,
}

impl ForwardedHeader {
    /// The addresses of the hops, the nearest first; `None` for one that names no address.
    pub fn hops(self, headers: &HeaderMap) -> impl Iterator<Item = Option<IpAddr>> {
        // The last one is next to us; several headers count as one.
        let lines: Vec<_> = headers.get_all(self.name()).iter().collect();
        let lines = lines.into_iter().rev().map(HeaderValue::as_bytes);
        let parts = lines.flat_map(|line| split_from_right(line, b','));
        parts.map(move |part| self.address(str::from_utf8(part).ok()?))
    }

    fn name(self) -> HeaderName {
        match self {
            Self::XForwardedFor => HeaderName::from_static("x-forwarded-for"),
            Self::Forwarded => header::FORWARDED,
        }
    }

    fn address(self, part: &str) -> Option<IpAddr> {
        match self {
            Self::XForwardedFor => node(part),
            Self::Forwarded => {
                let pairs = split_from_right(part.as_bytes(), b';');
                let pairs = pairs.filter_map(|pair| str::from_utf8(pair).ok()?.split_once('='));
                let mut named = pairs.filter(|(name, _)| name.trim().eq_ignore_ascii_case("for"));
                let (_, value) = named.next()?;
                // Two are not what a proxy writes.
                named.next().is_none().then(|| node(value)).flatten()
            }
        }
    }
}

/// Splits at a separator outside of quotes, from the right. A quote that a distant client left open
/// then hides nothing that a nearer proxy wrote behind it.
fn split_from_right(line: &[u8], separator: u8) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(line);
    std::iter::from_fn(move || {
        let line = rest?;
        let mut is_quoted = false;
        for (at, byte) in line.iter().enumerate().rev() {
            let before = line.get(..at).unwrap_or_default();
            if *byte == b'"' && !is_escaped(before) {
                is_quoted = !is_quoted;
            } else if *byte == separator && !is_quoted {
                rest = Some(before);
                return line.get(at + 1..);
            }
        }
        rest = None;
        Some(line)
    })
}

/// Whether what comes next stands behind a backslash that is not itself behind one.
fn is_escaped(before: &[u8]) -> bool {
    let slashes = before.iter().rev().take_while(|byte| **byte == b'\\');
    slashes.count() % 2 == 1
}

/// The address in what both headers call a node: alone, in brackets, in quotes, with a port, with a
/// zone. `unknown` and words that begin with `_` hide an address, and give `None`.
fn node(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let quoted = text
        .strip_prefix('"')
        .and_then(|text| text.strip_suffix('"'));
    let text = quoted.unwrap_or(text).trim();
    if let Some(text) = text.strip_prefix('[') {
        let (address, port) = text.split_once(']')?;
        let is_port = port.is_empty() || port.strip_prefix(':').is_some_and(is_port);
        return is_port.then(|| v6(address)).flatten();
    }
    match text.split_once(':') {
        Some((address, port)) if !port.contains(':') => {
            let address = address.parse().ok()?;
            is_port(port).then_some(IpAddr::V4(address))
        }
        Some(_) => v6(text),
        None => text.parse().ok().map(IpAddr::V4),
    }
}

fn v6(text: &str) -> Option<IpAddr> {
    // A zone is a word of the proxy's own machine.
    let address = text.split_once('%').map_or(text, |(address, _)| address);
    address.parse().ok().map(IpAddr::V6)
}

/// A port, or a word that stands for one.
fn is_port(text: &str) -> bool {
    let word = text.strip_prefix('_');
    let is_word = |word: &str| {
        word.bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
    };
    text.parse::<u16>().is_ok() || word.is_some_and(|word| !word.is_empty() && is_word(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hops(header: ForwardedHeader, lines: &[&[u8]]) -> Vec<Option<IpAddr>> {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(header.name(), HeaderValue::from_bytes(line).unwrap());
        }
        header.hops(&headers).collect()
    }

    fn addresses(texts: &[&str]) -> Vec<Option<IpAddr>> {
        texts.iter().map(|text| text.parse().ok()).collect()
    }

    #[test]
    fn one_address_is_read_however_a_proxy_writes_it() {
        for (written, address) in [
            ("203.0.113.5", "203.0.113.5"),
            ("203.0.113.5:1111", "203.0.113.5"),
            (" \"203.0.113.5:1111\" ", "203.0.113.5"),
            ("203.0.113.5:_hidden", "203.0.113.5"),
            ("2001:db8::1", "2001:db8::1"),
            ("[2001:db8::1]", "2001:db8::1"),
            ("[2001:db8::1]:443", "2001:db8::1"),
            ("\"[2001:db8::1]\"", "2001:db8::1"),
            ("\"[2001:DB8:0::1]:4711\"", "2001:db8::1"),
            ("fe80::1%eth0", "fe80::1"),
            ("::ffff:203.0.113.5", "::ffff:203.0.113.5"),
        ] {
            assert_eq!(node(written), address.parse().ok(), "{written}");
        }
    }

    #[test]
    fn what_hides_an_address_or_is_none_is_no_address() {
        for written in [
            "",
            "unknown",
            "_hidden",
            "\"_gazonk\"",
            "localhost",
            "203.0.113",
            "203.0.113.5:",
            "203.0.113.5:99999",
            "203.0.113.5:x",
            "[203.0.113.5]",
            "[2001:db8::1",
            "[2001:db8::1]x",
            "[2001:db8::1]:",
            "\"203.0.113.5",
            "203.0.113.5 6.6.6.6",
            "0203.0.113.5",
        ] {
            assert_eq!(node(written), None, "{written}");
        }
    }

    #[test]
    fn hops_are_told_the_nearest_first_over_several_headers() {
        let found = hops(
            ForwardedHeader::XForwardedFor,
            &[
                b"6.6.6.6, 203.0.113.5:1111",
                b"\"[2001:db8::1]:443\",,10.0.0.1",
            ],
        );
        let expected = ["10.0.0.1", "", "2001:db8::1", "203.0.113.5", "6.6.6.6"];
        assert_eq!(found, addresses(&expected));
        let found = hops(
            ForwardedHeader::Forwarded,
            &[
                b"for=6.6.6.6;by=10.0.0.1, For=\"203.0.113.5:1111\";Proto=https",
                b"by=_a;for=\"[2001:db8:cafe::17]:4711\";host=\"a;for=6.6.6.6, b\\\"\"",
            ],
        );
        let expected = ["2001:db8:cafe::17", "203.0.113.5", "6.6.6.6"];
        assert_eq!(found, addresses(&expected));
    }

    #[test]
    fn a_hop_that_names_nobody_is_nobody() {
        for part in [
            "proto=https;by=203.0.113.5",
            "for=unknown",
            "for=1.2.3.4;for=6.6.6.6",
            "for",
            "",
        ] {
            let found = hops(ForwardedHeader::Forwarded, &[part.as_bytes()]);
            assert_eq!(found, [None], "{part}");
        }
    }

    #[test]
    fn what_a_client_leaves_open_hides_nothing_that_the_proxy_adds() {
        for open in [
            "for=\"6.6.6.6",
            "for=\"",
            "host=\"a\\",
            "\"",
            "for=\"6.6.6.6\\\"",
        ] {
            let line = format!("{open}, for=\"203.0.113.5:1111\"");
            let found = hops(ForwardedHeader::Forwarded, &[line.as_bytes()]);
            assert_eq!(found.first(), addresses(&["203.0.113.5"]).first(), "{open}");
        }
    }
}
