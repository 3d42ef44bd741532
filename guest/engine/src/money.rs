//! What a plan costs (R-4.1 step 5, R-4.2; engine spec, section 6). Everything in cents.

use crate::figures::divide_half_even;
use crate::terms::SHARE;

/// Placements with the reserve on top: `placements / (1 - reserve)`, rounded half-even to the cent.
pub(crate) fn with_reserve(placements: u64, reserve: u64) -> u64 {
    let dividend = i128::from(placements).saturating_mul(SHARE.into());
    let budget = divide_half_even(dividend, SHARE.saturating_sub(reserve).into());
    u64::try_from(budget).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    #[test]
    fn by_hand() {
        // 403.20 / 0.9 = 448.00
        assert_eq!(super::with_reserve(40_320, 1_000), 44_800);
        // 100.00 / 0.86 = 116.279...
        assert_eq!(super::with_reserve(10_000, 1_400), 11_628);
        // 0.25 / 0.5 -> 0.50; 0.01 / 0.8 = 0.0125 -> 0.01
        assert_eq!((super::with_reserve(25, 5_000), super::with_reserve(1, 2_000)), (50, 1));
    }
}
