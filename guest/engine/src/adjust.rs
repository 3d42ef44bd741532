//! Changing a campaign: a plan is a function of blueprint, profile and overrides, so an edit is an
//! override more and every rule holds again by construction.

use linker_anchors::Suggestions;
use linker_types::{Basis, Blueprint, Campaign, Edits, Error, Overrides, SuggestedAnchor};

use crate::planner::Planner;

/// The campaign with the edits, by the profile it was planned with; anchor texts stay where they still obey the
/// rules. Without edits it returns the same plan.
pub fn adjust(campaign: impl Into<Basis>, blueprint: Blueprint, edits: Edits) -> Result<Campaign, Vec<Error>> {
    Planner::load(blueprint)?.adjust(campaign.into(), edits)
}

impl Planner {
    /// The same for a campaign of this blueprint.
    pub fn adjust(&self, campaign: Basis, edits: Edits) -> Result<Campaign, Vec<Error>> {
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
        let suggestions = Suggestions { kept: &kept, new: &edits.anchors };
        crate::campaign::plan(self, campaign.country_profile, &overrides, suggestions)
    }
}

/// What the edits say wins; lists grow, entries with the same key are replaced. Dropping a page takes back
/// that it was added or given links, and the other way round.
fn merge(before: Overrides, edits: Overrides) -> Overrides {
    let gone = |id: &u64| edits.drop_pages.contains(id);
    let back = |id: &u64| edits.add_pages.contains(id) || edits.page_links.iter().any(|(page, _)| page == id);
    let mut add_pages: Vec<u64> = before.add_pages.into_iter().filter(|id| !gone(id)).collect();
    let mut drop_pages: Vec<u64> = before.drop_pages.into_iter().filter(|id| !back(id)).collect();
    add_pages.extend(edits.add_pages.iter().copied().filter(|id| !add_pages.contains(id)).collect::<Vec<_>>());
    drop_pages.extend(edits.drop_pages.iter().copied().filter(|id| !drop_pages.contains(id)).collect::<Vec<_>>());
    let page_links = before.page_links.into_iter().filter(|(id, _)| !gone(id)).collect();
    let mut moves = before.moves;
    moves.extend(edits.moves);
    Overrides {
        current_dr: edits.current_dr.or(before.current_dr),
        total_links: edits.total_links.or(before.total_links),
        budget_max: edits.budget_max.or(before.budget_max),
        timeline_months: edits.timeline_months.or(before.timeline_months),
        tier_allocation: if edits.tier_allocation.is_empty() { before.tier_allocation } else { edits.tier_allocation },
        unit_costs: replace(before.unit_costs, edits.unit_costs),
        allow_out_of_band: edits.allow_out_of_band || before.allow_out_of_band,
        add_pages,
        drop_pages,
        page_links: replace(page_links, edits.page_links),
        month_links: replace(before.month_links, edits.month_links),
        moves,
    }
}

fn replace<K: PartialEq, V>(before: Vec<(K, V)>, edits: Vec<(K, V)>) -> Vec<(K, V)> {
    let mut kept: Vec<(K, V)> =
        before.into_iter().filter(|(key, _)| edits.iter().all(|(edited, _)| edited != key)).collect();
    kept.extend(edits);
    kept
}
