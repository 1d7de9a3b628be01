//! What a test may change while the emulator runs: quotas, rates, latency and faults.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::operation::Operation;

/// The behaviour of the emulator beyond the API itself.
///
/// The default has the published quotas and no rates; [`Settings::realistic`] adds the published rates.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// How many resources there may be.
    pub quotas: Quotas,
    /// Token buckets by operation; `"*"` counts every call. A call must be admitted by its own and by `"*"`.
    pub rates: BTreeMap<String, Rate>,
    /// How long every call waits before it is served.
    pub latency_ms: u64,
    /// What goes wrong; the first fault that matches a call applies to it.
    pub faults: Vec<Fault>,
}

/// Resource quotas (AWS General Reference, "Amazon Chime SDK endpoints and quotas").
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Quotas {
    /// `AppInstances` per account and Region.
    pub app_instances: u32,
    /// `AppInstanceUsers` per `AppInstance`.
    pub users: u32,
    /// `AppInstanceAdmins` per `AppInstance`.
    pub admins: u32,
    /// `AppInstanceUserEndpoints` per `AppInstanceUser`.
    pub endpoints: u32,
    /// Tags per resource (general AWS rule).
    pub tags: u32,
}

impl Default for Quotas {
    fn default() -> Self {
        Self {
            app_instances: 100,
            users: 100_000,
            admins: 100,
            endpoints: 10,
            tags: 50,
        }
    }
}

/// A token bucket.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rate {
    /// How many calls a second refill the bucket.
    pub per_second: f64,
    /// How many calls an idle bucket holds; `per_second`, and at least one, when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub burst: Option<f64>,
    /// What has a bucket of its own.
    #[serde(default)]
    pub per: RateScope,
    /// Operations with the same group share one bucket.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
}

/// What a rate is counted over, always within one account and Region.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RateScope {
    /// The whole account.
    #[default]
    Account,
    /// Each `AppInstance` by itself.
    AppInstance,
    /// Each `AppInstanceUser` by itself.
    AppInstanceUser,
}

/// Something that goes wrong on purpose.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// The name of an operation, or `"*"`.
    pub operation: String,
    /// In which way it goes wrong.
    pub kind: FaultKind,
    /// The exception that an `error` answers with.
    #[serde(default = "service_unavailable")]
    pub code: String,
    /// The status of an `error`; the one that AWS gives the exception when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The chance that a matching call is hit.
    #[serde(default = "always")]
    pub probability: f64,
    /// How many more calls may be hit; no limit when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u64>,
    /// Whether the call takes effect before it fails.
    #[serde(default)]
    pub after_commit: bool,
    /// Sent as `Retry-After` with an `error`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_seconds: Option<u32>,
}

/// The ways to fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FaultKind {
    /// Answers with an exception.
    Error,
    /// Resets the TCP connection.
    Reset,
    /// Never answers.
    Hang,
}

fn service_unavailable() -> String {
    "ServiceUnavailableException".to_owned()
}

fn always() -> f64 {
    1.0
}

impl Settings {
    /// The default quotas with the published rates (AWS General Reference, same page).
    ///
    /// AWS gives the rates of Create, Update and Delete as one number per `AppInstance`, so they share a bucket. The
    /// page counts `ListAppInstanceUsers` per user, which cannot be meant; here it is per `AppInstance`.
    pub fn realistic() -> Self {
        let writes = |per_second, group: &str| Rate {
            per_second,
            burst: None,
            per: RateScope::AppInstance,
            group: Some(group.to_owned()),
        };
        let reads = |per_second, per| Rate {
            per_second,
            burst: None,
            per,
            group: None,
        };
        let rates = [
            ("*", reads(50.0, RateScope::Account)),
            ("CreateAppInstance", writes(5.0, "app-instance-writes")),
            ("UpdateAppInstance", writes(5.0, "app-instance-writes")),
            ("DeleteAppInstance", writes(5.0, "app-instance-writes")),
            (
                "CreateAppInstanceUser",
                writes(10.0, "app-instance-user-writes"),
            ),
            (
                "UpdateAppInstanceUser",
                writes(10.0, "app-instance-user-writes"),
            ),
            (
                "DeleteAppInstanceUser",
                writes(10.0, "app-instance-user-writes"),
            ),
            ("DescribeAppInstance", reads(20.0, RateScope::AppInstance)),
            (
                "DescribeAppInstanceUser",
                reads(20.0, RateScope::AppInstanceUser),
            ),
            ("ListAppInstances", reads(10.0, RateScope::Account)),
            ("ListAppInstanceUsers", reads(10.0, RateScope::AppInstance)),
        ];
        Self {
            rates: rates
                .into_iter()
                .map(|(name, rate)| (name.to_owned(), rate))
                .collect(),
            ..Self::default()
        }
    }

