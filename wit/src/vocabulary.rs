//! Closed vocabularies; open ones (content type, structure, status) are strings.

use crate::CheckReason;

vocabulary! {
    pub enum Country { Pk "pk" "PK", Ca "ca" "CA", Uk "uk" "UK", Usa "usa" "USA", }
}

vocabulary! {
    pub enum Tier { T1 "t1" "T1", T2 "t2" "T2", T3 "t3" "T3", T4 "t4" "T4", T5 "t5" "T5", }
}

vocabulary! {
    pub enum AnchorType {
        Branded "branded" "branded",
        NakedUrl "naked-url" "naked_url",
        Generic "generic" "generic",
        PartialMatch "partial-match" "partial_match",
        ExactMatch "exact-match" "exact_match",
        Lsi "lsi" "lsi",
        BrandKeyword "brand-keyword" "brand_keyword",
    }
}

vocabulary! {
    pub enum LinkType {
        GuestPost "guest-post" "guest_post",
        NicheEdit "niche-edit" "niche_edit",
        PrDistribution "pr-distribution" "pr_distribution",
        Directory "directory" "directory",
        ResourcePage "resource-page" "resource_page",
        BrokenLink "broken-link" "broken_link",
        Haro "haro" "haro",
    }
}

vocabulary! {
    pub enum Phase {
        Ramp "ramp" "ramp",
        Peak "peak" "peak",
        Cruise "cruise" "cruise",
        Maintenance "maintenance" "maintenance",
    }
}

impl CheckReason {
    /// The link, or every link of its page, passes no credit.
    pub const fn withholds(self) -> bool {
        matches!(
            self,
            CheckReason::NofollowLink | CheckReason::Sponsored | CheckReason::Ugc | CheckReason::NofollowPage
        )
    }
}

impl Tier {
    /// T4 and T5: the authority magnets of.
    pub const fn is_magnet(self) -> bool {
        matches!(self, Tier::T4 | Tier::T5)
    }
}

record! {
    pub struct Choice { value "value": String, label "label": String, }
}

record! {
    pub struct Vocabulary { name "name": String, choices "choices": Vec<Choice>, }
}
