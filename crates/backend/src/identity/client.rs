//! The AWS client of one Region, and what asks for the account. Made once: building one for each
//! call would lose its connections.

use std::time::Duration;

use aws_config::SdkConfig;
use aws_config::timeout::TimeoutConfig;
use aws_sdk_chimesdkidentity::Client as Sdk;
use aws_sdk_chimesdkidentity::config::Builder;
use aws_sdk_chimesdkidentity::config::retry::RetryConfig;
use aws_sdk_chimesdkidentity::config::retry::RetryPartition;
use aws_sdk_sts::Client as Sts;
use domain::{AccountId, Cause, Failure};

use super::classify::of_account;
use super::observe::{Observer, observed};
use super::retry::Throttling;
use crate::random;

/// How long a call of a job may take.
const ATTEMPT_OF_JOBS: Duration = Duration::from_secs(5);

/// A client of one Region. Only a started call gets one.
#[derive(Clone)]
pub struct Client(Sdk);

impl Client {
    /// A client that is configured like this.
    pub(crate) fn new(shared: &SdkConfig) -> Self {
        let config = configure(Builder::from(shared)).build();
        Self(Sdk::from_conf(config))
    }

    /// A client for jobs: the SDK repeats nothing, and gives an attempt up sooner, since the row is
    /// tried again.
    pub(crate) fn of_jobs(shared: &SdkConfig) -> Self {
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(Duration::from_secs(3))
            .read_timeout(ATTEMPT_OF_JOBS)
            .operation_attempt_timeout(ATTEMPT_OF_JOBS)
            .operation_timeout(ATTEMPT_OF_JOBS)
            .build();
        let config = Builder::from(shared)
            .timeout_config(timeouts)
            .retry_config(RetryConfig::disabled())
            .interceptor(Observer)
            .build();
        Self(Sdk::from_conf(config))
    }

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

/// Asks STS whose credentials they are.
pub(crate) struct AccountClient(Sts);

impl AccountClient {
    /// A client that is configured like this, but with shorter timeouts, since pages wait for it.
    pub(crate) fn new(shared: &SdkConfig) -> Self {
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(Duration::from_secs(3))
            .operation_timeout(Duration::from_secs(5))
            .build();
        let config = aws_sdk_sts::config::Builder::from(shared)
            .timeout_config(timeouts)
            .interceptor(Observer)
            .build();
        Self(Sts::from_conf(config))
    }

    /// The account, or why it cannot be told.
    pub(crate) async fn ask(&self) -> Result<AccountId, Failure> {
        let call = async {
            let answer = self.0.get_caller_identity().send().await;
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
