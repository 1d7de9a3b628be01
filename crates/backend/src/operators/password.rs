//! Hashing of passwords: argon2id, off the threads that serve requests, at most two at a time and a
//! bounded number waiting, so that a flood of sign-ins cannot take the machine.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::password_hash::try_generate_salt;
use argon2::{Algorithm, Argon2, Block, Params, Version};
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
    memory: Arc<Memory>,
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
        // In memory of its own, given back at once: a console that nobody signs in to stays small.
        let nobody = hash_now(&Memory::default(), &crate::random::secret()).unwrap_or_default();
        Self {
            places: Semaphore::new(WAITING + AT_ONCE),
            turns: Arc::new(Semaphore::new(AT_ONCE)),
            memory: Arc::default(),
            nobody,
        }
    }

    pub(super) async fn hash(&self, password: &str) -> Result<String, Failure> {
        let (memory, password) = (Arc::clone(&self.memory), password.to_owned());
        self.work(move || hash_now(&memory, &password)).await?
    }

    pub(super) async fn verify(
        &self,
        password: &str,
        hash: Option<String>,
    ) -> Result<Checked, Failure> {
        let is_known = hash.is_some();
        let hash = hash.unwrap_or_else(|| self.nobody.clone());
        let (memory, password) = (Arc::clone(&self.memory), password.to_owned());
        let verify = move || verify_now(&memory, &password, &hash);
        let (is_right, is_weak) = self.work(verify).await?;
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

/// Where passwords are hashed, kept from one to the next. Given back and taken anew, these blocks of
/// 19 MiB stay with the allocator, once for nearly every thread: hundreds of megabytes after a while.
#[derive(Default)]
struct Memory(Mutex<Vec<Vec<Block>>>);

impl Memory {
    /// Runs something in memory that nobody else uses meanwhile. As many are kept as ever worked at
    /// once.
    fn lend<T>(&self, work: impl FnOnce(&mut Vec<Block>) -> T) -> T {
        let mut blocks = self.lock().pop().unwrap_or_default();
        let done = work(&mut blocks);
        self.lock().push(blocks);
        done
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Vec<Block>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn hash(&self, password: &str, salt: &Salt, with: &Argon2<'_>) -> Option<Output> {
        let params = with.params();
        let length = params.output_len().unwrap_or(Params::DEFAULT_OUTPUT_LEN);
        let mut output = [0; Output::MAX_LENGTH];
        let output = output.get_mut(..length)?;
        let hashed = self.lend(|blocks| {
            if blocks.len() < params.block_count() {
                blocks.resize(params.block_count(), Block::new());
            }
            with.hash_password_into_with_memory(password.as_bytes(), salt, output, blocks)
        });
        hashed.ok()?;
        Output::new(output).ok()
    }
}

impl fmt::Debug for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Memory(…)")
    }
}

fn params() -> Params {
    Params::new(MEMORY_KIB, PASSES, 1, None)
        .expect("the parameters are constants within argon2's limits")
}

fn hash_now(memory: &Memory, password: &str) -> Result<String, Failure> {
    let (algorithm, version, params) = (Algorithm::Argon2id, Version::V0x13, params());
    let hashed = || {
        let salt = Salt::new(&try_generate_salt().ok()?).ok()?;
        let argon2 = Argon2::new(algorithm, version, params.clone());
        Some(PasswordHash {
            algorithm: algorithm.ident(),
            version: Some(version.into()),
            params: ParamsString::try_from(&params).ok()?,
            salt: Some(salt),
            hash: Some(memory.hash(password, &salt, &argon2)?),
        })
    };
    let hash = hashed().ok_or(Cause::Internal)?;
    Ok(hash.to_string())
}

/// Whether the password is right, and whether it was hashed with less work than today.
fn verify_now(memory: &Memory, password: &str, hash: &str) -> (bool, bool) {
    let Ok(hash) = PasswordHash::new(hash) else {
        return (false, false);
    };
    let Ok(params) = Params::try_from(&hash) else {
        return (false, true);
    };
    let is_weak = params.m_cost() < MEMORY_KIB || params.t_cost() < PASSES;
    let version = hash
        .version
        .map_or(Ok(Version::default()), Version::try_from);
    let algorithm = Algorithm::try_from(hash.algorithm.as_str());
    let (Ok(algorithm), Ok(version)) = (algorithm, version) else {
        return (false, is_weak);
    };
    let argon2 = Argon2::new(algorithm, version, params);
    let (Some(salt), Some(expected)) = (&hash.salt, &hash.hash) else {
        return (false, is_weak);
    };
    // Compared in a time that does not depend on what is in them.
    let is_right = memory.hash(password, salt, &argon2).as_ref() == Some(expected);
    (is_right, is_weak)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn no_more_memory_is_kept_than_worked_at_once() {
        let hasher = Arc::new(Hasher::new());
        let all: Vec<_> = (0..8)
            .map(|_| {
                let hasher = Arc::clone(&hasher);
                tokio::spawn(async move { hasher.hash("correct horse").await })
            })
            .collect();
        for hash in all {
            let hash = hash.await.unwrap().unwrap();
            let checked = hasher
                .verify("correct horse", Some(hash.clone()))
                .await
                .unwrap();
            assert!(checked.is_right && !checked.is_weak, "{hash}");
            let checked = hasher.verify("correct house", Some(hash)).await.unwrap();
            assert!(!checked.is_right);
        }

        assert!(hasher.memory.lock().len() <= AT_ONCE);
    }

    #[test]
    fn hashes_of_other_strengths_are_verified_in_the_same_memory() {
        let memory = Memory::default();
        // Of the reference implementation, with "password" and the salt "somesalt".
        for (hash, is_weak) in [
            (
                "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
                false,
            ),
            (
                "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
                true,
            ),
            (
                "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
                false,
            ),
        ] {
            assert_eq!(
                verify_now(&memory, "password", hash),
                (true, is_weak),
                "{hash}"
            );
            assert!(!verify_now(&memory, "passwords", hash).0, "{hash}");
        }
        assert_eq!(memory.lock().len(), 1);
    }
}
