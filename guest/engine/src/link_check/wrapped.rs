//! Redirect URLs of the source that carry the target: `/out?url=https%3A%2F%2Ftarget...`. The visitor arrives, the
//! credit does not.

use url::Url;

use super::mention::positions;
use crate::urls::{bare, related};

/// How often percent-encoding may be applied over itself.
const DEPTH: usize = 3;
/// Occurrences of the host that are looked at in one URL: hostile ones have no end of them.
const MOST: usize = 8;
/// How `http`, `//` and `www.` begin in base64: most long words of a URL are no base64 at all.
const BEGINNINGS: [&str; 3] = ["aHR0c", "Ly", "d3d3L"];

/// Whether `url` belongs to the source's site and carries the target.
pub(crate) fn wraps(url: &Url, source: &Url, target: &Url) -> bool {
    same_site(url, source) && carries(url, target)
}

/// The same host, or one below the other: `out.source.example`.
fn same_site(url: &Url, source: &Url) -> bool {
    let (Some(one), Some(other)) = (url.host_str(), source.host_str()) else { return false };
    let (one, other) = (bare(one), bare(other));
    let below = |low: &str, high: &str| low.strip_suffix(high).is_some_and(|low| low.ends_with('.'));
    one == other || below(one, other) || below(other, one)
}

fn carries(url: &Url, target: &Url) -> bool {
    let mut text = format!("{}?{}#{}", url.path(), url.query().unwrap_or_default(), url.fragment().unwrap_or_default());
    for _ in 0..DEPTH {
        if names(&text, target) || encodes(&text, target) {
            return true;
        }
        let plainer = decoded(&text);
        if plainer == text {
            break;
        }
        text = plainer;
    }
    false
}

/// The target's URL stands in the text, to its end or to what may follow it there.
fn names(text: &str, target: &Url) -> bool {
    let host = bare(target.host_str().unwrap_or_default());
    let starts = positions(text.as_bytes(), host.as_bytes()).take(MOST);
    starts.filter_map(|at| Some((text.get(..at)?, text.get(at..)?))).any(|(before, after)| {
        let before = before.strip_suffix("www.").unwrap_or(before);
        if before.ends_with(|char: char| char.is_ascii_alphanumeric() || matches!(char, '-' | '.')) {
            return false;
        }
        let cut = |ends: &[char]| after.split(ends).next().unwrap_or_default();
        [after, cut(&['&', ';']), cut(&['&', ';', '?', '"', '\'', '|', ','])].into_iter().any(|text| {
            Url::parse(&format!("{}://{text}", target.scheme())).is_ok_and(|url| related(&url, target).is_some())
        })
    })
}

fn encodes(text: &str, target: &Url) -> bool {
    let begins = |word: &&str| BEGINNINGS.iter().any(|beginning| word.starts_with(beginning));
    let sign = |char: char| !(char.is_ascii_alphanumeric() || matches!(char, '+' | '-' | '_' | '/'));
    text.split(sign).flat_map(|word| word.split('/').chain([word])).filter(begins).any(|word| {
        let bytes = linker_types::base64::decode(word.as_bytes());
        bytes.and_then(|bytes| String::from_utf8(bytes).ok()).is_some_and(|text| names(&decoded(&text), target))
    })
}

fn decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redirect_urls() {
        let target = Url::parse("https://www.target.example/page?x=1").unwrap();
        let source = Url::parse("https://blog.example/post").unwrap();
        let base64 = linker_types::base64::encode(b"https://target.example/page?x=1");
        for (href, expected) in [
            ("/out?url=https://target.example/page?x=1".to_owned(), true),
            ("/out?url=https%3A%2F%2Fwww.target.example%2Fpage%3Fx%3D1&id=7".to_owned(), true),
            ("/out?url=https%253A%252F%252Ftarget.example%252Fpage%253Fx%253D1".to_owned(), true),
            (format!("/go/{base64}"), true),
            (format!("https://out.blog.example/?{}", base64.trim_end_matches('=')), true),
            ("/out/target.example/page?x=1".to_owned(), true),
            ("https://other.example/share?u=https://target.example/page?x=1".to_owned(), false),
            ("/out?url=https://target.example/other".to_owned(), false),
            ("/out?url=https://nottarget.example/page?x=1".to_owned(), false),
            ("/out".to_owned(), false),
        ] {
            let url = source.join(&href).unwrap();
            assert_eq!(wraps(&url, &source, &target), expected, "{href}");
        }
    }
}
