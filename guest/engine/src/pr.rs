//! Press release packages, as constants.

use linker_types::{Decimal, PrOption};

use crate::figures::divide_half_even;
use crate::terms::{SHARE, money};

/// Name, provider, low and high price in dollars, reach.
const PACKAGES: [(&str, &str, u64, u64, &str); 3] = [
    ("basic", "EIN Presswire", 99, 499, "AP News, Bloomberg and 115+ US TV sites"),
    ("premium", "PRNews.io", 500, 5_000, "Yahoo Finance and Forbes-tier publications"),
    ("enterprise", "Linking News", 500, 2_000, "white label: ABC, NBC, FOX, Yahoo, Bloomberg"),
];

/// The packages with what each would do to a plan that has `links` press releases at `each` cents expected.
/// The plan's own price stands for basic; the others are upgrades.
pub(crate) fn options(links: u64, each: u64, budget: u64, reserve: u64) -> Vec<PrOption> {
    PACKAGES
        .iter()
        .map(|&(name, provider, low, high, reach)| {
            let expected = i128::from(low.saturating_add(high).saturating_mul(50));
            let more = if name == "basic" { 0 } else { expected.saturating_sub(each.into()) };
            let placements = more.saturating_mul(links.into());
            let spendable = i128::from(SHARE.saturating_sub(reserve));
            let change = divide_half_even(placements.saturating_mul(SHARE.into()), spendable);
            let change = i64::try_from(change).unwrap_or(i64::MAX);
            PrOption {
                name: name.to_owned(),
                provider: provider.to_owned(),
                low: money(low.saturating_mul(100)),
                high: money(high.saturating_mul(100)),
                reach: reach.to_owned(),
                links: u32::try_from(links).unwrap_or(u32::MAX),
                budget_expected: Decimal::cents(i64::try_from(budget).unwrap_or(i64::MAX).saturating_add(change)),
                budget_change: Decimal::cents(change),
            }
        })
        .collect()
}
