//! What the options mean, one by one.

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
    let kind = |options: &[&str]| reach(options).unwrap().cookie;
    assert_eq!(kind(&[]), CookieKind::Secure);
    assert_eq!(kind(&["--insecure-cookie"]), CookieKind::Plain);
    assert_eq!(
        kind(&["--listen", "10.0.0.1:1", "--insecure-listen"]),
        CookieKind::Plain
    );
    assert_eq!(
        kind(&["--public-url", "https://c.example"]),
        CookieKind::Secure
    );
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
    let proxy = "10.0.0.1".parse().unwrap();
    assert_eq!(reach.client(proxy, []), Some(proxy));
    for (peer, hops, client) in [
        ("192.0.2.1", "198.51.100.1", "192.0.2.1"),
        ("192.0.2.1", "\u{e9}", "192.0.2.1"),
        ("10.0.0.1", "6.6.6.6, 198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "\u{e9}, 198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "198.51.100.1, 10.9.9.9", "198.51.100.1"),
        ("10.0.0.1", "198.51.100.1:4711", "198.51.100.1"),
        ("10.0.0.1", "[2001:db8::1]:4711", "2001:db8::1"),
        ("fd00::1", "2001:db8::1", "2001:db8::1"),
    ] {
        let found = reach.client(peer.parse().unwrap(), nearest_first(hops.as_bytes()));
        assert_eq!(found, Some(client.parse().unwrap()), "{peer} {hops}");
    }
}

#[test]
fn what_a_proxy_names_and_nobody_can_read_is_not_the_proxy() {
    let reach = reach(&["--trusted-proxy", "10.0.0.0/8"]).unwrap();
    for hops in [
        &b"unknown"[..],
        b"",
        b"198.51.100.1,",
        b"198.51.100.1, \xe9",
        b"198.51.100.1\xff",
        b"198.51.100.1, garbage, 10.9.9.9",
    ] {
        let found = reach.client("10.0.0.1".parse().unwrap(), nearest_first(hops));
        assert_eq!(found, None, "{hops:?}");
    }
}

fn nearest_first(hops: &[u8]) -> impl Iterator<Item = &[u8]> {
    hops.rsplit(|byte| *byte == b',')
}

#[test]
fn a_connection_is_named_for_people_and_addresses() {
    let naming = Naming::new(&serve(&["--connection-name", "EU Production (2)"])).unwrap();
    assert_eq!(
        (naming.slug.as_str(), naming.label.as_str()),
        ("eu-production-2", "EU Production (2)")
    );
    assert_eq!(
        Naming::new(&serve(&[])).unwrap().environment,
        Environment::Sandbox
    );
    let aws = Naming::new(&serve(&["--backend", "aws"])).unwrap();
    assert_eq!(aws.slug, "aws");
    // What asks for a fresh proof, where nobody says what it is.
    assert_eq!(aws.environment, Environment::Production);
    assert!(Naming::new(&serve(&["--connection-name", "API"])).is_err());
    assert!(Naming::new(&serve(&["--connection-name", "—"])).is_err());
}

#[test]
fn a_region_is_offered_once() {
    let given = ["eu-central-1, us-east-1", "eu-central-1"].map(|list| list.parse().unwrap());
    assert_eq!(regions(&given), [Region::EuCentral1, Region::UsEast1]);
    assert_eq!(regions(&[]), Region::ALL);
}
