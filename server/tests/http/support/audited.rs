//! What the audit of a console holds.

use backend::{AuditFilter, Entry};

use super::TestApp;

impl TestApp {
    /// The newest entries, the newest first.
    pub async fn newest_entries(&self, most: u32) -> Vec<Entry> {
        self.newest_that_match(&AuditFilter::default(), most).await
    }

    /// The newest entries of one operation.
    pub async fn newest_entries_of(&self, operation: &str, most: u32) -> Vec<Entry> {
        let filter = AuditFilter {
            operation: Some(operation.to_owned()),
            ..AuditFilter::default()
        };
        self.newest_that_match(&filter, most).await
    }

    async fn newest_that_match(&self, filter: &AuditFilter, most: u32) -> Vec<Entry> {
        let audit = self.backend.audit().whole();
        audit.recent(filter, None, most).await.unwrap()
    }
}
