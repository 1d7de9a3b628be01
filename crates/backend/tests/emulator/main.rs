//! Every operation through `Backend::call`, signed and over loopback, against the emulator.

#![expect(
    clippy::unwrap_used,
    reason = "a test that panics has failed, which is what it should do"
)]

mod commands;
mod faults;
mod instances;
mod jobs;
mod members;
mod world;
