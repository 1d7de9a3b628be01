//! How many calls a second are left, for one account and Region.
//!
//! Each line of `domain::rate` has a bucket for each thing that it counts. A page takes from it at
//! once, and never waits. A job takes from its lane first: four fifths of the rate, less after AWS
//! answered 429, more again when it was quiet. Then it waits for what pages left in the bucket.

mod bucket;

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::arn::ResourceArn;
use domain::rate::{Line, Per, Rates, lines_of};
use domain::{Operation, Scope};
use metrics::gauge;
use tokio::time::Instant;

use crate::measure::JOB_RATE;
use bucket::{Bucket, Lowered};

/// Beyond this many buckets, those that nobody used for [`IDLE`] are dropped: they are full.
const MANY: usize = 10_000;
/// A bucket that was not used for so long is full.
const IDLE: Duration = Duration::from_mins(2);

/// Who makes a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lane {
    /// Somebody who waits for a page.
    Page,
    /// A job.
    Job,
}

/// The budget of one connection. Cheap to clone.
#[derive(Clone)]
pub struct Budget(Arc<Inner>);

struct Inner {
    rates: Rates,
    buckets: Mutex<HashMap<Key, Arc<Bucket>>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Key {
    scope: Scope,
    line: &'static str,
    /// The ARN of what is counted; empty for the account.
    of: String,
}

/// How fast a job may go, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Pace {
    /// The line that allows the least.
    pub line: &'static Line,
    /// Calls a second of the whole line, as published or given.
    pub rate: f64,
    /// Calls a second that are a job's.
    pub present: f64,
    /// How long ago AWS last asked for fewer, while the pace is lowered for it.
    pub lowered: Option<Duration>,
}

impl Budget {
    pub(crate) fn new(rates: Rates) -> Self {
        Self(Arc::new(Inner {
            rates,
            buckets: Mutex::default(),
        }))
    }

    /// Takes what one call costs. A job waits until it may; a page never does.
    pub(crate) async fn take(
        &self,
        lane: Lane,
        scope: &Scope,
        operation: Operation,
        resource: Option<&ResourceArn>,
    ) {
        for bucket in self.of(scope, operation, resource) {
            match lane {
                Lane::Page => bucket.take_at_once(),
                Lane::Job => bucket.wait().await,
            }
        }
    }

    /// Notes that AWS answered a call with 429. It does not tell which rate was exceeded; the
    /// operation's own is the narrower one.
    pub(crate) fn throttled(
        &self,
        scope: &Scope,
        operation: Operation,
        resource: Option<&ResourceArn>,
    ) {
        if let Some(bucket) = self.of(scope, operation, resource).first() {
            bucket.lower();
            show(scope, bucket);
        }
    }

    /// How fast a job may make calls of an operation; `None` where nothing limits it.
    pub fn pace(
        &self,
        scope: &Scope,
        operation: Operation,
        resource: Option<&ResourceArn>,
    ) -> Option<Pace> {
        let buckets = self.of(scope, operation, resource).into_iter();
        let paces = buckets.map(|bucket| {
            let Lowered { present, since } = bucket.present();
            show(scope, &bucket);
            Pace {
                line: bucket.line,
                rate: bucket.rate,
                present,
                lowered: since,
            }
        });
        paces.min_by(|a, b| a.present.total_cmp(&b.present))
    }

    /// The buckets that a call counts in, the narrowest first. None for a line without a limit.
    fn of(
        &self,
        scope: &Scope,
        operation: Operation,
        resource: Option<&ResourceArn>,
    ) -> Vec<Arc<Bucket>> {
        let limited = |line| Some((line, self.0.rates.of(line)?));
        let lines: Vec<_> = lines_of(operation).filter_map(limited).collect();
        if lines.is_empty() {
            return Vec::new();
        }
        let now = Instant::now();
        let buckets = &self.0.buckets;
        let mut buckets = buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() > MANY {
            buckets.retain(|_, bucket| bucket.idle(now) < IDLE);
        }
        let keyed = lines.into_iter().map(|(line, rate)| {
            let key = Key {
                scope: scope.clone(),
                line: line.name,
                of: counted(line.per, resource),
            };
            let bucket = buckets.entry(key);
            let bucket = bucket.or_insert_with(|| Arc::new(Bucket::new(line, rate)));
            bucket.used(now);
            Arc::clone(bucket)
        });
        keyed.collect()
    }
}

/// Tells the metrics. Lines of AppInstances and users are told together: names are no labels.
fn show(scope: &Scope, bucket: &Bucket) {
    let labels = [
        ("connection", scope.connection.to_string()),
        ("region", scope.region.to_string()),
        ("line", bucket.line.name.to_owned()),
    ];
    gauge!(JOB_RATE, &labels).set(bucket.present().present);
}

/// The ARN of what a line counts.
fn counted(per: Per, resource: Option<&ResourceArn>) -> String {
    match (per, resource) {
        (Per::Account, _) | (_, None) => String::new(),
        (Per::AppInstance, Some(arn)) => arn.instance().to_string(),
        (Per::User, Some(arn)) => arn.to_string(),
    }
}

impl fmt::Debug for Budget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Budget").field(&self.0.rates).finish()
    }
}
