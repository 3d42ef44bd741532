//! A blueprint taken in once: checked, classified, ranked. Planning from it costs only the plan.

use linker_anchors::Suggestions;
use linker_types::{Blueprint, Campaign, Error, Page, PlanOptions, Tier};

use crate::by::ByTier;
use crate::faults::Faults;
use crate::figures::{self, Difficulty};
use crate::tier::{self, Classified};
use crate::{intake, limits, profile};

/// A page of a tier with its figures.
#[derive(Clone, Debug)]
pub(crate) struct Ranked {
    pub(crate) page: Classified,
    pub(crate) volume: u64,
    pub(crate) difficulty: Difficulty,
    /// Millionths.
    pub(crate) priority: u64,
}

/// A blueprint ready to be planned, any number of times.
#[derive(Debug)]
pub struct Planner {
    pub(crate) blueprint: Blueprint,
    /// Ascending by id.
    pub(crate) pages: Vec<Ranked>,
    /// Slots of `pages` by tier, highest priority first, ties by id.
    pub(crate) order: ByTier<Vec<usize>>,
    /// The ids of each tier, as every plan of this blueprint says them.
    pub(crate) assignments: Vec<(Tier, Vec<u64>)>,
}

impl Planner {
    /// Takes in a blueprint. Errors: up to 20 faults with their field paths; `no_target_pages` where no
    /// published page belongs in a tier.
    pub fn load(blueprint: Blueprint) -> Result<Self, Vec<Error>> {
        let checked = intake::check(&blueprint)?;
        let mut classified = tier::classify(&blueprint, &checked)?;
        tier::raise_top_hubs(&mut classified, |page| figures::hub_volume(page, &checked.keywords));
        let figured: Vec<_> =
            classified.iter().map(|page| figures::figures(page, &blueprint, &checked.keywords)).collect();
        let most = figured.iter().map(|&(volume, _)| volume).max().unwrap_or(0);
        let mut pages: Vec<Ranked> = classified
            .into_iter()
            .zip(figured)
            .map(|(page, (volume, difficulty))| {
                let priority = figures::priority(page.kind, volume, difficulty, most);
                Ranked { page, volume, difficulty, priority }
            })
            .collect();
        crate::order::sort(&mut pages, |a, b| a.page.id.cmp(&b.page.id));
        let order = order(&pages);
        let assignments = linker_types::tiers::grouped(pages.iter().map(|ranked| (ranked.page.id, ranked.page.tier)));
        Ok(Self { blueprint, pages, order, assignments })
    }

    /// Plans a campaign by the profile in force.
    pub fn plan(&self, options: &PlanOptions) -> Result<Campaign, Vec<Error>> {
        let mut faults = Faults::default();
        let country = profile::country(&options.country_code, "country_code");
        let country = country.map_err(|fault| faults.push(fault)).ok();
        limits::overrides(&mut faults, &options.overrides);
        limits::anchors(&mut faults, &options.anchors);
        let Some(country) = faults.or(country)? else { return Err(Vec::new()) };
        let suggestions = Suggestions { kept: &[], new: &options.anchors };
        crate::campaign::plan(self, profile::profile(country), &options.overrides, suggestions)
    }

    pub(crate) fn ranked(&self, slot: usize) -> Option<&Ranked> {
        self.pages.get(slot)
    }

    pub(crate) fn source(&self, ranked: &Ranked) -> Option<&Page> {
        self.blueprint.pages.get(ranked.page.at)
    }

    /// The slot of a page id, if it belongs in a tier.
    pub(crate) fn slot(&self, id: u64) -> Option<usize> {
        self.pages.binary_search_by_key(&id, |ranked| ranked.page.id).ok()
    }

    pub(crate) fn has_homepage(&self) -> bool {
        !self.order[Tier::T1].is_empty()
    }
}

fn order(pages: &[Ranked]) -> ByTier<Vec<usize>> {
    let mut order: ByTier<Vec<(std::cmp::Reverse<u64>, usize)>> = ByTier::default();
    for (slot, ranked) in pages.iter().enumerate() {
        order[ranked.page.tier].push((std::cmp::Reverse(ranked.priority), slot));
    }
    ByTier::of(|tier: Tier| {
        let ranks = &mut order[tier];
        crate::order::sort(ranks, Ord::cmp);
        ranks.iter().map(|&(_, slot)| slot).collect()
    })
}
