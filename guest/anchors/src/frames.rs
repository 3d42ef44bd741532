//! The phrases that anchors are made of. English; `{}` is the keyword, `{b}` the brand, `{d}` the domain's label, `{h}`
//! the host without `www.`.

use crate::subject::Kind;

/// A phrase cut at its blanks, of which each is a piece. Cut by the compiler: a plan fills in hundreds.
pub(super) type Frame = [&'static str; 3];

#[allow(clippy::indexing_slicing, reason = "the compiler runs it, and would say so")]
pub(super) const fn frame(phrase: &'static str) -> Frame {
    let (mut pieces, mut count, mut rest) = ([""; 3], 0, phrase);
    while !rest.is_empty() {
        let bytes = rest.as_bytes();
        let mut end = 1;
        while end < bytes.len() && bytes[end] != b'{' && bytes[end - 1] != b'}' {
            end += 1;
        }
        (pieces[count], rest) = rest.split_at(end);
        count += 1;
    }
    pieces
}

macro_rules! frames {
    ($($phrase:literal),* $(,)?) => { &const { [$(frame($phrase)),*] } };
}

pub(super) const BRANDED: &[Frame] = frames![
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
pub(super) const URLS: &[Frame] = frames!["{h}", "{h}/", "https://{h}", "https://{h}/", "www.{h}"];

pub(super) const BRAND_KEYWORD: &[Frame] =
    frames!["{b} {}", "{} by {b}", "{b}: {}", "{} from {b}", "{} at {b}", "{} – {b}"];

/// After the keyword in its cases and its plural.
pub(super) const QUOTED: &[Frame] = frames!["“{}”", "«{}»", "‘{}’", "[{}]", "„{}“"];

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
pub(super) fn partial(kind: Kind) -> &'static [Frame; 3] {
    match kind {
        Kind::Homepage => frames!["specialists in {}", "a trusted source for {}", "{} and more"],
        Kind::Hub => frames!["everything about {}", "{} resources and guides", "a complete overview of {}"],
        Kind::Product => frames!["buy {} online", "{} price and details", "a closer look at the {}"],
        Kind::Service => frames!["professional {}", "{} by experienced people", "ask about {}"],
        Kind::Comparison => frames!["{} compared side by side", "{}: which one to choose", "pros and cons of {}"],
        Kind::Listicle => frames!["{} worth knowing", "{}: a shortlist", "our picks for {}"],
        Kind::Tool => frames!["free {} to use online", "try this {}", "work it out with the {}"],
        Kind::Guide => frames!["a practical guide to {}", "{} explained step by step", "how to get started with {}"],
        Kind::Article => frames!["read about {}", "what to know about {}", "{} in practice"],
    }
}

/// For keywords that read badly in, or collide with, the frames above.
pub(super) const PARTIAL_SPARE: &[Frame] =
    frames!["more on {}", "the basics of {}", "background on {}", "notes on {}", "help with {}"];

pub(super) const TOPICAL: &[Frame] =
    frames!["{}", "{} basics", "{} tips", "{} overview", "{} ideas", "{} in detail", "more about {}"];
