//! The clock that stamps and expires resources; a test may move it, and no further than to the end of the year 9999.
//!
//! Signatures are checked against the real time: a moved clock must not lock every client out.

use std::{
    sync::atomic::{AtomicI64, Ordering},
    time::{SystemTime, UNIX_EPOCH},
};

use serde::{Serialize, Serializer};

/// System time plus an offset.
#[derive(Debug, Default)]
pub(crate) struct Clock {
    offset_ms: AtomicI64,
}

impl Clock {
    pub(crate) fn now(&self) -> Timestamp {
        Timestamp::at(system_ms().saturating_add(self.offset_ms.load(Ordering::Relaxed)))
    }

    pub(crate) fn offset_seconds(&self) -> i64 {
        self.offset_ms.load(Ordering::Relaxed) / 1000
    }

    pub(crate) fn set_offset_seconds(&self, seconds: i64) {
        self.offset_ms
            .store(seconds.saturating_mul(1000), Ordering::Relaxed);
    }
}

/// The real time, for signatures.
#[expect(
    clippy::disallowed_methods,
    reason = "this is the clock that the others are told to use"
)]
pub(crate) fn system_time() -> SystemTime {
    SystemTime::now()
}

fn system_ms() -> i64 {
    let elapsed = system_time().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(elapsed.as_millis()).unwrap_or(i64::MAX)
}

/// Milliseconds since the Unix epoch, written as epoch **seconds** with at most three decimals.
///
/// restJson1 body timestamps are seconds; the "epoch milliseconds" of the AWS reference is the precision. A
/// millisecond integer would be read as the year 55840 (model: shape `Timestamp`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, sqlx_macros::Type)]
#[sqlx(transparent)]
pub(crate) struct Timestamp(pub(crate) i64);

impl Timestamp {
    /// The last millisecond of the year 9999, which is as far as clients can read.
    const LAST: i64 = 253_402_300_799_999;

    /// A time, or the nearest that can be told.
    pub(crate) fn at(ms: i64) -> Self {
        Self(ms.clamp(0, Self::LAST))
    }

    pub(crate) fn plus_days(self, days: i64) -> Self {
        Self::at(self.0.saturating_add(days.saturating_mul(86_400_000)))
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0 % 1000 == 0 {
            return serializer.serialize_i64(self.0 / 1000);
        }
        #[expect(
            clippy::cast_precision_loss,
            reason = "exact below 2^53 ms, the year 287396"
        )]
        serializer.serialize_f64(self.0 as f64 / 1000.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timestamp_is_written_in_seconds_with_at_most_three_decimals() {
        for (ms, text) in [
            (1_700_000_000_123, "1700000000.123"),
            (1_700_000_000_100, "1700000000.1"),
            (1_700_000_000_000, "1700000000"),
            (1_999_999_999_999, "1999999999.999"),
        ] {
            assert_eq!(serde_json::to_string(&Timestamp(ms)).unwrap(), text);
        }
    }

    #[test]
    fn no_time_is_outside_of_what_can_be_told() {
        let clock = Clock::default();
        for (offset, expected) in [(i64::MAX, Timestamp::LAST), (i64::MIN, 0)] {
            clock.set_offset_seconds(offset);
            assert_eq!(clock.now(), Timestamp(expected));
        }
        assert_eq!(
            Timestamp(Timestamp::LAST).plus_days(i64::MAX).0,
            Timestamp::LAST
        );
        assert_eq!(Timestamp(0).plus_days(-1).0, 0);
    }

    #[test]
    fn the_clock_moves_by_its_offset() {
        let clock = Clock::default();
        let before = clock.now();

        clock.set_offset_seconds(86_400);

        assert!(clock.now() >= before.plus_days(1));
        assert_eq!(clock.offset_seconds(), 86_400);
    }
}
