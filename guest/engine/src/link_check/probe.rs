//! Parts of the judge by themselves, for benchmarks, oracle tests and fuzzing; no host needs them.

use super::charset::{Charset, decode};
use super::html::{Page, collapsed, decode_attribute, inner_text};
use super::search::{Search, rel};

/// A link as the scanner sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Character references decoded.
    pub href: String,
    /// Lower-cased, as split.
    pub rel: Vec<String>,
    /// White space collapsed; of image links the alternative text.
    pub text: String,
}

/// Every link of a page in UTF-8.
pub fn links(source: &[u8]) -> Vec<Link> {
    let page = Page::read(source);
    let one = |link: &super::html::Link| Link {
        href: decode_attribute(&String::from_utf8_lossy(link.href.of(source))).into_owned(),
        rel: rel(link.rel.of(source)),
        text: match link.alt.there() {
            true => collapsed(&decode_attribute(&String::from_utf8_lossy(link.alt.of(source)))),
            false => inner_text(source, link.content, usize::MAX).or_alt(),
        },
    };
    page.links.iter().map(one).collect()
}

/// What links of a page are relative to, found at `url`.
pub fn base(source: &[u8], url: &url::Url) -> url::Url {
    let page = Page::read(source);
    let search = Search { page: &page, source, charset: Charset::Utf8, url, target: url, anchor: "", followed: &[] };
    search.base()
}

/// How many links one pass finds: what the benchmark measures.
pub fn count(source: &[u8]) -> usize {
    Page::read(source).links.len()
}

/// A body as text, as the judge decodes it; `label` is the character set of its header.
pub fn text(body: &[u8], label: Option<&str>) -> String {
    String::from_utf8_lossy(&decode(body, label).source).into_owned()
}

/// The text by which equal URLs are equal.
pub fn canonical(text: &str) -> Option<String> {
    url::Url::parse(text).ok().map(crate::urls::canonical)
}

/// How two URLs lead to the same page, if they do.
pub fn related(one: &str, other: &str) -> Option<Vec<linker_types::Relaxation>> {
    crate::urls::related(&url::Url::parse(one).ok()?, &url::Url::parse(other).ok()?)
}
