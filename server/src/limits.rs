//! How much of the server a client may take.

use std::num::NonZeroU32;
use std::time::Duration;

use backend::import::Limits as FileLimits;

/// A bound on something that clients take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bound {
    /// The most that all clients hold together.
    pub all: usize,
    /// The most that one client holds: an IPv4 address, or a /64 network of IPv6.
    pub each: usize,
}

impl Bound {
    /// A quarter of all to each client, but at least one.
    pub const fn quartered(all: usize) -> Self {
        let each = all.div_ceil(4);
        Self { all, each }
    }
}

/// Bounds on connections and requests.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How long a client may take to send the headers of a request, the first one or a later one;
    /// also how long it may take to agree on encryption.
    pub headers: Duration,
    /// How long a client that sends a session cookie may take to send the whole body of a request.
    pub body: Duration,
    /// How long a client without a session cookie may take for that.
    pub body_of_nobody: Duration,
    /// The most bodies that are being read at once.
    pub bodies: Bound,
    /// The most bytes of bodies that are being read at once.
    pub body_bytes: Bound,
    /// How long a file that is imported may take to arrive, and to be answered.
    pub upload: Duration,
    /// The most files that are received at once.
    pub uploads: Bound,
    /// How much of a file that is imported is taken.
    pub file: FileLimits,
    /// How long an answer may be in the making once the request is there: longer than a call to AWS
    /// takes with its retries (30 s) and what the database may take before and after it (6 s each,
    /// for the session, the row and the outcome), so that a call tells itself how it ended. Shorter
    /// than the minute after which proxies give up.
    pub answer: Duration,
    /// How long a client may go without reading any of its answer.
    pub stall: Duration,
    /// How long requests in flight may take when the server stops.
    pub drain: Duration,
    /// The most connections at once. A browser holds up to six. A trusted proxy has no share of its
    /// own, since it stands for many.
    pub connections: Bound,
    /// The most pages and functions at once. More are told to come back.
    pub in_flight: Bound,
    /// The most pages and functions at once that may wait for a provider.
    pub at_providers: Bound,
    /// How many tries to sign in, to set up and to use a link an address has in a minute.
    pub sign_ins: NonZeroU32,
}

impl Limits {
    /// The usual limits, or lower ones when there are few file descriptors: half of them are for
    /// connections and an eighth for requests in flight, each of which may hold two more for its
    /// call. The rest is for the database, providers and files.
    pub fn within(descriptors: usize) -> Self {
        let usual = Self::default();
        let at_most = |bound: Bound, most: usize| Bound::quartered(bound.all.min(most.max(1)));
        Self {
            connections: at_most(usual.connections, descriptors / 2),
            in_flight: at_most(usual.in_flight, descriptors / 8),
            at_providers: at_most(usual.at_providers, descriptors / 32),
            ..usual
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            headers: Duration::from_secs(10),
            body: Duration::from_secs(30),
            body_of_nobody: Duration::from_secs(10),
            bodies: Bound::quartered(256),
            body_bytes: Bound::quartered(32 * 1024 * 1024),
            upload: Duration::from_mins(15),
            uploads: Bound::quartered(8),
            file: FileLimits::default(),
            answer: Duration::from_secs(50),
            stall: Duration::from_secs(45),
            drain: Duration::from_secs(10),
            connections: Bound::quartered(4096),
            in_flight: Bound::quartered(512),
            at_providers: Bound::quartered(64),
            sign_ins: NonZeroU32::MIN.saturating_add(9),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_descriptors_mean_fewer_of_everything_that_takes_one() {
        let Limits {
            connections,
            in_flight,
            at_providers,
            ..
        } = Limits::within(1024);
        assert_eq!((connections.all, connections.each), (512, 128));
        assert_eq!((in_flight.all, in_flight.each), (128, 32));
        assert_eq!((at_providers.all, at_providers.each), (32, 8));
        assert!(connections.all + 2 * in_flight.all + at_providers.all < 1024);

        let usual = Limits::default();
        assert_eq!(Limits::within(16 * 1024).connections, usual.connections);
        assert_eq!(Limits::within(16 * 1024).in_flight, usual.in_flight);
        assert_eq!(Limits::within(0).connections.each, 1);
    }
}
