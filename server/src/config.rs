//! What the options of `serve` mean: what may be listened on, which names the console answers to,
//! and where calls go.

mod cookies;
mod data;
mod forwarded;
mod names;
mod network;
pub(crate) mod permissions;
mod providers;
mod secret;
pub(crate) mod text;

use std::net::{IpAddr, SocketAddr};

use anyhow::{Context as _, bail, ensure};
use app::request::Cookies;
use axum::http::HeaderMap;
use axum::http::uri::Authority;
use backend::canonical;
use domain::{AccountId, ConnectionId, Environment, Region};

pub use permissions::keep_new_files_private;
pub use providers::read as providers;
pub use secret::SecretPlace;

use crate::cli::{Connection, List, Serve, Service, Surroundings};

pub use forwarded::ForwardedHeader;
pub use names::{OtherName, PublicUrl};
pub use network::Network;

/// The account of the embedded emulator.
const EMBEDDED_ACCOUNT: &str = "123456789012";
/// First parts of addresses that are not a connection.
const RESERVED: &[&str] = &[
    "api",
    "csp-report",
    "pkg",
    "go",
    "sign-in",
    "setup",
    "theme",
    "livez",
    "readyz",
    "metrics",
    "operators",
    "audit",
    "activity",
    "settings",
    "sessions",
    "jobs",
    "help",
    "health",
];

/// How browsers reach the console.
#[derive(Clone, Debug)]
pub struct Reach {
    /// The address that is listened on.
    pub listen: SocketAddr,
    /// The address that browsers use, when it is not the one that is listened on.
    pub public_url: Option<PublicUrl>,
    /// Other addresses that browsers use, each encrypted when the console is, and only then.
    pub also_known_as: Vec<PublicUrl>,
    /// Proxies that are believed whom they forward for.
    pub trusted_proxies: Vec<Network>,
    /// The header in which proxies name the client.
    pub forwarded_header: ForwardedHeader,
    /// Whether the server itself encrypts.
    pub encrypts: bool,
    /// The cookies: what they are called, and whether they may only travel over connections that the
    /// browser trusts.
    pub cookies: Cookies,
}

impl Reach {
    /// Checks the options that decide who can connect.
    pub fn new(serve: &Serve) -> anyhow::Result<Self> {
        let Surroundings {
            public_url,
            also_known_as,
            trusted_proxies,
            forwarded_header,
        } = serve.surroundings.clone();
        let trusted_proxies = List::all(&trusted_proxies);
        let encrypts = serve.door.tls_cert.is_some();
        let encrypted = public_url.as_ref().is_some_and(|url| url.is_https);
        ensure!(
            encrypted || !encrypts || public_url.is_none(),
            "--public-url must begin with https:// when --tls-cert is given"
        );
        let is_https = public_url.as_ref().map_or(encrypts, |url| url.is_https);
        let also_known_as = List::all(&also_known_as).into_iter();
        let also_known_as: Option<_> = also_known_as
            .map(|name| name.of_console(is_https))
            .collect();
        let also_known_as = also_known_as.with_context(|| {
            let scheme = if is_https { "https" } else { "http" };
            format!(
                "--also-known-as must begin with {scheme}:// as the console's own address does, or be \
                 a name alone"
            )
        })?;
        let loopback = serve.listen.ip().is_loopback();
        let behind_proxy = encrypted && !trusted_proxies.is_empty();
        ensure!(
            loopback || encrypts || behind_proxy || serve.insecure_listen,
            "refusing to listen on {}: passwords would travel unencrypted; give --tls-cert and \
             --tls-key, or --public-url https://… and --trusted-proxy, or --insecure-listen if \
             you must",
            serve.listen
        );
        if let Some(metrics) = serve.door.metrics_listen {
            ensure!(
                metrics.ip().is_loopback() || serve.insecure_listen,
                "refusing to give metrics on {metrics}: they are neither encrypted nor behind a \
                 password; listen on loopback, or give --insecure-listen if you must"
            );
        }
        let plain = serve.insecure_cookie || !(loopback || encrypts || encrypted);
        let given = serve.cookie_name.as_deref().map(cookies::checked);
        let name = match given.transpose()? {
            Some(given) => given,
            None => cookies::usual(public_url.as_ref(), serve.listen.port()),
        };
        Ok(Self {
            listen: serve.listen,
            public_url,
            also_known_as,
            trusted_proxies,
            forwarded_header,
            encrypts,
            cookies: Cookies::new(&name, !plain),
        })
    }

    /// Whether the name that a browser connected to is ours. A site could point a name of its own
    /// here, and its script could then read this console.
    pub fn knows(&self, host: &Authority) -> bool {
        if self.named(host).next().is_some() {
            return true;
        }
        let name = host.host().trim_start_matches('[').trim_end_matches(']');
        if let Ok(ip) = name.parse::<IpAddr>() {
            // An address cannot be pointed elsewhere.
            return ip.is_loopback() || ip == self.listen.ip() || self.listen.ip().is_unspecified();
        }
        name.eq_ignore_ascii_case("localhost")
    }

    /// The names under which the console is reached, for the log.
    pub fn known(&self) -> String {
        let address = if self.listen.ip().is_unspecified() {
            "any address of this machine".to_owned()
        } else {
            self.listen.ip().to_string()
        };
        let named = self.names().map(|url| url.authority.to_string());
        let all = ["localhost".to_owned(), address].into_iter().chain(named);
        all.collect::<Vec<_>>().join(", ")
    }

    /// Whether an `Origin` is this console, reached by this name.
    pub fn is_origin(&self, origin: &str, host: &Authority) -> bool {
        let mut origins = self.origins(host).into_iter();
        origins.any(|ours| origin.eq_ignore_ascii_case(&ours))
    }

