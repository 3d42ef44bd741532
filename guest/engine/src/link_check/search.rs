//! The search for the link among those of a page: cheap for the many that lead elsewhere, thorough where none is
//! found.

use std::borrow::Cow;

use linker_types::{FollowedLink, MatchedLink, PageRegion, Relaxation};
use url::Url;

use super::charset::Charset;
use super::html::{Link, Page, decode_attribute, inner_text};
use super::wrapped::wraps;
use crate::urls::{bare, canonical, related, same_host};

/// How much of an anchor's content is read, in bytes: what is unclosed runs to the end of the page.
const ANCHOR_BYTES: usize = 16_384;
/// Links that a report asks to follow.
const MOST_TO_FOLLOW: usize = 3;

/// How near a link comes to the one that was agreed; nearest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Nearness {
    Target,
    Redirects,
    Wrapped,
    SameHost,
}

/// The best link.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) nearness: Nearness,
    pub(crate) link: MatchedLink,
    pub(crate) anchor_differs: bool,
}

/// What to search for, and where.
pub(crate) struct Search<'a> {
    pub(crate) page: &'a Page,
    pub(crate) source: &'a [u8],
    pub(crate) charset: Charset,
    /// Where the page came from.
    pub(crate) url: &'a Url,
    pub(crate) target: &'a Url,
    pub(crate) anchor: &'a str,
    pub(crate) followed: &'a [FollowedLink],
}

/// What the search came to.
pub(crate) struct Searched {
    pub(crate) found: Option<Found>,
    /// Links to other hosts.
    pub(crate) outbound: u32,
}

impl Search<'_> {
    /// What addresses on the page are relative to.
    pub(crate) fn base(&self) -> Url {
        let base = self.page.base.and_then(|span| self.resolve(span.of(self.source), self.url));
        base.filter(|base| !base.cannot_be_a_base()).unwrap_or_else(|| self.url.clone())
    }

    /// An attribute's URL. Queries are encoded in the page's character set.
    pub(crate) fn resolve(&self, raw: &[u8], base: &Url) -> Option<Url> {
        let text = String::from_utf8_lossy(raw);
        let encode = encoder(|query| self.charset.encode_query(query));
        crate::urls::resolve(base, &decode_attribute(&text), &encode)
    }

    pub(crate) fn run(&self) -> Searched {
        let base = self.base();
        let host = |url: &Url| bare(url.host_str().unwrap_or_default()).to_owned();
        let (own, at_base, wanted) = (host(self.url), host(&base), host(self.target));
        let mut outbound = 0u32;
        let mut best: Option<(Key, Found)> = None;
        for (index, link) in self.page.links.iter().enumerate() {
            let raw = link.href.of(self.source);
            let elsewhere = match address(raw) {
                Address::Host(name) => {
                    outbound += u32::from(!is_host(name, &own));
                    !is_host(name, &wanted)
                }
                Address::Relative => {
                    outbound += u32::from(at_base != own);
                    at_base != wanted
                }
                Address::Unclear => {
                    let url = self.resolve(raw, &base).filter(|url| matches!(url.scheme(), "http" | "https"));
                    outbound += u32::from(url.as_ref().is_some_and(|url| host(url) != own));
                    url.is_none_or(|url| host(&url) != wanted)
                }
            };
            if elsewhere {
                continue;
            }
            let Some(url) = self.resolve(raw, &base) else { continue };
            if let Some(relaxations) = related(&url, self.target) {
                self.keep(&mut best, Nearness::Target, index, link, &url, relaxations);
            } else if same_host(&url, self.target) && best.as_ref().is_none_or(|(key, _)| key.0 == Nearness::SameHost) {
                self.keep(&mut best, Nearness::SameHost, index, link, &url, Vec::new());
            }
        }
        if best.as_ref().is_none_or(|(key, _)| key.0 != Nearness::Target) {
            self.look_closer(&mut best, &base);
        }
        Searched { found: best.map(|(_, found)| found), outbound }
    }

    /// Links that lead to the target by a redirect.
    fn look_closer(&self, best: &mut Option<(Key, Found)>, base: &Url) {
        let leads = |followed: &FollowedLink| {
            Url::parse(&followed.final_url).is_ok_and(|url| related(&url, self.target).is_some())
        };
        let followed: Vec<String> = (self.followed.iter().filter(|link| leads(link)))
            .filter_map(|link| Url::parse(&link.url).ok().map(canonical))
            .collect();
        for (index, link) in self.page.links.iter().enumerate() {
            let raw = link.href.of(self.source);
            let Some(url) = self.resolve(raw, base) else { continue };
            if !followed.is_empty() && followed.contains(&canonical(url.clone())) {
                self.keep(best, Nearness::Redirects, index, link, &url, vec![Relaxation::Redirect]);
            } else if wraps(&url, self.url, self.target) {
                self.keep(best, Nearness::Wrapped, index, link, &url, vec![Relaxation::Wrapped]);
            }
        }
    }

    fn keep(
        &self,
        best: &mut Option<(Key, Found)>,
        nearness: Nearness,
        index: usize,
        link: &Link,
        url: &Url,
        relaxations: Vec<Relaxation>,
    ) {
        let anchor = self.text(link);
        let rel = rel(link.rel.of(self.source));
        let withheld = rel.iter().any(|word| matches!(word.as_str(), "nofollow" | "sponsored" | "ugc"));
        let anchor_differs = differs(self.anchor, &anchor);
        let key = Key(nearness, withheld, link.hidden, anchor_differs, relaxations.len(), index);
        if best.as_ref().is_some_and(|(best, _)| *best <= key) {
            return;
        }
        let href = decode_attribute(&String::from_utf8_lossy(link.href.of(self.source))).into_owned();
        let link = MatchedLink {
            href,
            url: url.to_string(),
            anchor,
            rel,
            placement: link.region,
            hidden: link.hidden,
            relaxations,
        };
        *best = Some((key, Found { nearness, link, anchor_differs }));
    }

    fn text(&self, link: &Link) -> String {
        if link.alt.there() {
            let alt = String::from_utf8_lossy(link.alt.of(self.source));
            return super::html::collapsed(&decode_attribute(&alt));
        }
        inner_text(self.source, link.content, ANCHOR_BYTES).or_alt()
    }

    /// URLs that may redirect to the target: links under the agreed text, and those that carry it.
    pub(crate) fn to_follow(&self, found: Option<&Found>) -> Vec<String> {
        let base = self.base();
        let mut urls = Vec::new();
        if let Some(found) = found.filter(|found| found.nearness == Nearness::Wrapped) {
            urls.push(found.link.url.clone());
        }
        for link in &self.page.links {
            if urls.len() >= MOST_TO_FOLLOW || self.anchor.is_empty() {
                break;
            }
            if differs(self.anchor, &self.text(link)) {
                continue;
            }
            let url = self.resolve(link.href.of(self.source), &base);
            let web = url.filter(|url| matches!(url.scheme(), "http" | "https") && related(url, self.url).is_none());
            if let Some(url) = web.map(canonical).filter(|url| !urls.contains(url)) {
                urls.push(url);
            }
        }
        urls
    }
}

