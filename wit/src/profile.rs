//! A country's rules and prices.

use crate::{AnchorType, Country, Decimal, LinkType, Tier};

record! {
    #[derive(Copy)]
    pub struct Band { min "min": Decimal, max "max": Decimal, }
}

record! {
    #[derive(Copy)]
    pub struct PriceRange { low "low": Decimal, high "high": Decimal, }
}

record! {
    #[derive(Copy)]
    pub struct LinkTerms { share "share": Decimal, low "low": Decimal, high "high": Decimal, }
}

record! {
    #[derive(Copy)]
    pub struct PageLimits { min "min": u32, max "max": u32, }
}

record! {
    #[derive(Copy)]
    pub struct Velocity {
        ramp_percent "ramp-percent": u32,
        peak_percent "peak-percent": u32,
        cruise_percent "cruise-percent": u32,
        maintenance_percent "maintenance-percent": u32,
        ramp_from "ramp-from": Decimal,
        ramp_to "ramp-to": Decimal,
        ramp_single "ramp-single": Decimal,
        peak "peak": Decimal,
        cruise "cruise": Decimal,
        maintenance "maintenance": Decimal,
    }
}

record! {
    /// The documents door's answer to what countries there are.
    pub struct Profiles {
        engine_version "engine-version": String,
        profiles "profiles": Vec<Profile>,
    }
}

record! {
    pub struct Profile {
        version "version": String,
        country_code "country-code": Country,
        timeline_months "timeline-months": u32,
        budget_min "budget-min": Decimal,
        budget_max "budget-max": Decimal,
        target_dr_min "target-dr-min": u32,
        target_dr_max "target-dr-max": u32,
        quality_threshold "quality-threshold": u32,
        min_source_dr "min-source-dr": u32,
        min_organic_traffic "min-organic-traffic": u32,
        keywords_top_10 "keywords-top-10": u32,
        baseline_referring_domains "baseline-referring-domains": u32,
        replacement_reserve "replacement-reserve": Decimal,
        #[serde(with = "crate::map")]
        tier_allocation "tier-allocation" [map]: Vec<(Tier, Decimal)>,
        #[serde(with = "crate::map")]
        tier_limits "tier-limits" [map]: Vec<(Tier, PageLimits)>,
        #[serde(with = "crate::map")]
        anchor_mix "anchor-mix" [map]: Vec<(AnchorType, Band)>,
        #[serde(with = "crate::map")]
        link_mix "link-mix" [map]: Vec<(LinkType, LinkTerms)>,
        velocity "velocity": Velocity,
    }
}
