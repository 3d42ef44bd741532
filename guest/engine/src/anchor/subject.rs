//! What a page's anchors talk about.

use linker_types::{Keyword, Site};

use crate::planner::Planner;
use crate::text;
use crate::tier::Kind;

/// The most other keywords that LSI anchors may need: three, and spares for those that collide.
const LSI: usize = 12;
/// Leaves room for a keyword and a phrase around both.
const BRAND_CHARS: usize = 60;
const KEYWORD_CHARS: usize = 120;

pub(crate) struct Subject {
    pub(crate) id: u64,
    pub(crate) kind: Kind,
    pub(crate) url: String,
    pub(crate) brand: String,
    pub(crate) keyword: String,
    /// Lower-cased, for comparing.
    pub(crate) keyword_small: String,
    pub(crate) brand_small: String,
    /// The page has no keyword at all.
    pub(crate) from_title: bool,
    /// Other keywords of its clusters, most searched first.
    pub(crate) related: Vec<String>,
    pub(crate) cluster: Option<String>,
    pub(crate) topic: String,
    /// `questdb` of `https://www.questdb.io/`.
    pub(crate) domain_label: String,
    pub(crate) host: String,
}

impl Subject {
    pub(crate) fn of(planner: &Planner, slot: usize) -> Option<Self> {
        let ranked = planner.ranked(slot)?;
        let page = planner.source(ranked)?;
        let clusters = || ranked.page.clusters.iter().filter_map(|&at| planner.blueprint.clusters.get(at));
        let most_searched = most_searched(clusters().flat_map(|cluster| &cluster.keywords));
        let own = page.primary_keyword.as_deref().or_else(|| most_searched.first().map(|best| best.keyword.as_str()));
        let host =
            url::Url::parse(&page.url).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
        let topic = topic(&page.title, &page.url, &planner.blueprint.site);
        let keyword = own.map(text::clean).unwrap_or_else(|| topic.clone());
        let keyword = text::clip(&keyword, KEYWORD_CHARS).to_owned();
        let keyword_small = text::lower(&keyword);
        let brand = text::clean(&planner.blueprint.site.brand);
        let brand = text::clip(&brand, BRAND_CHARS).to_owned();
        let related = most_searched.iter().map(|keyword| text::clean(&keyword.keyword));
        Some(Self {
            id: page.id,
            kind: ranked.page.kind,
            url: page.url.clone(),
            brand_small: text::lower(&brand),
            brand,
            from_title: own.is_none(),
            related: related.filter(|related| text::lower(related) != keyword_small).collect(),
            cluster: clusters().next().map(|cluster| text::clean(&cluster.name)).filter(|name| !name.is_empty()),
            topic,
            // A punycode label is no name that people read.
            domain_label: Some(domain_label(&host))
                .filter(|label| !label.starts_with("xn--"))
                .unwrap_or_default()
                .to_owned(),
            host,
            keyword,
            keyword_small,
        })
    }

    /// A branded anchor may not carry the page's keyword, unless the brand itself does.
    pub(crate) fn gives_away(&self, text: &str) -> bool {
        !self.brand_small.contains(&self.keyword_small) && text::lower(text).contains(&self.keyword_small)
    }

    pub(crate) fn bare_host(&self) -> &str {
        self.host.strip_prefix("www.").unwrap_or(&self.host)
    }
}

/// By volume descending, ties by keyword; one pass, since clusters may be huge.
fn most_searched<'a>(keywords: impl Iterator<Item = &'a Keyword>) -> Vec<&'a Keyword> {
    let rank = |keyword: &Keyword| (std::cmp::Reverse(keyword.volume), text::lower(&keyword.keyword));
    let mut best: Vec<&Keyword> = Vec::with_capacity(LSI.saturating_add(1));
    for keyword in keywords {
        if best.len() == LSI && best.last().is_some_and(|last| last.volume > keyword.volume) {
            continue;
        }
        let at = best.partition_point(|other| {
            other.volume > keyword.volume || (other.volume == keyword.volume && rank(other) <= rank(keyword))
        });
        best.insert(at, keyword);
        best.truncate(LSI);
    }
    best
}

/// What the title is about without the brand; else the site's first niche, what the URL says, the brand.
fn topic(title: &str, url: &str, site: &Site) -> String {
    let title = text::clean(title);
    let path = url::Url::parse(url).ok().and_then(|url| {
        let last = url.path_segments()?.rfind(|segment| !segment.is_empty())?.replace(['-', '_', '.', '%'], " ");
        Some(text::clean(&last))
    });
    let niche = site.niches.first().map(|niche| text::clean(niche)).unwrap_or_default();
    let brand = text::clean(&site.brand);
    let candidates = [text::topic_words(&title, &brand), niche, path.unwrap_or_default(), title, brand];
    let found = candidates.into_iter().find(|words| !words.is_empty()).unwrap_or_default();
    text::clip(&found, KEYWORD_CHARS).to_owned()
}

/// The registered name, as far as that can be told without a public-suffix table: `example` of `example.co.uk`.
fn domain_label(host: &str) -> &str {
    let labels: Vec<&str> = host.split('.').filter(|label| *label != "www").collect();
    match labels.as_slice() {
        [.., name, "co" | "com" | "org" | "net" | "ac" | "gov" | "edu", country] if country.len() == 2 => name,
        [.., name, _] => name,
        _ => host,
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn labels() {
        for (host, label) in [
            ("www.questdb.io", "questdb"),
            ("shop.example.co.uk", "example"),
            ("localhost", "localhost"),
            ("co.uk", "co"),
        ] {
            assert_eq!(super::domain_label(host), label);
        }
    }
}
