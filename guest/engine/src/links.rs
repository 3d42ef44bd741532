//! The scheduled links written out: with texts and prices, by month, by page.

use std::collections::BTreeMap;

use linker_types::{
    AnchorType, AnchorVariant, Decimal, LinkType, MonthPage, MonthPlan, PageTarget, PlannedLink, Warning,
};

use crate::anchor::{self, Suggestions};
use crate::by::ByAnchor;
use crate::planner::Planner;
use crate::schedule::{Schedule, Slot};
use crate::selection::Target;
use crate::terms::{Terms, money};

pub(crate) struct Links<'a> {
    pub(crate) planner: &'a Planner,
    pub(crate) terms: &'a Terms,
    pub(crate) targets: &'a [Target],
    pub(crate) schedule: &'a Schedule,
    pub(crate) anchors: &'a [AnchorType],
    pub(crate) link_types: &'a [LinkType],
}

type Texts = Vec<(u64, Vec<AnchorVariant>)>;

impl Links<'_> {
    fn all(&self) -> impl Iterator<Item = (Slot, AnchorType, LinkType)> {
        let links = self.schedule.links.iter().zip(self.anchors).zip(self.link_types);
        links.map(|((&slot, &anchor), &link_type)| (slot, anchor, link_type))
    }

    /// Texts by page id, and the links with theirs: a type's links on a page go round its variants in turn.
    pub(crate) fn with_texts(&self, suggestions: Suggestions<'_>, warnings: &mut Vec<Warning>) -> (Texts, Vec<PlannedLink>) {
        let mut texts: BTreeMap<usize, (Vec<AnchorVariant>, ByAnchor<usize>)> = BTreeMap::new();
        let mut slots: Vec<usize> = self.targets.iter().map(|target| target.slot).collect();
        crate::order::sort(&mut slots, Ord::cmp);
        for slot in slots {
            let variants = anchor::variants(self.planner, self.terms, slot, suggestions, warnings).into_iter();
            let unused = |variant: anchor::Variant| AnchorVariant {
                text: variant.text,
                anchor_type: variant.anchor,
                allocated: 0,
                synthetic: variant.synthetic,
            };
            texts.insert(slot, (variants.map(unused).collect(), ByAnchor::default()));
        }
        self.not_targets(suggestions, &texts, warnings);
        let links = self.all().filter_map(|(slot, anchor, link_type)| {
            let ranked = self.planner.ranked(slot.page)?;
            let (variants, turns) = texts.get_mut(&slot.page)?;
            let mut own: Vec<&mut AnchorVariant> = variants.iter_mut().filter(|v| v.anchor_type == anchor).collect();
            let turn = turns[anchor].checked_rem(own.len()).unwrap_or(0);
            turns[anchor] = turns[anchor].saturating_add(1);
            let variant = own.get_mut(turn)?;
            variant.allocated = variant.allocated.saturating_add(1);
            let price = self.terms.prices[link_type];
            Some(PlannedLink {
                month: month_number(slot.month),
                content_id: ranked.page.id,
                tier: ranked.page.tier,
                anchor_type: anchor,
                anchor_text: variant.text.clone(),
                link_type,
                cost_low: money(price.low),
                cost_expected: money(price.expected),
                cost_high: money(price.high),
            })
        });
        let links = links.collect();
        let named = texts.into_iter().filter_map(|(slot, (variants, _))| Some((self.planner.ranked(slot)?.page.id, variants)));
        (named.collect(), links)
    }

    fn not_targets<T>(&self, suggestions: Suggestions<'_>, texts: &BTreeMap<usize, T>, warnings: &mut Vec<Warning>) {
        for suggested in suggestions.new {
            let slot = self.planner.slot(suggested.content_id);
            if slot.is_none_or(|slot| !texts.contains_key(&slot)) {
                warnings.push(anchor::dropped(suggested, "is for a page that is no target of this plan"));
            } else if self.terms.anchors[suggested.anchor_type].is_none() {
                warnings.push(anchor::dropped(suggested, "is of a type that the country does not use"));
            }
        }
    }

    pub(crate) fn months(&self) -> Vec<MonthPlan> {
        let mut pages: Vec<BTreeMap<u64, u32>> = vec![BTreeMap::new(); self.schedule.phases.len()];
        let mut costs = vec![0u64; self.schedule.phases.len()];
        for (slot, _, link_type) in self.all() {
            let id = self.planner.ranked(slot.page).map_or(0, |ranked| ranked.page.id);
            if let (Some(pages), Some(cost)) = (pages.get_mut(slot.month), costs.get_mut(slot.month)) {
                let count = pages.entry(id).or_insert(0);
                *count = count.saturating_add(1);
                *cost = cost.saturating_add(self.terms.prices[link_type].expected);
            }
        }
        let months = self.schedule.phases.iter().zip(&self.schedule.targets).zip(pages.into_iter().zip(costs));
        let plan = |(month, ((&phase, &target), (pages, placements))): (usize, (_, (BTreeMap<u64, u32>, u64)))| {
            let budget = crate::money::with_reserve(placements, self.terms.reserve);
            MonthPlan {
                month: month_number(month),
                phase,
                links_target: u32::try_from(target).unwrap_or(u32::MAX),
                pages: pages.into_iter().map(|(content_id, links)| MonthPage { content_id, links }).collect(),
                placements: money(placements),
                reserve: money(budget.saturating_sub(placements)),
                budget: money(budget),
            }
        };
        months.enumerate().map(plan).collect()
    }

    pub(crate) fn pages(&self) -> Vec<PageTarget> {
        let mut seen: BTreeMap<usize, (usize, u64)> = BTreeMap::new();
        for (slot, _, link_type) in self.all() {
            let (_, cost) = seen.entry(slot.page).or_insert((slot.month, 0));
            *cost = cost.saturating_add(self.terms.prices[link_type].expected);
        }
        let page = |target: &Target| {
            let ranked = self.planner.ranked(target.slot)?;
            let &(first, cost) = seen.get(&target.slot)?;
            Some(PageTarget {
                content_id: ranked.page.id,
                url: self.planner.source(ranked)?.url.clone(),
                tier: ranked.page.tier,
                priority: Decimal::new(i64::try_from(ranked.priority).unwrap_or(0), 6),
                volume: ranked.volume,
                difficulty: ranked.difficulty.rounded(),
                links_target: u32::try_from(target.links).unwrap_or(u32::MAX),
                first_month: month_number(first),
                expected_cost: money(cost),
            })
        };
        self.targets.iter().filter_map(page).collect()
    }
}

/// Months are counted from 1 outside.
fn month_number(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX).saturating_add(1)
}
