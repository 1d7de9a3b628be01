//! The emulator as programs meet it: raw HTTP over loopback, signed here and not by an SDK.

#![expect(
    clippy::unwrap_used,
    reason = "a test that panics has failed, which is what it should do"
)]

mod bodies;
mod clock;
mod cors;
mod create_user;
mod digest;
mod faults;
mod framing;
mod latency;
mod presigned;
mod recovery;
mod session_token;
mod spoiled;
mod statistics;
mod wire;
