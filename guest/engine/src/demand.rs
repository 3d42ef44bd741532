//! How many referring domains a campaign builds (R-4.1 step 3; engine spec, section 4).

use linker_types::{Binding, Decimal, ReferringDomains};

use crate::apportion::times;
use crate::by::ByTier;
use crate::mix::cost;
use crate::quality::exact::{exact, whole};
use crate::terms::{SHARE, Terms};

/// Target pages that a site should have.
pub(crate) const TARGET_PAGES: u64 = 20;

/// Referring domains for a point of DR, in tenths *(ours)*: from, to, rate.
const RATES: [(u32, u32, i128); 5] = [(0, 20, 8), (20, 30, 12), (30, 40, 18), (40, 50, 25), (50, 100, 40)];

/// To climb from `current` to the country's lower target DR, rounded up; 0 at or past it.
pub(crate) fn for_dr(current: Option<Decimal>, terms: &Terms) -> u64 {
    let Some(current) = current else { return terms.profile.baseline_referring_domains.into() };
    // In parts of 10^-18, so that domains are counted in parts of 10^-19.
    let current = exact(current).unwrap_or(0);
    let climbed = |&(from, to, rate): &(u32, u32, i128)| {
        let to = whole(terms.profile.target_dr_min.min(to));
        to.saturating_sub(current.max(whole(from))).max(0).saturating_mul(rate)
    };
    let domains = RATES.iter().map(climbed).fold(0, i128::saturating_add);
    let one = whole(10);
    let up = i128::from(domains.checked_rem(one).is_some_and(|rest| rest > 0));
    u64::try_from(domains.checked_div(one).unwrap_or(0).saturating_add(up)).unwrap_or(u64::MAX)
}

/// Whether the expected cost of `n` links with the reserve on top compares so to a budget, without rounding.
struct Budget<'a>(&'a Terms);

impl Budget<'_> {
    /// Placements of `n` links in cents.
    fn placements(&self, n: u64) -> u64 {
        cost(&self.0.mix.apportion(n), &self.0.prices, |price| price.expected)
    }

    /// `placements / (1 - reserve)` against `budget`, times `SHARE`.
    fn compare(&self, n: u64, budget: u64) -> std::cmp::Ordering {
        let spendable = SHARE.saturating_sub(self.0.reserve);
        times(self.placements(n), SHARE).cmp(&times(budget, spendable))
    }

    /// Numbers of links around which `budget` is spent. The mix in whole links costs what the exact mix costs,
    /// give or take the price of one link of each type; outside this window the comparison is certain.
    fn window(&self, budget: u64) -> (u64, u64) {
        let spendable = SHARE.saturating_sub(self.0.reserve);
        let placements = budget.saturating_mul(spendable).checked_div(SHARE).unwrap_or(0);
        let used = self.0.mix.iter().filter(|&(_, &share)| share > 0);
        let slack = used.fold(1u64, |sum, (link, _)| sum.saturating_add(self.0.prices[link].expected));
        let per_link = self.0.mix.iter().map(|(link, &share)| share.saturating_mul(self.0.prices[link].expected));
        let per_link = per_link.fold(0u64, u64::saturating_add).max(1);
        let links = |cents: u64| cents.saturating_mul(SHARE).checked_div(per_link).unwrap_or(0);
        (links(placements.saturating_sub(slack)), links(placements.saturating_add(slack)).saturating_add(1))
    }
}

/// The least number of links that spends the country's minimum budget.
pub(crate) fn links_low(terms: &Terms) -> u64 {
    let budget = Budget(terms);
    let (from, to) = budget.window(terms.budget_min);
    (from..=to).find(|&n| budget.compare(n, terms.budget_min).is_ge()).unwrap_or(to)
}

/// The greatest number of links that the budget buys.
///
/// DIFFERENCE: section 4 takes the greatest N with `B(N) <= budget_max`. B is not monotone, so an N below that one can
/// cost more (PK at $2,750: 48 links cost $2,747.09 and 47 cost $2,856.39), and a plan of that size would break the
/// budget. Here no smaller number costs more either. At the countries' own budgets both are the same.
pub(crate) fn links_high(terms: &Terms) -> u64 {
    let budget = Budget(terms);
    let (from, to) = budget.window(terms.budget_max);
    let over = (from..=to).find(|&n| budget.compare(n, terms.budget_max).is_gt());
    over.map_or(to, |n| n.saturating_sub(1))
}

/// What the site's pages allow.
pub(crate) struct Room {
    /// Pages that may get links.
    pub(crate) pages: ByTier<u64>,
    /// Links that they take at most.
    pub(crate) capacity: ByTier<u64>,
}

