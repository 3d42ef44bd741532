//! Exact arithmetic on the boundary's decimals (engine spec, shared rules): every one is a whole number of 10^-18,
//! so numbers of any two scales compare and divide without rounding.

use std::cmp::Ordering;

use linker_types::Decimal;

/// 10^18, so that every decimal of the boundary is a whole number of these parts.
const ONE: u64 = 1_000_000_000_000_000_000;

/// The places that the contract allows.
pub(crate) const PLACES_MOST: u8 = 18;

/// A whole number in parts of [`ONE`].
pub(crate) fn whole(number: u32) -> i128 {
    i128::from(ONE) * i128::from(number)
}

/// A decimal against a whole number; `None` beyond the 18 places.
pub(crate) fn against(value: Decimal, number: u32) -> Option<Ordering> {
    if value.scale > PLACES_MOST {
        return None;
    }
    let same_scale = || 10i64.checked_pow(u32::from(value.scale))?.checked_mul(i64::from(number));
    // A number that does not fit at the decimal's scale is above any that does.
    Some(same_scale().map_or(Ordering::Less, |number| value.units.cmp(&number)))
}

/// A decimal in parts of [`ONE`]; `None` beyond the 18 places that the contract allows. 2^63 * 10^18 fits 127 bits.
pub(crate) fn exact(value: Decimal) -> Option<i128> {
    let missing = u32::from(PLACES_MOST.checked_sub(value.scale)?);
    Some(i128::from(value.units) * i128::from(10u64.checked_pow(missing)?))
}

/// `over / under` to the nearest whole, half-even; `None` where nothing is above 0 or there is nothing to divide by.
pub(crate) fn half_even(over: i128, under: i128) -> Option<i128> {
    let (floor, rest) = (over.checked_div_euclid(under)?, over.checked_rem_euclid(under)?);
    // Not twice the rest, which may not fit.
    let up = match rest.cmp(&under.checked_sub(rest)?) {
        Ordering::Less => false,
        Ordering::Equal => floor.rem_euclid(2) == 1,
        Ordering::Greater => true,
    };
    floor.checked_add(i128::from(up))
}

/// `over / under` with so many places, half-even; the largest decimal where it is larger than that.
pub(crate) fn ratio(over: u128, under: u128, places: u8) -> Option<Decimal> {
    if let (Ok(over), Ok(under)) = (u64::try_from(over), u64::try_from(under))
        && let Some(scaled) = 10u64.checked_pow(u32::from(places)).and_then(|one| over.checked_mul(one))
        && let (Some(floor), Some(rest)) = (scaled.checked_div(under), scaled.checked_rem(under))
    {
        let up = match rest.cmp(&under.saturating_sub(rest)) {
            Ordering::Less => 0,
            Ordering::Equal => floor & 1,
            Ordering::Greater => 1,
        };
        let units = floor.saturating_add(up);
        return Some(Decimal::new(i64::try_from(units).unwrap_or(i64::MAX), places));
    }
    let scaled = over.saturating_mul(10u128.checked_pow(u32::from(places))?);
    let limit = |value: u128| i128::try_from(value).unwrap_or(i128::MAX);
    let units = half_even(limit(scaled), limit(under))?;
    Some(Decimal::new(i64::try_from(units).unwrap_or(i64::MAX), places))
}

/// Domain rating or authority: 0 to 100.
pub(crate) fn is_rating(value: Decimal) -> bool {
    value.units >= 0 && against(value, 100).is_some_and(Ordering::is_le)
}

/// `a / b` against `c / d`, exactly, for `a, c >= 0` and `b, d > 0`: whole parts first, then what is left the other
/// way round, as the products would not fit.
pub(crate) fn cmp_ratios((a, b): (i128, i128), (c, d): (i128, i128)) -> Ordering {
    let (mut left, mut right) = ((a, b), (c, d));
    loop {
        let whole = |(over, under): (i128, i128)| over.checked_div(under);
        let rest = |(over, under): (i128, i128)| over.checked_rem(under).unwrap_or(0);
        match whole(left).cmp(&whole(right)) {
            Ordering::Equal => {}
            unequal => return unequal,
        }
        match (rest(left), rest(right)) {
            (0, 0) => return Ordering::Equal,
            (0, _) => return Ordering::Less,
            (_, 0) => return Ordering::Greater,
            // The greater fraction has the smaller inverse.
            (x, y) => (left, right) = ((right.1, y), (left.1, x)),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn decimals_of_any_scale_are_comparable() {
        assert_eq!(exact(Decimal::new(25, 1)), exact(Decimal::new(2500, 3)));
        assert_eq!(exact(Decimal::new(-1, 18)), Some(-1));
        assert_eq!(exact(Decimal::new(1, 19)), None);
        assert_eq!(exact(Decimal::new(i64::MIN, 0)), Some(i128::from(i64::MIN) * i128::from(ONE)));
    }

    #[test]
    fn halves_go_to_the_even_neighbour() {
        for (over, under, expected) in
            [(5, 2, 2), (7, 2, 4), (-5, 2, -2), (-7, 2, -4), (8, 3, 3), (7, 3, 2), (0, 9, 0), (-1, 4, 0)]
        {
            assert_eq!(half_even(over, under), Some(expected), "{over}/{under}");
        }
        assert_eq!(half_even(1, 0), None);
        // 14250 / 15000 = 0.95; 1 / 3 = 0.3333; 2 / 3 = 0.6667; 1 / 32 = 0.03125.
        for (over, under, expected) in
            [(14_250, 15_000, "0.9500"), (1, 3, "0.3333"), (2, 3, "0.6667"), (1, 32, "0.0312")]
        {
            assert_eq!(ratio(over, under, 4).unwrap().to_string(), expected);
        }
        assert_eq!(ratio(u128::MAX, 1, 4), Some(Decimal::new(i64::MAX, 4)));
    }

    #[test]
    fn ratings_run_from_0_to_100() {
        for (text, valid) in [("0", true), ("100.000", true), ("100.001", false), ("-0.1", false), ("47.5", true)] {
            assert_eq!(is_rating(Decimal::parse(text).unwrap()), valid, "{text}");
        }
        assert!(!is_rating(Decimal::new(1, 255)));
    }

    proptest! {
        #[test]
        fn ratios_compare_as_products_do(a in 0..1i128 << 60, b in 1..1i128 << 60, c in 0..1i128 << 60, d in 1..1i128 << 60) {
            prop_assert_eq!(cmp_ratios((a, b), (c, d)), (a * d).cmp(&(c * b)));
            prop_assert_eq!(cmp_ratios((a, b), (a * 3, b * 3)), Ordering::Equal);
        }

        #[test]
        fn a_ratio_is_the_same_in_64_and_in_128_bits(over in 0u64..1 << 40, under in 1u64..1 << 20, by in 1u128 << 45..1 << 50) {
            prop_assert_eq!(ratio(over.into(), under.into(), 4), ratio(u128::from(over) * by, u128::from(under) * by, 4));
        }

        #[test]
        fn a_whole_number_compares_in_64_bits_as_in_128(units: i64, scale in 0u8..20, number: u32) {
            let expected = exact(Decimal::new(units, scale)).map(|value| value.cmp(&whole(number)));
            prop_assert_eq!(against(Decimal::new(units, scale), number), expected);
        }

        #[test]
        fn nothing_panics(units: i64, scale: u8, over: i128, under: i128, a: u128, b: u128, places: u8) {
            let _ = (exact(Decimal::new(units, scale)), half_even(over, under), ratio(a, b, places));
        }
    }
}
