//! Reads on in a list of AWS, whatever sequence of pages and tokens it answers: skips pages without
//! rows, and never goes in a circle.

use std::collections::hash_map::DefaultHasher;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use domain::Failure;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::identity::Listing;

#[cfg(test)]
mod tests;

/// The tokens that led so far, of which only hashes are kept. Each is shared with those before it,
/// so that one for each page of a long list costs little.
#[derive(Clone, Default)]
pub struct Trail(Option<Arc<Step>>);

struct Step {
    token: u64,
    before: Option<Arc<Self>>,
}

impl Trail {
    /// Whether a token is among them.
    pub fn has(&self, token: &str) -> bool {
        let wanted = hash(token);
        let steps = std::iter::successors(self.0.as_ref(), |step| step.before.as_ref());
        steps.into_iter().any(|step| step.token == wanted)
    }

    /// These and one more.
    #[must_use]
    pub fn with(&self, token: &str) -> Self {
        Self(Some(Arc::new(Step {
            token: hash(token),
            before: self.0.clone(),
        })))
    }
}

impl Serialize for Trail {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let steps = std::iter::successors(self.0.as_ref(), |step| step.before.as_ref());
        serializer.collect_seq(steps.map(|step| step.token))
    }
}

impl<'de> Deserialize<'de> for Trail {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let latest_first = Vec::<u64>::deserialize(deserializer)?;
        let steps = latest_first.into_iter().rev();
        let longer = |before, token| Some(Arc::new(Step { token, before }));
        Ok(Self(steps.fold(None, longer)))
    }
}

fn hash(token: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    token.hash(&mut hasher);
    hasher.finish()
}

impl Drop for Step {
    // One after another: dropped within each other, a long trail would use up the stack.
    fn drop(&mut self) {
        let mut next = self.before.take();
        while let Some(mut step) = next.and_then(Arc::into_inner) {
            next = step.before.take();
        }
    }
}

impl fmt::Debug for Trail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Trail(…)")
    }
}

/// Rows, and how the list goes on after them.
#[derive(Debug)]
pub struct Rows<T> {
    /// The rows. Empty only at the end of the list, or after as many empty pages as were allowed.
    pub items: Vec<T>,
    /// The token for what follows, and the trail up to it.
    pub next: Option<(String, Trail)>,
    /// AWS led back to a token that was used already: what follows would be read again.
    pub looped: bool,
}

/// Reads the next page with rows: at most so many calls.
pub async fn read_on<T, F>(
    fetch: impl Fn(Option<String>) -> F,
    token: Option<String>,
    seen: Trail,
    calls: u32,
) -> Result<Rows<T>, Failure>
where
    F: Future<Output = Result<Listing<T>, Failure>>,
{
    let (mut token, mut seen, mut left) = (token, seen, calls);
    loop {
        let Listing { items, next_token } = fetch(token).await?;
        left = left.saturating_sub(1);
        let Some(next) = next_token else {
            return Ok(Rows {
                items,
                next: None,
                looped: false,
            });
        };
        if seen.has(&next) {
            return Ok(Rows {
                items,
                next: None,
                looped: true,
            });
        }
        seen = seen.with(&next);
        if !items.is_empty() || left == 0 {
            return Ok(Rows {
                items,
                next: Some((next, seen)),
                looped: false,
            });
        }
        token = Some(next);
    }
}
