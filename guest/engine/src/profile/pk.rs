//! The profile of Pakistan.

use linker_types::{AnchorType, Country, Profile};

use super::{VERSION, anchors, band, dollars, limits, links, percent, tiers, velocity};

pub(super) fn profile() -> Profile {
    Profile {
        version: VERSION.to_owned(),
        country_code: Country::Pk,
        timeline_months: 8,
        budget_min: dollars(2000),
        budget_max: dollars(5000),
        target_dr_min: 25,
        target_dr_max: 30,
        quality_threshold: 5,
        min_source_dr: 25,
        min_organic_traffic: 500,
        keywords_top_10: 10,
        baseline_referring_domains: 40,
        replacement_reserve: percent(14),
        tier_allocation: tiers([25, 35, 25, 10, 5]),
        tier_limits: limits(),
        anchor_mix: anchors(&[
            (AnchorType::Branded, band(30, 35)),
            (AnchorType::NakedUrl, band(15, 20)),
            (AnchorType::Generic, band(15, 20)),
            (AnchorType::PartialMatch, band(15, 20)),
            (AnchorType::ExactMatch, band(5, 10)),
            (AnchorType::Lsi, band(5, 10)),
        ]),
        link_mix: links([
            (30, 40, 90), // guest post
            (30, 20, 60), // niche edit
            (5, 99, 299), // press release
            (15, 2, 10),  // directory
            (10, 15, 40), // resource page
            (5, 10, 50),  // broken link
            (5, 30, 120), // journalist query
        ]),
        velocity: velocity(),
    }
}
