//! What holds for any campaign, however it came about.

use std::collections::BTreeMap;

use linker_types::{AnchorType, Campaign, Decimal, Tier, WarningCode};
use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;

pub(crate) fn cents(money: Decimal) -> i128 {
    money.at_scale(2).expect("whole cents").into()
}

pub(crate) fn share(share: Decimal) -> u64 {
    share.at_scale(4).and_then(|units| u64::try_from(units).ok()).expect("ten-thousandths")
}

pub(crate) fn warned(plan: &Campaign, code: WarningCode) -> bool {
    plan.warnings.iter().any(|warning| warning.code == code)
}

/// Counts of links per key.
fn counts<K: Ord>(keys: impl Iterator<Item = K>) -> BTreeMap<K, u32> {
    let mut counts = BTreeMap::new();
    for key in keys {
        *counts.entry(key).or_insert(0) += 1;
    }
    counts
}

pub(crate) fn units(plan: &Campaign) -> TestCaseResult {
    let total = plan.total_links_target;
    prop_assert!(total > 0);
    prop_assert_eq!(plan.links.len(), total as usize);
    prop_assert_eq!(plan.referring_domains.needed, total);
    prop_assert_eq!(plan.links_by_tier.iter().map(|&(_, links)| links).sum::<u32>(), total);
    prop_assert_eq!(plan.pages.iter().map(|page| page.links_target).sum::<u32>(), total);
    prop_assert_eq!(plan.monthly_plan.iter().map(|month| month.links_target).sum::<u32>(), total);
    prop_assert_eq!(plan.anchor_mix.iter().map(|share| share.links).sum::<u32>(), total);
    let variants = || plan.anchor_text_plan.iter().flat_map(|(_, variants)| variants);
    prop_assert_eq!(variants().map(|variant| variant.allocated).sum::<u32>(), total);

    let by_page = counts(plan.links.iter().map(|link| link.content_id));
    prop_assert_eq!(by_page, plan.pages.iter().map(|page| (page.content_id, page.links_target)).collect());
    let by_month = counts(plan.links.iter().map(|link| (link.month, link.content_id)));
    let months = plan.monthly_plan.iter();
    let listed =
        months.flat_map(|month| month.pages.iter().map(move |page| ((month.month, page.content_id), page.links)));
    prop_assert_eq!(by_month, listed.collect());
    for month in &plan.monthly_plan {
        prop_assert_eq!(month.pages.iter().map(|page| page.links).sum::<u32>(), month.links_target);
        prop_assert!(month.pages.windows(2).all(|pair| pair[0].content_id < pair[1].content_id), "month's pages by id");
    }
    let by_tier = counts(plan.links.iter().map(|link| link.tier));
    prop_assert_eq!(plan.links_by_tier.iter().map(|&(tier, _)| tier).collect::<Vec<_>>(), Tier::ALL);
    for &(tier, links) in &plan.links_by_tier {
        prop_assert_eq!(by_tier.get(&tier).copied().unwrap_or(0), links, "{}", tier);
        let pages = plan.pages.iter().filter(|page| page.tier == tier);
        prop_assert_eq!(pages.map(|page| page.links_target).sum::<u32>(), links, "{}", tier);
    }
    let by_anchor = counts(plan.links.iter().map(|link| link.anchor_type));
    for share in &plan.anchor_mix {
        prop_assert_eq!(by_anchor.get(&share.anchor_type).copied().unwrap_or(0), share.links, "{}", share.anchor_type);
    }
    let by_text = counts(plan.links.iter().map(|link| (link.content_id, link.anchor_type, link.anchor_text.as_str())));
    for (page, variants) in &plan.anchor_text_plan {
        for variant in variants {
            let links = by_text.get(&(*page, variant.anchor_type, variant.text.as_str())).copied().unwrap_or(0);
            prop_assert_eq!(links, variant.allocated, "{} {:?}", page, variant);
        }
    }
    for page in &plan.pages {
        let first = plan.links.iter().filter(|link| link.content_id == page.content_id).map(|link| link.month).min();
        prop_assert_eq!(first, Some(page.first_month));
    }
    Ok(())
}

