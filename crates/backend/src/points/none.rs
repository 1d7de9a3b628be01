//! No points: a program that is not for tests stops nowhere.

use super::Point;

/// Nothing.
#[derive(Clone, Debug, Default)]
pub struct Points(());

impl Points {
    /// Goes on at once.
    #[expect(clippy::unused_async, reason = "as where a test can hold it")]
    pub async fn reach(&self, _: Point) {}
}
