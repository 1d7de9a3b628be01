//! What the options of `serve` mean: what may be listened on, which names the console answers to,
//! and where calls go.

mod network;
pub(crate) mod permissions;
mod providers;
mod secret;
pub(crate) mod text;

use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::str::FromStr;

use anyhow::{Context as _, bail, ensure};
use axum::http::Uri;
use axum::http::uri::Authority;
use domain::{AccountId, Environment, Region};

pub use permissions::keep_new_files_private;
pub use providers::read as providers;
pub use secret::SecretPlace;

use crate::cli::{List, Serve, Service, Store};

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
    /// The address that browsers use, when it is another.
    pub public_url: Option<PublicUrl>,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<Network>,
    /// Whether the server itself encrypts.
    pub encrypts: bool,
    /// Whether the session cookie may only travel over connections that the browser trusts.
    pub cookie: CookieKind,
}

/// The session cookie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CookieKind {
    /// `__Host-carillon` with `Secure`.
    Secure,
    /// `carillon`, for plain HTTP where the browser refuses the other.
    Plain,
}

impl CookieKind {
    /// The name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Secure => "__Host-carillon",
            Self::Plain => "carillon",
        }
    }
}

impl Reach {
    /// Checks the options that decide who can connect.
    pub fn new(serve: &Serve) -> anyhow::Result<Self> {
        let public_url = serve.public_url.as_deref().map(str::parse).transpose();
        let public_url: Option<PublicUrl> = public_url.map_err(anyhow::Error::msg)?;
        let encrypts = serve.door.tls_cert.is_some();
        let encrypted = public_url.as_ref().is_some_and(|url| url.is_https);
        ensure!(
            encrypted || !encrypts || public_url.is_none(),
            "--public-url must begin with https:// when --tls-cert is given"
        );
        let loopback = serve.listen.ip().is_loopback();
        let behind_proxy = encrypted && !serve.trusted_proxies.is_empty();
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
        Ok(Self {
            listen: serve.listen,
            public_url,
            trusted_proxies: List::all(&serve.trusted_proxies),
            encrypts,
            cookie: if plain {
                CookieKind::Plain
            } else {
                CookieKind::Secure
            },
        })
    }

    /// Whether the name that a browser connected to is ours. A name that is not would let another
    /// site's script, after its name was pointed here, read this console.
    pub fn knows(&self, host: &Authority) -> bool {
        let name = host.host().trim_start_matches('[').trim_end_matches(']');
        if let Ok(ip) = name.parse::<IpAddr>() {
            // An address cannot be pointed elsewhere.
            return ip.is_loopback() || ip == self.listen.ip() || self.listen.ip().is_unspecified();
        }
        let public = self.public_url.as_ref().map(|url| url.authority.host());
        name.eq_ignore_ascii_case("localhost")
            || public.is_some_and(|public| public.eq_ignore_ascii_case(name))
    }

    /// Whether an `Origin` is this console, reached by this name.
    pub fn is_origin(&self, origin: &str, host: &Authority) -> bool {
        if let Some(url) = &self.public_url
            && url.authority.host().eq_ignore_ascii_case(host.host())
        {
            return origin.eq_ignore_ascii_case(&url.origin());
        }
        let rest = origin.strip_prefix(self.scheme());
        let rest = rest.and_then(|rest| rest.strip_prefix("://"));
        rest.is_some_and(|rest| rest.eq_ignore_ascii_case(host.as_str()))
    }

    /// Whether an address is that of a proxy, which stands for many clients.
    pub fn trusts(&self, ip: IpAddr) -> bool {
        let mut proxies = self.trusted_proxies.iter();
        proxies.any(|network| network.contains(ip))
    }

