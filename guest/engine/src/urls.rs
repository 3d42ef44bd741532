//! Absolute URLs and when two are the same (engine spec, section 8).

mod relation;

use std::borrow::Cow;

use linker_types::limits::URL;
use url::Url;

pub(crate) use relation::{bare, related, same_host};

use crate::limits;

/// What is wrong with a URL, in a message's words.
pub(crate) fn parse(text: &str) -> Result<Url, String> {
    if limits::is_longer(text, URL) {
        return Err(format!("is longer than {URL} characters"));
    }
    if text.contains(char::is_control) {
        return Err("has control characters".to_owned());
    }
    let url = Url::parse(text).map_err(|error| format!("`{text}` is not an absolute URL ({error})"))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(format!("`{text}` must begin with http:// or https://"));
    }
    // It would stand in every naked-URL anchor.
    if !url.username().is_empty() || url.password().is_some() {
        return Err("carries a user name or password; take it out".to_owned());
    }
    Ok(url)
}

/// The canonical form of an absolute URL as text. Errors: as `parse`.
pub(crate) fn canonical_text(text: &str) -> Result<Cow<'_, str>, String> {
    if is_plain(text) {
        return Ok(Cow::Borrowed(text));
    }
    parse(text).map(|url| Cow::Owned(canonical(url)))
}

/// The host of an absolute URL, as parsing gives it; empty where there is none.
pub(crate) fn host(text: &str) -> String {
    let plain = Some(text).filter(|text| is_plain(text)).and_then(|text| text.split("://").nth(1)?.split('/').next());
    let parsed = || Url::parse(text).ok()?.host_str().map(str::to_owned);
    plain.map(str::to_owned).or_else(parsed).unwrap_or_default()
}

/// Whether parsing would change nothing, as with nearly every URL of a site: lower-case ASCII host with a name for a
/// last label, a path, nothing to decode or resolve. (Parsing was a third of the time of taking in a large site.)
fn is_plain(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")) else { return false };
    let Some((host, path)) = rest.split_once('/') else { return false };
    let mut label_start = true;
    let mut last_label_named = false;
    let mut before = 0;
    for byte in host.bytes() {
        // Two hyphens may be punycode, which the parser checks.
        if byte == b'-' && before == b'-' {
            return false;
        }
        before = byte;
        match byte {
            b'a'..=b'z' if label_start => (label_start, last_label_named) = (false, true),
            b'0'..=b'9' if label_start => (label_start, last_label_named) = (false, false),
            b'a'..=b'z' | b'0'..=b'9' if !label_start => {}
            b'-' if !label_start => {}
            b'.' if !label_start => label_start = true,
            _ => return false,
        }
    }
    let mut segment_start = true;
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' => segment_start = false,
            b'.' if !segment_start => {}
            b'/' => segment_start = true,
            _ => return false,
        }
    }
    last_label_named && !label_start && text.len() <= URL
}

/// What an address means on a page at `base`, as browsers read it. `encode` gives the bytes of a query. The url crate
/// refuses `///host`, which to browsers is `//host`.
pub(crate) fn resolve(base: &Url, address: &str, encode: &dyn Fn(&str) -> Cow<'_, [u8]>) -> Option<Url> {
    let parser = Url::options().base_url(Some(base)).encoding_override(Some(encode));
    let slash = |char: char| matches!(char, '/' | '\\');
    let address = address.trim_matches(|char: char| char <= ' ');
    if address.starts_with(slash) {
        let plain = address.replace(['\t', '\n', '\r'], "");
        let rest = plain.trim_start_matches(slash);
        if plain.len() - rest.len() > 2 {
            return parser.parse(&format!("//{rest}")).ok();
        }
    }
    parser.parse(address).ok()
}

/// The same where there is no page, but a header in UTF-8.
pub(crate) fn join(base: &Url, address: &str) -> Option<Url> {
    fn utf_8(query: &str) -> Cow<'_, [u8]> {
        Cow::Borrowed(query.as_bytes())
    }
    resolve(base, address, &utf_8)
}

