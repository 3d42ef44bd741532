//! Quality of placements.

use crate::{Decimal, Warning};

record! {
    pub struct Topic {
        title "title": String,
        niches "niches" [optional]: Vec<String>,
        keywords "keywords" [optional]: Vec<String>,
    }
}

record! {
    pub struct Opportunity {
        domain "domain": String,
        title "title" [optional]: Option<String>,
        niches "niches" [optional]: Vec<String>,
        organic_traffic "organic-traffic" [optional]: Option<u64>,
        dr "dr" [optional]: Option<Decimal>,
        da "da" [optional]: Option<Decimal>,
        indexed "indexed" [optional]: Option<bool>,
        traffic_months "traffic-months" [optional]: Vec<u64>,
        trend "trend" [optional]: Option<String>,
        dofollow "dofollow" [optional]: Option<bool>,
        paid "paid" [optional]: Option<bool>,
        price "price" [optional]: Option<Decimal>,
        outbound_links "outbound-links" [optional]: Option<u32>,
        niche_editorial "niche-editorial" [optional]: Option<bool>,
        editorial_quality "editorial-quality" [optional]: Option<bool>,
        dofollow_confirmed "dofollow-confirmed" [optional]: Option<bool>,
    }
}

record! {
    pub struct ScoreRequest {
        country_code "country-code": String,
        target "target": Topic,
        blocklist "blocklist" [optional]: Vec<String>,
        opportunities "opportunities": Vec<Opportunity>,
    }
}

record! {
    pub struct ListingRequest {
        domains "domains": Vec<String>,
        blocklist "blocklist": Vec<String>,
    }
}

vocabulary! {
    pub enum FactorName {
        OrganicTraffic "organic-traffic" "organic_traffic",
        Authority "authority" "authority",
        Indexed "indexed" "indexed",
        NotBlocklisted "not-blocklisted" "not_blocklisted",
        TrafficTrend "traffic-trend" "traffic_trend",
        NicheRelevance "niche-relevance" "niche_relevance",
        Dofollow "dofollow" "dofollow",
        OutboundLinks "outbound-links" "outbound_links",
        NicheEditorial "niche-editorial" "niche_editorial",
        EditorialQuality "editorial-quality" "editorial_quality",
        DofollowConfirmed "dofollow-confirmed" "dofollow_confirmed",
    }
}

vocabulary! {
    pub enum Outcome { Pass "pass" "pass", Fail "fail" "fail", Unknown "unknown" "unknown", }
}

/// The value that a factor saw.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(
    feature = "host",
    derive(wasmtime::component::ComponentType, wasmtime::component::Lift, wasmtime::component::Lower),
    component(variant)
)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(untagged)]
pub enum Measure {
    #[cfg_attr(feature = "host", component(name = "count"))]
    Count(u64),
    #[cfg_attr(feature = "host", component(name = "ratio"))]
    Ratio(Decimal),
    #[cfg_attr(feature = "host", component(name = "flag"))]
    Flag(bool),
    #[cfg_attr(feature = "host", component(name = "text"))]
    Text(String),
}

record! {
    pub struct Factor {
        name "name": FactorName,
        outcome "outcome": Outcome,
        seen "seen" [optional]: Option<Measure>,
        #[serde(skip_serializing_if = "Option::is_none")]
        threshold "threshold" [skip optional]: Option<Decimal>,
    }
}

record! {
    pub struct QualityScore {
        domain "domain": String,
        score "score": u32,
        threshold "threshold": u32,
        meets_threshold "meets-threshold": bool,
        best_possible "best-possible": u32,
        needs_review "needs-review": bool,
        factors "factors": Vec<Factor>,
        notes "notes": Vec<Warning>,
    }
}
