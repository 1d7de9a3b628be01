//! Hashing of passwords: argon2id, off the threads that serve requests, at most two at a time and a
//! bounded number waiting, so that a flood of sign-ins cannot take the machine.
//!
//! Strangers have one of the two turns and some of the places. So a person at an address that they
//! signed in from before still gets in while strangers flood the console.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::password_hash::try_generate_salt;
use argon2::{Algorithm, Argon2, Block, Params, Version};
use domain::{Cause, Failure};
use metrics::{counter, gauge};

use super::turns::{Turns, work};
use crate::measure::{HASHES_REFUSED, HASHES_WAITING};

/// OWASP's minimum: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;

/// How many are hashed at a time. One takes 19 MiB and about 30 ms.
const AT_ONCE: usize = 2;
/// How many may wait for that.
const WAITING: usize = 32;
/// How many of those at work, and of those that wait, may be strangers.
const STRANGERS_AT_ONCE: usize = 1;
const STRANGERS_WAITING: usize = 23;

/// Who asks for a password to be looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asker {
    /// Somebody who signed in from there before.
    Known,
    /// Anybody.
    Stranger,
}

/// Hashes and verifies.
#[derive(Debug)]
pub(in crate::accounts) struct Hasher {
    turns: Turns,
    /// A stranger needs one of these turns before one of everybody's.
    strangers: Turns,
    memory: Arc<Memory>,
    /// A hash to verify against when nobody has the name, so that it takes the same time.
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
    pub(in crate::accounts) fn new() -> Self {
        // In memory of its own that is freed at once: a console without sign-ins stays small.
        let nobody = hash_now(&Memory::default(), &crate::random::secret()).unwrap_or_default();
        Self {
            turns: Turns::new(AT_ONCE, WAITING),
            strangers: Turns::new(STRANGERS_AT_ONCE, STRANGERS_WAITING),
            memory: Arc::default(),
            nobody,
        }
    }

    /// Hashes a new password. Check first that the person may choose one.
    pub(super) async fn hash(&self, password: &str) -> Result<String, Failure> {
        let (memory, password) = (Arc::clone(&self.memory), password.to_owned());
        self.work(Asker::Known, move || hash_now(&memory, &password))
            .await?
    }

    pub(super) async fn verify(
        &self,
        asker: Asker,
        password: &str,
        hash: Option<String>,
    ) -> Result<Checked, Failure> {
        let is_known = hash.is_some();
        let hash = hash.unwrap_or_else(|| self.nobody.clone());
        let (memory, password) = (Arc::clone(&self.memory), password.to_owned());
        let verify = move || verify_now(&memory, &password, &hash);
        let (is_right, is_weak) = self.work(asker, verify).await?;
        Ok(Checked {
            is_right: is_right && is_known,
            is_weak,
        })
    }

    async fn work<T: Send + 'static>(
        &self,
        asker: Asker,
        task: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Failure> {
        let is_stranger = asker == Asker::Stranger;
        let places = || {
            let strangers = is_stranger.then(|| self.strangers.place()).transpose()?;
            Ok((strangers, self.turns.place()?))
        };
        let _places = places().inspect_err(|_: &Failure| counter!(HASHES_REFUSED).increment(1))?;
        let _counted = Counted::new();
        let stranger = if is_stranger {
            Some(self.strangers.turn().await?)
        } else {
            None
        };
        let turn = self.turns.turn().await?;
        work((stranger, turn), task).await
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

/// The memory in which passwords are hashed, kept from one to the next. If these blocks of 19 MiB
/// were freed and allocated each time, the allocator would keep one for nearly every thread:
/// hundreds of megabytes after a while.
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
                .verify(Asker::Known, "correct horse", Some(hash.clone()))
                .await
                .unwrap();
            assert!(checked.is_right && !checked.is_weak, "{hash}");
            let checked = hasher
                .verify(Asker::Known, "correct house", Some(hash))
                .await
                .unwrap();
            assert!(!checked.is_right);
        }

        assert!(hasher.memory.lock().len() <= AT_ONCE);
    }

    #[tokio::test]
    async fn a_flood_of_strangers_leaves_a_turn_and_places_to_those_who_are_known() {
        let hasher = Hasher::new();
        let hash = hasher.hash("correct horse").await.unwrap();
        let ask = |asker| hasher.verify(asker, "correct horse", Some(hash.clone()));

        let flood = (0..100).map(|_| ask(Asker::Stranger));
        let (flood, known) = tokio::join!(
            futures_util::future::join_all(flood),
            // Asked for after all of them.
            futures_util::future::join_all((0..10).map(|_| ask(Asker::Known))),
        );

        let answered = flood.iter().filter(|answer| answer.is_ok()).count();
        assert_eq!(answered, STRANGERS_AT_ONCE + STRANGERS_WAITING);
        for answer in known {
            assert!(answer.unwrap().is_right);
        }
    }

    #[tokio::test]
    async fn one_too_many_who_waits_is_told_to_slow_down_whoever_they_are() {
        let hasher = Hasher::new();
        let hash = hasher.hash("correct horse").await.unwrap();
        let ask = |asker| hasher.verify(asker, "correct horse", Some(hash.clone()));

        let most = STRANGERS_AT_ONCE + STRANGERS_WAITING;
        let strangers = (0..most).map(|_| ask(Asker::Stranger));
        let left = AT_ONCE + WAITING - most;
        let known = (0..=left).map(|_| ask(Asker::Known));
        let (strangers, known) = tokio::join!(
            futures_util::future::join_all(strangers),
            futures_util::future::join_all(known),
        );

        assert!(strangers.iter().all(Result::is_ok));
        let refused: Vec<_> = known.into_iter().filter_map(Result::err).collect();
        let [refused] = &refused[..] else {
            panic!("{refused:?}")
        };
        assert!(matches!(refused.cause, Cause::SlowDown(_)), "{refused:?}");
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
