//! File descriptors: each connection, each file of the database and each call of AWS takes one. The
//! usual soft limit, 1,024, is for programs that do not know better.

use rlimit::{Resource, increase_nofile_limit};

/// More descriptors than the limits of the console can use.
const WANTED: u64 = 16 * 1024;
/// The number that is assumed where the system cannot be asked.
const USUAL: u64 = 1024;

/// Raises the soft limit as far as the system allows without further rights, and tells how many
/// there are. Call this before the first connection.
pub fn raise() -> usize {
    let raised = increase_nofile_limit(WANTED);
    let now = raised.or_else(|_| Resource::NOFILE.get_soft());
    let now = now.unwrap_or(USUAL);
    if now < WANTED {
        tracing::info!(
            now,
            wanted = WANTED,
            "there are few file descriptors, so there will be fewer connections"
        );
    }
    usize::try_from(now).unwrap_or(usize::MAX)
}
