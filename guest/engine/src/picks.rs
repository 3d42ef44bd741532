//! Which pages the caller wants in, out, or with an exact number of links.

use linker_types::{Error, ErrorCode, Overrides};

use crate::by::ByTier;
use crate::demand::Room;
use crate::faults::Faults;
use crate::planner::Planner;
use crate::terms::Terms;

#[derive(Debug, Default)]
pub(crate) struct Picks {
    /// Slots that must be targets.
    forced: Vec<usize>,
    /// Links of slots with an exact number.
    exact: Vec<(usize, u64)>,
    dropped: Vec<usize>,
}

impl Picks {
    pub(crate) fn new(planner: &Planner, terms: &Terms, overrides: &Overrides) -> Result<Self, Vec<Error>> {
        let mut faults = Faults::default();
        // Each list ascends by slot once it is complete, for looking up.
        let mut picks = Picks::default();
        for (at, &id) in overrides.drop_pages.iter().enumerate() {
            picks.dropped.extend(slot(planner, &mut faults, format!("overrides.drop_pages[{at}]"), id));
        }
        crate::order::sort(&mut picks.dropped, Ord::cmp);
        for (at, &id) in overrides.add_pages.iter().enumerate() {
            let field = format!("overrides.add_pages[{at}]");
            let Some(slot) = slot(planner, &mut faults, field.clone(), id) else { continue };
            picks.forced.push(slot);
            if picks.is_dropped(slot) {
                faults.add(ErrorCode::Conflict, field, format!("`{id}` is in `drop_pages` too; take it out of one"));
            }
        }
        for &(id, links) in &overrides.page_links {
            let field = format!("overrides.page_links.{id}");
            let Some(slot) = slot(planner, &mut faults, field.clone(), id) else { continue };
            let Some(ranked) = planner.ranked(slot) else { continue };
            let (tier, links) = (ranked.page.tier, u64::from(links));
            let (min, max) = terms.limits[tier];
            if !(min..=max).contains(&links) {
                let message = format!("`{links}` links are not within {min} to {max}, what a page of {tier} takes");
                faults.add(ErrorCode::OutOfRange, field.clone(), message);
            }
            if picks.is_dropped(slot) {
                faults.add(
                    ErrorCode::Conflict,
                    field.clone(),
                    format!("`{id}` is in `drop_pages` too; take it out of one"),
                );
            }
            picks.exact.push((slot, links));
        }
        crate::order::sort(&mut picks.forced, Ord::cmp);
        crate::order::sort(&mut picks.exact, |a, b| a.0.cmp(&b.0));
        for pair in picks.exact.windows(2) {
            if let [(first, _), (second, _)] = pair
                && first == second
                && let Some(ranked) = planner.ranked(*first)
            {
                let id = ranked.page.id;
                faults.add(
                    ErrorCode::Duplicate,
                    format!("overrides.page_links.{id}"),
                    format!("`{id}` is there twice"),
                );
            }
        }
        faults.or(picks)
    }

    /// None at all: the usual case, which then costs nothing.
    pub(crate) fn is_empty(&self) -> bool {
        self.forced.is_empty() && self.exact.is_empty()
    }

    pub(crate) fn is_forced(&self, slot: usize) -> bool {
        !self.forced.is_empty() && self.forced.binary_search(&slot).is_ok()
    }

    pub(crate) fn exact(&self, slot: usize) -> Option<u64> {
        if self.exact.is_empty() {
            return None;
        }
        let found = self.exact.binary_search_by_key(&slot, |&(slot, _)| slot).ok()?;
        self.exact.get(found).map(|&(_, links)| links)
    }

    fn is_dropped(&self, slot: usize) -> bool {
        !self.dropped.is_empty() && self.dropped.binary_search(&slot).is_ok()
    }

    /// Slots of a tier that may be targets, highest priority first.
    pub(crate) fn eligible<'a>(&'a self, order: &'a [usize]) -> impl Iterator<Item = usize> + 'a {
        order.iter().copied().filter(|&slot| !self.is_dropped(slot))
    }

    pub(crate) fn eligible_count(&self, order: &[usize]) -> u64 {
        if self.dropped.is_empty() { order.len() as u64 } else { self.eligible(order).count() as u64 }
    }

    pub(crate) fn room(&self, planner: &Planner, terms: &Terms) -> Room {
        let pages = ByTier::of(|tier| self.eligible_count(&planner.order[tier]));
        let capacity = ByTier::of(|tier| {
            if self.exact.is_empty() {
                return pages[tier].saturating_mul(terms.limits[tier].1);
            }
            let most = |slot| self.exact(slot).unwrap_or(terms.limits[tier].1);
            self.eligible(&planner.order[tier]).map(most).fold(0, u64::saturating_add)
        });
        Room { pages, capacity }
    }
}

fn slot(planner: &Planner, faults: &mut Faults, field: String, id: u64) -> Option<usize> {
    let found = planner.slot(id);
    if found.is_none() {
        let message = format!("`{id}` is the id of no published page of T1 to T5 in this blueprint");
        faults.add(ErrorCode::UnknownReference, field, message);
    }
    found
}
