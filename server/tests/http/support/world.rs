//! A console with an AppInstance in it, in front of an Admin.

use domain::Role;

use super::{Browser, TestApp};

/// The console, whose emulator a test can steer.
pub struct World {
    pub app: TestApp,
    pub browser: Browser,
    /// The page of the AppInstance.
    pub instance: String,
}

impl World {
    pub async fn start() -> Self {
        let app = TestApp::start_with(&["--emulator-control"]).await;
        let (_, browser) = app.sign_in(Role::Admin).await;
        let instance = browser.make_instance("Support").await;
        Self {
            app,
            browser,
            instance,
        }
    }

    /// The address of a page below that of the AppInstance.
    pub fn page(&self, name: &str) -> String {
        format!("{}/{name}", self.instance)
    }

    /// Makes a user, and answers the path of its page.
    pub async fn make_user(&self, id: &str, name: &str) -> String {
        self.browser.make_user(&self.instance, id, name).await
    }

    /// Makes a user with an endpoint, and answers the paths of their pages.
    pub async fn make_user_with_endpoint(&self, id: &str, name: &str) -> (String, String) {
        let user = self.make_user(id, name).await;
        let endpoint = self.browser.make_endpoint(&user, "Phone", "token-1").await;
        (user, endpoint)
    }

    /// Makes a bot, and answers the path of its page.
    pub async fn make_bot(&self, changes: &[(&str, &str)]) -> String {
        self.browser.make_bot(&self.instance, changes).await
    }
}
