//! A campaign plan.

use crate::{AnchorType, Country, Decimal, LinkType, Overrides, Phase, Profile, Tier, Warning};

vocabulary! {
    pub enum Binding {
        PageCapacity "page-capacity" "page_capacity",
        BudgetCeiling "budget-ceiling" "budget_ceiling",
        DrGap "dr-gap" "dr_gap",
        BudgetFloor "budget-floor" "budget_floor",
        PageDemand "page-demand" "page_demand",
        Override "override" "override",
    }
}

record! {
    #[derive(Copy)]
    pub struct ReferringDomains {
        for_dr "for-dr": u32,
        links_low "links-low": u32,
        page_demand "page-demand": u32,
        links_high "links-high": u32,
        capacity "capacity": u32,
        needed "needed": u32,
        binding "binding": Binding,
    }
}

record! {
    pub struct PageTarget {
        content_id "content-id": u64,
        url "url": String,
        tier "tier": Tier,
        priority "priority": Decimal,
        volume "volume": u64,
        difficulty "difficulty": u32,
        links_target "links-target": u32,
        first_month "first-month": u32,
        expected_cost "expected-cost": Decimal,
    }
}

record! {
    pub struct PlannedLink {
        month "month": u32,
        content_id "content-id": u64,
        tier "tier": Tier,
        anchor_type "anchor-type": AnchorType,
        anchor_text "anchor-text": String,
        link_type "link-type": LinkType,
        cost_low "cost-low": Decimal,
        cost_expected "cost-expected": Decimal,
        cost_high "cost-high": Decimal,
    }
}

record! {
    #[derive(Copy)]
    pub struct MonthPage { content_id "content-id": u64, links "links": u32, }
}

record! {
    pub struct MonthPlan {
        month "month": u32,
        phase "phase": Phase,
        links_target "links-target": u32,
        pages "pages": Vec<MonthPage>,
        placements "placements": Decimal,
        reserve "reserve": Decimal,
        budget "budget": Decimal,
    }
}

record! {
    pub struct AnchorVariant {
        text "text": String,
        #[serde(rename = "type")]
        anchor_type "anchor-type" [type]: AnchorType,
        allocated "allocated": u32,
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        synthetic "synthetic" [skip optional]: bool,
    }
}

record! {
    #[derive(Copy)]
    pub struct AnchorShare {
        #[serde(rename = "type")]
        anchor_type "anchor-type" [type]: AnchorType,
        links "links": u32,
        share "share": Decimal,
        min "min": Decimal,
        max "max": Decimal,
    }
}

record! {
    #[derive(Copy)]
    pub struct QualityRequirements {
        min_score "min-score": u32,
        min_source_dr "min-source-dr": u32,
        min_organic_traffic "min-organic-traffic": u32,
        dofollow "dofollow": bool,
    }
}

record! {
    pub struct PrOption {
        name "name": String,
        provider "provider": String,
        low "low": Decimal,
        high "high": Decimal,
        reach "reach": String,
        links "links": u32,
        budget_expected "budget-expected": Decimal,
        budget_change "budget-change": Decimal,
    }
}

record! {
    pub struct Campaign {
        engine_version "engine-version": String,
        profile_version "profile-version": String,
        country_code "country-code": Country,
        timeline_months "timeline-months": u32,
        total_links_target "total-links-target": u32,
        #[serde(serialize_with = "crate::tiers::serialize")]
        tier_assignments "tier-assignments" [tiers]: Vec<(Tier, Vec<u64>)>,
        referring_domains "referring-domains": ReferringDomains,
        #[serde(with = "crate::map")]
        links_by_tier "links-by-tier" [map]: Vec<(Tier, u32)>,
        pages "pages": Vec<PageTarget>,
        links "links": Vec<PlannedLink>,
        monthly_plan "monthly-plan": Vec<MonthPlan>,
        #[serde(with = "crate::map")]
        anchor_text_plan "anchor-text-plan" [map]: Vec<(u64, Vec<AnchorVariant>)>,
        anchor_mix "anchor-mix": Vec<AnchorShare>,
        budget_estimate_min "budget-estimate-min": Decimal,
        budget_estimate_max "budget-estimate-max": Decimal,
        budget_expected "budget-expected": Decimal,
        quality_requirements "quality-requirements": QualityRequirements,
        pr_options "pr-options": Vec<PrOption>,
        overrides "overrides": Overrides,
        country_profile "country-profile": Profile,
        warnings "warnings": Vec<Warning>,
    }
}
