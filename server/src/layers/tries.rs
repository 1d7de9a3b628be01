//! A bound on how often an address tries to get in: by password, by the set-up link, by an
//! invitation. It stands before the delays of each account, which somebody who guesses at many
//! accounts never meets.
//!
//! In memory: it starts anew with the process, while the delays of accounts are kept.

use std::collections::{HashMap, VecDeque};
use std::mem;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::extract::{Request, State};
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use backend::ClientNetwork;
use domain::Cause;

use super::client::network_of;
use crate::answer::refuse;
use crate::forms::WAYS_IN;

/// How long a try counts.
const WINDOW: Duration = Duration::from_mins(1);
/// How many addresses each of the two halves holds. Somebody with more addresses than that can try
/// again from some of them; the limits of accounts bound that too.
const ADDRESSES: usize = 16_384;

/// The tries of all addresses. Cheap to clone.
#[derive(Clone)]
pub(super) struct Tries(Arc<Inner>);

struct Inner {
    a_minute: usize,
    /// A clock that nobody sets back.
    started: Instant,
    held: Mutex<Held>,
}

/// When each address tried, as long as a try counts. Addresses that did not try for a while are
/// forgotten together with the older half, which costs less than to look for them.
#[derive(Default)]
struct Held {
    since: Duration,
    newer: HashMap<ClientNetwork, VecDeque<Duration>>,
    older: HashMap<ClientNetwork, VecDeque<Duration>>,
}

impl Tries {
    pub(super) fn new(a_minute: NonZeroU32) -> Self {
        Self(Arc::new(Inner {
            a_minute: usize::try_from(a_minute.get()).unwrap_or(usize::MAX),
            started: Instant::now(),
            held: Mutex::default(),
        }))
    }

    /// Counts a try, or tells how long to wait.
    fn count(&self, client: ClientNetwork) -> Result<(), Duration> {
        self.count_at(client, self.0.started.elapsed())
    }

    fn count_at(&self, client: ClientNetwork, now: Duration) -> Result<(), Duration> {
        let mut held = self.0.held.lock().unwrap_or_else(PoisonError::into_inner);
        let tries = held.of(client, now);
        while tries.front().is_some_and(|at| now >= *at + WINDOW) {
            tries.pop_front();
        }
        match tries.front() {
            Some(first) if tries.len() >= self.0.a_minute => {
                Err((*first + WINDOW).saturating_sub(now))
            }
            _ => {
                tries.push_back(now);
                Ok(())
            }
        }
    }
}

impl Held {
    /// The tries of a client.
    fn of(&mut self, client: ClientNetwork, now: Duration) -> &mut VecDeque<Duration> {
        let is_full = self.newer.len() >= ADDRESSES && !self.newer.contains_key(&client);
        if is_full || now >= self.since + WINDOW {
            self.since = now;
            self.older = mem::take(&mut self.newer);
        }
        let before = self.older.remove(&client);
        self.newer
            .entry(client)
            .or_insert_with(|| before.unwrap_or_default())
    }
}

pub(super) async fn refuse_too_many(
    State(tries): State<Tries>,
    request: Request,
    next: Next,
) -> Response {
    let is_try = request.method() == Method::POST && WAYS_IN.contains(&request.uri().path());
    let client = network_of(request.extensions());
    let wait = match is_try.then(|| tries.count(client)) {
        None | Some(Ok(())) => return next.run(request).await,
        Some(Err(wait)) => wait,
    };
    let seconds = u32::try_from(wait.as_secs())
        .unwrap_or(u32::MAX)
        .saturating_add(1);
    let cause = Cause::SlowDown(seconds);
    let mut response = refuse(StatusCode::TOO_MANY_REQUESTS, cause);
    response
        .headers_mut()
        .insert(header::RETRY_AFTER, seconds.into());
    response
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use super::*;

    fn client(address: impl Into<IpAddr>) -> ClientNetwork {
        ClientNetwork::of(Some(address.into()))
    }

    #[test]
    fn an_address_has_its_own_tries_and_an_ipv6_network_is_one() {
        let tries = Tries::new(NonZeroU32::MIN.saturating_add(1));
        let count = |text: &str| tries.count(client(text.parse::<IpAddr>().unwrap()));
        for (address, is_let) in [
            ("192.0.2.1", true),
            ("192.0.2.1", true),
            ("192.0.2.1", false),
            ("::ffff:192.0.2.1", false),
            ("192.0.2.2", true),
            ("2001:db8:1:2::1", true),
            ("2001:db8:1:2:ffff::2", true),
            ("2001:db8:1:2::3", false),
            ("2001:db8:1:3::1", true),
        ] {
            assert_eq!(count(address).is_ok(), is_let, "{address}");
        }
        let wait = count("192.0.2.1").unwrap_err();
        assert!(wait <= WINDOW, "{wait:?}");
    }

    #[test]
    fn ten_a_minute_are_never_more_than_ten_in_sixty_seconds() {
        let tries = Tries::new(NonZeroU32::MIN.saturating_add(9));
        let address = client([192, 0, 2, 1]);
        let mut taken = Vec::new();
        // Ten at once, then one each quarter of a second for five minutes.
        let all = (0..10).map(|_| 0).chain((0..1200).map(|n| n * 250));
        for at in all.map(Duration::from_millis) {
            if tries.count_at(address, at).is_ok() {
                taken.push(at);
            }
        }

        for from in &taken {
            let within = taken
                .iter()
                .filter(|at| *at >= from && **at < *from + WINDOW);
            assert!(within.count() <= 10, "from {from:?}");
        }
        assert_eq!(taken.len(), 50, "ten in each of five minutes");
    }

    #[test]
    fn whoever_is_told_to_wait_is_let_in_after_that_and_not_before() {
        let tries = Tries::new(NonZeroU32::MIN);
        let address = client([192, 0, 2, 1]);
        let at = Duration::from_secs;
        assert_eq!(tries.count_at(address, at(5)), Ok(()));
        let wait = tries.count_at(address, at(25)).unwrap_err();
        assert_eq!(wait, at(40));
        let almost = at(65).saturating_sub(Duration::from_nanos(1));
        assert!(tries.count_at(address, almost).is_err());
        assert_eq!(tries.count_at(address, at(25) + wait), Ok(()));
    }

    #[test]
    fn tries_of_many_addresses_take_a_bounded_memory() {
        let tries = Tries::new(NonZeroU32::MIN);
        let first = client([0, 0, 0, 0]);
        for address in 0..u32::try_from(ADDRESSES).unwrap() * 3 {
            let at = Duration::from_millis(address.into());
            assert!(tries.count_at(client(address.to_be_bytes()), at).is_ok());
            // Who goes on trying is not forgotten.
            assert!(tries.count_at(first, at).is_err());
        }

        let held = tries.0.held.lock().unwrap();
        assert!(held.newer.len() + held.older.len() <= ADDRESSES * 2);
    }
}
