//! What a page's anchors talk about.

use std::borrow::Cow;

use linker_types::{Cluster, Keyword, Page, Site};

use crate::text;

/// The most other keywords that LSI anchors may need: three, and spares for those that collide.
const LSI: usize = 12;
/// Leaves room for a keyword and a phrase around both.
const BRAND_CHARS: usize = 60;
const KEYWORD_CHARS: usize = 120;

/// What a page is, for its commercial value and its anchors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the field's own terms")]
pub enum Kind {
    Homepage,
    Hub,
    Product,
    Service,
    Comparison,
    Listicle,
    Tool,
    Guide,
    Article,
}

/// A page as its anchors see it.
#[derive(Debug)]
pub struct Subject<'a> {
    pub(crate) id: u64,
    pub(crate) kind: Kind,
    pub(crate) url: &'a str,
    pub(crate) brand: String,
    pub(crate) keyword: String,
    /// Lower-cased, for comparing.
    pub(crate) keyword_small: String,
    pub(crate) brand_small: String,
    /// The brand itself carries the keyword.
    brand_names_keyword: bool,
    /// The page has no keyword at all.
    pub(crate) from_title: bool,
    /// Other keywords of its clusters, most searched first.
    pub(crate) related: Vec<Cow<'a, str>>,
    pub(crate) cluster: Option<Cow<'a, str>>,
    pub(crate) topic: String,
    /// `questdb` of `https://www.questdb.io/`.
    pub(crate) domain_label: String,
    pub(crate) host: String,
}

impl<'a> Subject<'a> {
    /// A page of a site with the clusters that speak for it; `host` is its URL's.
    pub fn of(site: &Site, page: &'a Page, kind: Kind, clusters: &[&'a Cluster], host: String) -> Self {
        let most_searched = most_searched(clusters.iter().flat_map(|cluster| &cluster.keywords));
        let own = page.primary_keyword.as_deref().or_else(|| most_searched.first().map(|best| best.keyword.as_str()));
        let brand = text::clean(&site.brand);
        let topic = topic(&page.title, &page.url, site, &brand);
        let keyword = own.map_or(Cow::Borrowed(topic.as_str()), text::clean);
        let keyword = text::clip(&keyword, KEYWORD_CHARS).to_owned();
        let keyword_small = text::lower(&keyword);
        let brand = text::clip(&brand, BRAND_CHARS).to_owned();
        let brand_small = text::lower(&brand);
        let related = most_searched.iter().map(|keyword| text::clean(&keyword.keyword));
        Self {
            id: page.id,
            kind,
            url: &page.url,
            brand_names_keyword: brand_small.contains(&keyword_small),
            brand_small,
            brand,
            from_title: own.is_none(),
            related: related.filter(|related| !text::is_lower_of(&keyword_small, related)).collect(),
            cluster: clusters.first().map(|cluster| text::clean(&cluster.name)).filter(|name| !name.is_empty()),
            topic,
            // A punycode label is no name that people read.
            domain_label: Some(domain_label(&host))
                .filter(|label| !label.starts_with("xn--"))
                .unwrap_or_default()
                .to_owned(),
            host,
            keyword,
            keyword_small,
        }
    }

    /// A branded anchor may not carry the page's keyword, unless the brand itself does.
    pub(crate) fn gives_away(&self, text: &str) -> bool {
        !self.brand_names_keyword && text::lower(text).contains(&self.keyword_small)
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
fn topic(title: &str, url: &str, site: &Site, brand: &str) -> String {
    let title = text::clean(title);
    let path = || {
        let url = url::Url::parse(url).ok()?;
        let last = url.path_segments()?.rfind(|segment| !segment.is_empty())?.replace(['-', '_', '.', '%'], " ");
        Some(text::clean(&last).into_owned())
    };
    let niche = || site.niches.first().map(|niche| text::clean(niche).into_owned());
    let some = |words: &String| !words.is_empty();
    let found = Some(text::topic_words(&title, brand)).filter(some);
    let found = found.or_else(|| niche().filter(some)).or_else(|| path().filter(some));
    let found = found.unwrap_or_else(|| if title.is_empty() { brand } else { &title }.to_owned());
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
