//! What runs in the browser.

mod copy;
mod dom;
mod late_cells;
mod leaving;
mod live_form;
mod live_job;
mod live_log;
mod live_tags;
mod local_time;
mod picks;
mod post;

pub use copy::Copy;
pub use late_cells::LateCells;
pub use leaving::ask_before_leaving;
pub use live_form::{LiveField, LiveForm};
pub use live_job::LiveJob;
pub use live_log::LiveLog;
pub use live_tags::{Change, LiveTags, changes};
pub use local_time::local_times;
pub use picks::follow_picks;
