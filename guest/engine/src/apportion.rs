//! Handing out whole units by weight (engine spec, shared rules): largest remainder, exact.

/// `n` units over `weights`: floors of the quotas, then a unit each to the largest remainders, ties to the
/// earlier index. All zeros when the weights sum to 0.
///
/// Exact for `n` and a sum of weights below 2^63 each.
pub(crate) fn apportion(n: u64, weights: &[u64]) -> Vec<u64> {
    let (mut shares, mut remainders) = (vec![0; weights.len()], vec![0u64; weights.len()]);
    let left = floors(n, weights, &mut shares, &mut remainders);
    let mut order: Vec<usize> = (0..weights.len()).collect();
    if left > 0 {
        let remainder = |&at: &usize| remainders.get(at).copied().unwrap_or(0);
        crate::order::sort(&mut order, |a, b| remainder(b).cmp(&remainder(a)));
    }
    for at in order.into_iter().take(left) {
        if let Some(share) = shares.get_mut(at) {
            *share = share.saturating_add(1);
        }
    }
    shares
}

/// The same over a few, without a list: planning does it by the thousand.
pub(crate) fn apportion_few<const N: usize>(n: u64, weights: &[u64; N]) -> [u64; N] {
    let (mut shares, mut remainders) = ([0; N], [0u64; N]);
    for _ in 0..floors(n, weights, &mut shares, &mut remainders) {
        // No remainder reaches the sum of the weights, so one that was served is out of the way at 0: fewer units
        // are left than remainders are above 0.
        let largest = remainders.iter().copied().max().unwrap_or(0);
        let mut open = shares.iter_mut().zip(&mut remainders);
        if let Some((share, remainder)) = open.find(|(_, remainder)| **remainder == largest) {
            *share = share.saturating_add(1);
            *remainder = 0;
        }
    }
    shares
}

/// Fills in the floors and what they leave over; returns how many units are left.
fn floors(n: u64, weights: &[u64], shares: &mut [u64], remainders: &mut [u64]) -> usize {
    let sum = weights.iter().copied().fold(0, u64::saturating_add);
    if sum == 0 {
        return 0;
    }
    let mut left = n;
    for ((&weight, share), rest) in weights.iter().zip(shares).zip(remainders) {
        (*share, *rest) = quota(n, weight, sum);
        left = left.saturating_sub(*share);
    }
    usize::try_from(left).unwrap_or(usize::MAX)
}

/// `n * weight / sum` and what is left over; in 64 bits where they suffice, which is nearly always.
fn quota(n: u64, weight: u64, sum: u64) -> (u64, u64) {
    if let Some(product) = small_product(n, weight) {
        let share = product.checked_div(sum).unwrap_or(0);
        // A remainder would be a second division in the sandbox.
        return (share, product.wrapping_sub(share.wrapping_mul(sum)));
    }
    let (product, sum) = (u128::from(n).saturating_mul(u128::from(weight)), u128::from(sum));
    let part = |part: Option<u128>| part.and_then(|part| u64::try_from(part).ok()).unwrap_or(u64::MAX);
    (part(product.checked_div(sum)), part(product.checked_rem(sum)))
}

/// `a * b`, or the most there is.
pub(crate) fn times(a: u64, b: u64) -> u64 {
    small_product(a, b).unwrap_or_else(|| a.saturating_mul(b))
}

/// `a * b` where both fit 32 bits: whether a product of larger ones fits is a call in the sandbox.
pub(crate) fn small_product(a: u64, b: u64) -> Option<u64> {
    Some(u64::from(u32::try_from(a).ok()?).wrapping_mul(u64::from(u32::try_from(b).ok()?)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ties_go_to_the_earlier_index() {
        assert_eq!(apportion(3, &[1, 1]), [2, 1]);
        assert_eq!(apportion(5, &[0, 0]), [0, 0]);
        // 71 over PK's link mix: 21.3 21.3 3.55 10.65 7.1 3.55 3.55 -> floors 68, one each to .65, .55, .55.
        assert_eq!(apportion(71, &[30, 30, 5, 15, 10, 5, 5]), [21, 21, 4, 11, 7, 4, 3]);
    }

    proptest! {
        #[test]
        fn few_as_many(n in 0u64..1 << 40, weights: [u32; 7]) {
            let weights = weights.map(u64::from);
            prop_assert_eq!(apportion_few(n, &weights).to_vec(), apportion(n, &weights));
        }

        #[test]
        fn sums_and_stays_within_one(n in 0u64..1 << 40, weights in prop::collection::vec(0u64..1 << 40, 1..20)) {
            let shares = apportion(n, &weights);
            let sum: u128 = weights.iter().map(|&w| u128::from(w)).sum();
            if sum > 0 {
                prop_assert_eq!(shares.iter().sum::<u64>(), n);
                for (&share, &weight) in shares.iter().zip(&weights) {
                    let exact = u128::from(n) * u128::from(weight);
                    prop_assert!(u128::from(share) * sum < exact + sum && exact < (u128::from(share) + 1) * sum);
                }
            }
        }
    }
}
