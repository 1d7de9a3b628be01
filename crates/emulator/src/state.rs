//! What every request and background task shares.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use tokio::sync::{Notify, watch};

use crate::chance::Chance;
use crate::clock::Clock;
use crate::deadlines::Deadlines;
use crate::error::ApiError;
use crate::faults::{self, Fault};
use crate::next_token::PagingKey;
use crate::operation::Operation;
use crate::origin::CorsOrigin;
use crate::rate::Buckets;
use crate::scope::Scope;
use crate::settings::{Quotas, RateScope, Settings};
use crate::signature::AccessKey;
use crate::statistics::Statistics;
use crate::storage::Store;

/// The running emulator.
pub(crate) struct State {
    pub(crate) account_id: String,
    pub(crate) access_key: AccessKey,
    pub(crate) regions: Vec<String>,
    /// The names of hosts that it is reached by, beside `localhost`.
    pub(crate) names: Vec<String>,
    /// The origins whose pages may call the API.
    pub(crate) cors_origins: Vec<CorsOrigin>,
    pub(crate) deadlines: Deadlines,
    pub(crate) store: Store,
    pub(crate) paging_key: PagingKey,
    pub(crate) clock: Clock,
    pub(crate) statistics: Statistics,
    /// Wakes the purge after an app instance was deleted.
    pub(crate) purge: Notify,
    /// Turns true when the emulator is asked to stop.
    pub(crate) stopping: watch::Receiver<bool>,
    control: Mutex<Control>,
}

struct Control {
    initial: Settings,
    settings: Settings,
    buckets: Buckets,
    chance: Chance,
}

/// What the settings have in store for one call that the rates admit.
pub(crate) struct Verdict {
    pub(crate) latency: Duration,
    pub(crate) fault: Option<Fault>,
}

impl State {
    pub(crate) fn new(
        config: StateConfig,
        store: Store,
        paging_key: PagingKey,
        stopping: watch::Receiver<bool>,
    ) -> Self {
        let control = Control {
            initial: config.settings.clone(),
            chance: Chance::new(config.settings.seed),
            settings: config.settings,
            buckets: Buckets::default(),
        };
        Self {
            account_id: config.account_id,
            access_key: config.access_key,
            regions: config.regions,
            names: config.names,
            cors_origins: config.cors_origins,
            deadlines: config.deadlines,
            store,
            paging_key,
            clock: Clock::default(),
            statistics: Statistics::new(config.control_plane),
            purge: Notify::new(),
            stopping,
            control: Mutex::new(control),
        }
    }

    /// Counts a call against its rates and chooses its fault. `resource` tells the ARN that it is counted for.
    pub(crate) fn admit(
        &self,
        operation: Operation,
        is_first: bool,
        scope: &Scope,
        resource: impl Fn(RateScope) -> String,
    ) -> Result<Verdict, ApiError> {
        let mut control = self.control();
        let Control {
            settings,
            buckets,
            chance,
            ..
        } = &mut *control;
        if !settings.rates.is_empty()
            && !buckets.admit(settings, operation, scope, resource, Instant::now())
        {
            return Err(ApiError::throttled());
        }
        Ok(Verdict {
            latency: settings.latency_ms.of_call(|| chance.roll()),
            fault: faults::choose(&mut settings.faults, operation, is_first, || chance.roll()),
        })
    }

    pub(crate) fn quotas(&self) -> Quotas {
        self.control().settings.quotas
    }

    pub(crate) fn settings(&self) -> Settings {
        self.control().settings.clone()
    }

    /// Applies a merge patch and returns what is then in force. A seed that it names begins its sequence anew.
    pub(crate) fn patch_settings(&self, patch: serde_json::Value) -> Result<Settings, String> {
        let mut control = self.control();
        let is_seeded = patch.get("seed").is_some();
        let merged = control.settings.merged(patch)?;
        if is_seeded {
            control.chance = Chance::new(merged.seed);
        }
        if merged.rates != control.settings.rates {
            control.buckets.clear();
        }
        control.settings = merged.clone();
        Ok(merged)
    }

    /// Returns settings, rates, chance and clock to how the emulator was started.
    pub(crate) fn reset_settings(&self) {
        let mut control = self.control();
        control.settings = control.initial.clone();
        control.chance = Chance::new(control.initial.seed);
        control.buckets.clear();
        self.clock.set_offset_seconds(0);
    }

    /// Waits until the emulator is asked to stop.
    pub(crate) async fn stopped(&self) {
        let mut stopping = self.stopping.clone();
        // An error means that the sender is gone, which is a stop as well.
        drop(stopping.wait_for(|stop| *stop).await);
    }

    fn control(&self) -> MutexGuard<'_, Control> {
        self.control.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The part of the configuration that requests need.
pub(crate) struct StateConfig {
    pub(crate) account_id: String,
    pub(crate) access_key: AccessKey,
    pub(crate) regions: Vec<String>,
    pub(crate) names: Vec<String>,
    pub(crate) cors_origins: Vec<CorsOrigin>,
    pub(crate) settings: Settings,
    pub(crate) deadlines: Deadlines,
    /// Whether somebody can ask for statistics.
    pub(crate) control_plane: bool,
}
