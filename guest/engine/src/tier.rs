//! Which tier a page belongs to (R-2.1; engine spec, section 2).

use linker_anchors::{Kind, text};
use linker_types::{Blueprint, Error, ErrorCode, Page, Tier};

use crate::intake::{Checked, position};

/// A guide, comparison or listicle is an authority magnet from this length *(ours)*.
const LONG_READ_WORDS: u32 = 1500;

const TAXONOMY: &[&str] = &["taxonomy", "term", "category", "tag", "attribute", "attribute_term"];

/// A page of T1 to T5.
#[derive(Clone, Debug)]
pub(crate) struct Classified {
    /// Position in the blueprint.
    pub(crate) at: usize,
    pub(crate) id: u64,
    pub(crate) tier: Tier,
    pub(crate) kind: Kind,
    /// Positions of the clusters that speak for it, by cluster id: a hub's, else its own.
    pub(crate) clusters: Vec<usize>,
}

/// Every published page that belongs in a tier, by position; hubs come without a decided tier (T3).
pub(crate) fn classify(blueprint: &Blueprint, checked: &Checked) -> Result<Vec<Classified>, Vec<Error>> {
    let homepage = homepage(blueprint, checked)?;
    let hubs = hub_clusters(blueprint);
    let mut classified = Vec::with_capacity(blueprint.pages.len());
    for (at, page) in blueprint.pages.iter().enumerate() {
        if !is_candidate(page) {
            continue;
        }
        let own = || page.cluster_id.and_then(|id| position(&checked.cluster_ids, id)).into_iter().collect();
        let named = named_by(&hubs, page.id);
        let (tier, kind, clusters) = if homepage == Some(at) {
            (Tier::T1, Kind::Homepage, own())
        } else if !named.is_empty() {
            (Tier::T3, Kind::Hub, named.iter().map(|&(_, _, cluster)| cluster).collect())
        } else if is(&page.content_structure, &["cluster_hub"]) {
            (Tier::T3, Kind::Hub, own())
        } else {
            let (tier, kind) = by_content(page);
            (tier, kind, own())
        };
        classified.push(Classified { at, id: page.id, tier, kind, clusters });
    }
    if classified.is_empty() {
        let message = "no published page belongs in a tier: publish pages, or check `status` and `content_type`";
        return Err(vec![Error::new(ErrorCode::NoTargetPages, "pages", message)]);
    }
    Ok(classified)
}

/// The first 40 % of the hubs by volume, rounded up, are T2.
pub(crate) fn raise_top_hubs(classified: &mut [Classified], volume: impl Fn(&Classified) -> u64) {
    let mut hubs: Vec<(std::cmp::Reverse<u64>, u64, usize)> = classified
        .iter()
        .enumerate()
        .filter(|(_, page)| page.kind == Kind::Hub)
        .map(|(slot, page)| (std::cmp::Reverse(volume(page)), page.id, slot))
        .collect();
    crate::order::sort(&mut hubs, Ord::cmp);
    let top = hubs.len().saturating_mul(2).div_ceil(5);
    for &(_, _, slot) in hubs.iter().take(top) {
        if let Some(page) = classified.get_mut(slot) {
            page.tier = Tier::T2;
        }
    }
}

/// Published, and not a term page, which gets nothing.
fn is_candidate(page: &Page) -> bool {
    is(&page.status, &["published"]) && !is(&page.content_type, TAXONOMY)
}

fn homepage(blueprint: &Blueprint, checked: &Checked) -> Result<Option<usize>, Vec<Error>> {
    let published = |&at: &usize| blueprint.pages.get(at).is_some_and(is_candidate);
    let mut found: Vec<usize> = checked.homepages.iter().copied().filter(published).collect();
    let by_url = !found.is_empty();
    if !by_url {
        let typed = blueprint.pages.iter().enumerate().filter(|(_, page)| is(&page.content_type, &["homepage"]));
        found = typed.map(|(at, _)| at).filter(published).collect();
    }
    if let [first, second, ..] = found.as_slice() {
        let (name, what) = if by_url { ("url", "has the homepage's URL") } else { ("content_type", "is a homepage") };
        let message = format!("pages[{first}] {what} already; a site has one: unpublish or change the other");
        return Err(vec![Error::new(ErrorCode::Duplicate, format!("pages[{second}].{name}"), message)]);
    }
    Ok(found.first().copied())
}

/// (hub page id, cluster id, cluster position), ascending.
fn hub_clusters(blueprint: &Blueprint) -> Vec<(u64, u64, usize)> {
    let named = blueprint.clusters.iter().enumerate();
    let mut hubs: Vec<_> =
        named.filter_map(|(at, cluster)| cluster.hub_content_id.map(|hub| (hub, cluster.id, at))).collect();
    crate::order::sort(&mut hubs, Ord::cmp);
    hubs
}

fn named_by(hubs: &[(u64, u64, usize)], page: u64) -> &[(u64, u64, usize)] {
    let start = hubs.partition_point(|&(hub, ..)| hub < page);
    let end = hubs.partition_point(|&(hub, ..)| hub <= page);
    hubs.get(start..end).unwrap_or(&[])
}

fn by_content(page: &Page) -> (Tier, Kind) {
    let structure = page.content_structure.as_str();
    if is(&page.content_type, &["product"]) || is(structure, &["product_page"]) {
        return (Tier::T3, Kind::Product);
    }
    if is(&page.content_type, &["service"]) || is(structure, &["service_page"]) {
        return (Tier::T3, Kind::Service);
    }
    if is(structure, &["tool", "calculator"]) {
        return (Tier::T5, Kind::Tool);
    }
    let kind = match () {
        () if is(structure, &["comparison"]) => Kind::Comparison,
        () if is(structure, &["listicle"]) => Kind::Listicle,
        () if is(structure, &["guide"]) => Kind::Guide,
        () => return (Tier::T4, Kind::Article),
    };
    (if page.word_count >= LONG_READ_WORDS { Tier::T5 } else { Tier::T4 }, kind)
}

/// One of the platform's words, compared in lower case.
fn is(word: &str, words: &[&str]) -> bool {
    if word.is_ascii() {
        return words.iter().any(|known| known.eq_ignore_ascii_case(word));
    }
    words.contains(&text::lower(word).as_str())
}
