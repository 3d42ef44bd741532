//! Why a link is what it is, in a few words.

use linker_types::{CheckReason, CheckReport};

/// All reasons of a report.
pub(in crate::cli) fn all(report: &CheckReport) -> String {
    report.reasons.iter().map(|&reason| phrase(reason)).collect::<Vec<_>>().join(", ")
}

const fn phrase(reason: CheckReason) -> &'static str {
    match reason {
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
