//! What a test may change while the emulator runs: quotas, rates, latency and faults.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::faults::Fault;
use crate::latency::Latency;
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
    pub latency_ms: Latency,
    /// What goes wrong; the first fault that matches a call applies to it.
    pub faults: Vec<Fault>,
    /// Makes what chance decides the same each time: whether a fault hits, and how long a call waits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
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

    /// These settings with a JSON merge patch (RFC 7396) applied; a list replaces the list, and a latency the latency.
    pub(crate) fn merged(&self, patch: Value) -> Result<Self, String> {
        if !patch.is_object() {
            return Err("settings must be a JSON object".to_owned());
        }
        let mut value = serde_json::to_value(self).map_err(|error| error.to_string())?;
        // It is one value in several forms, whose members must not mix.
        if patch.get("latency_ms").is_some() {
            value["latency_ms"] = Value::Null;
        }
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
        self.latency_ms.check()?;
        self.faults.iter().try_for_each(Fault::check)
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
        assert_eq!(after.latency_ms, Latency::Fixed(0));
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
    fn a_latency_replaces_one_of_another_form() {
        let mut settings = Settings::default();
        for (form, read) in [
            (
                json!({ "min": 1, "max": 2 }),
                Latency::Uniform { min: 1, max: 2 },
            ),
            (
                json!({ "median": 1, "p99": 2 }),
                Latency::LogNormal { median: 1, p99: 2 },
            ),
            (json!(3), Latency::Fixed(3)),
        ] {
            settings = settings.merged(json!({ "latency_ms": form })).unwrap();
            assert_eq!(settings.latency_ms, read);
        }

        assert_eq!(
            settings.merged(json!({ "seed": 1 })).unwrap().latency_ms,
            Latency::Fixed(3)
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
            json!({"faults": [{"operation": "*", "kind": "drip", "bytes_per_second": 0}]}),
            json!({"faults": [{"operation": "*", "kind": "reset", "milliseconds": 1}]}),
            json!({"latency_ms": {"min": 2, "max": 1}}),
            json!({"latency_ms": {"median": 0, "p99": 1}}),
            json!({"latency_ms": {"median": 2, "p99": 1}}),
            json!({"latency_ms": {"min": 1, "max": 2, "median": 1, "p99": 2}}),
            json!({"latency_ms": {"min": 1}}),
            json!({"seed": -1}),
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