/// The form in which equal URLs are equal text: WHATWG parsing has lower-cased scheme and host, turned IDNA to
/// punycode, dropped the default port and resolved dot segments; the fragment goes, percent-encoded unreserved
/// characters are decoded and the digits of other codes are upper case.
pub(crate) fn canonical(mut url: Url) -> String {
    url.set_fragment(None);
    normalized(url.as_str())
}

/// Percent-encoding in its one spelling. What is decoded must not become part of a new code (`%%341`): then the
/// text would have two forms.
pub(crate) fn normalized(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('%') {
        out.push_str(before);
        let code = after.get(..2).filter(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit()));
        match code.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                let unreserved = byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
                if unreserved && !open_code(out.as_bytes()) {
                    out.push(char::from(byte));
                } else {
                    out.push('%');
                    out.push_str(&code.unwrap_or_default().to_ascii_uppercase());
                }
                rest = after.get(2..).unwrap_or("");
            }
            _ => {
                out.push('%');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

/// Ends with a `%` that is no code yet, or its first digit.
fn open_code(text: &[u8]) -> bool {
    match text {
        [.., b'%'] => true,
        [.., b'%', digit] => digit.is_ascii_hexdigit(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(a: &str, b: &str) -> bool {
        canonical_text(a).unwrap() == canonical_text(b).unwrap()
    }

    proptest::proptest! {
        #[test]
        fn a_plain_url_is_what_the_parser_makes_of_it(
            text in r"https?://[a-z0-9.-]{1,14}(\.com|\.co\.uk|\.0x1|\.1)?/([a-zA-Z0-9_./-]|%2e){0,12}",
        ) {
            if is_plain(&text) {
                let parsed = parse(&text);
                proptest::prop_assert_eq!(parsed.as_ref().map(Url::as_str), Ok(text.as_str()));
            }
        }
    }

    #[test]
    fn the_urls_of_real_sites_are_plain() {
        assert!(is_plain("https://www.example.co.uk/Blog/2026/a_page-1.html") && is_plain("http://example.com/"));
    }

    #[test]
    fn addresses_on_a_page() {
        let base = parse("https://a.example/x/y?z").unwrap();
        for (address, expected) in [
            ("///b.example/p", Some("https://b.example/p")),
            (" /\\\n//b.example/p ", Some("https://b.example/p")),
            ("//b.example", Some("https://b.example/")),
            ("\\\\b.example", Some("https://b.example/")),
            ("/p", Some("https://a.example/p")),
            ("p?q=é", Some("https://a.example/x/p?q=%C3%A9")),
            ("?q", Some("https://a.example/x/y?q")),
            ("", Some("https://a.example/x/y?z")),
            ("https:///b.example/p", Some("https://b.example/p")),
            ("https:p", Some("https://a.example/x/p")),
            ("//", None),
            ("////", None),
            ("https://", None),
        ] {
            assert_eq!(join(&base, address).as_ref().map(Url::as_str), expected, "{address:?}");
        }
    }

    #[test]
    fn equality() {
        for (a, b) in [
            ("HTTPS://Example.COM", "https://example.com/"),
            ("https://example.com:443/a/../b", "https://example.com/b"),
            ("https://example.com/#top", "https://example.com/"),
            ("https://bücher.example/", "https://xn--bcher-kva.example/"),
            ("https://example.com/%7Euser", "https://example.com/~user"),
            ("https://example.com/a%2fb", "https://example.com/a%2Fb"),
        ] {
            assert!(same(a, b), "{a} {b}");
        }
        for (a, b) in [
            ("http://example.com/", "https://example.com/"),
            ("https://example.com/a", "https://example.com/a/"),
            ("https://example.com/a%2Fb", "https://example.com/a/b"),
            ("https://www.example.com/", "https://example.com/"),
        ] {
            assert!(!same(a, b), "{a} {b}");
        }
        assert!(parse("/relative").is_err() && parse("ftp://example.com/").is_err());
        assert!(parse(&format!("https://example.com/{}", "a".repeat(181))).is_err());
    }
}
