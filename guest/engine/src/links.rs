//! The scheduled links written out: with texts and prices, by month, by page.

use linker_anchors::{self as anchors, Suggested, Suggestions};
use linker_types::{
    AnchorType, AnchorVariant, Decimal, LinkType, MonthPage, MonthPlan, PageTarget, PlannedLink, Warning,
};

use crate::by::ByAnchor;
use crate::planner::Planner;
use crate::schedule::{Schedule, Slot};
use crate::selection::Target;
use crate::subjects::{ByPage, Subjects};
use crate::terms::{Terms, money, used};

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
    pub(crate) fn with_texts(
        &self,
        suggestions: Suggestions<'_>,
        warnings: &mut Vec<Warning>,
    ) -> (Texts, Vec<PlannedLink>) {
        let slots = self.slots();
        let types: Vec<AnchorType> = used(&self.terms.anchors).map(|(anchor, _)| anchor).collect();
        let mut texts: Vec<(Vec<AnchorVariant>, ByAnchor<usize>)> = Vec::with_capacity(slots.len());
        let mut subjects = Subjects::new(self.planner);
        let (kept, new) = (ByPage::new(suggestions.kept), ByPage::new(suggestions.new));
        for &slot in &slots {
            let variants = subjects.of(slot).map(|subject| {
                let suggested = Suggested { kept: kept.of(subject.id()), new: new.of(subject.id()) };
                anchors::variants(&subject, &types, suggested, warnings)
            });
            texts.push((variants.unwrap_or_default(), ByAnchor::default()));
        }
        self.not_targets(suggestions, &slots, warnings);
        let links = self.all().filter_map(|(slot, anchor, link_type)| {
            let ranked = self.planner.ranked(slot.page)?;
            let (variants, turns) = texts.get_mut(slots.binary_search(&slot.page).ok()?)?;
            let own = |variant: &AnchorVariant| variant.anchor_type == anchor;
            let count = variants.iter().filter(|&variant| own(variant)).count();
            let turn = turns[anchor].checked_rem(count).unwrap_or(0);
            turns[anchor] = turns[anchor].saturating_add(1);
            let variant = variants.iter_mut().filter(|variant| own(variant)).nth(turn)?;
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
        let named = slots
            .iter()
            .zip(texts)
            .filter_map(|(&slot, (variants, _))| Some((self.planner.ranked(slot)?.page.id, variants)));
        (named.collect(), links)
    }

    fn not_targets(&self, suggestions: Suggestions<'_>, slots: &[usize], warnings: &mut Vec<Warning>) {
        for suggested in suggestions.new {
            let slot = self.planner.slot(suggested.content_id);
            if slot.is_none_or(|slot| slots.binary_search(&slot).is_err()) {
                warnings.push(anchors::dropped(suggested, "is for a page that is no target of this plan"));
            } else if self.terms.anchors[suggested.anchor_type].is_none() {
                warnings.push(anchors::dropped(suggested, "is of a type that the country does not use"));
            }
        }
    }

    /// The target pages' slots, ascending; so are their ids.
    fn slots(&self) -> Vec<usize> {
        let mut slots: Vec<usize> = self.targets.iter().map(|target| target.slot).collect();
        crate::order::sort(&mut slots, Ord::cmp);
        slots
    }

    pub(crate) fn months(&self) -> Vec<MonthPlan> {
        let mut months: Vec<(Vec<usize>, u64)> = vec![(Vec::new(), 0); self.schedule.phases.len()];
        for (slot, _, link_type) in self.all() {
            if let Some((pages, placements)) = months.get_mut(slot.month) {
                pages.push(slot.page);
                *placements = placements.saturating_add(self.terms.prices[link_type].expected);
            }
        }
        let months = self.schedule.phases.iter().zip(&self.schedule.targets).zip(months).enumerate();
        let plan = |(month, ((&phase, &target), (mut pages, placements))): (usize, (_, (Vec<usize>, u64)))| {
            crate::order::sort(&mut pages, Ord::cmp);
            let page = |links: &[usize]| {
                let content_id = self.planner.ranked(*links.first()?)?.page.id;
                Some(MonthPage { content_id, links: u32::try_from(links.len()).unwrap_or(u32::MAX) })
            };
            let budget = crate::money::with_reserve(placements, self.terms.reserve);
            MonthPlan {
                month: month_number(month),
                phase,
                links_target: u32::try_from(target).unwrap_or(u32::MAX),
                pages: pages.chunk_by(|a, b| a == b).filter_map(page).collect(),
                placements: money(placements),
                reserve: money(budget.saturating_sub(placements)),
                budget: money(budget),
            }
        };
        months.map(plan).collect()
    }

    pub(crate) fn pages(&self) -> Vec<PageTarget> {
        let slots = self.slots();
        let mut seen: Vec<Option<(usize, u64)>> = vec![None; slots.len()];
        for (slot, _, link_type) in self.all() {
            if let Some(seen) = slots.binary_search(&slot.page).ok().and_then(|at| seen.get_mut(at)) {
                let (_, cost) = seen.get_or_insert((slot.month, 0));
                *cost = cost.saturating_add(self.terms.prices[link_type].expected);
            }
        }
        let page = |target: &Target| {
            let ranked = self.planner.ranked(target.slot)?;
            let (first, cost) = (*seen.get(slots.binary_search(&target.slot).ok()?)?)?;
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
