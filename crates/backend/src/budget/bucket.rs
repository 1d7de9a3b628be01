//! One rate of one thing: a bucket that everybody takes from, and the lane of jobs before it.

use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::rate::Line;
use governor::clock::Clock;
use governor::middleware::NoOpMiddleware;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter};
use tokio::time::Instant;

/// The share of a rate that jobs never take.
const LEFT_TO_PAGES: f64 = 0.2;
/// A 429 makes the lane so much of what it was.
const LESS: f64 = 0.5;
/// A quiet time gives so much of the whole lane back.
const MORE: f64 = 0.1;
/// How long nothing may be throttled before the lane gets wider again.
const QUIET: Duration = Duration::from_secs(10);
/// The narrowest lane: it still finds out when it is over.
const LEAST: f64 = 0.05;
/// Calls that are under way at the same time tell of the same moment: one of their 429s counts.
const SAME_MOMENT: Duration = Duration::from_secs(1);

type Limiter = RateLimiter<NotKeyed, InMemoryState, Time, NoOpMiddleware<Duration>>;

/// The time of tokio, so that tests can hold it.
#[derive(Clone, Debug)]
struct Time(Instant);

impl Clock for Time {
    type Instant = Duration;

    fn now(&self) -> Duration {
        self.0.elapsed()
    }
}

/// A limiter that holds what comes in so many seconds.
fn limiter(per_second: f64, seconds: f64) -> Limiter {
    let each = Duration::from_secs_f64(1.0 / per_second);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "rates are from 0.005 to 100,000"
    )]
    let burst = (per_second * seconds).max(1.0) as u32;
    let burst = NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN);
    // Only a period of zero has no quota.
    let quota = Quota::with_period(each).unwrap_or(Quota::per_second(burst));
    RateLimiter::direct_with_clock(quota.allow_burst(burst), Time(Instant::now()))
}

/// A bucket of one line.
pub(super) struct Bucket {
    pub(super) line: &'static Line,
    pub(super) rate: f64,
    all: Limiter,
    /// Calls that pages made although there were none. Jobs wait for these too.
    owed: AtomicU32,
    lane: Mutex<JobLane>,
    /// Jobs wait in turn.
    turn: tokio::sync::Mutex<()>,
    used: Mutex<Instant>,
}

/// What jobs may take.
struct JobLane {
    limiter: Arc<Limiter>,
    /// How much of the whole lane is left: 1 when AWS is content.
    share: f64,
    /// When AWS last asked for fewer calls.
    throttled: Option<Instant>,
    /// When the share last changed.
    changed: Instant,
}

/// How wide the lane is.
pub(super) struct Lowered {
    /// Calls a second.
    pub(super) present: f64,
    /// How long ago AWS asked for fewer; nothing when the lane is whole.
    pub(super) since: Option<Duration>,
}

impl Bucket {
    pub(super) fn new(line: &'static Line, rate: f64) -> Self {
        let now = Instant::now();
        Self {
            line,
            rate,
            all: limiter(rate, 1.0),
            owed: AtomicU32::new(0),
            lane: Mutex::new(JobLane {
                limiter: Arc::new(lane(rate, 1.0)),
                share: 1.0,
                throttled: None,
                changed: now,
            }),
            turn: tokio::sync::Mutex::new(()),
            used: Mutex::new(now),
        }
    }

    /// Takes one call, and goes on when there is none: the SDK repeats what AWS refuses.
    pub(super) fn take_at_once(&self) {
        if self.all.check().is_err() {
            self.owed.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Waits for a call that a job may make.
    pub(super) async fn wait(&self) {
        let _turn = self.turn.lock().await;
        loop {
            // The lane may get narrower while this waits.
            let lane = self.with(|lane| Arc::clone(&lane.limiter));
            if granted(&lane).await {
                break;
            }
        }
        while self.owes() {
            while !granted(&self.all).await {}
        }
        while !granted(&self.all).await {}
    }

    /// Whether pages owe a call, which is then paid. What is older than a second AWS has forgotten.
    fn owes(&self) -> bool {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "rates are from 0.1 to 100,000"
        )]
        let most = self.rate.max(1.0) as u32;
        let paid = |owed: u32| owed.min(most).checked_sub(1);
        let order = Ordering::Relaxed;
        self.owed.fetch_update(order, order, paid).is_ok()
    }

    /// Makes the lane narrower, since AWS answered 429.
    pub(super) fn lower(&self) {
        self.with(|lane| {
            let now = Instant::now();
            let last = lane.throttled.replace(now);
            if last.is_none_or(|last| now - last >= SAME_MOMENT) {
                lane.set((lane.share * LESS).max(LEAST), self.rate, now);
            }
        });
    }

