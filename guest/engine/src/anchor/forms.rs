//! The forms of each anchor type, best first; a form that repeats an earlier anchor gives way to the next. One at a
//! time, because the first three nearly always do.

use linker_types::AnchorType;

use super::frames::{BRAND_KEYWORD, BRANDED, GENERIC, PARTIAL_SPARE, QUOTED, TOPICAL, URLS, partial};
use super::subject::Subject;
use crate::text::{capitalised, inflected, is_lower_of, title_case};

pub(super) struct Form {
    /// Empty where this one does not suit the page.
    pub(super) text: String,
    pub(super) synthetic: bool,
}

/// The form at place `at`; `None` after the last.
pub(super) fn form(subject: &Subject<'_>, anchor: AnchorType, at: usize) -> Option<Form> {
    let own = |frame: &&str| fill(frame, subject, &subject.keyword);
    let text = match anchor {
        AnchorType::Branded => BRANDED.get(at).map(own),
        AnchorType::NakedUrl => naked_url(subject, at),
        AnchorType::Generic => generic(subject, at),
        AnchorType::PartialMatch => partial(subject.kind).iter().chain(PARTIAL_SPARE).nth(at).map(own),
        AnchorType::ExactMatch => exact_match(subject, at),
        AnchorType::BrandKeyword => BRAND_KEYWORD.get(at).map(own),
        AnchorType::Lsi => return lsi(subject, at),
    };
    text.map(|text| Form { text, synthetic: false })
}

/// What numbered forms are built on when everything else collided.
pub(super) fn stem(subject: &Subject<'_>, anchor: AnchorType) -> String {
    let frame = match anchor {
        AnchorType::Branded => "{b}",
        AnchorType::NakedUrl => "{h}",
        AnchorType::Generic => "this page",
        AnchorType::BrandKeyword => "{b} {}",
        AnchorType::Lsi => return subject.topic.clone(),
        AnchorType::PartialMatch | AnchorType::ExactMatch => "{}",
    };
    fill(frame, subject, &subject.keyword)
}

/// A frame with its blanks filled in (see `frames`).
fn fill(frame: &str, subject: &Subject<'_>, keyword: &str) -> String {
    let room = subject.brand.len().saturating_add(keyword.len()).saturating_add(subject.host.len());
    let mut out = String::with_capacity(frame.len().saturating_add(room));
    let mut blank = false;
    for part in frame.split(['{', '}']) {
        out.push_str(match part {
            "" if blank => keyword,
            "b" if blank => &subject.brand,
            "d" if blank => &subject.domain_label,
            "h" if blank => subject.bare_host(),
            part => part,
        });
        blank = !blank;
    }
    out
}

fn naked_url(subject: &Subject<'_>, at: usize) -> Option<String> {
    let url = subject.url;
    let bare = url.split_once("://").map_or(url, |(_, rest)| rest);
    let bare = bare.split(['?', '#']).next().unwrap_or(bare);
    match at {
        0 => Some(url.to_owned()),
        1 => Some(bare.to_owned()),
        2 => Some(bare.strip_prefix("www.").unwrap_or(bare).trim_end_matches('/').to_owned()),
        _ => URLS.get(at.saturating_sub(3)).map(|frame| fill(frame, subject, "")),
    }
}

/// Three a list, beginning with a list that the page's id chooses.
fn generic(subject: &Subject<'_>, at: usize) -> Option<String> {
    let lists = GENERIC.len() as u64;
    let first = usize::try_from(subject.id.checked_rem(lists).unwrap_or(0)).unwrap_or(0);
    let mut round = GENERIC.iter().cycle().skip(first).take(GENERIC.len()).flatten();
    round.nth(at).map(|&phrase| phrase.to_owned())
}

fn exact_match(subject: &Subject<'_>, at: usize) -> Option<String> {
    let keyword = &subject.keyword;
    match at {
        0 => Some(keyword.clone()),
        1 => Some(title_case(keyword)),
        2 => Some(inflected(keyword).unwrap_or_default()),
        3 => Some(capitalised(keyword)),
        _ => QUOTED.get(at.saturating_sub(4)).map(|frame| fill(frame, subject, keyword)),
    }
}

/// Related keywords; then the cluster's name and the topic, bare and in every frame.
fn lsi(subject: &Subject<'_>, at: usize) -> Option<Form> {
    if let Some(related) = subject.related.get(at) {
        return Some(Form { text: related.to_string(), synthetic: false });
    }
    let stems = subject.cluster.as_deref().into_iter().chain([subject.topic.as_str()]);
    let frames = ["{}"].iter().chain(TOPICAL);
    let mut made = frames.flat_map(|frame| stems.clone().map(move |stem| (frame, stem)));
    let (frame, stem) = made.nth(at.saturating_sub(subject.related.len()))?;
    let mut text = fill(frame, subject, stem);
    // A page with no other keyword may have its own as its cluster's name or its title.
    if is_lower_of(&subject.keyword_small, &text) {
        text.clear();
    }
    Some(Form { text, synthetic: true })
}
