//! The forms of each anchor type, best first; a form that repeats an earlier anchor gives way to the next. One at a
//! time, because the first three nearly always do.

use linker_types::AnchorType;

use super::frames::{BRAND_KEYWORD, BRANDED, Frame, GENERIC, PARTIAL_SPARE, QUOTED, TOPICAL, URLS, frame, partial};
use super::subject::Subject;
use crate::text::{ANCHOR_CHARS, capitalised, inflected, is_lower_of, tidy, title_case};

pub(super) struct Form {
    /// Clean and no longer than an anchor may be; empty where this one does not suit the page.
    pub(super) text: String,
    pub(super) synthetic: bool,
}

impl Form {
    fn of(text: String, synthetic: bool) -> Self {
        Self { text: tidy(text, ANCHOR_CHARS), synthetic }
    }
}

/// The form at place `at`; `None` after the last.
pub(super) fn form(subject: &Subject<'_>, anchor: AnchorType, at: usize) -> Option<Form> {
    let own = |frame: &Frame| fill(frame, subject, &subject.keyword);
    let text = match anchor {
        AnchorType::Branded => BRANDED.get(at).map(own),
        AnchorType::NakedUrl => naked_url(subject, at),
        AnchorType::Generic => generic(subject, at),
        AnchorType::PartialMatch => partial(subject.kind).iter().chain(PARTIAL_SPARE).nth(at).map(own),
        AnchorType::ExactMatch => exact_match(subject, at),
        AnchorType::BrandKeyword => BRAND_KEYWORD.get(at).map(own),
        AnchorType::Lsi => return lsi(subject, at),
    };
    text.map(|text| Form::of(text, false))
}

/// What numbered forms are built on when everything else collided.
pub(super) fn stem(subject: &Subject<'_>, anchor: AnchorType) -> String {
    let stem = match anchor {
        AnchorType::Branded => const { frame("{b}") },
        AnchorType::NakedUrl => const { frame("{h}") },
        AnchorType::Generic => const { frame("this page") },
        AnchorType::BrandKeyword => const { frame("{b} {}") },
        AnchorType::Lsi => return subject.topic.clone(),
        AnchorType::PartialMatch | AnchorType::ExactMatch => const { frame("{}") },
    };
    fill(&stem, subject, &subject.keyword)
}

/// A frame with its blanks filled in.
fn fill(frame: &Frame, subject: &Subject<'_>, keyword: &str) -> String {
    let piece = |&piece: &&'static str| match piece {
        "{}" => keyword,
        "{b}" => subject.brand,
        "{d}" => &subject.domain_label,
        "{h}" => subject.bare_host(),
        piece => piece,
    };
    let length = frame.iter().map(|part| piece(part).len()).fold(0, usize::saturating_add);
    let mut out = String::with_capacity(length);
    for part in frame {
        out.push_str(piece(part));
    }
    out
}

fn naked_url(subject: &Subject<'_>, at: usize) -> Option<String> {
    let url = subject.url;
    let bare = || {
        let bare = url.split_once(':').and_then(|(_, rest)| rest.strip_prefix("//")).unwrap_or(url);
        let end = bare.bytes().position(|byte| matches!(byte, b'?' | b'#'));
        end.and_then(|end| bare.get(..end)).unwrap_or(bare)
    };
    match at {
        0 => Some(url.to_owned()),
        1 => Some(bare().to_owned()),
        2 => {
            let bare = bare();
            Some(bare.strip_prefix("www.").unwrap_or(bare).trim_end_matches('/').to_owned())
        }
        _ => URLS.get(at.saturating_sub(3)).map(|frame| fill(frame, subject, "")),
    }
}

/// Three a list, beginning with a list that the page's id chooses.
fn generic(subject: &Subject<'_>, at: usize) -> Option<String> {
    let phrases = GENERIC.as_flattened();
    let list = usize::try_from(subject.id.checked_rem(GENERIC.len() as u64)?).ok()?;
    let place = list.saturating_mul(3).saturating_add(at).checked_rem(phrases.len()).filter(|_| at < phrases.len())?;
    phrases.get(place).map(|&phrase| phrase.to_owned())
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
        return Some(Form::of(related.to_string(), false));
    }
    let past = at.saturating_sub(subject.related.len());
    let (made, stem) = match &subject.cluster {
        None => (past, subject.topic.as_str()),
        Some(cluster) => (past / 2, if past.is_multiple_of(2) { cluster } else { subject.topic.as_str() }),
    };
    let frame = TOPICAL.get(made)?;
    let mut text = fill(frame, subject, stem);
    // A page with no other keyword may have its own as its cluster's name or its title.
    if is_lower_of(&subject.keyword_small, &text) {
        text.clear();
    }
    Some(Form::of(text, true))
}
