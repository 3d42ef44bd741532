//! How many links each tier gets (R-1.2, R-4.1 step 4; engine spec, section 4).

use linker_types::Tier;

use crate::apportion::{apportion_few, times};
use crate::by::{ByLink, ByTier};
use crate::mix::cost;
use crate::terms::{SHARE, Terms};

const HUBS: [Tier; 3] = [Tier::T1, Tier::T2, Tier::T3];
const MAGNETS: [Tier; 2] = [Tier::T4, Tier::T5];

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Allocation {
    pub(crate) links: ByTier<u64>,
    /// Links that did not fit their group and went to the other.
    pub(crate) crossed: u64,
}

impl Allocation {
    pub(crate) fn magnets(&self) -> u64 {
        self.links[Tier::T4].saturating_add(self.links[Tier::T5])
    }
}

/// `n` links over the tiers, none above its `capacity`; `n` is at most the capacities' sum.
pub(crate) fn allocate(n: u64, terms: &Terms, capacity: &ByTier<u64>) -> Allocation {
    let magnets = magnet_share(n, terms);
    let mut links = ByTier::default();
    let hubs_over = fill(&mut links, &HUBS, n.saturating_sub(magnets), terms, capacity);
    let magnets_over = fill(&mut links, &MAGNETS, magnets, terms, capacity);
    spill(&mut links, &MAGNETS, hubs_over, terms, capacity);
    spill(&mut links, &HUBS, magnets_over, terms, capacity);
    Allocation { links, crossed: hubs_over.saturating_add(magnets_over) }
}

/// Links for T4 and T5 together: their allocation, kept within 15-30 % of the links and, where whole links
/// allow it, of the expected budget.
fn magnet_share(n: u64, terms: &Terms) -> u64 {
    let group = |tiers: &[Tier]| tiers.iter().fold(0u64, |sum, &tier| sum.saturating_add(terms.allocation[tier]));
    if group(&HUBS) == 0 {
        return n;
    }
    if group(&MAGNETS) == 0 {
        return 0;
    }
    let half_up = times(n, group(&MAGNETS)).saturating_add(SHARE / 2).checked_div(SHARE).unwrap_or(0);
    let (least, most) = (times(n, 15).div_ceil(100), times(n, 30) / 100);
    if least > most {
        return half_up;
    }
    let mut magnets = half_up.clamp(least, most);
    let totals = terms.mix.apportion(n);
    let all = cost(&totals, &terms.prices, |price| price.expected);
    let (least_spent, most_spent) = (times(all, 15), times(all, 30));
    // Times 100, against percents of the whole.
    let spent = |magnets: u64| times(cost(&pool(magnets, &totals), &terms.prices, |price| price.expected), 100);
    if spent(magnets) < least_spent {
        while magnets < most && spent(magnets) < least_spent {
            magnets = magnets.saturating_add(1);
        }
    } else {
        while magnets > least && spent(magnets) > most_spent {
            magnets = magnets.saturating_sub(1);
        }
    }
    magnets
}

/// The link types of T4 and T5's links: their part of the totals.
pub(crate) fn pool(magnets: u64, totals: &ByLink<u64>) -> ByLink<u64> {
    totals.apportion(magnets)
}

/// Links of a group by its tiers' allocation; returns what the whole group can't hold.
fn fill<const N: usize>(
    links: &mut ByTier<u64>,
    group: &[Tier; N],
    n: u64,
    terms: &Terms,
    capacity: &ByTier<u64>,
) -> u64 {
    let mut over: u64 = 0;
    // All weights 0 hand out nothing; the group then takes only what the other can't hold.
    for (&tier, share) in group.iter().zip(apportion_few(n, &group.map(|tier| terms.allocation[tier]))) {
        links[tier] = share.min(capacity[tier]);
        over = over.saturating_add(share.saturating_sub(capacity[tier]));
    }
    spill(links, group, over, terms, capacity)
}

/// Fills the tiers in order of descending allocation, ties in tier order; returns what is left.
fn spill(links: &mut ByTier<u64>, group: &[Tier], mut over: u64, terms: &Terms, capacity: &ByTier<u64>) -> u64 {
    if over == 0 {
        return 0;
    }
    let mut order = group.to_vec();
    crate::order::sort(&mut order, |&a, &b| terms.allocation[b].cmp(&terms.allocation[a]).then(a.cmp(&b)));
    for tier in order {
        let room = capacity[tier].saturating_sub(links[tier]).min(over);
        links[tier] = links[tier].saturating_add(room);
        over = over.saturating_sub(room);
    }
    over
}
