//! Selections: rows that are ticked in a list, on whatever page, and what is planned for all of them at once.
//!
//! Everything works without JavaScript: the ticks belong to the form of the bar above the list, and the server
//! keeps what was ticked on other pages (`backend::Selections`). The form of a plan is a page of `selected`, and
//! what becomes of the plan is the page of its job.

mod action;
mod again;
mod bar;
mod keep;
mod list;
mod of;
mod plan;

pub use action::Action;
pub use again::OF_JOB;
pub use bar::Bulk;
pub use list::List;
pub use of::Of;
