//! Anchor texts: what search engines judge a site by.

use std::collections::BTreeSet;

use linker_types::{AnchorType, Campaign, Country, WarningCode};
use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;

use crate::checks;
use crate::input::{case, clean, with_anchors};

fn texts(plan: &Campaign) -> TestCaseResult {
    let targets: BTreeSet<u64> = plan.pages.iter().map(|page| page.content_id).collect();
    prop_assert_eq!(
        plan.anchor_text_plan.iter().map(|&(id, _)| id).collect::<Vec<_>>(),
        Vec::from_iter(targets),
        "each target by id"
    );
    for (id, variants) in &plan.anchor_text_plan {
        for &(anchor, _) in &plan.country_profile.anchor_mix {
            let count = variants.iter().filter(|variant| variant.anchor_type == anchor).count();
            prop_assert_eq!(count, 3, "{} of page {}: {:?}", anchor, id, variants);
        }
        prop_assert_eq!(variants.len(), 3 * plan.country_profile.anchor_mix.len());
        for variant in variants {
            let chars = variant.text.chars().count();
            prop_assert!(
                (1..=200).contains(&chars) && !clean(&variant.text).is_empty(),
                "{} characters: {:?}",
                chars,
                variant
            );
            prop_assert!(!variant.text.chars().any(char::is_control), "{:?}", variant);
        }
        for (at, one) in variants.iter().enumerate() {
            for two in &variants[at + 1..] {
                let exact = [one, two].iter().all(|variant| variant.anchor_type == AnchorType::ExactMatch);
                let same =
                    if exact { one.text == two.text } else { one.text.to_lowercase() == two.text.to_lowercase() };
                prop_assert!(!same, "page {} has {:?} and {:?}", id, one, two);
            }
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(crate::config())]

    /// the country's anchor mix is enforced; too many exact matches are what gets a site penalised.
    #[test]
    fn the_anchor_mix_keeps_its_bands(case in case()) {
        if let Ok(plan) = case.plan() { checks::bands(&plan)? }
    }

    /// The homepage and the magnets would look bought with keywords in their anchors.
    #[test]
    fn tiers_take_only_their_anchor_types(case in case()) {
        if let Ok(plan) = case.plan() { checks::anchor_tiers(&plan)? }
    }

    /// Pakistan's mix has no brand + keyword.
    #[test]
    fn pakistan_has_no_brand_keyword(case in case()) {
        let Ok(plan) = case.plan() else { return Ok(()) };
        let has = plan.links.iter().any(|link| link.anchor_type == AnchorType::BrandKeyword);
        let has = has || plan.anchor_text_plan.iter().flat_map(|(_, variants)| variants).any(|v| v.anchor_type == AnchorType::BrandKeyword);
        prop_assert!(plan.country_code != Country::Pk || !has);
    }

    /// step 8: three ready texts for each type, none of which the order form or a reader stumbles over.
    #[test]
    fn three_distinct_texts_for_each_type(case in case()) {
        if let Ok(plan) = case.plan() { texts(&plan)? }
    }

    /// the same with texts that someone suggests, good and bad.
    #[test]
    fn suggested_texts_obey_the_same_rules(case in with_anchors()) {
        let Ok(plan) = case.plan() else { return Ok(()) };
        texts(&plan)?;
        checks::units(&plan)?;
        let used = |anchor: &linker_types::SuggestedAnchor| plan.anchor_text_plan.iter().any(|(id, variants)| {
            *id == anchor.content_id && variants.iter().any(|v| v.anchor_type == anchor.anchor_type && v.text == anchor.text)
        });
        let dropped = plan.warnings.iter().filter(|warning| warning.code == WarningCode::AnchorDropped).count();
        let missing = case.options.anchors.iter().filter(|anchor| !used(anchor)).count();
        prop_assert!(missing <= dropped, "{} suggestions vanished, {} warnings say so", missing, dropped);
    }

    /// A branded anchor with the keyword in it counts as one more keyword anchor.
    #[test]
    fn branded_texts_do_not_carry_the_keyword(case in with_anchors()) {
        let Ok(plan) = case.plan() else { return Ok(()) };
        let brand = clean(&case.blueprint.site.brand).to_lowercase();
        for (id, variants) in &plan.anchor_text_plan {
            let page = case.blueprint.pages.iter().find(|page| page.id == *id).expect("a page of the site");
            let Some(keyword) = page.primary_keyword.as_deref().map(|keyword| clean(keyword).to_lowercase()) else { continue };
            for variant in variants.iter().filter(|variant| variant.anchor_type == AnchorType::Branded) {
                let carries = variant.text.to_lowercase().contains(&keyword);
                prop_assert!(brand.contains(&keyword) || !carries, "`{}` carries `{}`", variant.text, keyword);
            }
        }
    }

    /// A naked URL that names another host, or none, is no link to the site.
    #[test]
    fn naked_urls_name_the_host(case in with_anchors()) {
        let Ok(plan) = case.plan() else { return Ok(()) };
        for (id, variants) in &plan.anchor_text_plan {
            let page = case.blueprint.pages.iter().find(|page| page.id == *id).expect("a page of the site");
            let host = url::Url::parse(&page.url).expect("a URL").host_str().expect("a host").to_owned();
            // As it is written, for names of other scripts.
            let written = page.url.split_once("://").map_or("", |(_, rest)| rest).split(['/', '?', '#']).next().unwrap_or("");
            let written = written.rsplit('@').next().unwrap_or("").to_lowercase();
            let bare = |host: &str| host.strip_prefix("www.").unwrap_or(host).to_owned();
            for variant in variants.iter().filter(|variant| variant.anchor_type == AnchorType::NakedUrl) {
                let text = variant.text.to_lowercase();
                prop_assert!(text.contains(&bare(&host)) || text.contains(&bare(&written)), "`{}` is not on {}", variant.text, host);
            }
        }
    }

    /// The text that is ordered is one that was shown, and no variant is worn out before the others.
    #[test]
    fn links_go_round_their_pages_texts(case in with_anchors()) {
        let Ok(plan) = case.plan() else { return Ok(()) };
        for link in &plan.links {
            let variants = &plan.anchor_text_plan.iter().find(|(id, _)| *id == link.content_id).expect("its page's texts").1;
            prop_assert!(variants.iter().any(|v| v.anchor_type == link.anchor_type && v.text == link.anchor_text), "{:?}", link);
        }
        for (id, variants) in &plan.anchor_text_plan {
            for &(anchor, _) in &plan.country_profile.anchor_mix {
                let of_type = || variants.iter().filter(|variant| variant.anchor_type == anchor).map(|variant| variant.allocated);
                let (least, most) = (of_type().min().unwrap_or(0), of_type().max().unwrap_or(0));
                prop_assert!(most - least <= 1, "{} of page {}: {} and {}", anchor, id, least, most);
                prop_assert!(of_type().is_sorted_by(|a, b| a >= b), "the first come first: {:?}", variants);
            }
        }
    }
}
