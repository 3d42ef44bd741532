//! The profile of the United States.

use linker_types::{AnchorType, Country, Profile};

use super::{VERSION, anchors, band, dollars, limits, links, percent, tiers, velocity};

pub(super) fn profile() -> Profile {
    Profile {
        version: VERSION.to_owned(),
        country_code: Country::Usa,
        timeline_months: 18,
        budget_min: dollars(5000),
        budget_max: dollars(13000),
        target_dr_min: 40,
        target_dr_max: 45,
        quality_threshold: 7,
        min_source_dr: 40,
        min_organic_traffic: 500,
        keywords_top_10: 20,
        baseline_referring_domains: 36,
        replacement_reserve: percent(11),
        tier_allocation: tiers([20, 32, 26, 13, 9]),
        tier_limits: limits(),
        anchor_mix: anchors(&[
            (AnchorType::Branded, band(35, 45)),
            (AnchorType::NakedUrl, band(15, 20)),
            (AnchorType::Generic, band(15, 20)),
            (AnchorType::PartialMatch, band(10, 15)),
            (AnchorType::ExactMatch, band(2, 5)),
            (AnchorType::Lsi, band(5, 8)),
            (AnchorType::BrandKeyword, band(3, 5)),
        ]),
        link_mix: links([
            (30, 90, 220), // guest post
            (28, 70, 180), // niche edit
            (10, 99, 499), // press release
            (6, 5, 30),    // directory
            (12, 50, 120), // resource page
            (6, 25, 100),  // broken link
            (8, 50, 150),  // journalist query
        ]),
        velocity: velocity(),
    }
}