    /// Where a request came from: the first address, seen from here, that is no trusted proxy's.
    /// `forwarded` are the hops that proxies named, the nearest first. `None` when a proxy named what
    /// is no address: that is somebody, but not the proxy.
    pub fn client<'a>(
        &self,
        peer: IpAddr,
        forwarded: impl IntoIterator<Item = &'a [u8]>,
    ) -> Option<IpAddr> {
        let mut client = peer;
        for hop in forwarded {
            if !self.trusts(client) {
                break;
            }
            client = address_of_hop(hop)?;
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

/// The address in a part of `X-Forwarded-For`; some proxies write a port behind it.
fn address_of_hop(hop: &[u8]) -> Option<IpAddr> {
    let hop = str::from_utf8(hop).ok()?.trim();
    let with_port = || hop.parse().map(|address: SocketAddr| address.ip());
    hop.parse().or_else(|_| with_port()).ok()
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
        const WRONG: &str = "--public-url must look like https://console.example, without a path";
        let parts = text.parse::<Uri>().map_err(|_| WRONG)?.into_parts();
        let is_https = match parts.scheme.as_ref().map(axum::http::uri::Scheme::as_str) {
            Some("https") => true,
            Some("http") => false,
            _ => return Err(WRONG),
        };
        let authority = parts
            .authority
            .filter(|name| !name.as_str().contains('@'))
            .ok_or(WRONG)?;
        match parts.path_and_query {
            Some(path) if path.as_str() != "/" => Err(WRONG),
            _ => Ok(Self {
                is_https,
                authority,
            }),
        }
    }
}

/// What a connection is called and holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Naming {
    /// The first part of addresses.
    pub slug: String,
    /// What people call it.
    pub label: String,
    /// What kind of data it holds.
    pub environment: Environment,
}

impl Naming {
    /// From the options, or the usual names.
    pub fn new(serve: &Serve) -> anyhow::Result<Self> {
        let (slug, label, environment) = match serve.backend {
            Service::Embedded => ("embedded", "Embedded emulator", Environment::Sandbox),
            Service::Aws => ("aws", "AWS", Environment::Production),
        };
        let environment = serve.environment.unwrap_or(environment);
        let Some(name) = serve.connection_name.as_deref().map(str::trim) else {
            return Ok(Self {
                slug: slug.to_owned(),
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
            slug,
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
pub fn account(serve: &Serve) -> anyhow::Result<Option<AccountId>> {
    match (&serve.account_id, serve.backend) {
        (Some(account), _) => Ok(Some(account.clone())),
        (None, Service::Aws) => Ok(None),
        (None, Service::Embedded) => Ok(Some(EMBEDDED_ACCOUNT.parse()?)),
    }
}

/// Refuses options that do not go together.
pub fn check(serve: &Serve) -> anyhow::Result<()> {
    match serve.backend {
        Service::Embedded if serve.endpoint_url.is_some() => {
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

impl Store {
    /// The database, in a data folder that is there and can be written to.
    pub fn url(&self) -> anyhow::Result<String> {
        writable(&self.data_dir)?;
        if let Some(url) = &self.database_url {
            // Read from a file by a shell or an orchestrator, it may have kept its line end.
            return Ok(url.trim().to_owned());
        }
        let file = self.data_dir.join("carillon.sqlite3");
        let file = file
            .to_str()
            .context("the path of the data folder must be UTF-8")?;
        // `?` and `#` would end the path, `%` would begin an escape.
        let file = file
            .replace('%', "%25")
            .replace('?', "%3f")
            .replace('#', "%23");
        Ok(format!("sqlite:{file}"))
    }
}

/// Makes a folder for nobody else, if it is absent, and tries to write to it.
fn writable(folder: &Path) -> anyhow::Result<()> {
    let failed = || format!("the data folder {} cannot be written to", folder.display());
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).with_context(failed)?;
    // Of this process alone: another command may try at the same moment.
    let probe = folder.join(format!(".writable-{}", std::process::id()));
    std::fs::write(&probe, "").with_context(failed)?;
    std::fs::remove_file(&probe).with_context(failed)
}

#[cfg(test)]
mod tests;
