//! Reads the parts of a page at the same time, each within a time of its own. A part without an
//! answer then costs its own place on the page and no more. For reads only: a part that takes too
//! long is dropped.

use std::time::Duration;

use domain::{Cause, Failure, Region};
use futures_util::future::join_all;

/// How long a part of a page may take.
pub const PATIENCE: Duration = Duration::from_secs(5);

/// A part of a page, unless it takes too long.
pub async fn in_time<T>(read: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    within(PATIENCE, read).await
}

/// The same for each of some Regions, in their order.
pub async fn of_each<T, F>(
    regions: impl IntoIterator<Item = Region>,
    read: impl Fn(Region) -> F,
) -> Vec<(Region, Result<T, Failure>)>
where
    F: Future<Output = Result<T, Failure>>,
{
    each_within(PATIENCE, regions, read).await
}

async fn within<T>(
    patience: Duration,
    read: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    let read = tokio::time::timeout(patience, read).await;
    read.unwrap_or_else(|_late| Err(Cause::TookTooLong.into()))
}

async fn each_within<T, F>(
    patience: Duration,
    regions: impl IntoIterator<Item = Region>,
    read: impl Fn(Region) -> F,
) -> Vec<(Region, Result<T, Failure>)>
where
    F: Future<Output = Result<T, Failure>>,
{
    let reads = regions.into_iter().map(|region| {
        // The futures of the SDK are large, and would be part of each page's.
        let read = Box::pin(within(patience, read(region)));
        async move { (region, read.await) }
    });
    join_all(reads).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_part_that_is_not_answered_costs_its_own_place_only() {
        let read = |region| async move {
            match region {
                Region::UsEast1 => std::future::pending().await,
                Region::EuCentral1 => Ok("read"),
            }
        };
        let regions = [Region::UsEast1, Region::EuCentral1];

        let found = each_within(Duration::ZERO, regions, read).await;

        let late = Failure::from(Cause::TookTooLong);
        let expected = [
            (Region::UsEast1, Err(late)),
            (Region::EuCentral1, Ok("read")),
        ];
        assert_eq!(found, expected);
    }

    #[tokio::test]
    async fn a_part_that_fails_is_told_as_it_failed() {
        let refused = async { Err::<(), _>(Cause::Forbidden.into()) };
        let failure = within(Duration::ZERO, refused).await.unwrap_err();
        assert_eq!(failure.cause, Cause::Forbidden);
    }
}
