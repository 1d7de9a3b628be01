//! The AWS clients: one per Region, made once. Building one for each call would lose its
//! connections.

use std::sync::OnceLock;
use std::time::Duration;

use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, SdkConfig};
use aws_credential_types::Credentials as KeyPair;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_chimesdkidentity::Client as Sdk;
use aws_sdk_chimesdkidentity::config::Builder;
use aws_sdk_chimesdkidentity::config::retry::RetryConfig;
use aws_sdk_chimesdkidentity::config::retry::RetryPartition;
use aws_sdk_sts::Client as Sts;
use aws_smithy_http_client::{Builder as HttpClient, tls};
use domain::{AccountId, Region, Timestamp};
use tokio::sync::Mutex;

use super::observe::Observer;
use super::retry::Throttling;
use crate::clock::Clock;
use crate::config::{ConnectionConfig, Credentials};
use crate::random;

/// How long to wait before the account is asked for again, in milliseconds.
const ASK_AGAIN: i64 = 60_000;

/// A client of one Region. Only a started task gets one.
#[derive(Clone)]
pub struct Client(Sdk);

impl Client {
    pub(super) fn sdk(&self) -> &Sdk {
        &self.0
    }

    /// A client over any SDK client, for tests with a mocked transport.
    #[cfg(test)]
    pub(super) const fn of(sdk: Sdk) -> Self {
        Self(sdk)
    }
}

/// Adds our retries and what we observe. Tests use it too, so that they test what is used.
pub(super) fn configure(config: Builder) -> Builder {
    // The SDK counts retries for all clients of a process together; two backends in one process
    // must not use up each other's.
    let partition = RetryPartition::new(format!("carillon-{}", random::id()));
    config
        .retry_partition(partition)
        .retry_config(RetryConfig::standard().with_max_attempts(3))
        .retry_classifier(Throttling)
        .interceptor(Observer)
}

/// The clients of all Regions, and the account they call.
pub(crate) struct Clients {
    regions: Vec<(Region, Client)>,
    sts: Sts,
    clock: Clock,
    known: OnceLock<AccountId>,
    asked: Mutex<Option<Timestamp>>,
}

impl Clients {
    /// Reads the configuration of the environment and makes the clients. Calls nobody.
    pub(crate) async fn new(connection: &ConnectionConfig, clock: Clock) -> Self {
        let mut regions = Vec::new();
        for region in &connection.regions {
            let shared = shared_config(connection, *region).await;
            let config = configure(Builder::from(&shared)).build();
            regions.push((*region, Client(Sdk::from_conf(config))));
        }
        let first = connection.regions.first().copied();
        let shared = shared_config(connection, first.unwrap_or(Region::UsEast1)).await;
        let known = OnceLock::new();
        if let Some(account) = &connection.account {
            let _ = known.set(account.clone());
        }
        Self {
            regions,
            sts: sts(&shared),
            clock,
            known,
            asked: Mutex::new(None),
        }
    }

    /// The client of a Region, if the connection has it.
    pub(crate) fn of(&self, region: Region) -> Option<Client> {
        let found = self.regions.iter().find(|(known, _)| *known == region);
        found.map(|(_, client)| client.clone())
    }

    /// The account, if it is known already.
    pub(crate) fn known_account(&self) -> Option<&AccountId> {
        self.known.get()
    }

    /// The account. Asks AWS at most once a minute until it answers.
    pub(crate) async fn account(&self) -> Option<AccountId> {
        if let Some(account) = self.known.get() {
            return Some(account.clone());
        }
        let mut asked = self.asked.lock().await;
        let now = self.clock.now();
        if asked.is_some_and(|asked| now.since(asked) < ASK_AGAIN) {
            return self.known.get().cloned();
        }
        let answer = self.sts.get_caller_identity().send().await;
        *asked = Some(self.clock.now());
        let account = answer.ok()?.account?.parse().ok();
        account.map(|account| self.known.get_or_init(|| account).clone())
    }
}

fn sts(shared: &SdkConfig) -> Sts {
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(Duration::from_secs(3))
        .operation_timeout(Duration::from_secs(5))
        .build();
    let config = aws_sdk_sts::config::Builder::from(shared)
        .timeout_config(timeouts)
        .build();
    Sts::from_conf(config)
}

async fn shared_config(connection: &ConnectionConfig, region: Region) -> SdkConfig {
    let region = aws_config::Region::new(region.as_str());
    let endpoint = connection.endpoint_url.as_deref();
    let shared = match (&connection.credentials, endpoint) {
        // Everything is given, so nothing of the environment is read: a broken profile file must
        // not keep the embedded emulator from starting.
        (Credentials::Static { .. }, Some(_)) => SdkConfig::builder()
            .behavior_version(BehaviorVersion::v2026_01_12())
            .region(region)
            .timeout_config(timeouts())
            .build(),
        _ => {
            aws_config::defaults(BehaviorVersion::v2026_01_12())
                .region(region)
                .timeout_config(timeouts())
                .load()
                .await
        }
    };
    let mut builder = shared.into_builder();
    if let Credentials::Static {
        access_key_id,
        secret_access_key,
    } = &connection.credentials
    {
        let pair = KeyPair::new(
            access_key_id,
            secret_access_key,
            None,
            None,
            "configuration",
        );
        builder.set_credentials_provider(Some(SharedCredentialsProvider::new(pair)));
    }
    if let Some(url) = endpoint {
        builder.set_endpoint_url(Some(url.to_owned()));
        if is_loopback(url) {
            // The default client takes a proxy from the environment, which cannot reach our own
            // machine.
            let tls = tls::Provider::Rustls(tls::rustls_provider::CryptoMode::AwsLc);
            builder.set_http_client(Some(HttpClient::new().tls_provider(tls).build_https()));
        }
    }
    builder.build()
}

fn is_loopback(url: &str) -> bool {
    let host = url.split_once("://").map_or(url, |(_, rest)| rest);
    ["127.", "localhost", "[::1]"]
        .iter()
        .any(|start| host.starts_with(start))
}

/// The SDK alone would wait for an answer without end.
fn timeouts() -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(Duration::from_secs(3))
        .read_timeout(Duration::from_secs(10))
        .operation_attempt_timeout(Duration::from_secs(10))
        .operation_timeout(Duration::from_secs(30))
        .build()
}
