//! Whole counts of link types and anchor types (engine spec, sections 3 and 4).

use linker_types::AnchorType;

use crate::apportion::times;
use crate::by::{ByAnchor, ByLink};
use crate::terms::{Bounds, Price, SHARE, used};

/// What whole counts of links cost at a price of each type, in cents.
pub(crate) fn cost(links: &ByLink<u64>, prices: &ByLink<Price>, price: impl Fn(&Price) -> u64) -> u64 {
    let costs = links.iter().map(|(link, &count)| times(count, price(&prices[link])));
    costs.fold(0, u64::saturating_add)
}

/// The target of each anchor type, as weights over one common sum: midpoints of the bands, normalised, and
/// clamped into the bands until stable.
pub(crate) fn anchor_targets(bands: &ByAnchor<Option<Bounds>>) -> ByAnchor<u64> {
    let middle = |bounds: Bounds| bounds.low.saturating_add(bounds.high);
    let mut clamped: ByAnchor<Option<u64>> = ByAnchor::default();
    loop {
        let free: u64 =
            used(bands).filter(|&(anchor, _)| clamped[anchor].is_none()).map(|(_, band)| middle(band)).sum();
        let taken: u64 = used(bands).filter_map(|(anchor, _)| clamped[anchor]).sum();
        let left = SHARE.saturating_sub(taken);
        // A free type's share is middle * left / free, so over the common sum SHARE * free it weighs middle * left.
        let out = |anchor: AnchorType, band: Bounds| {
            let weight = middle(band).saturating_mul(left);
            let bound = if weight < band.low.saturating_mul(free) {
                band.low
            } else if weight > band.high.saturating_mul(free) {
                band.high
            } else {
                return None;
            };
            Some((anchor, bound))
        };
        let news: Vec<(AnchorType, u64)> = used(bands)
            .filter(|&(anchor, _)| clamped[anchor].is_none())
            .filter_map(|(anchor, band)| out(anchor, band))
            .collect();
        if news.is_empty() {
            let scale = free.max(1);
            return ByAnchor::of(|anchor| match (bands[anchor], clamped[anchor]) {
                (_, Some(bound)) => bound.saturating_mul(scale),
                (Some(band), None) => middle(band).saturating_mul(left),
                (None, None) => 0,
            });
        }
        for (anchor, bound) in news {
            clamped[anchor] = Some(bound);
        }
    }
}

/// How many links of each anchor type, and whether whole counts inside every band exist.
pub(crate) fn anchor_counts(n: u64, bands: &ByAnchor<Option<Bounds>>) -> (ByAnchor<u64>, bool) {
    let targets = anchor_targets(bands);
    let mut counts = targets.apportion(n);
    let range = |anchor: AnchorType| {
        bands[anchor].map_or((0, 0), |band| {
            (band.low.saturating_mul(n).div_ceil(SHARE), band.high.saturating_mul(n).checked_div(SHARE).unwrap_or(0))
        })
    };
    let low = ByAnchor::of(|anchor| range(anchor).0);
    let high = ByAnchor::of(|anchor| range(anchor).1);
    let exist = used(bands).all(|(anchor, _)| low[anchor] <= high[anchor]) && low.sum() <= n && n <= high.sum();
    if !exist {
        let surplus = counts[AnchorType::ExactMatch].saturating_sub(high[AnchorType::ExactMatch]);
        counts[AnchorType::ExactMatch] = counts[AnchorType::ExactMatch].saturating_sub(surplus);
        counts[AnchorType::Branded] = counts[AnchorType::Branded].saturating_add(surplus);
        return (counts, false);
    }
    for (anchor, _) in used(bands) {
        counts[anchor] = counts[anchor].clamp(low[anchor], high[anchor]);
    }
    settle(&mut counts, n, &targets, &low, &high);
    (counts, true)
}

/// One unit at a time, from whom is furthest over its target or to whom is furthest under it.
fn settle(counts: &mut ByAnchor<u64>, n: u64, targets: &ByAnchor<u64>, low: &ByAnchor<u64>, high: &ByAnchor<u64>) {
    let whole = i128::from(targets.sum());
    loop {
        let sum = counts.sum();
        let over = |anchor: AnchorType| {
            let exact = i128::from(targets[anchor]).saturating_mul(n.into());
            i128::from(counts[anchor]).saturating_mul(whole).saturating_sub(exact)
        };
        let all = AnchorType::ALL.iter().copied();
        // `min_by_key` keeps the first of equals, which is R-3.1's order.
        if sum > n {
            let Some(from) = all.filter(|&a| counts[a] > low[a]).min_by_key(|&a| std::cmp::Reverse(over(a))) else {
                return;
            };
            counts[from] = counts[from].saturating_sub(1);
        } else if sum < n {
            let Some(to) = all.filter(|&a| counts[a] < high[a]).min_by_key(|&a| over(a)) else { return };
            counts[to] = counts[to].saturating_add(1);
        } else {
            return;
        }
    }
}
