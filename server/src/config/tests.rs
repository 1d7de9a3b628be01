//! What the options mean, one by one.

use app::request::Cookie;
use clap::Parser;

use super::*;
use crate::cli::{Cli, Command};

fn serve(options: &[&str]) -> Serve {
    let line = ["carillon", "serve"].iter().chain(options);
    match Cli::try_parse_from(line).unwrap().command {
        Command::Serve(serve) => *serve,
        _ => unreachable!(),
    }
}

fn reach(options: &[&str]) -> anyhow::Result<Reach> {
    Reach::new(&serve(options))
}

fn host(name: &str) -> Authority {
    name.parse().unwrap()
}

#[test]
fn only_loopback_is_listened_on_without_a_word() {
    assert!(reach(&[]).is_ok());
    assert!(reach(&["--listen", "0.0.0.0:1"]).is_err());
    assert!(reach(&["--listen", "0.0.0.0:1", "--insecure-listen"]).is_ok());
    let https = ["--listen", "0.0.0.0:1", "--public-url", "https://c.example"];
    assert!(reach(&https).is_err());
    assert!(reach(&[&https[..], &["--trusted-proxy", "10.0.0.0/8"]].concat()).is_ok());
    let http = [
        "--listen",
        "0.0.0.0:1",
        "--public-url",
        "http://c.example",
        "--trusted-proxy",
        "::1",
    ];
    assert!(reach(&http).is_err());
}

#[test]
fn the_cookie_is_plain_only_where_a_secure_one_cannot_work() {
    let is_secure = |options: &[&str]| reach(options).unwrap().cookies.are_secure();
    assert!(is_secure(&[]));
    assert!(!is_secure(&["--insecure-cookie"]));
    let plain = ["--listen", "10.0.0.1:1", "--insecure-listen"];
    assert!(!is_secure(&plain));
    assert!(is_secure(&["--public-url", "https://c.example"]));
}

#[test]
fn the_cookies_are_named_for_the_console() {
    let session = |options: &[&str]| reach(options).unwrap().cookies.name(Cookie::Session);
    assert_eq!(session(&[]), "__Host-carillon-3000");
    assert_eq!(
        session(&["--listen", "127.0.0.1:3001", "--insecure-cookie"]),
        "carillon-3001"
    );
    let public = ["--public-url", "https://c.example:8443"];
    assert_eq!(session(&public), "__Host-carillon-c-example-8443");
    let chosen = [&public[..], &["--cookie-name", "bells"]].concat();
    assert_eq!(session(&chosen), "__Host-bells");
    let refused = reach(&["--cookie-name", "a;b"]).unwrap_err().to_string();
    assert!(refused.contains("CARILLON_COOKIE_NAME"), "{refused}");
}

#[test]
fn another_sites_name_is_not_ours() {
    let reach = reach(&["--public-url", "https://console.example:8443"]).unwrap();
    for name in [
        "localhost:3000",
        "LOCALHOST",
        "127.0.0.1:1",
        "[::1]:3000",
        "Console.Example",
        "console.example:8443",
    ] {
        assert!(reach.knows(&host(name)), "{name}");
    }
    for name in [
        "evil.example",
        "localhost.evil.example",
        "10.0.0.1",
        "console.example.evil",
    ] {
        assert!(!reach.knows(&host(name)), "{name}");
    }
}

#[test]
fn every_name_that_was_told_is_ours() {
    let options = [
        "--public-url",
        "https://console.example",
        "--also-known-as",
        "console.internal, https://10.9.9.9:8443",
        "--also-known-as",
        "console.internal:8443",
    ];
    let reach = reach(&options).unwrap();
    for name in [
        "console.example",
        "Console.Internal:1",
        "10.9.9.9:8443",
        "localhost",
    ] {
        assert!(reach.knows(&host(name)), "{name}");
    }
    assert!(!reach.knows(&host("10.9.9.8")) && !reach.knows(&host("evil.example")));
    let internal = host("console.internal");
    assert!(reach.is_origin("https://console.internal", &internal));
    assert!(reach.is_origin("https://console.internal:8443", &internal));
    for other in [
        "https://console.example",
        "http://console.internal",
        "https://console.internal:9",
    ] {
        assert!(!reach.is_origin(other, &internal), "{other}");
    }
    let first = "127.0.0.1:3000".parse().unwrap();
    assert_eq!(reach.base(first), "https://console.example");
    assert_eq!(
        reach.known(),
        "localhost, 127.0.0.1, console.example, console.internal, 10.9.9.9:8443, console.internal:8443"
    );
}

#[test]
fn a_name_that_the_cookie_cannot_reach_is_refused() {
    for options in [
        &[
            "--public-url",
            "https://c.example",
            "--also-known-as",
            "http://c.internal",
        ][..],
        &["--also-known-as", "https://c.internal"],
        &[
            "--public-url",
            "http://c.example",
            "--also-known-as",
            "https://c.internal",
        ],
    ] {
        let told = reach(options).unwrap_err().to_string();
        assert!(
            told.starts_with("--also-known-as must begin with http"),
            "{told}"
        );
    }
    assert!(reach(&["--also-known-as", "http://c.internal:3000, carillon"]).is_ok());
}

#[test]
fn an_origin_is_ours_by_the_name_that_was_used() {
    let reach = reach(&["--public-url", "https://console.example"]).unwrap();
    assert!(reach.is_origin("https://console.example", &host("console.example")));
    assert!(!reach.is_origin("http://console.example", &host("console.example")));
    assert!(reach.is_origin("http://127.0.0.1:3000", &host("127.0.0.1:3000")));
    assert!(!reach.is_origin("http://127.0.0.1:3001", &host("127.0.0.1:3000")));
    assert!(!reach.is_origin("null", &host("127.0.0.1:3000")));
}

