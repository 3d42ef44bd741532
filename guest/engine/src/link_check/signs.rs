//! Pages that are not what they answer: soft 404s, parked domains, walls against bots, log-in pages. Signs only
//! count where no link was found, or for a link in a page's frame.

use linker_types::{CheckReason, Header};
use url::Url;

use super::headers::values;
use super::html::{Page, Span, inner_text};
use super::mention::contains;

/// How much of a title or heading is read.
const TITLE_BYTES: usize = 2_048;
/// A page made in the browser has less text than this, in bytes.
const SHELL_TEXT: usize = 64;

/// What a title or heading says of a page that is not there.
const NOT_THERE: &[&str] = &[
    "page not found",
    "404 not found",
    "error 404",
    "404 error",
    "404 -",
    "404 |",
    "404:",
    "file not found",
    "page cannot be found",
    "page can't be found",
    "page can’t be found",
    "page could not be found",
    "page doesn't exist",
    "page doesn’t exist",
    "page does not exist",
    "page you requested",
    "page isn't available",
    "page is no longer available",
    "post not found",
    "article not found",
    "content not found",
    "nothing found",
    "nothing was found",
    "seite nicht gefunden",
    "page introuvable",
    "página no encontrada",
    "pagina non trovata",
    "página não encontrada",
    "pagina niet gevonden",
    "صفحہ نہیں ملا",
];

/// The whole of a title or heading.
const NOT_THERE_ALONE: &[&str] = &["404", "not found", "error", "gone", "410 gone", "oops!", "oops"];

/// A page that answers 200 and says that it is not there.
pub(crate) fn soft_404(page: &Page, source: &[u8]) -> bool {
    [page.title, page.heading].into_iter().flatten().any(|span| {
        let text = inner_text(source, span, TITLE_BYTES).text.to_lowercase();
        NOT_THERE_ALONE.contains(&text.as_str()) || NOT_THERE.iter().any(|words| text.contains(words))
    })
}

/// What companies that park domains put into their pages.
const PARKED: &[&str] = &[
    "data-adblockkey=",
    "sedoparking.com",
    "parkingcrew.net",
    "bodis.com/",
    "hugedomains.com/domain_profile",
    "afternic.com/forsale",
    "dan.com/buy-domain",
    "this domain is for sale",
    "this domain may be for sale",
    "domain is parked",
    "buy this domain",
    "parked free, courtesy of",
    "this domain has expired",
    "this domain name has expired",
    "domain name is for sale",
];

/// A page of a domain that is for sale or parked.
pub(crate) fn parked(source: &[u8]) -> bool {
    has_one(source, PARKED)
}

/// Parked pages and walls are small, and their signs near the beginning.
const SIGN_BYTES: usize = 32_768;

fn has_one(source: &[u8], signs: &[&str]) -> bool {
    let start = source.get(..SIGN_BYTES).unwrap_or(source);
    signs.iter().any(|sign| contains(start, sign.as_bytes()))
}

/// Titles of checks for bots.
const WALL_TITLES: &[&str] = &[
    "just a moment...",
    "attention required! | cloudflare",
    "ddos-guard",
    "robot check",
    "are you a robot?",
    "are you human?",
    "human verification",
    "verify you are human",
    "security check",
    "pardon our interruption",
    "please wait...",
    "checking your browser",
    "you have been blocked",
    "vercel security checkpoint",
    "bot verification",
    "client challenge",
];

/// What only such a check has in its source; ordinary pages behind the same services lack it.
const WALL_BODIES: &[&str] = &[
    "_cf_chl_opt",
    "cf-browser-verification",
    "cf_chl_",
    "_incapsula_resource",
    "geo.captcha-delivery.com",
    "px-captcha",
    "sgcaptcha",
    "awswafcookiedomainlist",
    "gokuprops",
    "/_sec/cp_challenge/",
    "ddos-guard/js-challenge",
];

/// A header that names a challenge.
pub(crate) fn challenged(headers: &[Header]) -> bool {
    let is = |name, words: &[&str]| values(headers, name).any(|value| words.contains(&value.trim()));
    is("cf-mitigated", &["challenge"]) || is("x-amzn-waf-action", &["challenge", "captcha"])
}

/// A check for bots in place of the page.
pub(crate) fn bot_wall(page: &Page, source: &[u8]) -> bool {
    let title = page.title.map(|span| inner_text(source, span, TITLE_BYTES).text.to_lowercase()).unwrap_or_default();
    WALL_TITLES.iter().any(|wall| title == *wall || title.starts_with("just a moment")) || has_one(source, WALL_BODIES)
}

