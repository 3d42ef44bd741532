//! Taking in a blueprint: everything that must hold before a page is classified (engine spec, section 1).

use std::borrow::Cow;

use chrono::NaiveDate;
use linker_anchors::text;
use linker_types::limits::{ABOUT, KEYWORD, KEYWORDS, NAME, ROWS, TITLE, WORD};
use linker_types::{Blueprint, Cluster, Decimal, Error, ErrorCode, Page, Site};

use crate::faults::Faults;
use crate::keywords::Index;
use crate::{limits, urls};

pub(crate) const MOST_ID: u64 = (1 << 53) - 1;
const MOST_VOLUME: u64 = 1_000_000_000;
const MOST_WORDS: u32 = 10_000_000;

/// Ids to positions, ascending by id.
pub(crate) type Ids = Vec<(u64, usize)>;

/// A blueprint that holds together, with what was made while checking it.
pub(crate) struct Checked {
    pub(crate) cluster_ids: Ids,
    /// By the clusters' positions.
    pub(crate) keywords: Vec<Index>,
    /// Positions of the pages whose URL is the homepage's.
    pub(crate) homepages: Vec<usize>,
}

pub(crate) fn check(blueprint: &Blueprint) -> Result<Checked, Vec<Error>> {
    let mut faults = Faults::default();
    limits::count(&mut faults, || "pages".to_owned(), blueprint.pages.len(), "pages", ROWS);
    let clusters = || "clusters".to_owned();
    limits::count(&mut faults, clusters, blueprint.clusters.len(), "clusters", ROWS);
    let keywords = blueprint.clusters.iter().fold(0usize, |sum, cluster| sum.saturating_add(cluster.keywords.len()));
    limits::count(&mut faults, clusters, keywords, "keywords", KEYWORDS);
    faults.check()?;
    limits::text(&mut faults, || "about".to_owned(), blueprint.about.as_deref().unwrap_or_default(), ABOUT);
    id(&mut faults, "id", blueprint.id);
    let homepage = check_site(&mut faults, &blueprint.site);
    let cluster_ids = unique(&mut faults, "clusters", blueprint.clusters.iter().map(|cluster| cluster.id));
    let page_ids = unique(&mut faults, "pages", blueprint.pages.iter().map(|page| page.id));
    let clusters = blueprint.clusters.iter().enumerate();
    let keywords = clusters.map(|(at, cluster)| check_cluster(&mut faults, at, cluster, &page_ids)).collect();
    let mut homepages = Vec::new();
    for (at, page) in blueprint.pages.iter().enumerate() {
        if faults.full() {
            break;
        }
        check_page(&mut faults, at, page, &cluster_ids);
        match urls::canonical_text(&page.url) {
            Ok(url) if homepage.as_deref() == Some(&*url) => homepages.push(at),
            Ok(_) => {}
            Err(wrong) => faults.add(ErrorCode::InvalidValue, format!("pages[{at}].url"), wrong),
        }
    }
    faults.or(Checked { cluster_ids, keywords, homepages })
}

pub(crate) fn position(ids: &Ids, id: u64) -> Option<usize> {
    let found = ids.binary_search_by_key(&id, |&(id, _)| id).ok()?;
    ids.get(found).map(|&(_, at)| at)
}

fn sorted(ids: impl Iterator<Item = u64>) -> Ids {
    let mut sorted: Ids = ids.enumerate().map(|(at, id)| (id, at)).collect();
    crate::order::sort(&mut sorted, Ord::cmp);
    sorted
}

/// Each id that comes again, where it was before and where it is.
fn repeats(sorted: &Ids) -> impl Iterator<Item = (u64, usize, usize)> + '_ {
    sorted.windows(2).filter_map(|pair| match *pair {
        [(first, before), (second, at)] if first == second => Some((second, before, at)),
        _ => None,
    })
}

/// Positions of the ids that came before, ascending.
pub(crate) fn repeated(ids: impl Iterator<Item = u64>) -> Vec<usize> {
    let mut repeated: Vec<usize> = repeats(&sorted(ids)).map(|(_, _, at)| at).collect();
    crate::order::sort(&mut repeated, Ord::cmp);
    repeated
}

/// Sorted, with a fault for each id that came before.
fn unique(faults: &mut Faults, list: &str, ids: impl Iterator<Item = u64>) -> Ids {
    let sorted = sorted(ids);
    for (id, before, at) in repeats(&sorted) {
        let message = format!("`{id}` is the id of {list}[{before}] already; ids are unique");
        faults.add(ErrorCode::Duplicate, format!("{list}[{at}].id"), message);
    }
    sorted
}

fn id(faults: &mut Faults, field: &str, id: u64) {
    if id == 0 || id > MOST_ID {
        faults.add(ErrorCode::OutOfRange, field, format!("`{id}` is not an id: a whole number from 1 to {MOST_ID}"));
    }
}

fn check_site<'a>(faults: &mut Faults, site: &'a Site) -> Option<Cow<'a, str>> {
    id(faults, "site.id", site.id);
    limits::text(faults, || "site.name".to_owned(), &site.name, NAME);
    limits::text(faults, || "site.brand".to_owned(), &site.brand, NAME);
    limits::niches(faults, || "site.niches".to_owned(), &site.niches);
    if text::clean(&site.brand).is_empty() {
        faults.add(ErrorCode::Empty, "site.brand", "the brand is empty; anchors need the name as people write it");
    }
    if let Some(dr) = site.current_dr {
        rating(faults, "site.current_dr", dr);
    }
    match urls::canonical_text(&site.homepage_url) {
        Ok(url) => Some(url),
        Err(wrong) => {
            faults.add(ErrorCode::InvalidValue, "site.homepage_url", wrong);
            None
        }
    }
}