    /// How wide the lane is now.
    pub(super) fn present(&self) -> Lowered {
        self.with(|lane| Lowered {
            present: whole(self.rate) * lane.share,
            since: lane
                .throttled
                .filter(|_| lane.share < 1.0)
                .map(|at| at.elapsed()),
        })
    }

    pub(super) fn used(&self, now: Instant) {
        *self.used.lock().unwrap_or_else(PoisonError::into_inner) = now;
    }

    pub(super) fn idle(&self, now: Instant) -> Duration {
        now - *self.used.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Works on the lane, as wide as it is by now.
    fn with<T>(&self, work: impl FnOnce(&mut JobLane) -> T) -> T {
        let mut lane = self.lane.lock().unwrap_or_else(PoisonError::into_inner);
        lane.recover(self.rate);
        work(&mut lane)
    }
}

impl JobLane {
    /// Gives back what quiet times have earned.
    fn recover(&mut self, rate: f64) {
        let now = Instant::now();
        let mut share = self.share;
        let mut changed = self.changed;
        while share < 1.0 && now - changed >= QUIET {
            share = (share + MORE).min(1.0);
            changed += QUIET;
        }
        if changed != self.changed {
            self.set(share, rate, changed);
        }
    }

    fn set(&mut self, share: f64, rate: f64, now: Instant) {
        self.limiter = Arc::new(lane(rate, share));
        self.share = share;
        self.changed = now;
    }
}

/// Calls a second of a lane that nothing made narrower.
fn whole(rate: f64) -> f64 {
    rate * (1.0 - LEFT_TO_PAGES)
}

/// A lane holds little: what it let go by at once, AWS would see at once.
fn lane(rate: f64, share: f64) -> Limiter {
    limiter(whole(rate) * share, 0.1)
}

/// Whether there was a call to take; otherwise waits until there may be one.
async fn granted(limiter: &Limiter) -> bool {
    match limiter.check() {
        Ok(()) => true,
        Err(not_until) => {
            let wait = not_until.wait_time_from(limiter.clock().now());
            // A whole millisecond: tokio's timer knows no shorter one.
            tokio::time::sleep(wait.max(Duration::from_millis(1))).await;
            false
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::rate::LINES;

    use super::*;

    fn bucket() -> Bucket {
        Bucket::new(&LINES[1], 10.0)
    }

    async fn calls(bucket: &Bucket, seconds: u64) -> usize {
        let end = Instant::now() + Duration::from_secs(seconds);
        let mut calls = 0;
        loop {
            bucket.wait().await;
            if Instant::now() >= end {
                return calls;
            }
            calls += 1;
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_job_takes_four_fifths_and_no_burst() {
        let made = calls(&bucket(), 100).await;
        assert!((795..=801).contains(&made), "{made}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_job_gets_what_pages_leave_and_a_page_never_waits() {
        let bucket = Arc::new(bucket());
        let pages = Arc::clone(&bucket);
        let began = Instant::now();
        tokio::spawn(async move {
            loop {
                let before = Instant::now();
                pages.take_at_once();
                assert_eq!(before, Instant::now());
                // Five calls a second of pages.
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        });
        let made = calls(&bucket, 60).await;
        assert_eq!(began.elapsed().as_secs(), 60);
        // The bucket held a second's worth when it began.
        assert!((295..=315).contains(&made), "{made}");
    }

    #[tokio::test(start_paused = true)]
    async fn each_moment_of_throttling_halves_the_lane_and_quiet_widens_it() {
        let bucket = bucket();
        let present = || bucket.present().present;
        for _ in 0..5 {
            bucket.lower();
        }
        assert!((present() - 4.0).abs() < 0.01);
        tokio::time::sleep(Duration::from_secs(2)).await;
        bucket.lower();
        assert!((present() - 2.0).abs() < 0.01);
        assert_eq!(bucket.present().since, Some(Duration::ZERO));
        tokio::time::sleep(Duration::from_secs(10)).await;
        assert!((present() - 2.8).abs() < 0.01);
        tokio::time::sleep(Duration::from_mins(2)).await;
        assert!((present() - 8.0).abs() < 0.01);
        assert_eq!(bucket.present().since, None);
    }

    #[tokio::test(start_paused = true)]
    async fn the_lane_never_closes() {
        let bucket = bucket();
        for _ in 0..20 {
            bucket.lower();
            tokio::time::sleep(Duration::from_secs(2)).await;
        }
        assert!((bucket.present().present - 0.4).abs() < 0.01);
        bucket.wait().await;
    }
}
