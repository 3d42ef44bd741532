//! The phrases that anchors are made of. English; `{}` is the keyword, `{b}` the brand, `{d}` the domain's label, `{h}`
//! the host without `www.`.

use crate::tier::Kind;

pub(super) const BRANDED: &[&str] = &[
    "{b}",
    "{b} website",
    "{d}",
    "{b} official site",
    "the {b} team",
    "{b} online",
    "{h}",
    // Only the brand and punctuation, so that no keyword of letters bars all of them.
    "“{b}”",
    "«{b}»",
    "[{b}]",
];

/// After the page's own address in three spellings.
pub(super) const URLS: &[&str] = &["{h}", "{h}/", "https://{h}", "https://{h}/", "www.{h}"];

pub(super) const BRAND_KEYWORD: &[&str] = &["{b} {}", "{} by {b}", "{b}: {}", "{} from {b}", "{} at {b}", "{} – {b}"];

/// After the keyword in its cases and its plural.
pub(super) const QUOTED: &[&str] = &["“{}”", "«{}»", "‘{}’", "[{}]", "„{}“"];

/// Phrases that say nothing of the page; several lists keep neighbouring pages from reading alike.
pub(super) const GENERIC: &[[&str; 3]] = &[
    ["click here", "read more", "this page"],
    ["learn more", "visit the website", "see the details"],
    ["find out more", "check it out", "this site"],
    ["more information", "go to the page", "view the source"],
    ["continue reading", "this resource", "see the full page"],
    ["get the details", "have a look", "read it here"],
];

/// Phrases around the keyword that suit what the page is.
pub(super) fn partial(kind: Kind) -> &'static [&'static str; 3] {
    match kind {
        Kind::Homepage => &["specialists in {}", "a trusted source for {}", "{} and more"],
        Kind::Hub => &["everything about {}", "{} resources and guides", "a complete overview of {}"],
        Kind::Product => &["buy {} online", "{} price and details", "a closer look at the {}"],
        Kind::Service => &["professional {}", "{} by experienced people", "ask about {}"],
        Kind::Comparison => &["{} compared side by side", "{}: which one to choose", "pros and cons of {}"],
        Kind::Listicle => &["{} worth knowing", "{}: a shortlist", "our picks for {}"],
        Kind::Tool => &["free {} to use online", "try this {}", "work it out with the {}"],
        Kind::Guide => &["a practical guide to {}", "{} explained step by step", "how to get started with {}"],
        Kind::Article => &["read about {}", "what to know about {}", "{} in practice"],
    }
}

/// For keywords that read badly in, or collide with, the frames above.
pub(super) const PARTIAL_SPARE: &[&str] =
    &["more on {}", "the basics of {}", "background on {}", "notes on {}", "help with {}"];

pub(super) const TOPICAL: &[&str] =
    &["{} basics", "{} tips", "{} overview", "{} ideas", "{} in detail", "more about {}"];