/// A domain rating: 0-100.
pub(crate) fn rating(faults: &mut Faults, field: &str, rating: Decimal) {
    if !crate::quality::exact::is_rating(rating) {
        faults.add(ErrorCode::OutOfRange, field, format!("`{rating}` is not a rating from 0 to 100"));
    }
}

fn check_cluster(faults: &mut Faults, at: usize, cluster: &Cluster, page_ids: &Ids) -> Index {
    let index = Index::new(cluster);
    if faults.full() {
        return index;
    }
    if cluster.id == 0 || cluster.id > MOST_ID {
        id(faults, &format!("clusters[{at}].id"), cluster.id);
    }
    limits::text(faults, || format!("clusters[{at}].name"), &cluster.name, NAME);
    if let Some(hub) = cluster.hub_content_id
        && position(page_ids, hub).is_none()
    {
        let message = format!("`{hub}` is the id of no page; name a page of `pages` or leave the hub out");
        faults.add(ErrorCode::UnknownReference, format!("clusters[{at}].hub_content_id"), message);
    }
    for (k, keyword) in cluster.keywords.iter().enumerate() {
        let field = |name: &str| format!("clusters[{at}].keywords[{k}].{name}");
        if let Some((code, wrong)) = wrong_keyword(&keyword.keyword) {
            faults.add(code, field("keyword"), wrong);
        }
        if keyword.volume > MOST_VOLUME {
            let message = format!("`{}` is more than {MOST_VOLUME} searches a month", keyword.volume);
            faults.add(ErrorCode::OutOfRange, field("volume"), message);
        }
        if keyword.difficulty > 100 {
            let message = format!("`{}` is not a difficulty from 0 to 100", keyword.difficulty);
            faults.add(ErrorCode::OutOfRange, field("difficulty"), message);
        }
        if keyword.cpc.is_some_and(|cpc| cpc.units < 0 || cpc.scale > 18) {
            faults.add(ErrorCode::OutOfRange, field("cpc"), "a cost per click can't be below 0");
        }
    }
    for (before, k) in index.repeated(cluster) {
        let keyword = cluster.keywords.get(k).map_or("", |keyword| &keyword.keyword);
        let message = format!("`{keyword}` is keywords[{before}] of this cluster already, ignoring case");
        faults.add(ErrorCode::Duplicate, format!("clusters[{at}].keywords[{k}].keyword"), message);
    }
    index
}

fn wrong_keyword(keyword: &str) -> Option<(ErrorCode, String)> {
    let blank = |c: char| c.is_whitespace() || c.is_control();
    if keyword.chars().all(blank) {
        return Some((ErrorCode::Empty, "the keyword is empty; leave it out".to_owned()));
    }
    let long = || (ErrorCode::OutOfRange, format!("the keyword is longer than {KEYWORD} characters"));
    limits::is_longer(keyword, KEYWORD).then(long)
}

fn check_page(faults: &mut Faults, at: usize, page: &Page, cluster_ids: &Ids) {
    let field = |name: &str| format!("pages[{at}].{name}");
    if page.id == 0 || page.id > MOST_ID {
        id(faults, &field("id"), page.id);
    }
    if let Some(cluster) = page.cluster_id
        && position(cluster_ids, cluster).is_none()
    {
        let message = format!("`{cluster}` is the id of no cluster; name one of `clusters` or leave it out");
        faults.add(ErrorCode::UnknownReference, field("cluster_id"), message);
    }
    let words = [&page.content_type, &page.content_structure, &page.status];
    for (name, word) in ["content_type", "content_structure", "status"].into_iter().zip(words) {
        limits::text(faults, || field(name), word, WORD);
    }
    limits::text(faults, || field("title"), &page.title, TITLE);
    if page.word_count > MOST_WORDS {
        let message = format!("`{}` is more than {MOST_WORDS} words", page.word_count);
        faults.add(ErrorCode::OutOfRange, field("word_count"), message);
    }
    if let Some((code, wrong)) = page.primary_keyword.as_deref().and_then(wrong_keyword) {
        faults.add(code, field("primary_keyword"), wrong);
    }
    if let Some(day) = &page.published_on
        && date(day).is_none()
    {
        let message = format!("`{day}` is not a date such as `2026-11-23`");
        faults.add(ErrorCode::InvalidValue, field("published_on"), message);
    }
}

/// An ISO 8601 calendar date, exactly ten characters. (chrono's parser of formats would cost 28 KB of component.)
pub(crate) fn date(day: &str) -> Option<NaiveDate> {
    let number = |part: &str| part.bytes().all(|b| b.is_ascii_digit()).then(|| part.parse::<u32>().ok()).flatten();
    let mut parts = day.splitn(3, '-');
    let (year, month, day_of_month) = (parts.next()?, parts.next()?, parts.next()?);
    if (year.len(), month.len(), day_of_month.len()) != (4, 2, 2) {
        return None;
    }
    NaiveDate::from_ymd_opt(i32::try_from(number(year)?).ok()?, number(month)?, number(day_of_month)?)
}

#[cfg(test)]
mod tests {
    #[test]
    fn dates() {
        let day = |text| super::date(text).is_some();
        assert!(day("2024-02-29") && day("2026-11-23"));
        for wrong in
            ["2023-02-29", "2026-13-01", "2026-1-01", "26-01-01", "2026-11-23T00:00", "2026/11/23", "", "+026-01-01"]
        {
            assert!(!day(wrong), "{wrong}");
        }
    }
}
