//! The profile of Canada.

use linker_types::{AnchorType, Country, Profile};

use super::{VERSION, anchors, band, dollars, limits, links, percent, tiers, velocity};

pub(super) fn profile() -> Profile {
    Profile {
        version: VERSION.to_owned(),
        country_code: Country::Ca,
        timeline_months: 12,
        budget_min: dollars(3000),
        budget_max: dollars(7000),
        target_dr_min: 35,
        target_dr_max: 40,
        quality_threshold: 6,
        min_source_dr: 35,
        min_organic_traffic: 500,
        keywords_top_10: 15,
        baseline_referring_domains: 30,
        replacement_reserve: percent(12),
        tier_allocation: tiers([22, 34, 26, 11, 7]),
        tier_limits: limits(),
        anchor_mix: anchors(&[
            (AnchorType::Branded, band(35, 40)),
            (AnchorType::NakedUrl, band(15, 20)),
            (AnchorType::Generic, band(15, 20)),
            (AnchorType::PartialMatch, band(12, 18)),
            (AnchorType::ExactMatch, band(3, 7)),
            (AnchorType::Lsi, band(5, 10)),
            (AnchorType::BrandKeyword, band(3, 5)),
        ]),
        link_mix: links([
            (30, 55, 130), // guest post
            (28, 45, 115), // niche edit
            (8, 99, 499),  // press release
            (10, 5, 25),   // directory
            (12, 30, 80),  // resource page
            (6, 18, 75),   // broken link
            (6, 35, 95),   // journalist query
        ]),
        velocity: velocity(),
    }
}
