//! Changing a campaign: a plan is a function of blueprint, profile and overrides, so an edit is an
//! override more and every rule holds again by construction.

use linker_anchors::Suggestions;
use linker_types::{Basis, Blueprint, Campaign, Edits, Error, Overrides, SuggestedAnchor};

use crate::faults::Faults;
use crate::limits;
use crate::planner::Planner;

/// The campaign with the edits, by the profile it was planned with; anchor texts stay where they still obey the
/// rules. Without edits it returns the same plan.
pub fn adjust(campaign: impl Into<Basis>, blueprint: Blueprint, edits: Edits) -> Result<Campaign, Vec<Error>> {
    Planner::load(blueprint)?.adjust(campaign.into(), edits)
}

impl Planner {
    /// The same for a campaign of this blueprint.
    pub fn adjust(&self, campaign: Basis, edits: Edits) -> Result<Campaign, Vec<Error>> {
        let mut faults = Faults::default();
        limits::overrides(&mut faults, &campaign.overrides);
        limits::overrides(&mut faults, &edits.overrides);
        limits::anchors(&mut faults, &edits.anchors);
        faults.check()?;
        let kept: Vec<SuggestedAnchor> = campaign
            .anchor_text_plan
            .into_iter()
            .flat_map(|(content_id, variants)| variants.into_iter().map(move |variant| (content_id, variant)))
            .filter(|(_, variant)| !variant.synthetic)
            .map(|(content_id, variant)| SuggestedAnchor {
                content_id,
                anchor_type: variant.anchor_type,
                text: variant.text,
            })
            .collect();
        let overrides = merge(campaign.overrides, edits.overrides);
        // So that what is saved can be changed again.
        limits::overrides(&mut faults, &overrides);
        faults.check()?;
        let suggestions = Suggestions { kept: &kept, new: &edits.anchors };
        crate::campaign::plan(self, campaign.country_profile, &overrides, suggestions)
    }
}

/// What the edits say wins; lists grow, entries with the same key are replaced. Dropping a page takes back
/// that it was added or given links, and the other way round.
fn merge(before: Overrides, edits: Overrides) -> Overrides {
    let gone = Keys::of(edits.drop_pages.iter().copied());
    let back = Keys::of(edits.add_pages.iter().copied().chain(edits.page_links.iter().map(|&(page, _)| page)));
    let add_pages = before.add_pages.into_iter().filter(|&id| !gone.has(id)).collect();
    let drop_pages = before.drop_pages.into_iter().filter(|&id| !back.has(id)).collect();
    let page_links = before.page_links.into_iter().filter(|&(id, _)| !gone.has(id)).collect();
    let mut moves = before.moves;
    moves.extend(edits.moves);
    Overrides {
        current_dr: edits.current_dr.or(before.current_dr),
        total_links: edits.total_links.or(before.total_links),
        budget_max: edits.budget_max.or(before.budget_max),
        timeline_months: edits.timeline_months.or(before.timeline_months),
        tier_allocation: if edits.tier_allocation.is_empty() { before.tier_allocation } else { edits.tier_allocation },
        unit_costs: replace(before.unit_costs, edits.unit_costs, |link| link as u64),
        allow_out_of_band: edits.allow_out_of_band || before.allow_out_of_band,
        add_pages: grown(add_pages, edits.add_pages),
        drop_pages: grown(drop_pages, edits.drop_pages),
        page_links: replace(page_links, edits.page_links, |page| page),
        month_links: replace(before.month_links, edits.month_links, u64::from),
        moves,
    }
}

fn grown(mut before: Vec<u64>, edits: Vec<u64>) -> Vec<u64> {
    let known = Keys::of(before.iter().copied());
    before.extend(edits.into_iter().filter(|&id| !known.has(id)));
    before
}

fn replace<K: Copy, V>(mut before: Vec<(K, V)>, edits: Vec<(K, V)>, number: impl Fn(K) -> u64) -> Vec<(K, V)> {
    let edited = Keys::of(edits.iter().map(|&(key, _)| number(key)));
    before.retain(|&(key, _)| !edited.has(number(key)));
    before.extend(edits);
    before
}

/// Numbers, ascending.
struct Keys(Vec<u64>);

impl Keys {
    fn of(keys: impl Iterator<Item = u64>) -> Self {
        let mut keys: Vec<u64> = keys.collect();
        crate::order::sort(&mut keys, Ord::cmp);
        Self(keys)
    }

    fn has(&self, key: u64) -> bool {
        self.0.binary_search(&key).is_ok()
    }
}