/// A page for logging in or consenting, where a redirect led instead of the source.
pub(crate) fn log_in(url: &Url) -> bool {
    let label = url.host_str().and_then(|host| host.split('.').next()).unwrap_or_default();
    let mut words = url.path().split('/');
    matches!(label, "consent" | "login" | "signin" | "accounts" | "auth" | "sso")
        || words.any(|word| {
            let word = word.split('.').next().unwrap_or_default();
            matches!(word, "login" | "log-in" | "signin" | "sign-in" | "sign_in" | "wp-login" | "consent")
        })
}

/// A refresh to another page within seconds.
pub(crate) fn refreshes(page: &Page, source: &[u8], url: &Url) -> bool {
    let Some(content) = page.refresh.map(|span| String::from_utf8_lossy(span.of(source)).into_owned()) else {
        return false;
    };
    let Some((seconds, rest)) = content.split_once([';', ',']) else { return false };
    let soon = seconds.trim().split('.').next().and_then(|seconds| seconds.parse::<u32>().ok()).is_some_and(|s| s <= 5);
    let to = rest.trim();
    let to = to.split_once('=').filter(|(name, _)| name.trim().eq_ignore_ascii_case("url")).map_or(to, |(_, to)| to);
    let to = super::html::decode_attribute(to.trim().trim_matches(['"', '\''])).into_owned();
    soon && crate::urls::join(url, &to).is_some_and(|to| crate::urls::related(&to, url).is_none())
}

/// A script, but no links and hardly a text: the page is made in the browser. Its title and what it says to those without
/// scripts are not the page.
pub(crate) fn needs_script(page: &Page, source: &[u8]) -> bool {
    if !page.scripts {
        return false;
    }
    let unseen = noscripts(source);
    let inside = |at: usize| unseen.iter().any(|span| (span.start()..span.end()).contains(&at));
    if !page.links.iter().all(|link| inside(link.href.start())) {
        return false;
    }
    let text = |span: &Span| inner_text(source, *span, source.len()).text.len();
    let apart = unseen.iter().chain(&page.title).fold(0usize, |sum, span| sum.saturating_add(text(span)));
    text(&Span::new(0, source.len())).saturating_sub(apart) < SHELL_TEXT
}

/// Neither a link nor a word, apart from the title; an image that says what it shows is one.
pub(crate) fn blank(page: &Page, source: &[u8]) -> bool {
    let title = page.title.unwrap_or(Span::new(0, 0));
    let silent = |part: Span| {
        let found = inner_text(source, part, source.len());
        found.text.trim().is_empty() && found.alt.is_empty()
    };
    page.links.is_empty() && silent(Span::new(0, title.start())) && silent(Span::new(title.end(), source.len()))
}

/// The `noscript` elements that are closed.
fn noscripts(source: &[u8]) -> Vec<Span> {
    let is = |at: usize, tag: &[u8]| {
        let there = source.get(at..at.saturating_add(tag.len()));
        there.is_some_and(|there| there.eq_ignore_ascii_case(tag))
    };
    let (mut spans, mut open) = (Vec::new(), None);
    for at in memchr::memchr_iter(b'<', source) {
        if is(at, b"<noscript") {
            open = open.or(Some(at));
        } else if let (Some(start), true) = (open, is(at, b"</noscript")) {
            spans.push(Span::new(start, at));
            open = None;
        }
    }
    spans
}

/// Bytes that are no text: compressed, or binary.
pub(crate) fn undecodable(body: &[u8], source: &[u8]) -> bool {
    let magic: &[&[u8]] =
        &[b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"PK\x03\x04", b"%PDF-", b"\x89PNG", b"GIF8", b"\xff\xd8\xff"];
    if magic.iter().any(|magic| body.starts_with(magic)) {
        return true;
    }
    let start = source.get(..source.len().min(65_536)).unwrap_or(source);
    // Nearly every page.
    if std::str::from_utf8(start).is_ok() && memchr::memchr2(0, 0xEF, start).is_none() {
        return false;
    }
    let odd = String::from_utf8_lossy(start).chars().filter(|char| matches!(char, '\0' | '\u{fffd}')).count();
    odd * 4 > start.len().max(1)
}

/// The signs of a page that is no longer the one that carried the link.
pub(crate) fn replaced(page: &Page, source: &[u8]) -> Vec<CheckReason> {
    let signs = [(soft_404(page, source), CheckReason::Soft404), (parked(source), CheckReason::Parked)];
    signs.into_iter().filter_map(|(seen, reason)| seen.then_some(reason)).collect()
}
