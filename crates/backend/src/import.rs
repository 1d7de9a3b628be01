//! Bringing many users, admins or endpoints into an AppInstance from a file.
//!
//! What a file may have and what a row means is `domain::import`.

pub mod file;

pub use file::{Heading, Limits, Reader};
