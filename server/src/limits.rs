//! How much of the server a client may take.

use std::num::NonZeroU32;
use std::time::Duration;

/// Bounds on connections and requests.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How long a client may take to send the headers of a request, the first one or a later one;
    /// also how long it may take to agree on encryption.
    pub headers: Duration,
    /// How long a client may take to send the whole body of a request.
    pub body: Duration,
    /// How long an answer may be in the making: longer than a call to AWS takes with its retries.
    pub answer: Duration,
    /// How long a client may take nothing of an answer.
    pub stall: Duration,
    /// How long requests in flight may take when the server stops.
    pub drain: Duration,
    /// The most connections at once. A browser holds up to six.
    pub connections: usize,
    /// The most pages and functions at once. More are told to come back.
    pub in_flight: usize,
    /// Tries to sign in, to set up and to use a link that an address has in a minute.
    pub sign_ins: NonZeroU32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            headers: Duration::from_secs(10),
            body: Duration::from_secs(30),
            answer: Duration::from_secs(35),
            stall: Duration::from_secs(45),
            drain: Duration::from_secs(10),
            connections: 4096,
            in_flight: 512,
            sign_ins: NonZeroU32::MIN.saturating_add(9),
        }
    }
}