/// Says that a closure borrows from its argument, which inference does not see.
fn encoder<F: Fn(&str) -> Cow<'_, [u8]>>(encode: F) -> F {
    encode
}

/// Better is less: the target before what resembles it, credit before none, seen before hidden, the agreed text,
/// fewer relaxations, the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key(Nearness, bool, bool, bool, usize, usize);

/// Whether a text is not the agreed one. What could not be decoded is not said to differ.
fn differs(agreed: &str, found: &str) -> bool {
    let plain = |text: &str| super::html::collapsed(text).to_lowercase();
    let agreed = plain(agreed);
    !agreed.is_empty() && !found.contains('\u{fffd}') && agreed != plain(found)
}

/// The words of a rel, lower-cased, each once.
pub(crate) fn rel(raw: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(raw);
    let mut words = Vec::new();
    for word in decode_attribute(&text).split(|char: char| char == ',' || char.is_ascii_whitespace()) {
        let word = word.to_ascii_lowercase();
        if !word.is_empty() && !words.contains(&word) {
            words.push(word);
        }
    }
    words
}

/// What can be told of an address without parsing it.
enum Address<'a> {
    /// Absolute, with a plain host.
    Host(&'a [u8]),
    Relative,
    Unclear,
}

fn address(raw: &[u8]) -> Address<'_> {
    let after = |scheme: &[u8]| {
        let start = raw.get(..scheme.len())?;
        start.eq_ignore_ascii_case(scheme).then(|| raw.get(scheme.len()..).unwrap_or_default())
    };
    if let Some(rest) = after(b"https://").or_else(|| after(b"http://")) {
        let plain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-');
        let length = rest.iter().position(|byte| !plain(byte)).unwrap_or(rest.len());
        let (host, rest) = rest.split_at_checked(length).unwrap_or((rest, &[]));
        let ends = matches!(rest.first(), None | Some(b'/' | b'?' | b'#'));
        // Numbers have many spellings.
        let named = host.iter().rev().find(|byte| **byte != b'.').is_some_and(u8::is_ascii_alphabetic);
        return if ends && named { Address::Host(host) } else { Address::Unclear };
    }
    match raw {
        [b'/', b'/' | b'\\' | b'\t' | b'\n' | b'\r' | b'&', ..] => Address::Unclear,
        [b'/' | b'#' | b'?', ..] => Address::Relative,
        _ => Address::Unclear,
    }
}

fn is_host(name: &[u8], host: &str) -> bool {
    let name = name.strip_suffix(b".").unwrap_or(name);
    let bare = match name.split_at_checked(4) {
        Some((www, rest)) if www.eq_ignore_ascii_case(b"www.") => rest,
        _ => name,
    };
    bare.eq_ignore_ascii_case(host.as_bytes())
}

/// A page's frame: navigation and the like, which is on every page of a site, those that are not there included.
pub(crate) const fn is_frame(region: PageRegion) -> bool {
    !matches!(region, PageRegion::Main | PageRegion::Comment)
}
