//! Encryption by the server itself: the certificate and its key, read from files.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, ensure};
use axum_server::tls_rustls::RustlsConfig;
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::{self, PemObject as _};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::cli::Door;
use crate::config::{permissions, text};

/// A certificate in use, and where it came from. Cheap to clone.
#[derive(Clone)]
pub struct Tls {
    cert: PathBuf,
    key: PathBuf,
    config: RustlsConfig,
}

impl Tls {
    /// Reads the files that the options name, if they name any.
    pub fn read(door: &Door) -> anyhow::Result<Option<Self>> {
        // Neither comes without the other: the command line sees to it.
        let (Some(cert), Some(key)) = (door.tls_cert.clone(), door.tls_key.clone()) else {
            return Ok(None);
        };
        let config = RustlsConfig::from_config(config(&cert, &key)?);
        Ok(Some(Self { cert, key, config }))
    }

    pub(crate) fn config(&self) -> RustlsConfig {
        self.config.clone()
    }

    /// Reads the files again for connections to come. When they cannot be used, the present
    /// certificate stays in use.
    pub fn read_again(&self) -> anyhow::Result<()> {
        self.config
            .reload_from_config(config(&self.cert, &self.key)?);
        Ok(())
    }

    /// Reads the files again each time that the process gets SIGHUP, until it ends.
    pub fn follow(self) -> anyhow::Result<()> {
        #[cfg(unix)]
        {
            use tokio::signal::unix::{SignalKind, signal};
            let mut hangup = signal(SignalKind::hangup())?;
            tokio::spawn(async move {
                while hangup.recv().await.is_some() {
                    match self.read_again() {
                        Ok(()) => tracing::info!("the certificate was read again"),
                        Err(error) => {
                            let error = format!("{error:#}");
                            tracing::error!(error, "the certificate stays the one that it was");
                        }
                    }
                }
            });
        }
        Ok(())
    }
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tls").finish_non_exhaustive()
    }
}

fn config(cert: &Path, key: &Path) -> anyhow::Result<Arc<ServerConfig>> {
    let unread = || format!("the certificate file {} cannot be read", cert.display());
    let pem = text::read_bytes("certificate file", cert)?;
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&pem).collect();
    let chain = chain.with_context(unread)?;
    ensure!(
        !chain.is_empty(),
        "the certificate file {} holds no certificate in PEM form",
        cert.display()
    );
    permissions::check_secret("key file", key)?;
    let pem = text::read_bytes("key file", key)?;
    let private = PrivateKeyDer::from_pem_slice(&pem).map_err(|error| {
        let key = key.display();
        match error {
            pem::Error::NoItemsFound if is_locked(&pem) => anyhow::anyhow!(
                "the key file {key} is protected by a passphrase, which nobody types at a start; \
                 give one without (openssl pkey)"
            ),
            pem::Error::NoItemsFound => {
                anyhow::anyhow!("the key file {key} holds no private key in PEM form")
            }
            error => {
                anyhow::Error::new(error).context(format!("the key file {key} cannot be read"))
            }
        }
    })?;
    let mut config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(|builder| {
            builder
                .with_no_client_auth()
                .with_single_cert(chain, private)
        })
        .context("the certificate and the key cannot be used together")?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

/// Whether there is a key that is encrypted.
fn is_locked(pem: &[u8]) -> bool {
    const BEGIN: &[u8] = b"-----BEGIN ENCRYPTED PRIVATE KEY-----";
    pem.windows(BEGIN.len()).any(|window| window == BEGIN)
}