pub(crate) fn money(plan: &Campaign) -> TestCaseResult {
    let mut sum = 0;
    for month in &plan.monthly_plan {
        let links = plan.links.iter().filter(|link| link.month == month.month);
        prop_assert_eq!(links.map(|link| cents(link.cost_expected)).sum::<i128>(), cents(month.placements));
        prop_assert_eq!(cents(month.placements) + cents(month.reserve), cents(month.budget));
        sum += cents(month.budget);
    }
    prop_assert_eq!(sum, cents(plan.budget_expected));
    for page in &plan.pages {
        let links = plan.links.iter().filter(|link| link.content_id == page.content_id);
        prop_assert_eq!(links.map(|link| cents(link.cost_expected)).sum::<i128>(), cents(page.expected_cost));
    }
    for link in &plan.links {
        prop_assert!(
            cents(link.cost_low) <= cents(link.cost_expected) && cents(link.cost_expected) <= cents(link.cost_high)
        );
    }
    let months = i128::from(plan.timeline_months);
    prop_assert!(cents(plan.budget_estimate_min) <= sum + months);
    prop_assert!(sum <= cents(plan.budget_estimate_max) + months);
    Ok(())
}

pub(crate) fn reserve(plan: &Campaign) -> TestCaseResult {
    let share = i128::from(share(plan.country_profile.replacement_reserve));
    prop_assert!((1_000..=1_500).contains(&share), "R-4.2");
    for month in &plan.monthly_plan {
        let off = cents(month.reserve) * 10_000 - cents(month.budget) * share;
        prop_assert!(off.abs() <= 5_000, "more than half a cent off: {:?}", month);
    }
    Ok(())
}

pub(crate) fn bands(plan: &Campaign) -> TestCaseResult {
    let n = u64::from(plan.total_links_target);
    let rounded = warned(plan, WarningCode::AnchorBandRounded);
    for mix in &plan.anchor_mix {
        let (low, high) = (share(mix.min) * n, share(mix.max) * n);
        let (low, high) = (low.div_ceil(10_000), high / 10_000);
        let links = u64::from(mix.links);
        prop_assert!(
            rounded || (low..=high).contains(&links),
            "{} has {links} of {n}, not {low} to {high}",
            mix.anchor_type
        );
        prop_assert!(mix.anchor_type != AnchorType::ExactMatch || links <= high, "exact match is over its ceiling");
    }
    let named: Vec<AnchorType> = plan.anchor_mix.iter().map(|mix| mix.anchor_type).collect();
    let profile: Vec<AnchorType> = plan.country_profile.anchor_mix.iter().map(|&(anchor, _)| anchor).collect();
    prop_assert_eq!(named, profile);
    Ok(())
}

pub(crate) fn anchor_tiers(plan: &Campaign) -> TestCaseResult {
    use AnchorType::{BrandKeyword, Branded, ExactMatch, Generic, NakedUrl};
    if warned(plan, WarningCode::AnchorTierBent) {
        return Ok(());
    }
    for link in &plan.links {
        let takes = match link.tier {
            Tier::T1 => matches!(link.anchor_type, Branded | NakedUrl | Generic | BrandKeyword),
            Tier::T2 | Tier::T3 => true,
            Tier::T4 | Tier::T5 => link.anchor_type != ExactMatch,
        };
        prop_assert!(takes, "{:?}", link);
    }
    Ok(())
}

