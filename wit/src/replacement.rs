//! Lost links: their weight and what replaces them.

use crate::{AnchorType, Decimal, LinkType, Opportunity, Tier, Topic};

record! {
    #[derive(Copy)]
    pub struct LostLink {
        source_dr "source-dr": Option<Decimal>,
        link_type "link-type": LinkType,
        tier "tier": Tier,
        #[serde(default)]
        nofollow "nofollow": bool,
    }
}

record! {
    pub struct Impact { score "score": Option<Decimal>, reason "reason": Option<String>, }
}

record! {
    pub struct DeadLink {
        backlink_id "backlink-id": u64,
        content_id "content-id": u64,
        source_domain "source-domain": String,
        source_dr "source-dr": Option<Decimal>,
        link_type "link-type": LinkType,
        tier "tier": Tier,
        anchor_type "anchor-type": AnchorType,
        #[serde(default)]
        nofollow "nofollow": bool,
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
        live_anchors "live-anchors": Vec<(AnchorType, u32)>,
        #[serde(with = "crate::map")]
        planned_anchors "planned-anchors": Vec<(AnchorType, u32)>,
        reserve_left "reserve-left": Decimal,
        #[serde(default)]
        linked_domains "linked-domains": Vec<String>,
        target "target": Topic,
        #[serde(default)]
        blocklist "blocklist": Vec<String>,
        #[serde(default)]
        opportunities "opportunities": Vec<Opportunity>,
    }
}

record! {
    pub struct Candidate {
        domain "domain": String,
        score "score": u32,
        dr "dr": Option<Decimal>,
        price "price": Option<Decimal>,
        dr_per_dollar "dr-per-dollar": Option<Decimal>,
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
        cost_ceiling "cost-ceiling": Option<Decimal>,
        candidates "candidates": Vec<Candidate>,
        message "message": String,
    }
}
