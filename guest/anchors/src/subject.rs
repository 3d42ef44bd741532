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

/// What the anchors of a site's pages have in common.
#[derive(Debug)]
pub struct Common {
    /// Clean and whole.
    name: String,
    /// Short enough for an anchor.
    brand: String,
    brand_small: String,
    /// The words of the name in lower case, ascending.
    words: Vec<String>,
    /// The first niche.
    niche: String,
}

impl Common {
    /// Made ready once for all pages of a site.
    pub fn of(site: &Site) -> Self {
        let name = text::clean(&site.brand).into_owned();
        let brand = text::clip(&name, BRAND_CHARS).to_owned();
        let niche = site.niches.first().map(|niche| text::clean(niche).into_owned()).unwrap_or_default();
        Self { words: text::words(&name), brand_small: text::lower(&brand), brand, name, niche }
    }
}

/// A page as its anchors see it.
#[derive(Debug)]
pub struct Subject<'a> {
    pub(crate) id: u64,
    pub(crate) kind: Kind,
    pub(crate) url: &'a str,
    pub(crate) brand: &'a str,
    pub(crate) keyword: String,
    /// Lower-cased, for comparing.
    pub(crate) keyword_small: String,
    pub(crate) brand_small: &'a str,
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
    /// A page of a site with the first of its clusters and the [`most_searched`] keywords of them all; `host` is its
    /// URL's.
    pub fn of(
        common: &'a Common,
        page: &'a Page,
        kind: Kind,
        cluster: Option<&'a Cluster>,
        most_searched: &[&'a Keyword],
        host: String,
    ) -> Self {
        let own = page.primary_keyword.as_deref().or_else(|| most_searched.first().map(|best| best.keyword.as_str()));
        let topic = topic(&page.title, &page.url, common);
        let keyword = own.map_or(Cow::Borrowed(topic.as_str()), text::clean);
        let keyword = text::clip(&keyword, KEYWORD_CHARS).to_owned();
        let keyword_small = text::lower(&keyword);
        let (brand, brand_small) = (common.brand.as_str(), common.brand_small.as_str());
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
            cluster: cluster.map(|cluster| text::clean(&cluster.name)).filter(|name| !name.is_empty()),
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

    /// The page's.
    pub fn id(&self) -> u64 {
        self.id
    }

    /// A branded anchor may not carry the page's keyword, unless the brand itself does.
    pub(crate) fn gives_away(&self, text: &str) -> bool {
        !self.brand_names_keyword && text::lower(text).contains(&self.keyword_small)
    }

    pub(crate) fn bare_host(&self) -> &str {
        self.host.strip_prefix("www.").unwrap_or(&self.host)
    }
}

/// The first few by volume descending, ties by keyword, as they came where those tie too: of several clusters' first
/// few, these are the first few of all. One pass, since clusters may be huge.
pub fn most_searched<'a>(keywords: impl IntoIterator<Item = &'a Keyword>) -> Vec<&'a Keyword> {
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
fn topic(title: &str, url: &str, common: &Common) -> String {
    let title = text::clean(title);
    let path = || {
        let url = url::Url::parse(url).ok()?;
        let last = url.path_segments()?.rfind(|segment| !segment.is_empty())?.replace(['-', '_', '.', '%'], " ");
        Some(text::clean(&last).into_owned())
    };
    let some = |words: &String| !words.is_empty();
    let found = Some(text::topic_words(&title, &common.words)).filter(some);
    let found = found.or_else(|| Some(common.niche.clone()).filter(some)).or_else(|| path().filter(some));
    let found = found.unwrap_or_else(|| if title.is_empty() { &common.name } else { &*title }.to_owned());
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
