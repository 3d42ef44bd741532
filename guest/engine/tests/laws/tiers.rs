//! Which pages get links, and how many.

use linker_types::{Campaign, ErrorCode, Tier};
use proptest::prelude::*;
use proptest::sample::Index;

use crate::checks;
use crate::input::{Case, blueprint, case, drafts, plain};

const TAXONOMY: [&str; 6] = ["taxonomy", "term", "category", "tag", "attribute", "attribute_term"];

fn classified(page: &linker_types::Page) -> bool {
    page.status.to_lowercase() == "published" && !TAXONOMY.contains(&page.content_type.to_lowercase().as_str())
}

fn tier(plan: &Campaign, page: u64) -> Option<Tier> {
    checks::assigned(plan).find(|&(id, _)| id == page).map(|(_, tier)| tier)
}

proptest! {
    #![proptest_config(crate::config())]

    /// However odd the site, its owner gets a plan, or hears that no page can be linked to.
    #[test]
    fn a_valid_blueprint_plans(case in plain()) {
        let any = case.blueprint.pages.iter().any(classified);
        match case.plan() {
            Ok(_) => prop_assert!(any),
            Err(errors) => {
                prop_assert!(!any, "{:?}", errors);
                prop_assert_eq!(errors.iter().map(|error| error.code).collect::<Vec<_>>(), [ErrorCode::NoTargetPages]);
            }
        }
    }

    /// Links to pages that nobody can open are money lost.
    #[test]
    fn drafts_alone_are_no_targets(blueprint in drafts()) {
        let options = linker_types::PlanOptions { country_code: "UK".into(), overrides: Default::default(), anchors: Vec::new() };
        let errors = linker_engine::generate(blueprint, &options).expect_err("nothing is published");
        prop_assert_eq!(errors.iter().map(|error| error.code).collect::<Vec<_>>(), [ErrorCode::NoTargetPages]);
    }

    /// R-2's table, and its order.
    #[test]
    fn target_pages_keep_their_tiers_limits(case in case()) {
        if let Ok(plan) = case.plan() { checks::limits(&plan)? }
    }

    /// nothing for term pages; nothing for what is not online; everything else has a tier.
    #[test]
    fn exactly_published_pages_are_classified(case in case()) {
        let Ok(plan) = case.plan() else { return Ok(()) };
        let mut ids: Vec<u64> = case.blueprint.pages.iter().filter(|page| classified(page)).map(|page| page.id).collect();
        ids.sort_unstable();
        prop_assert_eq!(checks::assigned(&plan).map(|(id, _)| id).collect::<Vec<_>>(), ids);
        prop_assert!(checks::assigned(&plan).filter(|&(_, tier)| tier == Tier::T1).count() <= 1, "one homepage");
        for page in &plan.pages {
            let source = case.blueprint.pages.iter().find(|source| source.id == page.content_id).expect("a page of the site");
            prop_assert_eq!(&page.url, &source.url);
        }
    }

    /// the links are for T1 to T3, but for 15 to 30 % to the authority magnets.
    #[test]
    fn the_magnets_get_their_share(case in case()) {
        if let Ok(plan) = case.plan() { checks::groups(&plan)? }
    }

    /// the most searched hubs are the money pages; a hub that is searched more can't become a lesser one.
    #[test]
    fn more_searches_never_lower_a_hub(blueprint in blueprint(), cluster: Index, keyword: Index, more in 1u64..=1_000_000_000) {
        if blueprint.clusters.is_empty() {
            return Ok(());
        }
        let mut raised = blueprint.clone();
        let at = cluster.index(raised.clusters.len());
        let chosen = &mut raised.clusters[at];
        if chosen.keywords.is_empty() {
            return Ok(());
        }
        let keyword = keyword.index(chosen.keywords.len());
        let volume = &mut chosen.keywords[keyword].volume;
        *volume = volume.saturating_add(more).min(1_000_000_000);
        let (id, named) = (chosen.id, chosen.hub_content_id);
        let options = linker_types::PlanOptions { country_code: "USA".into(), overrides: Default::default(), anchors: Vec::new() };
        let plan = |blueprint: &linker_types::Blueprint| Case { blueprint: blueprint.clone(), options: options.clone() }.plan();
        let (Ok(before), Ok(after)) = (plan(&blueprint), plan(&raised)) else { return Ok(()) };
        let names = |page: u64| blueprint.clusters.iter().any(|cluster| cluster.hub_content_id == Some(page));
        for page in &blueprint.pages {
            let structural = page.content_structure.to_lowercase() == "cluster_hub" && page.cluster_id == Some(id) && !names(page.id);
            if named == Some(page.id) || structural {
                prop_assert!(tier(&after, page.id) <= tier(&before, page.id), "page {}", page.id);
            }
        }
    }
}
