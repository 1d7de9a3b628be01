//! How long calls wait before they are served.

use std::{f64::consts::TAU, time::Duration};

use serde::{Deserialize, Serialize};

/// How many standard deviations the 99th percentile of a normal distribution is above its median.
const P99: f64 = 2.326_347_874_040_841;

/// A time in milliseconds, or how such times are spread.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    untagged,
    deny_unknown_fields,
    expecting = "latency_ms must be a number, {min, max} or {median, p99}"
)]
pub enum Latency {
    /// The same for every call.
    Fixed(u32),
    /// Every time between the two is as likely.
    Uniform {
        /// The shortest time.
        min: u32,
        /// The longest time.
        max: u32,
    },
    /// Log-normal, which is how services are slow: most calls near the median, a few much longer.
    LogNormal {
        /// Half of the calls wait no longer.
        median: u32,
        /// 99 of 100 calls wait no longer.
        p99: u32,
    },
}

impl Default for Latency {
    fn default() -> Self {
        Self::Fixed(0)
    }
}

impl Latency {
    pub(crate) fn check(self) -> Result<(), String> {
        match self {
            Self::Uniform { min, max } if min > max => {
                Err("min of latency_ms must not be above max".to_owned())
            }
            Self::LogNormal { median, p99 } if median == 0 || median > p99 => {
                Err("median of latency_ms must be positive and not above p99".to_owned())
            }
            _ => Ok(()),
        }
    }

    /// The time of one call; `roll` gives numbers from 0 to less than 1.
    pub(crate) fn of_call(self, mut roll: impl FnMut() -> f64) -> Duration {
        let milliseconds = match self {
            Self::Fixed(time) => f64::from(time),
            Self::Uniform { min, max } => f64::from(min) + f64::from(max - min) * roll(),
            Self::LogNormal { median, p99 } => {
                let (median, p99) = (f64::from(median), f64::from(p99));
                // Two even numbers make a normal one (Box and Muller).
                let normal = (-2.0 * (1.0 - roll()).ln()).sqrt() * (TAU * roll()).cos();
                median * (p99 / median).powf(normal / P99)
            }
        };
        // The tail has no end, and a time that is too long for `Duration` would panic.
        Duration::from_secs_f64(milliseconds.min(f64::from(u32::MAX)) / 1000.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::Chance;

    fn sorted(latency: Latency) -> Vec<u128> {
        let mut chance = Chance::new(Some(1));
        let time = |_| latency.of_call(|| chance.roll()).as_millis();
        let mut times: Vec<u128> = (0..10_000).map(time).collect();
        times.sort_unstable();
        times
    }

    #[test]
    fn uniform_times_fill_their_range_and_nothing_beyond() {
        let times = sorted(Latency::Uniform { min: 100, max: 300 });

        assert!((100..105).contains(&times[0]), "{}", times[0]);
        assert!((195..205).contains(&times[5_000]), "{}", times[5_000]);
        assert!((295..300).contains(&times[9_999]), "{}", times[9_999]);
    }

    #[test]
    fn log_normal_times_have_the_median_and_percentile_that_were_asked_for() {
        let times = sorted(Latency::LogNormal {
            median: 100,
            p99: 2_000,
        });

        assert!((95..105).contains(&times[5_000]), "{}", times[5_000]);
        assert!((1_700..2_300).contains(&times[9_900]), "{}", times[9_900]);
    }

    #[test]
    fn the_longest_time_can_be_waited_for() {
        let widest = Latency::LogNormal {
            median: 1,
            p99: u32::MAX,
        };

        // The largest number that there is below 1, and then a cosine of 1.
        let mut rolls = [1.0 - f64::EPSILON / 2.0, 0.0].into_iter();
        let time = widest.of_call(|| rolls.next().unwrap());

        assert_eq!(time, Duration::from_millis(u64::from(u32::MAX)));
    }
}
