//! What operators ticked in lists, on whatever page, until they do something with it.
//!
//! It is in the memory of this process, for an hour after the last change. What a row is, and whether it is of
//! the list, is for who calls.

use std::collections::BTreeSet;

use domain::Failure;

use crate::access::OperatorId;
use crate::clock::Clock;
use crate::handover::{Handover, Ticked};

/// The most rows that somebody can have ticked in one list.
pub const MOST_TICKED: usize = 10_000;

/// The selections of all operators. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Selections(Handover<Ticked>);

impl Selections {
    pub(crate) fn new(clock: Clock) -> Self {
        Self(Handover::ticks(clock))
    }

    /// What somebody ticked in a list.
    pub async fn of(&self, owner: &OperatorId, list: &str) -> Result<BTreeSet<String>, Failure> {
        let held = self.0.get(owner.as_str(), &key(owner, list)).await?;
        Ok(held.map(|ticked| ticked.0).unwrap_or_default())
    }

    /// Takes over what a page of a list has ticked: of the rows that it shows these, and no others. Answers how
    /// many did not fit.
    pub async fn keep(
        &self,
        owner: &OperatorId,
        list: &str,
        shown: &[String],
        ticked: Vec<String>,
    ) -> Result<usize, Failure> {
        let change = |held: &mut Ticked| {
            for id in shown {
                held.0.remove(id);
            }
            let mut left = 0;
            for id in ticked {
                if held.0.len() < MOST_TICKED {
                    held.0.insert(id);
                } else if !held.0.contains(&id) {
                    left += 1;
                }
            }
            left
        };
        self.0
            .change(owner.as_str(), key(owner, list), change)
            .await
    }

    /// Forgets what somebody ticked in a list.
    pub async fn clear(&self, owner: &OperatorId, list: &str) -> Result<(), Failure> {
        let taken = self.0.take(owner.as_str(), &key(owner, list)).await;
        taken.map(drop)
    }
}

/// Lists are the same for all, and what they ticked is their own.
fn key(owner: &OperatorId, list: &str) -> String {
    format!("{} {list}", owner.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owner(id: &str) -> OperatorId {
        OperatorId::from(id.to_owned())
    }

    fn texts(ids: &[&str]) -> Vec<String> {
        ids.iter().map(|id| (*id).to_owned()).collect()
    }

    #[tokio::test]
    async fn pages_add_up_and_what_a_page_unticks_goes() {
        let (all, ada) = (Selections::new(Clock::system()), owner("ada"));
        let page = texts(&["a", "b"]);
        all.keep(&ada, "users", &page, page.clone()).await.unwrap();
        let next = texts(&["c"]);
        all.keep(&ada, "users", &next, next.clone()).await.unwrap();
        all.keep(&ada, "users", &page, texts(&["b"])).await.unwrap();

        let held = all.of(&ada, "users").await.unwrap();

        assert_eq!(held.into_iter().collect::<Vec<_>>(), ["b", "c"]);
        assert_eq!(all.of(&ada, "bots").await.unwrap().len(), 0);
        assert_eq!(all.of(&owner("bo"), "users").await.unwrap().len(), 0);
        all.clear(&ada, "users").await.unwrap();
        assert_eq!(all.of(&ada, "users").await.unwrap().len(), 0);
    }

    #[tokio::test]
    async fn no_more_than_the_most_are_kept_and_the_rest_is_counted() {
        let (all, ada) = (Selections::new(Clock::system()), owner("ada"));
        let many: Vec<_> = (0..MOST_TICKED + 3).map(|n| n.to_string()).collect();

        let left = all.keep(&ada, "users", &[], many).await.unwrap();

        assert_eq!(left, 3);
        assert_eq!(all.of(&ada, "users").await.unwrap().len(), MOST_TICKED);
    }
}
