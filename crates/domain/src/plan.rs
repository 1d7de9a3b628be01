//! What is wanted of a resource, and what that takes: the calls, the values that they replace, or
//! why nothing is to be done. Pure, so that a plan and the run of it decide the same.

mod bring_back;
mod change;
mod decide;
mod present;
mod why;

pub use crate::import::Expires;
pub use bring_back::bring_back;
pub use change::{Change, Reads, Subject};
pub use decide::{Decision, Warning, decide};
pub use present::{Described, Present};
pub use why::Why;
