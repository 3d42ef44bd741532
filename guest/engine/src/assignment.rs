//! Which anchor type and link type each link gets, in schedule order (engine spec, section 5).

use linker_types::{AnchorType, LinkType, Tier};

use crate::apportion::times;
use crate::by::{ByAnchor, ByLink};

/// Takes from a stock in proportion: what has the most of its count left.
pub(crate) struct Stock<K, const N: usize> {
    counts: crate::by::By<K, u64, N>,
    left: crate::by::By<K, u64, N>,
}

impl<K: crate::by::Key, const N: usize> Stock<K, N> {
    pub(crate) fn new(counts: crate::by::By<K, u64, N>) -> Self {
        let left = crate::by::By::of(|key| counts[key]);
        Self { counts, left }
    }

    /// The candidate with the largest `left / count`, ties in the vocabulary's order.
    fn best(&self, candidate: impl Fn(K) -> bool) -> Option<K> {
        let keys = K::ALL.iter().copied().filter(|&key| self.left[key] > 0 && candidate(key));
        keys.reduce(|best, key| {
            // At most `MOST_PAGE_LINKS` for each of a million pages: the products stay below 10^18.
            let ahead = times(self.left[key], self.counts[best]);
            let behind = times(self.left[best], self.counts[key]);
            if ahead > behind { key } else { best }
        })
    }

    fn take(&mut self, key: K) -> K {
        self.left[key] = self.left[key].saturating_sub(1);
        key
    }
}

/// The anchor types a tier takes: T1 none that carries a keyword alone, T4 and T5 no exact match.
pub(crate) fn permitted(tier: Tier, anchor: AnchorType) -> bool {
    use AnchorType::{BrandKeyword, Branded, ExactMatch, Generic, NakedUrl};
    match tier {
        Tier::T1 => matches!(anchor, Branded | NakedUrl | Generic | BrandKeyword),
        Tier::T2 | Tier::T3 => true,
        Tier::T4 | Tier::T5 => anchor != ExactMatch,
    }
}

/// The anchor type of each link, and whether one had to go where its tier does not take it.
pub(crate) fn anchors(tiers: &[Tier], counts: ByAnchor<u64>) -> (Vec<AnchorType>, bool) {
    use AnchorType::{Branded, ExactMatch, Lsi, PartialMatch};
    let mut stock = Stock::new(counts);
    let mut beyond_t1 = tiers.iter().filter(|&&tier| tier != Tier::T1).count() as u64;
    let mut hubs = tiers.iter().filter(|&&tier| matches!(tier, Tier::T2 | Tier::T3)).count() as u64;
    let mut bent = false;
    let mut chosen = Vec::with_capacity(tiers.len());
    for &tier in tiers {
        beyond_t1 = beyond_t1.saturating_sub(u64::from(tier != Tier::T1));
        hubs = hubs.saturating_sub(u64::from(matches!(tier, Tier::T2 | Tier::T3)));
        let left = &stock.left;
        let keyed = left[PartialMatch].saturating_add(left[ExactMatch]).saturating_add(left[Lsi]);
        // What is left after this one must still find links that take it.
        let servable = |anchor: AnchorType| {
            let keyed = keyed.saturating_sub(u64::from(matches!(anchor, PartialMatch | ExactMatch | Lsi)));
            let exact = left[ExactMatch].saturating_sub(u64::from(anchor == ExactMatch));
            keyed <= beyond_t1 && exact <= hubs
        };
        let best = stock
            .best(|anchor| permitted(tier, anchor) && servable(anchor))
            .or_else(|| stock.best(|anchor| permitted(tier, anchor)));
        let anchor = best.unwrap_or_else(|| {
            bent = true;
            stock.best(|_| true).unwrap_or(Branded)
        });
        chosen.push(stock.take(anchor));
    }
    (chosen, bent)
}

/// The link type of each link, from the pool of its group.
pub(crate) fn link_types(tiers: &[Tier], hubs: ByLink<u64>, magnets: ByLink<u64>) -> Vec<LinkType> {
    let (mut hubs, mut magnets) = (Stock::new(hubs), Stock::new(magnets));
    tiers
        .iter()
        .map(|tier| {
            let stock = if tier.is_magnet() { &mut magnets } else { &mut hubs };
            let best = stock.best(|_| true).unwrap_or(LinkType::GuestPost);
            stock.take(best)
        })
        .collect()
}