    /// What the `Origin` of the console's own pages is, reached by this name.
    pub fn origins(&self, host: &Authority) -> Vec<String> {
        let named: Vec<_> = self.named(host).map(PublicUrl::origin).collect();
        if named.is_empty() {
            return vec![format!("{}://{host}", self.scheme())];
        }
        named
    }

    /// The addresses that browsers use, as far as options name them.
    fn names(&self) -> impl Iterator<Item = &PublicUrl> {
        self.public_url.iter().chain(&self.also_known_as)
    }

    /// The addresses that have this name, whatever their port: proxies may change ports.
    fn named(&self, host: &Authority) -> impl Iterator<Item = &PublicUrl> {
        let host = host.host();
        self.names()
            .filter(move |url| url.authority.host().eq_ignore_ascii_case(host))
    }

    /// Whether an address belongs to a trusted proxy, which stands for many clients.
    pub fn trusts(&self, ip: IpAddr) -> bool {
        let mut proxies = self.trusted_proxies.iter();
        proxies.any(|network| network.contains(ip))
    }

    /// Where a request came from: the nearest address that is not a trusted proxy's. A client has
    /// one address, in whichever way it is written. `None` when a proxy named something that is no
    /// address: that is a client, but not the proxy.
    pub fn client(&self, peer: IpAddr, headers: &HeaderMap) -> Option<IpAddr> {
        let mut client = canonical(peer);
        for hop in self.forwarded_header.hops(headers) {
            if !self.trusts(client) {
                break;
            }
            client = canonical(hop?);
        }
        Some(client)
    }

    /// The start of links that are printed.
    pub fn base(&self, listening: SocketAddr) -> String {
        match &self.public_url {
            Some(url) => url.origin(),
            None => self.address(listening),
        }
    }

    /// An address that is listened on, as it can be opened on this machine.
    pub fn address(&self, listening: SocketAddr) -> String {
        format!("{}://{}", self.scheme(), shown(listening))
    }

    /// Whether browsers only ever see this console encrypted.
    pub fn is_encrypted(&self) -> bool {
        self.encrypts || self.public_url.as_ref().is_some_and(|url| url.is_https)
    }

    const fn scheme(&self) -> &'static str {
        if self.encrypts { "https" } else { "http" }
    }
}

/// `http://HOST:PORT` of an address that is listened on, as it can be opened on this machine.
pub fn address(listening: SocketAddr) -> String {
    format!("http://{}", shown(listening))
}

fn shown(listening: SocketAddr) -> SocketAddr {
    let mut shown = listening;
    if shown.ip().is_unspecified() {
        shown.set_ip(if shown.is_ipv4() {
            [127, 0, 0, 1].into()
        } else {
            IpAddr::from([0, 0, 0, 0, 0, 0, 0, 1_u16])
        });
    }
    shown
}

/// What a connection is called and holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Naming {
    /// The first part of addresses.
    pub id: ConnectionId,
    /// What people call it.
    pub label: String,
    /// What kind of data it holds.
    pub environment: Environment,
}

impl Naming {
    /// The naming that the options give, or the usual one.
    pub fn new(options: &Connection) -> anyhow::Result<Self> {
        let (id, label, environment) = match options.backend {
            Service::Embedded => ("embedded", "Embedded emulator", Environment::Sandbox),
            Service::Aws => ("aws", "AWS", Environment::Production),
        };
        let environment = options.environment.unwrap_or(environment);
        let Some(name) = options.connection_name.as_deref().map(str::trim) else {
            return Ok(Self {
                id: id.parse()?,
                label: label.to_owned(),
                environment,
            });
        };
        let slug = slug_of(name);
        let length = name.chars().count();
        ensure!(
            (1..=40).contains(&length) && (1..=40).contains(&slug.len()),
            "--connection-name needs 1 to 40 characters, at least one of them a letter a–z or a digit"
        );
        ensure!(
            !RESERVED.contains(&slug.as_str()),
            "--connection-name {name} is used by a page of the console"
        );
        Ok(Self {
            id: slug.parse()?,
            label: name.to_owned(),
            environment,
        })
    }
}

fn slug_of(name: &str) -> String {
    let lower = name.to_ascii_lowercase();
    let words = lower.split(|letter: char| !letter.is_ascii_alphanumeric());
    words
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join("-")
}

/// The Regions to offer.
pub fn regions(given: &[List<Region>]) -> Vec<Region> {
    let mut regions = List::all(given);
    if regions.is_empty() {
        regions = Region::ALL.to_vec();
    }
    let mut seen = Vec::new();
    regions.retain(|region| {
        let first = !seen.contains(region);
        seen.push(*region);
        first
    });
    regions
}

/// The account that calls go to, if it is known before AWS is asked.
pub fn account(options: &Connection) -> anyhow::Result<Option<AccountId>> {
    match (&options.account_id, options.backend) {
        (Some(account), _) => Ok(Some(account.clone())),
        (None, Service::Aws) => Ok(None),
        (None, Service::Embedded) => Ok(Some(EMBEDDED_ACCOUNT.parse()?)),
    }
}

/// Refuses options that do not go together.
pub fn check(serve: &Serve) -> anyhow::Result<()> {
    match serve.connection.backend {
        Service::Embedded if serve.connection.endpoint_url.is_some() => {
            bail!(
                "--endpoint-url is for --backend aws; the embedded emulator has an address of its own"
            )
        }
        Service::Aws if serve.demo => {
            bail!(
                "--demo is for --backend embedded; an AWS account is never filled with made-up data"
            )
        }
        Service::Aws if serve.emulator_control => {
            bail!("--emulator-control is for --backend embedded")
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
