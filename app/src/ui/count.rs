//! Counting what a list has: page by page, since AWS gives no totals, up to a limit of calls, and on from
//! there when somebody asks for it.

use std::time::{Duration, Instant};

use backend::{Counted, Listing, Request as AwsRequest, Trail, read_on};
use domain::consequence::{Count, grouped};
use domain::{Operation, Region};
use leptos::prelude::*;

use crate::request::Request;
use crate::ui::parts::small_icon;

/// Rows of one call.
const ROWS: u32 = 50;
/// The most calls that counting on may take each time it is asked for.
const CALLS_ON: u32 = 40;
/// Calls a second that AWS allows for a list (AWS General Reference, Chime SDK quotas).
const RATE: u32 = 10;
/// How long one page may count.
const PATIENCE: Duration = Duration::from_secs(15);
/// The owner of the states of counting. Anyone who has the id of one may use it, since they count
/// with their own rights.
const COUNTERS: &str = "counters";

/// A list to count.
pub struct Counting<'a> {
    /// The request that is answered.
    pub request: &'a Request,
    /// The Region that is asked.
    pub region: Region,
    /// The ARN that it is the list of.
    pub parent: &'a str,
    /// The value of the address that says where counting goes on.
    pub name: &'static str,
    /// The most calls at first.
    pub calls: u32,
}

/// How many there are, and how to count on when that is not all.
pub struct Total {
    /// What was counted: a number, a lower bound, or unknown.
    pub count: Count,
    on: Option<On>,
}

/// Where counting goes on.
struct On {
    name: &'static str,
    id: String,
    found: u32,
    operation: Operation,
}

impl Counting<'_> {
    /// Counts: from where the address says that it stopped, else from the first.
    pub async fn count<I, T>(&self, input: impl Fn(u32, Option<String>) -> I) -> Total
    where
        I: AwsRequest<Output = Listing<T>>,
        T: Send + 'static,
    {
        let (mut found, mut token, mut seen, mut left) = match self.stopped::<I>().await {
            Some(state) => (state.found, Some(state.token), state.seen, CALLS_ON),
            None => (0, None, Trail::default(), self.calls),
        };
        let begun = Instant::now();
        let fetch = |token| self.request.call(input(ROWS, token));
        loop {
            let (before, trail) = (token.clone(), seen.clone());
            let Ok(rows) = read_on(fetch, token, seen, 1).await else {
                // What was counted is not lost: it goes on from the call that failed.
                let on = match before {
                    Some(token) => self.hold::<I>(found, token, trail).await,
                    None => None,
                };
                return Total {
                    count: Count::Unknown,
                    on,
                };
            };
            found += u32::try_from(rows.items.len()).unwrap_or(u32::MAX);
            left -= 1;
            let count = match rows.next {
                // A page that AWS leads back to is not counted twice. How many rows AWS left out is
                // not known.
                None if rows.looped => Count::Unknown,
                None => Count::Exactly(found),
                Some((next, trail)) if left == 0 || begun.elapsed() > PATIENCE => {
                    let on = self.hold::<I>(found, next, trail).await;
                    let count = Count::MoreThan(found);
                    return Total { count, on };
                }
                Some((next, trail)) => {
                    (token, seen) = (Some(next), trail);
                    continue;
                }
            };
            return Total { count, on: None };
        }
    }

    async fn stopped<I: AwsRequest>(&self) -> Option<Counted> {
        let id = self.request.query(self.name)?;
        let counts = self.request.backend().counts();
        let state = counts.get(COUNTERS, &id).await.ok().flatten()?;
        let is_ours = state.operation == I::OPERATION
            && state.parent == self.parent
            && state.scope == self.request.scope_in(self.region);
        is_ours.then_some(state)
    }

    async fn hold<I: AwsRequest>(&self, found: u32, token: String, seen: Trail) -> Option<On> {
        let payer = self.request.caller().ok()?.operator.to_string();
        let state = Counted {
            operation: I::OPERATION,
            parent: self.parent.to_owned(),
            scope: self.request.scope_in(self.region),
            found,
            token,
            seen,
        };
        let counts = self.request.backend().counts();
        Some(On {
            name: self.name,
            id: counts.put_for(&payer, COUNTERS, state).await.ok()?,
            found,
            operation: I::OPERATION,
        })
    }
}

impl Total {
    /// The number for a table.
    pub fn words(&self) -> String {
        match (&self.on, self.count) {
            (Some(on), Count::Unknown) => format!("{} so far", grouped(on.found)),
            (None, Count::Unknown) => "could not count".to_owned(),
            (_, count) => count.text(),
        }
    }
}

/// What counting on costs, and the way to do it, for each list that has more.
pub fn count_on(request: &Request, totals: &[(&'static str, &Total)]) -> Option<AnyView> {
    let each = |(what, total): &(&'static str, &Total)| {
        let on = total.on.as_ref()?;
        let to = request.with_query(&[(on.name, &on.id)]);
        Some(view! {
            <p class="consequence-foot">
                {small_icon("refresh")}
                <span>{cost(what, on)} " " <a href=to>{format!("Count {what} on")}</a></span>
            </p>
        })
    };
    let offered: Vec<_> = totals.iter().filter_map(each).collect();
    (!offered.is_empty()).then(|| offered.collect_view().into_any())
}

fn cost(what: &str, on: &On) -> String {
    format!(
        "{} {what} are counted. Counting on takes up to {CALLS_ON} calls of {}, {ROWS} each: {} more in \
         about {} seconds, at the {RATE} calls a second that AWS allows by default.",
        grouped(on.found),
        on.operation,
        grouped(CALLS_ON * ROWS),
        CALLS_ON / RATE,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_counting_on_costs_is_told() {
        let on = On {
            name: "users",
            id: "1".to_owned(),
            found: 12_500,
            operation: Operation::ListAppInstanceUsers,
        };
        let words = cost("users", &on);
        assert!(words.starts_with("12,500 users are counted."), "{words}");
        assert!(
            words.contains("40 calls of ListAppInstanceUsers"),
            "{words}"
        );
        assert!(words.contains("2,000 more in about 4 seconds"), "{words}");
        let total = Total {
            count: Count::Unknown,
            on: Some(on),
        };
        assert_eq!(total.words(), "12,500 so far");
    }
}
