//! Token buckets that answer `ThrottledClientException` (developer guide, "Quotas and throttling").

use std::{collections::HashMap, time::Instant};

use crate::operation::Operation;
use crate::scope::Scope;
use crate::settings::{Rate, RateScope, Settings};

/// Beyond this many buckets the full ones are dropped: a full bucket is the same as none.
const MAX_BUCKETS: usize = 10_000;

/// The buckets in use.
#[derive(Default)]
pub(crate) struct Buckets(HashMap<Key, Bucket>);

#[derive(Clone, PartialEq, Eq, Hash)]
struct Key {
    scope: Scope,
    group: String,
    resource: String,
}

struct Bucket {
    tokens: f64,
    capacity: f64,
    per_second: f64,
    at: Instant,
}

impl Buckets {
    /// Takes a token from every bucket the call is counted in; takes none and returns false when one is empty.
    ///
    /// `resource` tells the ARN that a call is counted for; it is asked only when there is a rate.
    pub(crate) fn admit(
        &mut self,
        settings: &Settings,
        operation: Operation,
        scope: &Scope,
        resource: impl Fn(RateScope) -> String,
        now: Instant,
    ) -> bool {
        let name = operation.name();
        let mut keys = Vec::with_capacity(2);
        for group in [name, "*"] {
            if let Some(rate) = settings.rates.get(group) {
                let key = Key {
                    scope: scope.clone(),
                    group: rate.group.clone().unwrap_or_else(|| group.to_owned()),
                    resource: resource(rate.per),
                };
                self.refill(&key, rate, now);
                keys.push(key);
            }
        }
        let admitted = keys
            .iter()
            .all(|key| self.0.get(key).is_some_and(|bucket| bucket.tokens >= 1.0));
        if admitted {
            for key in &keys {
                if let Some(bucket) = self.0.get_mut(key) {
                    bucket.tokens -= 1.0;
                }
            }
        }
        if self.0.len() > MAX_BUCKETS {
            self.0.retain(|_, bucket| {
                bucket.tokens + now.duration_since(bucket.at).as_secs_f64() * bucket.per_second
                    < bucket.capacity
            });
        }
        admitted
    }

    /// Forgets every bucket, after the rates have changed.
    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    fn refill(&mut self, key: &Key, rate: &Rate, now: Instant) {
        let capacity = rate.burst.unwrap_or(rate.per_second).max(1.0);
        let full = || Bucket {
            tokens: capacity,
            capacity,
            per_second: rate.per_second,
            at: now,
        };
        let bucket = self.0.entry(key.clone()).or_insert_with(full);
        let gained = now.duration_since(bucket.at).as_secs_f64() * bucket.per_second;
        bucket.tokens = (bucket.tokens + gained).min(capacity);
        bucket.at = now;
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn key() -> Key {
        let scope = Scope {
            account_id: "1".to_owned(),
            region: "us-east-1".to_owned(),
        };
        Key {
            scope,
            group: "g".to_owned(),
            resource: String::new(),
        }
    }

    #[test]
    fn a_bucket_refills_up_to_its_burst() {
        let rate = Rate {
            per_second: 10.0,
            burst: Some(20.0),
            per: RateScope::Account,
            group: None,
        };
        let mut buckets = Buckets::default();
        let start = Instant::now();
        buckets.refill(&key(), &rate, start);
        buckets.0.get_mut(&key()).unwrap().tokens = 0.0;

        buckets.refill(&key(), &rate, start + Duration::from_millis(500));
        assert!((buckets.0[&key()].tokens - 5.0).abs() < 1e-6);

        buckets.refill(&key(), &rate, start + Duration::from_mins(1));
        assert!((buckets.0[&key()].tokens - 20.0).abs() < 1e-6);
    }
}
