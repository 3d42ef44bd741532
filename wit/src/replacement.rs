//! Lost links: their weight and what replaces them.

use crate::{
    AnchorShare, AnchorType, Campaign, Decimal, LinkType, Look, MonthPlan, Opportunity, Overrides, Profile, Tier, Topic,
};

record! {
    #[derive(Copy)]
    pub struct LostLink {
        source_dr "source-dr" [optional]: Option<Decimal>,
        link_type "link-type": LinkType,
        tier "tier": Tier,
        nofollow "nofollow" [optional]: bool,
    }
}

record! {
    pub struct Impact { score "score" [optional]: Option<Decimal>, reason "reason" [optional]: Option<String>, }
}

record! {
    pub struct DeadLink {
        backlink_id "backlink-id": u64,
        content_id "content-id": u64,
        source_domain "source-domain": String,
        source_dr "source-dr" [optional]: Option<Decimal>,
        link_type "link-type" [optional]: Option<LinkType>,
        tier "tier" [optional]: Option<Tier>,
        anchor_type "anchor-type" [optional]: Option<AnchorType>,
        rel "rel" [optional]: String,
        history "history" [optional]: Vec<Look>,
        lost_on "lost-on" [optional]: Option<String>,
    }
}

record! {
    pub struct RecoveryBasis [open] {
        overrides "overrides": Overrides,
        country_profile "country-profile": Profile,
        anchor_mix "anchor-mix": Vec<AnchorShare>,
        monthly_plan "monthly-plan": Vec<MonthPlan>,
    }
}

impl From<&Campaign> for RecoveryBasis {
    fn from(campaign: &Campaign) -> Self {
        Self {
            overrides: campaign.overrides.clone(),
            country_profile: campaign.country_profile.clone(),
            anchor_mix: campaign.anchor_mix.clone(),
            monthly_plan: campaign.monthly_plan.clone(),
        }
    }
}

record! {
    #[derive(Copy)]
    pub struct AcceptedReplacement {
        link_type "link-type": LinkType,
        cost "cost" [optional]: Option<Decimal>,
    }
}

record! {
    pub struct ReserveRequest {
        campaign "campaign": RecoveryBasis,
        current_month "current-month" [optional]: Option<u32>,
        accepted "accepted" [optional]: Vec<AcceptedReplacement>,
    }
}

record! {
    pub struct ReplacementRequest {
        country_code "country-code" [optional]: Option<String>,
        as_of "as-of": String,
        dead "dead": Vec<DeadLink>,
        #[serde(with = "crate::map")]
        live_anchors "live-anchors" [map optional]: Vec<(AnchorType, u32)>,
        campaign "campaign" [optional]: Option<RecoveryBasis>,
        #[serde(with = "crate::map")]
        planned_anchors "planned-anchors" [map optional]: Vec<(AnchorType, u32)>,
        reserve_left "reserve-left" [optional]: Option<Decimal>,
        linked_domains "linked-domains" [optional]: Vec<String>,
        target "target" [optional]: Option<Topic>,
        blocklist "blocklist" [optional]: Vec<String>,
        opportunities "opportunities" [optional]: Vec<Opportunity>,
    }
}

record! {
    pub struct Candidate {
        domain "domain": String,
        score "score": u32,
        dr "dr" [optional]: Option<Decimal>,
        price "price" [optional]: Option<Decimal>,
        dr_per_dollar "dr-per-dollar" [optional]: Option<Decimal>,
    }
}

record! {
    pub struct Replacement {
        backlink_id "backlink-id": u64,
        content_id "content-id": u64,
        impact "impact": Impact,
        restore "restore": bool,
        anchor_type "anchor-type" [optional]: Option<AnchorType>,
        link_type "link-type" [optional]: Option<LinkType>,
        min_source_dr "min-source-dr" [optional]: Option<Decimal>,
        cost_ceiling "cost-ceiling" [optional]: Option<Decimal>,
        candidates "candidates": Vec<Candidate>,
        message "message": String,
    }
}
