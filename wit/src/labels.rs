//! What people call the words of the closed vocabularies: one home for every screen, sheet and list.

use crate::{
    AnchorType, BacklinkStatus, CheckReason, Choice, Country, FactorName, IndicatorName, LinkType, Phase, Tier,
    Verdict, Vocabulary,
};

impl Tier {
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

impl Phase {
    /// The label that people see.
    pub const fn label(self) -> &'static str {
        match self {
            Phase::Ramp => "Ramp",
            Phase::Peak => "Peak",
            Phase::Cruise => "Cruise",
            Phase::Maintenance => "Maintenance",
        }
    }
}

impl BacklinkStatus {
    /// The label that people see.
    pub const fn label(self) -> &'static str {
        match self {
            BacklinkStatus::Planned => "Planned",
            BacklinkStatus::Ordered => "Ordered",
            BacklinkStatus::Live => "Live",
            BacklinkStatus::Dead => "Dead",
            BacklinkStatus::Replaced => "Replaced",
            BacklinkStatus::Rejected => "Rejected",
        }
    }
}

impl Verdict {
    /// The label that people see.
    pub const fn label(self) -> &'static str {
        match self {
            Verdict::Live => "Live",
            Verdict::Degraded => "Degraded",
            Verdict::Dead => "Dead",
            Verdict::Unverified => "Not confirmed",
            Verdict::Blocked => "Blocked",
        }
    }
}

impl CheckReason {
    /// In a few words, for a list of reasons.
    pub const fn label(self) -> &'static str {
        match self {
            CheckReason::LinkRemoved => "link removed from the page",
            CheckReason::Http404 => "page not found (404)",
            CheckReason::Http410 => "page gone (410)",
            CheckReason::Http403 => "access refused (403)",
            CheckReason::Http4xx => "refused by the site (4xx)",
            CheckReason::Http5xx => "the site fails (5xx)",
            CheckReason::HttpOther => "no page, but no error either",
            CheckReason::AuthRequired => "needs a login",
            CheckReason::RateLimited => "too many requests, it says",
            CheckReason::Dns => "the name is not found",
            CheckReason::Connect => "no connection",
            CheckReason::Tls => "no secure connection",
            CheckReason::Timeout => "too slow to answer",
            CheckReason::BrokenResponse => "the answer broke off",
            CheckReason::RedirectLoop => "redirects in a circle",
            CheckReason::TooManyRedirects => "more than 5 redirects",
            CheckReason::BadRedirect => "redirect to nowhere",
            CheckReason::AddressRefused => "not a public web address",
            CheckReason::RobotsDisallowed => "robots.txt says no",
            CheckReason::RobotsUnreachable => "robots.txt can't be read",
            CheckReason::BotWall => "shows robots a wall",
            CheckReason::NofollowLink => "nofollow",
            CheckReason::Sponsored => "sponsored",
            CheckReason::Ugc => "ugc",
            CheckReason::NofollowPage => "page is nofollow",
            CheckReason::Noindex => "page is noindex",
            CheckReason::CanonicalElsewhere => "canonical is another page",
            CheckReason::RedirectedSource => "page moved to another address",
            CheckReason::SchemeDowngrade => "redirects from https to http",
            CheckReason::AnchorChanged => "anchor text changed",
            CheckReason::WrongTarget => "links to another page of yours",
            CheckReason::Wrapped => "link goes through a redirect",
            CheckReason::MentionOnly => "named but not linked",
            CheckReason::MetaRefresh => "page sends visitors elsewhere",
            CheckReason::NeedsScript => "page is only a script",
            CheckReason::Soft404 => "looks like a not-found page",
            CheckReason::Parked => "domain looks parked",
            CheckReason::Hidden => "link is hidden",
            CheckReason::TooLarge => "page too large to read",
            CheckReason::Truncated => "page cut short",
            CheckReason::Undecodable => "page can't be decoded",
            CheckReason::NotHtml => "not a web page",
        }
    }
}

impl FactorName {
    /// In a few words.
    pub const fn label(self) -> &'static str {
        match self {
            FactorName::OrganicTraffic => "organic traffic",
            FactorName::Authority => "DR or DA",
            FactorName::Indexed => "indexed",
            FactorName::NotBlocklisted => "not on the blocklist",
            FactorName::TrafficTrend => "traffic trend",
            FactorName::NicheRelevance => "niche",
            FactorName::Dofollow => "dofollow",
            FactorName::OutboundLinks => "outbound links",
            FactorName::NicheEditorial => "niche by hand",
            FactorName::EditorialQuality => "editorial quality",
            FactorName::DofollowConfirmed => "dofollow by hand",
        }
    }
}

impl IndicatorName {
    /// In a few words.
    pub const fn label(self) -> &'static str {
        match self {
            IndicatorName::DrTargetReached => "the site's DR reached the target",
            IndicatorName::UnlinkedPagesGetClicks => "pages without links get more clicks",
            IndicatorName::UnlinkedPagesRank => "pages without links rank 11 to 30",
            IndicatorName::NewContentRanks => "new pages rank without links",
            IndicatorName::KeywordsInTop10 => "keywords in the top 10",
        }
    }
}

impl Country {
    /// The label that people see.
    pub const fn label(self) -> &'static str {
        match self {
            Country::Pk => "Pakistan",
            Country::Ca => "Canada",
            Country::Uk => "United Kingdom",
            Country::Usa => "United States",
        }
    }
}

/// The closed vocabularies of documents, each by the name of the field that has it.
pub fn vocabularies() -> Vec<Vocabulary> {
    macro_rules! listed {
        ($($name:literal $ty:ident,)*) => {
            vec![$(Vocabulary {
                name: $name.to_owned(),
                choices: <$ty>::ALL
                    .iter()
                    .map(|word| Choice { value: word.as_str().to_owned(), label: word.label().to_owned() })
                    .collect(),
            }),*]
        };
    }
    listed![
        "country_code" Country,
        "tier" Tier,
        "anchor_type" AnchorType,
        "link_type" LinkType,
        "phase" Phase,
        "backlink_status" BacklinkStatus,
        "verdict" Verdict,
        "check_reason" CheckReason,
        "factor" FactorName,
        "indicator" IndicatorName,
    ]
}
