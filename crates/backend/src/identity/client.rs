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
use domain::{AccountId, Cause, Failure, Region, Timestamp};
use tokio::sync::Mutex;

use super::classify::of_account;
use super::observe::{Observer, observed};
use super::retry::Throttling;
use super::transport::{CaBundle, CaBundleError, Proxies, is_loopback, without_proxy};
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
    /// When it was asked for in vain, and why.
    asked: Mutex<Option<(Timestamp, Failure)>>,
}

impl Clients {
    /// Reads the configuration of the environment and makes the clients. Calls nobody.
    pub(crate) async fn new(
        connection: &ConnectionConfig,
        clock: Clock,
    ) -> Result<Self, CaBundleError> {
        let surroundings = Surroundings::of(connection)?;
        let mut regions = Vec::new();
        for region in &connection.regions {
            let shared = shared_config(connection, *region, &surroundings).await;
            let config = configure(Builder::from(&shared)).build();
            regions.push((*region, Client(Sdk::from_conf(config))));
        }
        let first = connection.regions.first().copied();
        let first = first.unwrap_or(Region::UsEast1);
        let shared = shared_config(connection, first, &surroundings).await;
        let known = OnceLock::new();
        if let Some(account) = &connection.account {
            let _ = known.set(account.clone());
        }
        Ok(Self {
            regions,
            sts: sts(&shared),
            clock,
            known,
            asked: Mutex::new(None),
        })
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

    /// The account, or why it cannot be told. Asks AWS at most once a minute until it answers.
    pub(crate) async fn account(&self) -> Result<AccountId, Failure> {
        if let Some(account) = self.known.get() {
            return Ok(account.clone());
        }
        let mut asked = self.asked.lock().await;
        // Somebody else may have learned it meanwhile.
        if let Some(account) = self.known.get() {
            return Ok(account.clone());
        }
        let now = self.clock.now();
        if let Some((at, failure)) = &*asked
            && now.since(*at) < ASK_AGAIN
        {
            return Err(failure.clone());
        }
        // Large, like each future of the SDK, and waited for by nearly every page.
        match Box::pin(self.ask_for_account()).await {
            Ok(account) => Ok(self.known.get_or_init(|| account).clone()),
            Err(failure) => {
                *asked = Some((self.clock.now(), failure.clone()));
                Err(failure)
            }
        }
    }

    async fn ask_for_account(&self) -> Result<AccountId, Failure> {
        let call = async {
            let answer = self.sts.get_caller_identity().send().await;
            answer.map_err(|error| of_account(&error))
        };
        let (answer, _) = observed(call).await;
        let account = answer?.account.and_then(|account| account.parse().ok());
        account.ok_or_else(|| {
            tracing::error!("the account that STS told could not be used");
            Cause::AwsUnavailable.into()
        })
    }
}

fn sts(shared: &SdkConfig) -> Sts {
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(Duration::from_secs(3))
        .operation_timeout(Duration::from_secs(5))
        .build();
    let config = aws_sdk_sts::config::Builder::from(shared)
        .timeout_config(timeouts)
        .interceptor(Observer)
        .build();
    Sts::from_conf(config)
}

/// What is around the clients of a connection.
enum Surroundings {
    /// Nothing of the environment is read, since everything is given: a broken profile file must not
    /// keep the embedded emulator from starting.
    None,
    /// The standard chain, and whom to trust if that is not for the system to say.
    Environment(Option<CaBundle>),
}

impl Surroundings {
    fn of(connection: &ConnectionConfig) -> Result<Self, CaBundleError> {
        if matches!(connection.credentials, Credentials::Static { .. })
            && connection.endpoint_url.is_some()
        {
            return Ok(Self::None);
        }
        Ok(Self::Environment(CaBundle::of_environment()?))
    }
}

async fn shared_config(
    connection: &ConnectionConfig,
    region: Region,
    surroundings: &Surroundings,
) -> SdkConfig {
    let region = aws_config::Region::new(region.as_str());
    let version = BehaviorVersion::v2026_01_12();
    let shared = match surroundings {
        Surroundings::None => SdkConfig::builder()
            .behavior_version(version)
            .region(region)
            .timeout_config(timeouts())
            .build(),
        Surroundings::Environment(trusted) => {
            let mut loader = aws_config::defaults(version)
                .region(region)
                .timeout_config(timeouts());
            if let Some(trusted) = trusted {
                loader = loader.http_client(trusted.sdk_client());
            }
            loader.load().await
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
    if let Some(url) = &connection.endpoint_url {
        builder.set_endpoint_url(Some(url.clone()));
        if is_loopback(url) {
            builder.set_http_client(Some(match surroundings {
                Surroundings::Environment(Some(trusted)) => trusted.client(Proxies::None),
                _ => without_proxy(),
            }));
        }
    }
    builder.build()
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
