//! The random numbers that decide about faults and latency; with a seed always the same ones.

use rand::{Rng as _, SeedableRng as _, rngs::StdRng};

/// A sequence of numbers from 0 to 1.
pub(crate) struct Chance(StdRng);

impl Chance {
    /// The sequence of a seed, or one that nobody has seen before.
    pub(crate) fn new(seed: Option<u64>) -> Self {
        Self(seed.map_or_else(StdRng::from_os_rng, StdRng::seed_from_u64))
    }

    /// The next number; it may be 0 and is less than 1.
    pub(crate) fn roll(&mut self) -> f64 {
        self.0.random()
    }
}
