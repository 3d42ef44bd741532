//! Which link is built in which month (R-4.1 steps 6 and 7; engine spec, section 5).

use linker_types::{ErrorCode, Overrides, Phase};

use crate::apportion::apportion;
use crate::faults::Faults;
use crate::planner::Planner;
use crate::selection::Target;
use crate::terms::Terms;
use crate::velocity::{phases, weights};

/// A link with its month, from 0, in schedule order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Slot {
    pub(crate) month: usize,
    pub(crate) page: usize,
}

pub(crate) struct Schedule {
    pub(crate) phases: Vec<Phase>,
    pub(crate) targets: Vec<u64>,
    pub(crate) links: Vec<Slot>,
}

pub(crate) fn schedule(
    planner: &Planner,
    terms: &Terms,
    pages: &[Target],
    overrides: &Overrides,
    faults: &mut Faults,
) -> Schedule {
    let total = pages.iter().fold(0u64, |sum, target| sum.saturating_add(target.links));
    let phases = phases(terms.months, &terms.profile.velocity);
    let targets = month_targets(total, &weights(&phases, &terms.profile.velocity), overrides, faults);
    let months = targets.iter().enumerate();
    let months = months.flat_map(|(month, &count)| std::iter::repeat_n(month, usize::try_from(count).unwrap_or(0)));
    let mut links: Vec<Slot> = months.zip(places(planner, pages)).map(|(month, page)| Slot { month, page }).collect();
    trade_places(planner, &mut links, overrides, terms.months, faults);
    Schedule { phases, targets, links }
}

/// The total by weight over the months that nobody set.
fn month_targets(total: u64, weights: &[u64], overrides: &Overrides, faults: &mut Faults) -> Vec<u64> {
    let mut set: Vec<Option<u64>> = vec![None; weights.len()];
    for &(month, links) in &overrides.month_links {
        let field = format!("overrides.month_links.{month}");
        match usize::try_from(month).ok().and_then(|month| month.checked_sub(1)).and_then(|at| set.get_mut(at)) {
            Some(Some(_)) => faults.add(ErrorCode::Duplicate, field, format!("`{month}` is there twice")),
            Some(slot) => *slot = Some(links.into()),
            None => faults.add(
                ErrorCode::OutOfRange,
                field,
                format!("`{month}` is not a month from 1 to {}", weights.len()),
            ),
        }
    }
    let taken = set.iter().flatten().fold(0u64, |sum, &links| sum.saturating_add(links));
    let free: Vec<u64> = set.iter().zip(weights).map(|(set, &weight)| if set.is_some() { 0 } else { weight }).collect();
    let Some(left) = total.checked_sub(taken) else {
        let message = format!("ask for {taken} links, the campaign has {total}; lower them");
        faults.add(ErrorCode::Conflict, "overrides.month_links", message);
        return free;
    };
    if left > 0 && free.iter().all(|&weight| weight == 0) {
        let message =
            format!("set every month and come to {taken} links, the campaign has {total}; leave a month open");
        faults.add(ErrorCode::Conflict, "overrides.month_links", message);
    }
    set.iter().zip(apportion(left, &free)).map(|(set, open)| set.unwrap_or(open)).collect()
}

/// Pages in the order in which their links are built: the j-th of n links has place
/// `(j + 1/2) / n - priority / (4 * highest priority)`.
fn places(planner: &Planner, pages: &[Target]) -> Vec<usize> {
    let priority = |slot: usize| planner.ranked(slot).map_or(0, |ranked| ranked.priority);
    let highest = pages.iter().map(|target| priority(target.slot)).max().unwrap_or(0).max(1);
    // Over the common part 1 / (4 * highest), a place is `numerator / n`. A page takes at most `MOST_PAGE_LINKS` and a
    // priority is at most 10^6, so 64 bits are plenty; a product that saturates is a call in the sandbox.
    let mut places: Vec<(i64, i64, u64, usize, u64)> = Vec::new();
    let signed = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    for target in pages {
        let (n, rank) = (target.links, priority(target.slot));
        let step = highest.wrapping_mul(4);
        let first = signed(highest.wrapping_mul(2)).saturating_sub(signed(n.wrapping_mul(rank)));
        for j in 0..n {
            places.push((first.saturating_add(signed(j.wrapping_mul(step))), signed(n), rank, target.slot, j));
        }
    }
    // Slots ascend with content ids.
    crate::order::sort(&mut places, |a, b| {
        let earlier = a.0.wrapping_mul(b.1).cmp(&b.0.wrapping_mul(a.1));
        earlier.then(b.2.cmp(&a.2)).then(a.3.cmp(&b.3)).then(a.4.cmp(&b.4))
    });
    places.into_iter().map(|(_, _, _, slot, _)| slot).collect()
}

/// Moves a page's links to another month by trading places, so that the months keep their targets.
fn trade_places(planner: &Planner, links: &mut [Slot], overrides: &Overrides, months: u32, faults: &mut Faults) {
    for (at, asked) in overrides.moves.iter().enumerate() {
        let field = |name: &str| format!("overrides.moves[{at}].{name}");
        let Some(page) = planner.slot(asked.content_id) else {
            let message =
                format!("`{}` is the id of no published page of T1 to T5 in this blueprint", asked.content_id);
            faults.add(ErrorCode::UnknownReference, field("content_id"), message);
            continue;
        };
        let mut month = |name: &str, month: u32| {
            if !(1..=months).contains(&month) {
                faults.add(ErrorCode::OutOfRange, field(name), format!("`{month}` is not a month from 1 to {months}"));
                return None;
            }
            usize::try_from(month).ok()?.checked_sub(1)
        };
        let (from, to) = (month("from_month", asked.from_month), month("to_month", asked.to_month));
        let (Some(from), Some(to)) = (from, to) else { continue };
        let positions = |month: usize, own: bool| {
            let all = links.iter().enumerate();
            all.filter(move |(_, link)| link.month == month && (link.page == page) == own)
                .map(|(at, _)| at)
                .collect::<Vec<_>>()
        };
        let (mine, mut others) = (positions(from, true), positions(to, false));
        if mine.is_empty() {
            let message = format!("page {} has no link in month {}", asked.content_id, asked.from_month);
            faults.add(ErrorCode::Conflict, field("from_month"), message);
        } else if mine.len() > others.len() {
            let message = format!(
                "month {} has {} links of other pages to trade for {}; set its links with `month_links` first",
                asked.to_month,
                others.len(),
                mine.len()
            );
            faults.add(ErrorCode::Conflict, field("to_month"), message);
        } else if from != to {
            if to < from {
                // The latest ones give way, so that the rest stays in its order.
                others.reverse();
            }
            for (mine, other) in mine.into_iter().zip(others) {
                if let Ok([a, b]) = links.get_disjoint_mut([mine, other]) {
                    std::mem::swap(&mut a.page, &mut b.page);
                }
            }
        }
    }
}