/// The least number of links with which 20 pages (or all) are targets and no tier goes short of one page's
/// minimum; `None` where not even `links_high` does.
pub(crate) fn page_demand(terms: &Terms, room: &Room, links_high: u64) -> Option<u64> {
    let wanted = TARGET_PAGES.min(room.pages.sum());
    // A target page takes a link and a served tier its minimum, so fewer can't do. With every tier full the condition
    // holds, so nothing beyond the capacity need be tried.
    let minima = room.pages.iter().filter(|&(_, &pages)| pages > 0).map(|(tier, _)| terms.limits[tier].0);
    let least = minima.fold(0, u64::saturating_add).max(wanted).max(1);
    (least..=links_high.min(room.capacity.sum())).find(|&n| {
        let links = crate::allocation::allocate(n, terms, &room.capacity).links;
        let served = room.pages.iter().all(|(tier, &pages)| pages == 0 || links[tier] >= terms.limits[tier].0);
        let chosen = links.iter().map(|(tier, &links)| target_pages(links, room.pages[tier], terms.limits[tier].0));
        served && chosen.fold(0, u64::saturating_add) >= wanted
    })
}

/// How many pages of a tier `links` links go to.
pub(crate) fn target_pages(links: u64, pages: u64, least: u64) -> u64 {
    if links == 0 { 0 } else { pages.min(links.checked_div(least).unwrap_or(0).max(1)) }
}

/// All the numbers and which one decided.
pub(crate) fn referring_domains(
    dr: Option<Decimal>,
    total: Option<u32>,
    terms: &Terms,
    room: &Room,
) -> ReferringDomains {
    let (for_dr, low, high) = (for_dr(dr, terms), links_low(terms), links_high(terms));
    let demand = page_demand(terms, room, high).unwrap_or(high);
    let capacity = room.capacity.sum();
    let wanted = total.map_or_else(|| for_dr.max(low).max(demand), u64::from);
    let needed = wanted.min(high).min(capacity);
    let computed = [(Binding::DrGap, for_dr), (Binding::BudgetFloor, low), (Binding::PageDemand, demand)];
    let asked = total.map(|total| (Binding::Override, u64::from(total)));
    let limits = [(Binding::PageCapacity, capacity), (Binding::BudgetCeiling, high)];
    let reasons = limits.into_iter().chain(asked).chain(computed.into_iter().filter(|_| total.is_none()));
    let binding =
        reasons.into_iter().find(|&(_, number)| number == needed).map_or(Binding::PageDemand, |(name, _)| name);
    let count = |links: u64| u32::try_from(links).unwrap_or(u32::MAX);
    ReferringDomains {
        for_dr: count(for_dr),
        links_low: count(low),
        page_demand: count(demand),
        links_high: count(high),
        capacity: count(capacity),
        needed: count(needed),
        binding,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::faults::Faults;
    use linker_types::{Country, Overrides, PriceRange};

    fn terms(country: Country, overrides: &Overrides) -> Terms {
        let mut faults = Faults::default();
        let terms = Terms::new(crate::profile::profile(country), overrides, &mut faults);
        faults.or(terms).unwrap()
    }

    #[test]
    fn climbing_by_hand() {
        let usa = terms(Country::Usa, &Overrides::default());
        // 22 to 40: 8 points at 1.2 and 10 at 1.8 = 9.6 + 18 = 27.6.
        assert_eq!(for_dr(Decimal::parse("22"), &usa), 28);
        // 0 to 40: 16 + 12 + 18 = 46. Half a point: 0.5 * 1.8 = 0.9.
        assert_eq!(for_dr(Decimal::parse("0"), &usa), 46);
        assert_eq!(for_dr(Decimal::parse("39.5"), &usa), 1);
        assert_eq!(for_dr(Decimal::parse("40.00"), &usa), 0);
        assert_eq!(for_dr(None, &usa), 36);
    }

    #[test]
    fn the_window_finds_what_a_search_from_zero_finds() {
        let cheap_press = PriceRange { low: Decimal::cents(1), high: Decimal::cents(1) };
        let dear_directory = PriceRange { low: Decimal::cents(900_000), high: Decimal::cents(999_999) };
        for country in Country::ALL {
            for unit_costs in [
                vec![],
                vec![(linker_types::LinkType::PrDistribution, cheap_press)],
                vec![(linker_types::LinkType::Directory, dear_directory)],
            ] {
                let terms = terms(*country, &Overrides { unit_costs, allow_out_of_band: true, ..Overrides::default() });
                let budget = Budget(&terms);
                let low = (0..2000).find(|&n| budget.compare(n, terms.budget_min).is_ge());
                let high = (0..2000).take_while(|&n| budget.compare(n, terms.budget_max).is_le()).last();
                assert_eq!((Some(links_low(&terms)), Some(links_high(&terms))), (low, high));
            }
        }
    }
}
