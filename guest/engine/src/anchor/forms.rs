//! The forms of each anchor type, best first; a form that repeats an earlier anchor gives way to the next.

use linker_types::AnchorType;

use super::frames::{GENERIC, PARTIAL_SPARE, TOPICAL, partial};
use super::subject::Subject;
use crate::text::{capitalised, inflected, title_case};

pub(super) struct Form {
    pub(super) text: String,
    pub(super) synthetic: bool,
}

pub(super) fn forms(subject: &Subject, anchor: AnchorType) -> Vec<Form> {
    if anchor == AnchorType::Lsi {
        return lsi(subject);
    }
    let texts = match anchor {
        AnchorType::Branded => branded(subject),
        AnchorType::NakedUrl => naked_url(subject),
        AnchorType::Generic => generic(subject),
        AnchorType::PartialMatch => partial_match(subject),
        AnchorType::ExactMatch => exact_match(subject),
        AnchorType::BrandKeyword => brand_keyword(subject),
        AnchorType::Lsi => Vec::new(),
    };
    texts.into_iter().map(|text| Form { text, synthetic: false }).collect()
}

/// What numbered forms are built on when everything else collided.
pub(super) fn stem(subject: &Subject, anchor: AnchorType) -> String {
    match anchor {
        AnchorType::Branded => subject.brand.clone(),
        AnchorType::NakedUrl => subject.bare_host().to_owned(),
        AnchorType::Generic => "this page".to_owned(),
        AnchorType::BrandKeyword => format!("{} {}", subject.brand, subject.keyword),
        AnchorType::Lsi => subject.topic.clone(),
        AnchorType::PartialMatch | AnchorType::ExactMatch => subject.keyword.clone(),
    }
}

fn branded(subject: &Subject) -> Vec<String> {
    let brand = &subject.brand;
    vec![
        brand.clone(),
        format!("{brand} website"),
        subject.domain_label.clone(),
        format!("{brand} official site"),
        format!("the {brand} team"),
        format!("{brand} online"),
        subject.bare_host().to_owned(),
        // Only the brand and punctuation, so that no keyword of letters bars all of them.
        format!("“{brand}”"),
        format!("«{brand}»"),
        format!("[{brand}]"),
    ]
}

fn naked_url(subject: &Subject) -> Vec<String> {
    let url = &subject.url;
    let bare = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
    let bare = bare.split(['?', '#']).next().unwrap_or(bare);
    let plain = bare.strip_prefix("www.").unwrap_or(bare).trim_end_matches('/');
    let host = subject.bare_host();
    vec![
        url.clone(),
        bare.to_owned(),
        plain.to_owned(),
        host.to_owned(),
        format!("{host}/"),
        format!("https://{host}"),
        format!("https://{host}/"),
        format!("www.{host}"),
    ]
}

fn generic(subject: &Subject) -> Vec<String> {
    let lists = GENERIC.len() as u64;
    let first = usize::try_from(subject.id.checked_rem(lists).unwrap_or(0)).unwrap_or(0);
    let round = GENERIC.iter().cycle().skip(first).take(GENERIC.len());
    round.flatten().map(|&phrase| phrase.to_owned()).collect()
}

fn partial_match(subject: &Subject) -> Vec<String> {
    let frames = partial(subject.kind);
    let all = frames.iter().chain(PARTIAL_SPARE);
    all.map(|frame| frame.replace("{}", &subject.keyword)).collect()
}

fn exact_match(subject: &Subject) -> Vec<String> {
    let keyword = &subject.keyword;
    let mut forms = vec![keyword.clone(), title_case(keyword)];
    forms.extend(inflected(keyword));
    forms.extend([
        capitalised(keyword),
        format!("“{keyword}”"),
        format!("«{keyword}»"),
        format!("‘{keyword}’"),
        format!("[{keyword}]"),
        format!("„{keyword}“"),
    ]);
    forms
}

fn lsi(subject: &Subject) -> Vec<Form> {
    let real = subject.related.iter().map(|text| Form { text: text.clone(), synthetic: false });
    let stems = subject.cluster.iter().chain([&subject.topic]);
    let made = stems
        .clone()
        .cloned()
        .chain(TOPICAL.iter().flat_map(|frame| stems.clone().map(move |stem| frame.replace("{}", stem))));
    // A page with no other keyword may have its own as its cluster's name or its title.
    let made = made.filter(|text| crate::text::lower(text) != subject.keyword_small);
    real.chain(made.map(|text| Form { text, synthetic: true })).collect()
}

fn brand_keyword(subject: &Subject) -> Vec<String> {
    let (brand, keyword) = (&subject.brand, &subject.keyword);
    vec![
        format!("{brand} {keyword}"),
        format!("{keyword} by {brand}"),
        format!("{brand}: {keyword}"),
        format!("{keyword} from {brand}"),
        format!("{keyword} at {brand}"),
        format!("{keyword} – {brand}"),
    ]
}
