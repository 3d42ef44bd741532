//! Closed vocabularies; open ones (content type, structure, status) are strings.

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

impl Tier {
    /// T4 and T5: the authority magnets of.
    pub const fn is_magnet(self) -> bool {
        matches!(self, Tier::T4 | Tier::T5)
    }

    /// The label that people see.
    pub const fn label(self) -> &'static str {
        match self {
            Tier::T1 => "Tier 1 — Homepage",
            Tier::T2 => "Tier 2 — Top Hubs",
            Tier::T3 => "Tier 3 — Other Hubs/Products",
            Tier::T4 => "Tier 4 — Supporting Articles",
            Tier::T5 => "Tier 5 — Authority Magnets",
        }
    }
}

impl AnchorType {
    /// The label that people see.
    pub const fn label(self) -> &'static str {
        match self {
            AnchorType::Branded => "Branded",
            AnchorType::NakedUrl => "Naked URL",
            AnchorType::Generic => "Generic",
            AnchorType::PartialMatch => "Partial Match",
            AnchorType::ExactMatch => "Exact Match",
            AnchorType::Lsi => "LSI/Topical",
            AnchorType::BrandKeyword => "Brand + Keyword",
        }
    }
}

impl LinkType {
    /// The label that people see.
    pub const fn label(self) -> &'static str {
        match self {
            LinkType::GuestPost => "Guest Post",
            LinkType::NicheEdit => "Niche Edit",
            LinkType::PrDistribution => "PR Distribution",
            LinkType::Directory => "Directory",
            LinkType::ResourcePage => "Resource Page",
            LinkType::BrokenLink => "Broken Link Building",
            LinkType::Haro => "HARO/Journalist Query",
        }
    }
}

impl LinkType {
    /// For the middle of a sentence.
    pub const fn phrase(self) -> &'static str {
        match self {
            LinkType::GuestPost => "guest post",
            LinkType::NicheEdit => "niche edit",
            LinkType::PrDistribution => "press release",
            LinkType::Directory => "directory listing",
            LinkType::ResourcePage => "resource page link",
            LinkType::BrokenLink => "broken link replacement",
            LinkType::Haro => "journalist query",
        }
    }
}

impl AnchorType {
    /// For the middle of a sentence.
    pub const fn phrase(self) -> &'static str {
        match self {
            AnchorType::Branded => "branded",
            AnchorType::NakedUrl => "naked URL",
            AnchorType::Generic => "generic",
            AnchorType::PartialMatch => "partial match",
            AnchorType::ExactMatch => "exact match",
            AnchorType::Lsi => "topical",
            AnchorType::BrandKeyword => "brand and keyword",
        }
    }
}
