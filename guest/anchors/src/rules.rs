//! What a suggested anchor must hold, type by type *(ours, from section 7's descriptions)*.

use linker_types::AnchorType;

use super::subject::Subject;
use crate::text::{ANCHOR_CHARS, clean, inflected, lower};

/// `Err`: why it is dropped, as the rest of a sentence about it.
pub(super) fn check(subject: &Subject<'_>, anchor: AnchorType, text: &str) -> Result<(), &'static str> {
    if text.chars().any(char::is_control) {
        return Err("has control characters");
    }
    if clean(text).is_empty() {
        return Err("is empty");
    }
    if text.chars().count() > ANCHOR_CHARS {
        return Err("is longer than 200 characters");
    }
    let small = lower(text);
    let keyword = || small.contains(&subject.keyword_small);
    let brand = || {
        small.contains(subject.brand_small)
            || (!subject.domain_label.is_empty() && small.contains(&subject.domain_label))
    };
    match anchor {
        AnchorType::Branded if subject.gives_away(text) => {
            Err("carries the page's keyword, which a branded anchor must not")
        }
        AnchorType::Branded if !brand() => Err("does not name the brand"),
        AnchorType::NakedUrl if !small.contains(subject.bare_host()) || text.contains(' ') => {
            Err("is not a URL of the site")
        }
        AnchorType::Generic if keyword() || brand() => {
            Err("names the brand or the keyword, which a generic anchor must not")
        }
        AnchorType::PartialMatch if !keyword() || small == subject.keyword_small => {
            Err("is not a longer phrase around the page's keyword")
        }
        AnchorType::ExactMatch if !is_exact(subject, &small) => Err("is not the page's keyword"),
        AnchorType::Lsi if small == subject.keyword_small => Err("is the page's own keyword"),
        AnchorType::BrandKeyword if !(keyword() && brand()) => Err("does not join the brand and the keyword"),
        _ => Ok(()),
    }
}

fn is_exact(subject: &Subject<'_>, small: &str) -> bool {
    let bare = small.trim_matches(|c| "“”«»‘’„[]\"'".contains(c));
    bare == subject.keyword_small || inflected(&subject.keyword_small).is_some_and(|other| other == bare)
}