#[test]
fn the_last_address_before_our_proxies_is_the_client() {
    let reach = reach(&[
        "--trusted-proxy",
        "10.0.0.0/8",
        "--trusted-proxy",
        "fd00::1",
    ])
    .unwrap();
    assert_eq!(client(&reach, "10.0.0.1", None), Some(ip("10.0.0.1")));
    for (peer, hops, expected) in [
        ("192.0.2.1", "198.51.100.1", "192.0.2.1"),
        ("192.0.2.1", "\u{e9}", "192.0.2.1"),
        ("10.0.0.1", "6.6.6.6, 198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "\u{e9}, 198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "198.51.100.1, 10.9.9.9", "198.51.100.1"),
        (
            "10.0.0.1",
            "198.51.100.1, [::ffff:10.9.9.9]:80",
            "198.51.100.1",
        ),
        ("fd00::1", "2001:db8::1", "2001:db8::1"),
    ] {
        let found = client(&reach, peer, Some(hops.as_bytes()));
        assert_eq!(found, Some(ip(expected)), "{peer} {hops}");
    }
}

#[test]
fn one_client_has_one_address_however_it_is_written() {
    let reach = reach(&["--trusted-proxy", "10.0.0.0/8"]).unwrap();
    for hops in [
        "203.0.113.5",
        "203.0.113.5:1111",
        "203.0.113.5:2222",
        "\"203.0.113.5:1111\"",
        "::ffff:203.0.113.5",
        "[::ffff:203.0.113.5]:443",
        "\"[::ffff:cb00:7105]\"",
        "64:ff9b::203.0.113.5",
    ] {
        for peer in ["10.0.0.1", "::ffff:10.0.0.1"] {
            let found = client(&reach, peer, Some(hops.as_bytes()));
            assert_eq!(found, Some(ip("203.0.113.5")), "{peer} {hops}");
        }
    }
    let peer = client(&reach, "::ffff:203.0.113.5", Some(b"6.6.6.6"));
    assert_eq!(peer, Some(ip("203.0.113.5")));
}

#[test]
fn the_header_that_is_not_named_is_never_believed() {
    let both = |header: &[&str]| {
        let options = [&["--trusted-proxy", "10.0.0.0/8"], header].concat();
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", "192.0.2.1".parse().unwrap());
        headers.insert("forwarded", "for=192.0.2.2".parse().unwrap());
        reach(&options).unwrap().client(ip("10.0.0.1"), &headers)
    };
    assert_eq!(both(&[]), Some(ip("192.0.2.1")));
    let x_forwarded_for = ["--forwarded-header", "x-forwarded-for"];
    assert_eq!(both(&x_forwarded_for), Some(ip("192.0.2.1")));
    assert_eq!(
        both(&["--forwarded-header", "forwarded"]),
        Some(ip("192.0.2.2"))
    );
}

#[test]
fn what_a_proxy_names_and_nobody_can_read_is_not_the_proxy() {
    let reach = reach(&["--trusted-proxy", "10.0.0.0/8"]).unwrap();
    for hops in [
        &b"unknown"[..],
        b"_hidden",
        b"",
        b"198.51.100.1,",
        b"198.51.100.1, \xe9",
        b"198.51.100.1\xff",
        b"198.51.100.1, garbage, 10.9.9.9",
    ] {
        assert_eq!(client(&reach, "10.0.0.1", Some(hops)), None, "{hops:?}");
    }
}

#[test]
fn a_proxy_that_is_named_as_ipv6_around_ipv4_is_that_proxy() {
    for network in [
        "::ffff:10.0.0.1",
        "::ffff:10.0.0.0/104",
        " 10.0.0.0/8 , fd00::/8,",
    ] {
        let reach = reach(&["--trusted-proxy", network]).unwrap();
        assert!(
            reach.trusts(ip("10.0.0.1")) && reach.trusts(ip("::ffff:10.0.0.1")),
            "{network}"
        );
        assert!(!reach.trusts(ip("11.0.0.1")), "{network}");
    }
    assert!("::ffff:10.0.0.0/90".parse::<Network>().is_err());
}

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

fn client(reach: &Reach, peer: &str, hops: Option<&[u8]>) -> Option<IpAddr> {
    let mut headers = HeaderMap::new();
    if let Some(hops) = hops {
        headers.insert("x-forwarded-for", hops.try_into().unwrap());
    }
    reach.client(ip(peer), &headers)
}

#[test]
fn a_connection_is_named_for_people_and_addresses() {
    let naming =
        Naming::new(&serve(&["--connection-name", "EU Production (2)"]).connection).unwrap();
    assert_eq!(
        (naming.id.as_str(), naming.label.as_str()),
        ("eu-production-2", "EU Production (2)")
    );
    assert_eq!(
        Naming::new(&serve(&[]).connection).unwrap().environment,
        Environment::Sandbox
    );
    let aws = Naming::new(&serve(&["--backend", "aws"]).connection).unwrap();
    assert_eq!(aws.id.as_str(), "aws");
    // What asks for a fresh proof, where nobody says what it is.
    assert_eq!(aws.environment, Environment::Production);
    assert!(Naming::new(&serve(&["--connection-name", "API"]).connection).is_err());
    assert!(Naming::new(&serve(&["--connection-name", "—"]).connection).is_err());
}

#[test]
fn a_region_is_offered_once() {
    let given = ["eu-central-1, us-east-1", "eu-central-1"].map(|list| list.parse().unwrap());
    assert_eq!(regions(&given), [Region::EuCentral1, Region::UsEast1]);
    assert_eq!(regions(&[]), Region::ALL);
}
