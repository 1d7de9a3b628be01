//! The deadlines for what a client sends.

use std::time::Duration;

/// How long a client may take to send the headers of its first request.
const FIRST_HEAD: Duration = Duration::from_secs(10);
/// The same for later ones. Longer than SDKs keep a connection that they do not use: a call by one that is closed here
/// at the same moment would have no outcome.
const NEXT_HEAD: Duration = Duration::from_mins(2);
/// How long a client may take to send a body.
const BODY: Duration = Duration::from_secs(30);

/// How long a client may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadlines {
    /// To send the headers of its first request.
    pub first_head: Duration,
    /// To send those of a later one.
    pub next_head: Duration,
    /// To send a body.
    pub body: Duration,
}

impl Default for Deadlines {
    fn default() -> Self {
        Self {
            first_head: FIRST_HEAD,
            next_head: NEXT_HEAD,
            body: BODY,
        }
    }
}
