//! What a caller asks for and changes.

use crate::{AnchorType, AnchorVariant, Campaign, Decimal, LinkType, PriceRange, Profile, Tier};

fn is_false(flag: &bool) -> bool {
    !flag
}

record! {
    #[derive(Copy)]
    pub struct Move {
        content_id "content-id": u64,
        from_month "from-month": u32,
        to_month "to-month": u32,
    }
}

record! {
    #[derive(Default)]
    pub struct Overrides {
        #[serde(skip_serializing_if = "Option::is_none")]
        current_dr "current-dr" [skip optional]: Option<Decimal>,
        #[serde(skip_serializing_if = "Option::is_none")]
        total_links "total-links" [skip optional]: Option<u32>,
        #[serde(skip_serializing_if = "Option::is_none")]
        budget_max "budget-max" [skip optional]: Option<Decimal>,
        #[serde(skip_serializing_if = "Option::is_none")]
        timeline_months "timeline-months" [skip optional]: Option<u32>,
        #[serde(with = "crate::map", skip_serializing_if = "Vec::is_empty")]
        tier_allocation "tier-allocation" [skip map optional]: Vec<(Tier, Decimal)>,
        #[serde(with = "crate::map", skip_serializing_if = "Vec::is_empty")]
        unit_costs "unit-costs" [skip map optional]: Vec<(LinkType, PriceRange)>,
        #[serde(skip_serializing_if = "is_false")]
        allow_out_of_band "allow-out-of-band" [skip optional]: bool,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        add_pages "add-pages" [skip optional]: Vec<u64>,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        drop_pages "drop-pages" [skip optional]: Vec<u64>,
        #[serde(with = "crate::map", skip_serializing_if = "Vec::is_empty")]
        page_links "page-links" [skip map optional]: Vec<(u64, u32)>,
        #[serde(with = "crate::map", skip_serializing_if = "Vec::is_empty")]
        month_links "month-links" [skip map optional]: Vec<(u32, u32)>,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        moves "moves" [skip optional]: Vec<Move>,
    }
}

record! {
    pub struct SuggestedAnchor {
        content_id "content-id": u64,
        #[serde(rename = "type")]
        anchor_type "anchor-type" [type]: AnchorType,
        text "text": String,
    }
}

record! {
    pub struct PlanOptions {
        country_code "country-code": String,
        overrides "overrides" [optional]: Overrides,
        anchors "anchors" [optional]: Vec<SuggestedAnchor>,
    }
}

record! {
    pub struct Basis [open] {
        overrides "overrides": Overrides,
        country_profile "country-profile": Profile,
        #[serde(with = "crate::map")]
        anchor_text_plan "anchor-text-plan" [map]: Vec<(u64, Vec<AnchorVariant>)>,
    }
}

impl From<Campaign> for Basis {
    fn from(campaign: Campaign) -> Self {
        let Campaign { overrides, country_profile, anchor_text_plan, .. } = campaign;
        Self { overrides, country_profile, anchor_text_plan }
    }
}

record! {
    #[derive(Default)]
    pub struct Edits {
        overrides "overrides" [optional]: Overrides,
        anchors "anchors" [optional]: Vec<SuggestedAnchor>,
    }
}
