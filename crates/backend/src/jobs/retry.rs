//! When a row is tried again.

use std::time::Duration;

use domain::Cause;
use rand::Rng as _;

/// How often a call is sent while others get through. A row that fails by chance each second time
/// fails so often once in thirty thousand rows.
pub(super) const MOST_ATTEMPTS: i64 = 15;
/// The wait before the second try is shorter than this, and each further one may be twice as long.
const FIRST: Duration = Duration::from_millis(200);
/// No wait is longer.
const LONGEST: Duration = Duration::from_secs(20);
/// How long a batch waits when nothing gets through: AWS is asked twice a second, and no more.
pub(super) const PROBE: Duration = Duration::from_millis(500);
/// So many calls in a row that failed for no fault of theirs: nothing gets through.
pub(super) const TROUBLE: u32 = 20;
/// So many forbidden calls in a row: the AWS credentials may not do it at all.
pub(super) const FORBIDDEN: u32 = 20;

/// Whether a row is tried again after such a failure: its values are not at fault.
pub(super) const fn is_passing(cause: &Cause) -> bool {
    matches!(
        cause,
        Cause::Throttled
            | Cause::NotConnected(_)
            | Cause::AwsUnavailable
            | Cause::OutcomeUnknown
            | Cause::TookTooLong
            | Cause::Busy
            | Cause::StoreUnavailable
    )
}

/// How long to wait before a call is sent again: any time up to a bound, so that rows that failed
/// together do not come back together.
pub(super) fn pause(attempts: i64) -> Duration {
    let doubled = u32::try_from(attempts.clamp(1, 10) - 1).unwrap_or(0);
    let bound = (FIRST * 2_u32.pow(doubled)).min(LONGEST);
    rand::rng().random_range(Duration::ZERO..=bound)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_get_longer_and_never_longer_than_the_longest() {
        for attempts in [0, 1, 2, 5, 9, 100] {
            let longest = (0..500).map(|_| pause(attempts)).max().unwrap();
            assert!(longest <= LONGEST);
            if attempts > 8 {
                assert!(longest > Duration::from_secs(10));
            }
            if attempts <= 1 {
                assert!(longest <= FIRST);
            }
        }
    }
}
