//! Hashing of passwords: argon2id, off the threads that serve requests, at most two at a time and a
//! bounded number waiting, so that a flood of sign-ins cannot take the machine.

use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use domain::{Cause, Failure};
use metrics::{counter, gauge};
use tokio::sync::Semaphore;

use crate::measure::{HASHES_REFUSED, HASHES_WAITING};

/// OWASP's minimum: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;

/// How many are hashed at a time. One takes 19 MiB and about 30 ms.
const AT_ONCE: usize = 2;
/// How many may wait for that.
const WAITING: usize = 32;
/// Seconds after which those that found no place may come back.
const COME_BACK: u32 = 2;

/// Hashes and verifies.
#[derive(Debug)]
pub(super) struct Hasher {
    /// For those that wait and those that work.
    places: Semaphore,
    turns: Arc<Semaphore>,
    /// Verified against when nobody has the name, so that the time is the same.
    nobody: String,
}

/// What verifying found.
#[derive(Clone, Copy, Debug)]
pub(super) struct Checked {
    pub(super) is_right: bool,
    /// It was hashed with less work than is asked for now.
    pub(super) is_weak: bool,
}

impl Hasher {
    pub(super) fn new() -> Self {
        let nobody = hash_now(&crate::random::secret()).unwrap_or_default();
        Self {
            places: Semaphore::new(WAITING + AT_ONCE),
            turns: Arc::new(Semaphore::new(AT_ONCE)),
            nobody,
        }
    }

    pub(super) async fn hash(&self, password: &str) -> Result<String, Failure> {
        let password = password.to_owned();
        self.work(move || hash_now(&password)).await?
    }

    pub(super) async fn verify(
        &self,
        password: &str,
        hash: Option<String>,
    ) -> Result<Checked, Failure> {
        let is_known = hash.is_some();
        let hash = hash.unwrap_or_else(|| self.nobody.clone());
        let password = password.to_owned();
        let (is_right, is_weak) = self.work(move || verify_now(&password, &hash)).await?;
        Ok(Checked {
            is_right: is_right && is_known,
            is_weak,
        })
    }

    /// Whether somebody who tries common passwords, names and patterns finds it soon. A hundred
    /// guesses a day are let through per account, so what takes a million lasts.
    pub(super) async fn is_guessable(
        &self,
        password: &str,
        username: &str,
    ) -> Result<bool, Failure> {
        let (password, username) = (password.to_owned(), username.to_owned());
        let known = move || {
            let estimate = zxcvbn::zxcvbn(&password, &[&username, "carillon"]);
            estimate.score() < zxcvbn::Score::Two
        };
        self.work(known).await
    }

    async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Failure> {
        let Ok(_place) = self.places.try_acquire() else {
            counter!(HASHES_REFUSED).increment(1);
            return Err(Cause::SlowDown(COME_BACK).into());
        };
        let _counted = Counted::new();
        let turn = Arc::clone(&self.turns).acquire_owned().await;
        // The work holds its turn itself: it goes on when whoever asked for it is gone, and one
        // who asks and leaves again and again must not have more than two running.
        let work = move || {
            let _turn = turn;
            work()
        };
        let done = tokio::task::spawn_blocking(work).await;
        done.map_err(|_| Cause::Internal.into())
    }
}

/// Counts one that waits or works, while it lives.
struct Counted;

impl Counted {
    fn new() -> Self {
        gauge!(HASHES_WAITING).increment(1);
        Self
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        gauge!(HASHES_WAITING).decrement(1);
    }
}

fn hasher() -> Argon2<'static> {
    let params = Params::new(MEMORY_KIB, PASSES, 1, None)
        .expect("the parameters are constants within argon2's limits");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

fn hash_now(password: &str) -> Result<String, Failure> {
    let hash = hasher().hash_password(password.as_bytes());
    hash.map(|hash| hash.to_string())
        .map_err(|_| Cause::Internal.into())
}

fn verify_now(password: &str, hash: &str) -> (bool, bool) {
    let Ok(hash) = PasswordHash::new(hash) else {
        return (false, false);
    };
    let is_right = hasher().verify_password(password.as_bytes(), &hash).is_ok();
    let is_weak = match Params::try_from(&hash) {
        Ok(params) => params.m_cost() < MEMORY_KIB || params.t_cost() < PASSES,
        Err(_) => true,
    };
    (is_right, is_weak)
}
