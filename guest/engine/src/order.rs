//! Sorting. The standard library's sort is compiled anew for every element type, which made a fifth of the
//! component; this one sorts positions, once for all types.

use std::cmp::Ordering;

/// Sorts by `compare`; equals keep their order.
pub(crate) fn sort<T>(items: &mut [T], compare: impl Fn(&T, &T) -> Ordering) {
    let swaps = swaps(items.len(), &|a, b| match (items.get(a), items.get(b)) {
        (Some(a), Some(b)) => compare(a, b),
        _ => Ordering::Equal,
    });
    for (a, b) in swaps {
        items.swap(a, b);
    }
}

/// The swaps that bring so many items in order, one after the other.
#[inline(never)]
fn swaps(count: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<(usize, usize)> {
    let mut swaps = Vec::new();
    if (1..count).all(|at| compare(at.saturating_sub(1), at).is_le()) {
        return swaps;
    }
    let mut from: Vec<usize> = (0..count).collect();
    // The stable sort is a tenth of the unstable one's code.
    from.sort_by(|&a, &b| compare(a, b));
    // Round each cycle of the permutation: what belongs at `at` waits at `from[at]`.
    for start in 0..count {
        let mut at = start;
        while let Some(place) = from.get_mut(at) {
            let next = std::mem::replace(place, at);
            if next == start {
                break;
            }
            swaps.push((at, next));
            at = next;
        }
    }
    swaps
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn sorts_as_the_standard_library_does(items: Vec<(u8, u32)>) {
            let mut expected = items.clone();
            expected.sort_by_key(|&(key, _)| key);
            let mut sorted = items;
            super::sort(&mut sorted, |a, b| a.0.cmp(&b.0));
            prop_assert_eq!(sorted, expected);
        }
    }
}