    /// These settings with a JSON merge patch (RFC 7396) applied; a list replaces the list.
    pub(crate) fn merged(&self, patch: Value) -> Result<Self, String> {
        if !patch.is_object() {
            return Err("settings must be a JSON object".to_owned());
        }
        let mut value = serde_json::to_value(self).map_err(|error| error.to_string())?;
        merge(&mut value, patch);
        let merged: Self = serde_json::from_value(value).map_err(|error| error.to_string())?;
        merged.check()?;
        Ok(merged)
    }

    fn check(&self) -> Result<(), String> {
        let named = self
            .rates
            .keys()
            .chain(self.faults.iter().map(|fault| &fault.operation));
        for name in named {
            if name != "*" && Operation::from_name(name).is_none() {
                return Err(format!("{name} is not an operation"));
            }
        }
        let positive = |number: f64| number.is_finite() && number > 0.0;
        if !self
            .rates
            .values()
            .all(|rate| positive(rate.per_second) && rate.burst.is_none_or(positive))
        {
            return Err("per_second and burst must be positive".to_owned());
        }
        if !self
            .faults
            .iter()
            .all(|fault| (0.0..=1.0).contains(&fault.probability))
        {
            return Err("probability must be between 0 and 1".to_owned());
        }
        for fault in &self.faults {
            // It travels in a header.
            let is_name = |c: char| c.is_ascii_graphic();
            if fault.code.is_empty() || !fault.code.chars().all(is_name) {
                return Err("code must be the name of an exception".to_owned());
            }
            if fault
                .status
                .is_some_and(|status| !(400..=599).contains(&status))
            {
                return Err("status must be between 400 and 599".to_owned());
            }
        }
        Ok(())
    }
}

fn merge(target: &mut Value, patch: Value) {
    match (target, patch) {
        (Value::Object(target), Value::Object(patch)) => {
            for (name, value) in patch {
                if value.is_null() {
                    target.remove(&name);
                } else {
                    merge(target.entry(name).or_insert(Value::Null), value);
                }
            }
        }
        (target, patch) => *target = patch,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_patch_changes_what_it_names() {
        let before = Settings::default()
            .merged(json!({"quotas": {"users": 3}, "latency_ms": 20}))
            .unwrap();

        let after = before
            .merged(json!({"rates": {"*": {"per_second": 5}}, "latency_ms": null}))
            .unwrap();

        assert_eq!(
            after.quotas,
            Quotas {
                users: 3,
                ..Quotas::default()
            }
        );
        assert_eq!(after.latency_ms, 0);
        assert_eq!(after.rates["*"].per, RateScope::Account);
        assert_eq!(
            after
                .merged(json!({"rates": {"*": null}}))
                .unwrap()
                .rates
                .len(),
            0
        );
    }

    #[test]
    fn a_fault_needs_only_an_operation_and_a_kind() {
        let faults = json!({"faults": [{"operation": "*", "kind": "reset"}]});

        let settings = Settings::default().merged(faults).unwrap();

        assert_eq!(settings.faults[0].code, "ServiceUnavailableException");
        assert_eq!(
            (settings.faults[0].times, settings.faults[0].after_commit),
            (None, false)
        );
    }

    #[test]
    fn what_cannot_be_meant_is_refused() {
        for patch in [
            json!({"quota": {}}),
            json!({"quotas": {"users": -1}}),
            json!({"rates": {"NoSuchOperation": {"per_second": 1}}}),
            json!({"rates": {"*": {"per_second": 0}}}),
            json!({"faults": [{"operation": "*", "kind": "error", "probability": 2}]}),
            json!({"faults": [{"operation": "*", "kind": "explode"}]}),
            json!({"faults": [{"operation": "*", "kind": "error", "status": 200}]}),
            json!({"faults": [{"operation": "*", "kind": "error", "code": "Two\nLines"}]}),
            json!([]),
        ] {
            assert!(
                Settings::default().merged(patch.clone()).is_err(),
                "{patch}"
            );
        }
    }

    #[test]
    fn realistic_settings_are_valid() {
        assert_eq!(Settings::realistic().check(), Ok(()));
    }
}
