//! An app that makes one-time codes, and setting it up through the pages.

use domain::Timestamp;
use totp_rs::{Builder, Secret, Totp};

use super::{Answer, Browser};

/// The app.
pub struct Phone(Totp);

impl Phone {
    /// An app that read the key from the page that shows it.
    pub fn reading(page: &Answer) -> Self {
        let (_, rest) = page.text().split_once("secret=").unwrap();
        let secret = rest.split(['&', '"']).next().unwrap();
        let secret = Secret::try_from_base32(secret).unwrap();
        Self(Builder::new().with_secret(secret).build().unwrap())
    }

    /// The code that it shows.
    pub fn code(&self, at: Timestamp) -> String {
        let seconds = u64::try_from(at.0 / 1000).unwrap();
        self.0.generate(seconds).to_string()
    }

    /// The code that it shows next, which is taken already.
    pub fn next_code(&self, at: Timestamp) -> String {
        self.code(Timestamp(at.0 + 30_000))
    }

    /// A code that is neither of them.
    pub fn wrong_code(&self, at: Timestamp) -> String {
        let right = [-30_000, 0, 30_000].map(|away| self.code(Timestamp(at.0 + away)));
        let mut codes = (0..4).map(|digit| digit.to_string().repeat(6));
        codes.find(|code| !right.contains(code)).unwrap()
    }
}

impl Browser {
    /// The name of the person who is signed in, as their account page says.
    pub async fn username(&self) -> String {
        let account = self.read("/account").await;
        let (_, rest) = account.split_once(" Username ").unwrap();
        rest.split(' ').next().unwrap().to_owned()
    }

    /// Has the key made, and reads it.
    pub async fn begin_authenticator(&self) -> Phone {
        let begun = self.post("/api/account/authenticator/begin", &[("page", "/account")]);
        let page = begun.await.location().to_owned();
        Phone::reading(&self.get(&page).await)
    }

    /// Confirms the key with a code, and reads the recovery codes.
    pub async fn confirm_authenticator(&self, code: &str) -> Vec<String> {
        let fields = [("page", "/account/authenticator"), ("code", code)];
        let confirmed = self.post("/api/account/authenticator/confirm", &fields);
        let page = confirmed.await.location().to_owned();
        recovery_codes(&self.get(&page).await)
    }

    /// Both, at a time.
    pub async fn set_up_authenticator(&self, at: Timestamp) -> (Phone, Vec<String>) {
        let phone = self.begin_authenticator().await;
        let codes = self.confirm_authenticator(&phone.code(at)).await;
        assert_eq!(codes.len(), 10);
        (phone, codes)
    }
}

/// The recovery codes that a page shows.
pub fn recovery_codes(page: &Answer) -> Vec<String> {
    let items = page.text().split("<li><code>").skip(1);
    items
        .map(|item| item.split('<').next().unwrap().to_owned())
        .collect()
}
