//! The clients of one connection, and the account that they call.

use std::sync::OnceLock;
use std::time::Duration;

use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, SdkConfig};
use aws_credential_types::Credentials as KeyPair;
use aws_credential_types::provider::SharedCredentialsProvider;
use domain::{AccountId, Failure, Region, Timestamp};
use tokio::sync::Mutex;

use super::{ConnectionConfig, Credentials};
use crate::budget::Lane;
use crate::clock::Clock;
use crate::identity::{
    AccountClient, CaBundle, CaBundleError, Client, Proxies, is_loopback, without_proxy,
};

/// How long to wait before the account is asked for again, in milliseconds.
const ASK_AGAIN: i64 = 60_000;

/// The clients of one Region. A job repeats what failed itself, so that it can stop in between.
struct OfRegion {
    of_pages: Client,
    of_jobs: Client,
}

/// The clients of all Regions, and the account they call.
pub(super) struct Clients {
    regions: Vec<(Region, OfRegion)>,
    sts: AccountClient,
    clock: Clock,
    known: OnceLock<AccountId>,
    /// When AWS last failed to tell the account, and why.
    asked: Mutex<Option<(Timestamp, Failure)>>,
}

impl Clients {
    /// Reads the configuration of the environment and makes the clients. Sends no request.
    pub(super) async fn new(
        connection: &ConnectionConfig,
        clock: Clock,
    ) -> Result<Self, CaBundleError> {
        let surroundings = Surroundings::of(connection)?;
        let mut regions = Vec::new();
        for region in &connection.regions {
            let shared = shared_config(connection, *region, &surroundings).await;
            let clients = OfRegion {
                of_pages: Client::new(&shared),
                of_jobs: Client::of_jobs(&shared),
            };
            regions.push((*region, clients));
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
            sts: AccountClient::new(&shared),
            clock,
            known,
            asked: Mutex::new(None),
        })
    }

    /// The client of a Region, if the connection has it.
    pub(super) fn of(&self, region: Region, lane: Lane) -> Option<Client> {
        let (_, clients) = self.regions.iter().find(|(known, _)| *known == region)?;
        Some(match lane {
            Lane::Page => clients.of_pages.clone(),
            Lane::Job => clients.of_jobs.clone(),
        })
    }

    /// The account, if it is known already.
    pub(super) fn known_account(&self) -> Option<&AccountId> {
        self.known.get()
    }

    /// The account, or why it cannot be told. Asks AWS at most once a minute until it answers.
    pub(super) async fn account(&self) -> Result<AccountId, Failure> {
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
        match Box::pin(self.sts.ask()).await {
            Ok(account) => Ok(self.known.get_or_init(|| account).clone()),
            Err(failure) => {
                *asked = Some((self.clock.now(), failure.clone()));
                Err(failure)
            }
        }
    }
}

/// What is around the clients of a connection.
enum Surroundings {
    /// Everything is given, so the environment is not read: a broken profile file must not keep the
    /// embedded emulator from starting.
    None,
    /// The standard chain, and the authorities to trust instead of the system's, if there are any.
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

/// The SDK alone would wait for an answer without end. Somebody waits for it: all attempts together take no
/// longer than one that is not answered.
fn timeouts() -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(Duration::from_secs(3))
        .read_timeout(Duration::from_secs(10))
        .operation_attempt_timeout(Duration::from_secs(10))
        .operation_timeout(Duration::from_secs(10))
        .build()
}
