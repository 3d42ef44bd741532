//! Texts and lists of the input against [`linker_types::limits`]: no longer than any real site has them.

use linker_types::limits::{ANCHORS, NAME, NICHES, PICKS, ROWS, SETTINGS, TITLE};
use linker_types::{ErrorCode, Overrides, SuggestedAnchor};

use crate::faults::Faults;

/// Whether a text has more characters; most are short enough in bytes.
pub(crate) fn is_longer(text: &str, most: usize) -> bool {
    text.len() > most && text.chars().nth(most).is_some()
}

/// A fault where a text has more characters. `field` is only made then.
pub(crate) fn text(faults: &mut Faults, field: impl FnOnce() -> String, text: &str, most: usize) {
    if is_longer(text, most) {
        faults.add(ErrorCode::OutOfRange, field(), format!("is longer than {most} characters; shorten it"));
    }
}

/// A fault where a list has more entries; `what` they are.
pub(crate) fn count(faults: &mut Faults, field: impl FnOnce() -> String, count: usize, what: &str, most: usize) {
    if count > most {
        faults.add(ErrorCode::TooLarge, field(), format!("{count} {what} are more than {most}"));
    }
}

/// A list of texts; of `field`, which is only made for a fault.
pub(crate) fn texts(
    faults: &mut Faults,
    field: impl Fn() -> String,
    texts: &[String],
    what: &str,
    (entries, characters): (usize, usize),
) {
    count(faults, &field, texts.len(), what, entries);
    for (at, entry) in texts.iter().enumerate() {
        if faults.full() {
            break;
        }
        text(faults, || format!("{}[{at}]", field()), entry, characters);
    }
}

/// Niches of a site, a page or a placement.
pub(crate) fn niches(faults: &mut Faults, field: impl Fn() -> String, niches: &[String]) {
    texts(faults, field, niches, "niches", (NICHES, NAME));
}

/// Domains in lines.
pub(crate) fn domains(faults: &mut Faults, field: &str, domains: &[String]) {
    texts(faults, || field.to_owned(), domains, "domains", (ROWS, linker_types::limits::LINE));
}

/// The lists of overrides.
pub(crate) fn overrides(faults: &mut Faults, overrides: &Overrides) {
    let lists = [
        ("add_pages", overrides.add_pages.len(), "pages", PICKS),
        ("drop_pages", overrides.drop_pages.len(), "pages", PICKS),
        ("page_links", overrides.page_links.len(), "pages", PICKS),
        ("month_links", overrides.month_links.len(), "months", SETTINGS),
        ("moves", overrides.moves.len(), "moves", SETTINGS),
        ("tier_allocation", overrides.tier_allocation.len(), "shares", SETTINGS),
        ("unit_costs", overrides.unit_costs.len(), "prices", SETTINGS),
    ];
    for (name, entries, what, most) in lists {
        count(faults, || format!("overrides.{name}"), entries, what, most);
    }
}

/// Suggested anchors; one that is merely too long for an anchor is dropped later, with a warning.
pub(crate) fn anchors(faults: &mut Faults, anchors: &[SuggestedAnchor]) {
    count(faults, || "anchors".to_owned(), anchors.len(), "anchors", ANCHORS);
    for (at, anchor) in anchors.iter().enumerate() {
        if faults.full() {
            break;
        }
        text(faults, || format!("anchors[{at}].text"), &anchor.text, TITLE);
    }
}
