//! Whether another of its kind is left when one goes: the last admin, the last endpoint.

use backend::{Listing, Trail, read_on};
use domain::Failure;
use domain::consequence::Remaining;

/// How many calls finding another may take.
const CALLS: u32 = 5;

/// The warning before one goes: `last` when it is the last, `unread` when nobody can tell. None when another
/// is left.
pub async fn warning<T, F>(
    fetch: impl Fn(Option<String>) -> F,
    is_other: impl Fn(&T) -> bool,
    last: &'static str,
    unread: &'static str,
) -> Option<&'static str>
where
    F: Future<Output = Result<Listing<T>, Failure>>,
{
    match remaining(fetch, is_other).await {
        Remaining::Others => None,
        Remaining::None => Some(last),
        Remaining::Unknown => Some(unread),
    }
}

/// What is left, from a list of which `fetch` reads a page. Pages of two rows are enough to know, unless
/// AWS answers some without any.
async fn remaining<T, F>(
    fetch: impl Fn(Option<String>) -> F,
    is_other: impl Fn(&T) -> bool,
) -> Remaining
where
    F: Future<Output = Result<Listing<T>, Failure>>,
{
    let (mut token, mut seen) = (None, Trail::default());
    // That more may follow does not say that another does.
    for _ in 0..CALLS {
        let Ok(rows) = read_on(&fetch, token, seen, CALLS).await else {
            return Remaining::Unknown;
        };
        match rows.next {
            _ if rows.items.iter().any(&is_other) => return Remaining::Others,
            Some(next) => (token, seen) = (Some(next.0), next.1),
            None if rows.looped => return Remaining::Unknown,
            None => return Remaining::None,
        }
    }
    Remaining::Unknown
}

#[cfg(test)]
mod tests {
    use std::future::ready;

    use domain::Cause;

    use super::*;

    type Page = (&'static [&'static str], Option<&'static str>);

    /// What is left beside `a`, in a list of these pages; the token of one is the number of the next.
    async fn beside_a(pages: &[Page]) -> Remaining {
        let fetch = |token: Option<String>| {
            let at = token.map_or(0, |token| token.parse().unwrap());
            let page = pages.get(at).map(|(items, next)| Listing {
                items: items.to_vec(),
                next_token: next.map(str::to_owned),
            });
            ready(page.ok_or_else(|| Cause::Throttled.into()))
        };
        remaining(fetch, |one: &&str| *one != "a").await
    }

    #[tokio::test]
    async fn the_last_is_the_only_one_in_a_list_that_ends() {
        assert_eq!(beside_a(&[(&["a"], None)]).await, Remaining::None);
        assert_eq!(beside_a(&[(&[], None)]).await, Remaining::None);
        assert_eq!(beside_a(&[(&["b", "a"], None)]).await, Remaining::Others);
        // When `a` itself is not in the list, the others stay.
        assert_eq!(beside_a(&[(&["b"], None)]).await, Remaining::Others);
    }

    #[tokio::test]
    async fn that_more_may_follow_says_nothing() {
        fn then(last: Page) -> [Page; 3] {
            [(&["a"], Some("1")), (&[], Some("2")), last]
        }
        assert_eq!(beside_a(&then((&["b"], None))).await, Remaining::Others);
        assert_eq!(beside_a(&then((&[], None))).await, Remaining::None);
        assert_eq!(beside_a(&then((&[], Some("1")))).await, Remaining::Unknown);
        assert_eq!(beside_a(&[(&["a"], Some("9"))]).await, Remaining::Unknown);
    }
}
