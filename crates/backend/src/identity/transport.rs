//! How calls leave: TLS, proxies, and whose certificates are trusted. The SDK's own way, unless the
//! endpoint is on this machine or `AWS_CA_BUNDLE` names a file, which the SDK for Rust does not
//! read.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};
use aws_smithy_http_client::{Builder as HttpClient, Connector};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;

/// Names a file of certificates, as it does for the AWS CLI and the other SDKs.
const VARIABLE: &str = "AWS_CA_BUNDLE";

/// Why the file of `AWS_CA_BUNDLE` cannot be used, in one sentence for the terminal.
#[derive(Debug, thiserror::Error)]
pub enum CaBundleError {
    /// It does not exist, or cannot be read.
    #[error("{VARIABLE} names {}, which cannot be read: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// It holds no certificate.
    #[error("{VARIABLE} names {}, which holds no certificate (PEM, -----BEGIN CERTIFICATE-----)", path.display())]
    Empty {
        /// The file.
        path: PathBuf,
    },
    /// A part of it is no certificate.
    #[error("{VARIABLE} names {}, whose certificate number {number} cannot be read", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// Counted from 1.
        number: usize,
    },
}

/// The authorities that an operator of the server trusts, and no others.
pub struct CaBundle {
    pem: Vec<u8>,
    roots: RootCertStore,
}

impl CaBundle {
    /// The one that the environment names, if it names one. An empty value names none.
    pub fn of_environment() -> Result<Option<Self>, CaBundleError> {
        let named = env::var_os(VARIABLE).filter(|path| !path.is_empty());
        named.map(|path| Self::read(Path::new(&path))).transpose()
    }

    /// Reads a file, and all of it: the client would panic at the first call otherwise.
    pub(super) fn read(path: &Path) -> Result<Self, CaBundleError> {
        let path = path.to_owned();
        let pem = match fs::read(&path) {
            Ok(pem) => pem,
            Err(source) => return Err(CaBundleError::Unreadable { path, source }),
        };
        let mut roots = RootCertStore::empty();
        for (at, certificate) in CertificateDer::pem_slice_iter(&pem).enumerate() {
            let added = certificate.ok().map(|certificate| roots.add(certificate));
            if !matches!(added, Some(Ok(()))) {
                let number = at + 1;
                return Err(CaBundleError::Malformed { path, number });
            }
        }
        if roots.is_empty() {
            return Err(CaBundleError::Empty { path });
        }
        Ok(Self { pem, roots })
    }

    /// A client of the SDK that trusts them, and goes through the proxies of the environment.
    pub fn sdk_client(&self) -> SharedHttpClient {
        self.client(Proxies::OfEnvironment)
    }

    /// The authorities alone, for a client that is not of the SDK.
    pub fn into_roots(self) -> RootCertStore {
        self.roots
    }

    /// A client that trusts them, otherwise like the SDK's own.
    pub(crate) fn client(&self, proxies: Proxies) -> SharedHttpClient {
        let store = TrustStore::empty().with_pem_certificate(self.pem.clone());
        let context = TlsContext::builder().with_trust_store(store).build();
        let context = context.expect("a trust store alone is a whole context");
        HttpClient::new().build_with_connector_fn(move |settings, components| {
            let mut connector = Connector::builder()
                .proxy_config(match proxies {
                    Proxies::OfEnvironment => ProxyConfig::from_env(),
                    Proxies::None => ProxyConfig::disabled(),
                })
                .tls_provider(tls())
                .tls_context(context.clone());
            connector.set_connector_settings(settings.cloned());
            if let Some(components) = components {
                connector.set_sleep_impl(components.sleep_impl());
            }
            connector.build()
        })
    }
}

/// Which proxies a client uses.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Proxies {
    /// Those that the variables of the environment name.
    OfEnvironment,
    /// None: a proxy could not reach an endpoint on this machine.
    None,
}

/// The SDK's own client, without a proxy.
pub(crate) fn without_proxy() -> SharedHttpClient {
    HttpClient::new().tls_provider(tls()).build_https()
}

pub(super) const fn tls() -> Provider {
    Provider::Rustls(CryptoMode::AwsLc)
}

/// Whether an address is of this machine.
pub(crate) fn is_loopback(url: &str) -> bool {
    let host = url.split_once("://").map_or(url, |(_, rest)| rest);
    ["127.", "localhost", "[::1]"]
        .iter()
        .any(|start| host.starts_with(start))
}
