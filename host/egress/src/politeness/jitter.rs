//! Reproducible dice.

use std::time::Duration;

/// SplitMix64 (Steele, Lea, Flood 2014): eight lines; a crate of random numbers would be hundreds.
#[derive(Debug)]
pub(super) struct Dice(u64);

impl Dice {
    pub(super) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Zero to `part` of the delay.
    pub(super) fn share(&mut self, delay: Duration, part: f64) -> Duration {
        if !(part > 0.0 && part.is_finite()) {
            return Duration::ZERO;
        }
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        let unit = f64::from((mixed >> 32) as u32) / f64::from(u32::MAX);
        Duration::try_from_secs_f64(delay.as_secs_f64() * part * unit).unwrap_or_default()
    }
}
