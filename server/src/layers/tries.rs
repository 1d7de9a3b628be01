//! A bound on how often an address tries to get in: by password, by the set-up link, by an
//! invitation. In front of the delays of each account, which a guesser of many accounts never meets.
//!
//! In memory: it starts anew with the process, while the delays of accounts are kept.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use domain::Cause;
use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota};

use crate::answer::refuse;
use crate::forms::WAYS_IN;

/// After so many tries those that no longer count are forgotten.
const CLEANING: u32 = 1024;

/// The tries of all addresses. Cheap to clone.
#[derive(Clone)]
pub(super) struct Tries(Arc<Inner>);

struct Inner {
    limiter: DefaultKeyedRateLimiter<IpAddr>,
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
    fn count(&self, address: IpAddr) -> Result<(), Duration> {
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
            .check_key(&network(address))
            .map_err(|refused| refused.wait_time_from(DefaultClock::default().now()))
    }
}

pub(super) async fn refuse_too_many(
    State(tries): State<Tries>,
    request: Request,
    next: Next,
) -> Response {
    let is_try = request.method() == Method::POST && WAYS_IN.contains(&request.uri().path());
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let address = peer.map_or(IpAddr::V6(Ipv6Addr::UNSPECIFIED), |ConnectInfo(peer)| {
        peer.ip()
    });
    let wait = match is_try.then(|| tries.count(address)) {
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

/// The address, or for IPv6 its /64 network: whoever has one of it has all.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => address.into(),
        IpAddr::V6(address) => {
            Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX)).into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_its_own_tries_and_an_ipv6_network_is_one() {
        let tries = Tries::new(NonZeroU32::MIN.saturating_add(1));
        let count = |text: &str| tries.count(text.parse().unwrap());
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
            assert!(tries.count(IpAddr::V4(address.into())).is_ok());
        }

        assert!(tries.0.limiter.len() <= CLEANING as usize + 1);
    }
}