pub(crate) fn limits(plan: &Campaign) -> TestCaseResult {
    let below = |tier: Tier| {
        let name = tier.to_string();
        let short =
            |w: &linker_types::Warning| w.code == WarningCode::BelowPageTarget && w.subject.as_deref() == Some(&name);
        plan.warnings.iter().any(short)
    };
    for page in &plan.pages {
        let limits = plan.country_profile.tier_limits.iter().find(|(tier, _)| *tier == page.tier).expect("a limit").1;
        prop_assert!(page.links_target >= 1 && page.links_target <= limits.max, "{:?}", page);
        prop_assert!(page.links_target >= limits.min || below(page.tier), "{:?}", page);
    }
    let rank = |page: &linker_types::PageTarget| (page.tier, std::cmp::Reverse(page.priority.units), page.content_id);
    prop_assert!(plan.pages.windows(2).all(|pair| rank(&pair[0]) < rank(&pair[1])), "pages by tier, priority, id");
    let ids: std::collections::BTreeSet<u64> = plan.pages.iter().map(|page| page.content_id).collect();
    prop_assert_eq!(ids.len(), plan.pages.len(), "each page once");
    for page in &plan.pages {
        prop_assert!(assigned(plan).any(|pair| pair == (page.content_id, page.tier)));
    }
    Ok(())
}

/// Every page that is in a tier, by id.
pub(crate) fn assigned(plan: &Campaign) -> impl Iterator<Item = (u64, Tier)> + '_ {
    linker_types::tiers::by_id(&plan.tier_assignments)
}

pub(crate) fn groups(plan: &Campaign) -> TestCaseResult {
    let n = plan.total_links_target;
    let (least, most) = ((n * 15).div_ceil(100), n * 30 / 100);
    if least > most || !plan.overrides.tier_allocation.is_empty() || warned(plan, WarningCode::GroupShareBroken) {
        return Ok(());
    }
    let magnets: u32 = plan.links_by_tier.iter().filter(|(tier, _)| tier.is_magnet()).map(|&(_, links)| links).sum();
    prop_assert!((least..=most).contains(&magnets), "{magnets} of {n} to T4 and T5, not {least} to {most}");
    Ok(())
}

pub(crate) fn months(plan: &Campaign) -> TestCaseResult {
    let count = plan.overrides.timeline_months.unwrap_or(plan.country_profile.timeline_months);
    prop_assert_eq!(plan.timeline_months, count);
    let numbers: Vec<u32> = plan.monthly_plan.iter().map(|month| month.month).collect();
    prop_assert_eq!(numbers, (1..=count).collect::<Vec<_>>());
    prop_assert!(plan.monthly_plan.windows(2).all(|pair| pair[0].phase <= pair[1].phase), "phases in order");
    let phases: std::collections::BTreeSet<_> = plan.monthly_plan.iter().map(|month| month.phase).collect();
    prop_assert!(count < 4 || phases.len() == 4, "{:?}", phases);
    prop_assert!(plan.links.windows(2).all(|pair| pair[0].month <= pair[1].month), "links by month");
    Ok(())
}

pub(crate) fn budget(plan: &Campaign) -> TestCaseResult {
    let most = plan.overrides.budget_max.unwrap_or(plan.country_profile.budget_max);
    let (twice, months) = (cents(plan.budget_expected) * 2, i128::from(plan.timeline_months));
    prop_assert!(
        twice <= cents(most) * 2 + months,
        "${} of ${most} at {:?}",
        plan.budget_expected,
        plan.referring_domains
    );
    Ok(())
}

/// Two campaigns are one; where they are not, the first difference and not both campaigns.
pub(crate) fn same(one: &Campaign, two: &Campaign) -> TestCaseResult {
    for (one, two) in one.anchor_text_plan.iter().zip(&two.anchor_text_plan) {
        let texts = |variants: &[linker_types::AnchorVariant]| -> Vec<(AnchorType, String)> {
            variants.iter().map(|variant| (variant.anchor_type, variant.text.clone())).collect()
        };
        for (was, is) in texts(&one.1).iter().zip(&texts(&two.1)) {
            prop_assert_eq!(was, is, "page {}", one.0);
        }
    }
    let (one, two) = (serde_json::to_value(one).expect("a tree"), serde_json::to_value(two).expect("a tree"));
    for (key, was) in one.as_object().expect("an object") {
        prop_assert!(two[key] == *was, "{}: {} and {}", key, was, two[key]);
    }
    Ok(())
}

/// Every law of this module.
pub(crate) fn all(plan: &Campaign) -> TestCaseResult {
    for law in [units, money, reserve, bands, anchor_tiers, limits, groups, months, budget] {
        law(plan)?;
    }
    Ok(())
}
