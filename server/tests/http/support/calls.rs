//! What the dashboard asked of AWS.

use std::collections::BTreeMap;

use axum::http::Method;
use emulator::Emulator;

use super::{Browser, TestApp};

/// How often each operation was called; needs the control plane.
pub async fn calls_so_far(emulator: &Emulator) -> BTreeMap<String, u64> {
    let emulator = Browser::new(emulator.address());
    let answer = emulator.send(Method::GET, "/_emulator/stats", &[], "");
    let stats: serde_json::Value = serde_json::from_slice(&answer.await.body).unwrap();
    let operations = stats["operations"].as_object().unwrap();
    let count = |(name, counts): (&String, &serde_json::Value)| {
        (name.clone(), counts["requests"].as_u64().unwrap())
    };
    operations.iter().map(count).collect()
}

impl TestApp {
    /// How often each operation was called; needs `--emulator-control`.
    pub async fn calls(&self) -> BTreeMap<String, u64> {
        calls_so_far(self.emulator.as_ref().unwrap()).await
    }

    /// The calls that opening a page makes.
    pub async fn calls_of(&self, browser: &Browser, path: &str) -> BTreeMap<String, u64> {
        let before = self.calls().await;
        browser.get(path).await;
        let mut after = self.calls().await;
        for (operation, count) in &mut after {
            *count -= before.get(operation).copied().unwrap_or_default();
        }
        after.retain(|_, count| *count > 0);
        after
    }
}
