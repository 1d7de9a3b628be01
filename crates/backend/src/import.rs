//! Bringing many users, admins or endpoints into an AppInstance from a file.
//!
//! What a file may have and what a row means is `domain::import`.

pub mod file;
mod kept;
mod make;
mod parts;
mod plan;
mod purge;
mod receive;
mod rights;
mod rows;

use std::sync::Arc;

pub use file::{Heading, Limits, Reader};
pub use kept::Kept;
pub use make::{Import, ImportProblem};
pub use plan::Checked;
pub use receive::{Received, Receiving, Upload};
pub use rights::may_import;
pub use rows::RowsOfFile;

use crate::audit::Audit;
use crate::background::Background;
use crate::clock::Clock;
use crate::jobs::Jobs;
use crate::store::Store;

/// Files that were uploaded and are not a job yet. Each belongs to the operator who uploaded it, and
/// nobody else sees it. Cheap to clone.
#[derive(Clone)]
pub struct Imports(Arc<Inner>);

struct Inner {
    store: Store,
    clock: Clock,
    jobs: Jobs,
    audit: Audit,
    background: Background,
}

impl Imports {
    pub(crate) fn new(
        (store, clock): (Store, Clock),
        jobs: Jobs,
        audit: Audit,
        background: Background,
    ) -> Self {
        Self(Arc::new(Inner {
            store,
            clock,
            jobs,
            audit,
            background,
        }))
    }
}
