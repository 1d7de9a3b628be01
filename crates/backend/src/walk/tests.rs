//! Every row is reached once, no list looks empty while it has rows, and nothing loops.

use std::cell::Cell;
use std::collections::HashSet;
use std::future::{Ready, ready};

use domain::Cause;
use proptest::prelude::*;

use super::*;

/// A list: for each page its rows, and the page that its token leads to, if it has one.
#[derive(Clone, Debug)]
struct Model(Vec<(Vec<u32>, Option<usize>)>);

impl Model {
    /// The page that a token leads to; tokens are `t0`, `t1`, ….
    fn page(&self, token: Option<&str>) -> &(Vec<u32>, Option<usize>) {
        let at = token.map_or(0, |token| token[1..].parse::<usize>().unwrap());
        &self.0[at % self.0.len()]
    }

    fn answer(&self, token: Option<&str>) -> Ready<Result<Listing<u32>, Failure>> {
        let (items, next) = self.page(token).clone();
        ready(Ok(Listing {
            items,
            next_token: next.map(|next| format!("t{next}")),
        }))
    }

    /// The rows of each page that can be reached, and whether the last leads back.
    fn reachable(&self) -> (Vec<u32>, bool) {
        let (mut rows, mut used, mut token) = (Vec::new(), HashSet::new(), None);
        loop {
            let (items, next) = self.page(token.as_deref());
            rows.extend(items);
            match next {
                None => return (rows, false),
                Some(next) if !used.insert(*next) => return (rows, true),
                Some(next) => token = Some(format!("t{next}")),
            }
        }
    }
}

fn models() -> impl Strategy<Value = Model> {
    let rows = prop_oneof![2 => Just(Vec::new()), 3 => prop::collection::vec(0_u32..9, 0..4)];
    let token = prop_oneof![
        4 => any::<prop::sample::Index>().prop_map(Some),
        1 => Just(None),
    ];
    prop::collection::vec((rows, token), 1..12).prop_map(|pages| {
        let count = pages.len();
        let one = |(at, (rows, token)): (usize, (Vec<u32>, Option<prop::sample::Index>))| {
            // Mostly forward, as lists are; sometimes to any page there is.
            let next = token.map(|to| match to.index(4) {
                0 => to.index(count),
                _ => at + 1,
            });
            let next = next.filter(|next| *next < count);
            (rows, next)
        };
        Model(pages.into_iter().enumerate().map(one).collect())
    })
}

/// Goes on from page to page, as somebody who follows "Next" does.
async fn follow(model: &Model, calls: u32) -> (Vec<u32>, bool, usize) {
    let (mut rows, mut token, mut seen, mut pages) = (Vec::new(), None, Trail::default(), 0);
    loop {
        pages += 1;
        let fetch = |token: Option<String>| model.answer(token.as_deref());
        let read = read_on(fetch, token, seen, calls).await.unwrap();
        rows.extend(read.items);
        match read.next {
            None => return (rows, read.looped, pages),
            Some(next) => (token, seen) = (Some(next.0), next.1),
        }
    }
}

fn run<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime.unwrap().block_on(work)
}

proptest! {
    #[test]
    fn every_row_is_reached_once_and_nothing_loops(model in models(), calls in 1_u32..6) {
        let (rows, looped) = model.reachable();

        let (read, told, pages) = run(follow(&model, calls));

        prop_assert_eq!(read, rows);
        prop_assert_eq!(told, looped);
        prop_assert!(pages <= model.0.len() + 1);
    }

    #[test]
    fn a_list_is_empty_only_when_nothing_can_follow(model in models(), calls in 1_u32..6) {
        let (rows, looped) = model.reachable();
        let fetch = |token: Option<String>| model.answer(token.as_deref());

        let first = run(read_on(fetch, None, Trail::default(), calls)).unwrap();

        if first.items.is_empty() && first.next.is_none() {
            prop_assert!(rows.is_empty());
            prop_assert_eq!(first.looped, looped);
        }
    }

    #[test]
    fn no_more_calls_are_made_than_are_allowed(model in models(), calls in 1_u32..6) {
        let made = Cell::new(0);
        let fetch = |token: Option<String>| {
            made.set(made.get() + 1);
            model.answer(token.as_deref())
        };

        run(read_on(fetch, None, Trail::default(), calls)).unwrap();

        prop_assert!(made.get() <= calls);
    }
}

#[test]
fn a_token_that_expired_on_the_way_ends_the_reading_with_its_failure() {
    let fetch = |token: Option<String>| async move {
        match token {
            None => Ok(Listing {
                items: Vec::<u32>::new(),
                next_token: Some("t1".to_owned()),
            }),
            Some(_) => Err(Failure::from(Cause::StaleCursor)),
        }
    };
    let read = run(read_on(fetch, None, Trail::default(), 5));
    assert_eq!(read.unwrap_err().cause, Cause::StaleCursor);
}

#[test]
fn a_trail_of_a_million_tokens_is_dropped() {
    let trail = (0..1_000_000).fold(Trail::default(), |trail, at| trail.with(&at.to_string()));
    assert!(trail.has("0") && !trail.has("x"));
    drop(trail);
}
