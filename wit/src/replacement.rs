//! Lost links: their weight and what replaces them.

use crate::{AnchorType, Decimal, LinkType, Opportunity, Tier, Topic};

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
        link_type "link-type": LinkType,
        tier "tier": Tier,
        anchor_type "anchor-type": AnchorType,
        nofollow "nofollow" [optional]: bool,
        page_alive "page-alive": bool,
        lost_on "lost-on": String,
    }
}

record! {
    pub struct ReplacementRequest {
        country_code "country-code": String,
        as_of "as-of": String,
        dead "dead": Vec<DeadLink>,
        #[serde(with = "crate::map")]
        live_anchors "live-anchors" [map]: Vec<(AnchorType, u32)>,
        #[serde(with = "crate::map")]
        planned_anchors "planned-anchors" [map]: Vec<(AnchorType, u32)>,
        reserve_left "reserve-left": Decimal,
        linked_domains "linked-domains" [optional]: Vec<String>,
        target "target": Topic,
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
        anchor_type "anchor-type": AnchorType,
        link_type "link-type": LinkType,
        min_source_dr "min-source-dr": Decimal,
        cost_ceiling "cost-ceiling" [optional]: Option<Decimal>,
        candidates "candidates": Vec<Candidate>,
        message "message": String,
    }
}
