//! Bringing many users, admins or endpoints into an AppInstance from a file.
//!
//! What a file may have and what a row means is `domain::import`.

pub mod file;
mod make;
mod rows;

pub use file::{Heading, Limits, Reader};
pub use make::{Import, ImportProblem};
pub use rows::RowsOfFile;
