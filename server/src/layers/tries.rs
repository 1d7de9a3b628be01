//! A bound on how often an address tries to get in: by password, by the set-up link, by an
//! invitation. In front of the delays of each account, which a guesser of many accounts never meets.
//!
//! In memory: it starts anew with the process, while the delays of accounts are kept.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use backend::ClientNetwork;
use domain::Cause;
use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota};

use super::client::network_of;
use crate::answer::refuse;
use crate::forms::WAYS_IN;

/// After so many tries those that no longer count are forgotten.
const CLEANING: u32 = 1024;

/// The tries of all addresses. Cheap to clone.
#[derive(Clone)]
pub(super) struct Tries(Arc<Inner>);

struct Inner {
    limiter: DefaultKeyedRateLimiter<ClientNetwork>,
    since_cleaning: AtomicU32,
}

impl Tries {
    pub(super) fn new(a_minute: NonZeroU32) -> Self {
        Self(Arc::new(Inner {
            limiter: DefaultKeyedRateLimiter::keyed(Quota::per_minute(a_minute)),
            since_cleaning: AtomicU32::new(0),
        }))
    }

    /// Counts a try, or tells how long to wait.
    fn count(&self, client: ClientNetwork) -> Result<(), Duration> {
        let Inner {
            limiter,
            since_cleaning,
        } = &*self.0;
        if since_cleaning.fetch_add(1, Ordering::Relaxed) >= CLEANING {
            since_cleaning.store(0, Ordering::Relaxed);
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
        limiter
            .check_key(&client)
            .map_err(|refused| refused.wait_time_from(DefaultClock::default().now()))
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

    fn client(address: IpAddr) -> ClientNetwork {
        ClientNetwork::of(Some(address))
    }

    #[test]
    fn an_address_has_its_own_tries_and_an_ipv6_network_is_one() {
        let tries = Tries::new(NonZeroU32::MIN.saturating_add(1));
        let count = |text: &str| tries.count(client(text.parse().unwrap()));
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
        assert!(wait <= Duration::from_secs(30), "{wait:?}");
    }

    #[test]
    fn addresses_that_no_longer_count_are_forgotten() {
        // A try that is made up for within a nanosecond.
        let tries = Tries::new(NonZeroU32::MAX);
        for address in 0..CLEANING * 4 {
            assert!(tries.count(client(IpAddr::V4(address.into()))).is_ok());
        }

        assert!(tries.0.limiter.len() <= CLEANING as usize + 1);
    }
}
