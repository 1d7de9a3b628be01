//! How soon somebody who tries common passwords, names and patterns finds a new password.
//!
//! A crafted text can keep this busy for seconds, so no more than its beginning is read, and the
//! work has turns of its own: signing in never waits for it.

use domain::Failure;

use super::turns::{Turns, work};

/// The most characters that are read of a password. A password whose first 64 are not guessed is
/// not guessed at all.
const READ: usize = 64;
/// How many may wait for the one that is measured.
const WAITING: usize = 8;

/// Measures new passwords, one at a time.
#[derive(Debug)]
pub(in crate::accounts) struct Strength(Turns);

impl Strength {
    pub(in crate::accounts) fn new() -> Self {
        Self(Turns::new(1, WAITING))
    }

    /// Whether it is found soon. A hundred guesses a day are let through per account; what takes a
    /// hundred million lasts for a while against a copy of the hash, too.
    pub(super) async fn is_guessable(
        &self,
        password: &str,
        username: &str,
    ) -> Result<bool, Failure> {
        let _place = self.0.place()?;
        let turn = self.0.turn().await?;
        let password: String = password.chars().take(READ).collect();
        let username = username.to_owned();
        let known = move || {
            let estimate = zxcvbn::zxcvbn(&password, &[&username, "carillon"]);
            estimate.score() < zxcvbn::Score::Three
        };
        work(turn, known).await
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use domain::Cause;

    use super::*;

    /// Signs that stand for letters, as many as are read: nothing takes longer to measure.
    fn crafted() -> String {
        "4@8({[<3691!|0$5+7%2".repeat(12)
    }

    #[tokio::test]
    async fn whoever_knows_the_username_guesses_a_password_made_of_it() {
        let strength = Strength::new();
        let guessable = async |username| strength.is_guessable("Z0rv@ndell7", username).await;
        assert_eq!(guessable("zorvandell").await, Ok(true));
        assert_eq!(guessable("ada").await, Ok(false));
    }

    #[tokio::test]
    async fn the_worst_password_is_measured_soon_and_a_flood_of_it_is_refused() {
        let strength = Strength::new();
        let crafted = crafted();
        // The words are read from their lists at the first.
        strength.is_guessable("first", "ada").await.unwrap();

        let began = Instant::now();
        let flood = (0..WAITING * 4).map(|_| strength.is_guessable(&crafted, "ada"));
        let flood = futures_util::future::join_all(flood).await;
        let took = began.elapsed();

        let refused = |one: &&Result<bool, Failure>| matches!(one, Err(failure) if matches!(failure.cause, Cause::SlowDown(_)));
        assert_eq!(flood.iter().filter(refused).count(), WAITING * 3 - 1);
        assert!(took < Duration::from_mins(1), "{took:?}");
    }
}
