//! Which pages of a tier get links, and how many each (R-4.1; engine spec, section 4).

use linker_anchors::text::counted;
use linker_types::{ErrorCode, Tier, Warning, WarningCode};

use crate::apportion::apportion;
use crate::by::ByTier;
use crate::demand::target_pages;
use crate::faults::Faults;
use crate::picks::Picks;
use crate::planner::Planner;
use crate::terms::Terms;

/// A page with its links.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    pub(crate) slot: usize,
    pub(crate) links: u64,
}

/// The target pages of every tier, by tier, then priority, then id.
pub(crate) fn select(
    planner: &Planner,
    terms: &Terms,
    picks: &Picks,
    links: &ByTier<u64>,
    faults: &mut Faults,
    warnings: &mut Vec<Warning>,
) -> Vec<Target> {
    let mut targets = Vec::new();
    for (tier, &links) in links.iter() {
        let mut chosen = of_tier(planner, terms, picks, tier, links, faults, warnings);
        if !picks.is_empty() {
            let rank = |target: &Target| planner.ranked(target.slot).map(|ranked| std::cmp::Reverse(ranked.priority));
            crate::order::sort(&mut chosen, |a, b| rank(a).cmp(&rank(b)).then(a.slot.cmp(&b.slot)));
        }
        targets.append(&mut chosen);
    }
    targets
}

fn of_tier(
    planner: &Planner,
    terms: &Terms,
    picks: &Picks,
    tier: Tier,
    links: u64,
    faults: &mut Faults,
    warnings: &mut Vec<Warning>,
) -> Vec<Target> {
    let (least, most) = terms.limits[tier];
    let eligible = || picks.eligible(&planner.order[tier]);
    // Without picks, the usual case, no page need be looked at to know.
    let picked = !picks.is_empty();
    let own = |slot| picks.exact(slot).map(|links| Target { slot, links });
    let mut chosen: Vec<Target> = if picked { eligible().filter_map(own).collect() } else { Vec::new() };
    let exact = chosen.iter().fold(0u64, |sum, target| sum.saturating_add(target.links));
    let Some(links) = links.checked_sub(exact) else {
        let message =
            format!("ask for {exact} links of {tier}, which gets {links}; lower them or raise the tier's share");
        faults.add(ErrorCode::Conflict, "overrides.page_links", message);
        return chosen;
    };
    let free = || eligible().filter(|&slot| picks.exact(slot).is_none());
    let open = if picked { free().count() as u64 } else { picks.eligible_count(&planner.order[tier]) };
    let count = target_pages(links, open, least);
    let forced = if picked { free().filter(|&slot| picks.is_forced(slot)).count() as u64 } else { 0 };
    if forced > count {
        let message = format!(
            "{tier} gets links for {count} more pages, {forced} are asked for; add fewer or raise the tier's share"
        );
        faults.add(ErrorCode::Conflict, "overrides.add_pages", message);
        return chosen;
    }
    if links > count.saturating_mul(most) {
        let message =
            format!("leave {links} links of {tier} that its other pages can't hold; raise the pages' numbers");
        faults.add(ErrorCode::Conflict, "overrides.page_links", message);
        return chosen;
    }
    let mut spare = count.saturating_sub(forced);
    let mut wanted = count;
    for slot in free() {
        if wanted == 0 {
            break;
        }
        let forced = picks.is_forced(slot);
        if forced || spare > 0 {
            spare = spare.saturating_sub(u64::from(!forced));
            wanted = wanted.saturating_sub(1);
            chosen.push(Target { slot, links: 0 });
        }
    }
    let fresh = chosen.len().saturating_sub(count as usize);
    let Some(fresh) = chosen.get_mut(fresh..) else { return chosen };
    if count > 0 && links < least {
        warnings.push(Warning {
            code: WarningCode::BelowPageTarget,
            message: format!(
                "{tier} gets {}, fewer than one page's minimum of {least}: raise the budget or the tier's share",
                counted(links, "link")
            ),
            subject: Some(tier.to_string()),
        });
    }
    share_out(planner, fresh, links, least, most);
    chosen
}

/// Everyone's minimum, then the rest by priority up to the maximum, what overflows by priority again.
fn share_out(planner: &Planner, targets: &mut [Target], links: u64, least: u64, most: u64) {
    let minimum = least.min(links);
    for target in targets.iter_mut() {
        target.links = minimum;
    }
    let mut rest = links.saturating_sub(minimum.saturating_mul(targets.len() as u64));
    while rest > 0 {
        let open = |target: &Target| target.links < most;
        let priority = |target: &Target| planner.ranked(target.slot).map_or(0, |ranked| ranked.priority);
        let weights: Vec<u64> = targets.iter().map(|target| if open(target) { priority(target) } else { 0 }).collect();
        let mut over: u64 = 0;
        for (target, more) in targets.iter_mut().zip(apportion(rest, &weights)) {
            let taken = more.min(most.saturating_sub(target.links));
            target.links = target.links.saturating_add(taken);
            over = over.saturating_add(more.saturating_sub(taken));
        }
        if over == rest {
            return;
        }
        rest = over;
    }
}
