//! Does a page name the target's host at all? Only a page that does not, in any spelling, has lost its link: this
//! guards against slips of the scanner and links that scripts make.

use std::borrow::Cow;

use memchr::{memchr2_iter, memchr3};

use super::html::{Found, reference};
use crate::urls::bare;

/// How often a spelling may lie within another: a percent-encoded URL in an escaped string in an attribute.
const DEPTH: usize = 4;

/// Whether the source names the host, without regard to `www.`: as it is, percent-encoded, in character
/// references, in escapes of scripts, or in its own letters where it is punycode.
pub(crate) fn mentions(source: &[u8], host: &str) -> bool {
    let host = bare(host);
    if host.is_empty() {
        return false;
    }
    let unicode = host.contains("xn--").then(|| idna::domain_to_unicode(host).0.to_lowercase());
    let named = |text: &[u8]| {
        let in_letters = |unicode: &String| String::from_utf8_lossy(text).to_lowercase().contains(unicode.as_str());
        contains(text, host.as_bytes()) || unicode.as_ref().is_some_and(in_letters)
    };
    // A reference without its semicolon may be none: `?a=1&ltarget.example` names the host.
    named(source) || [true, false].into_iter().any(|closed| unspelled_names(source, closed, &named))
}

/// Whether one of the layers below the source is what is looked for.
fn unspelled_names(source: &[u8], closed: bool, named: &dyn Fn(&[u8]) -> bool) -> bool {
    let mut text = Cow::Borrowed(source);
    for _ in 0..DEPTH {
        match unspelled(&text, closed) {
            Some(plainer) => text = Cow::Owned(plainer),
            None => return false,
        }
        if named(&text) {
            return true;
        }
    }
    false
}

/// Whether `text` has `word`, ignoring the case of ASCII letters.
pub(crate) fn contains(text: &[u8], word: &[u8]) -> bool {
    positions(text, word).next().is_some()
}

/// Where `text` has `word`, ignoring the case of ASCII letters: looked for by the letter that pages have least.
pub(crate) fn positions<'a>(text: &'a [u8], word: &'a [u8]) -> impl Iterator<Item = usize> + 'a {
    let frequency = |byte: u8| RARE_FIRST.iter().position(|&rare| rare == byte.to_ascii_lowercase());
    let rarest = word.iter().enumerate().min_by_key(|(_, byte)| frequency(**byte).unwrap_or(RARE_FIRST.len()));
    let (offset, letter) = rarest.map_or((0, 0), |(at, &byte)| (at, byte));
    let found = memchr2_iter(letter.to_ascii_lowercase(), letter.to_ascii_uppercase(), text);
    let is_word = move |at: &usize| {
        text.get(*at..at.saturating_add(word.len())).is_some_and(|found| found.eq_ignore_ascii_case(word))
    };
    found.filter_map(move |at| at.checked_sub(offset)).filter(is_word)
}

/// What mark-up has little of, least first.
const RARE_FIRST: &[u8] = b"|^~!?@qzjxkvywbf5789463";

/// One layer of spelling less, or nothing where there is none.
fn unspelled(text: &[u8], closed: bool) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = memchr3(b'%', b'&', b'\\', rest) {
        let (before, after) = rest.split_at_checked(at)?;
        out.extend_from_slice(before);
        match plain(after, closed) {
            Some((used, plain)) => {
                out.extend_from_slice(plain.bytes());
                rest = after.get(used..)?;
            }
            None => {
                out.extend_from_slice(after.get(..1)?);
                rest = after.get(1..)?;
            }
        }
    }
    out.extend_from_slice(rest);
    (out.len() != text.len()).then_some(out)
}

/// What the spelling at the start stands for, and how long it is. `closed`: names of characters only with their semicolon.
fn plain(text: &[u8], closed: bool) -> Option<(usize, Plain)> {
    match text {
        [b'%', high, low, ..] => Some((3, Plain::byte(hex(&[*high, *low])?))),
        [b'\\', b'x', high, low, ..] => Some((4, Plain::byte(hex(&[*high, *low])?))),
        [b'\\', b'u', a, b, c, d, ..] => Some((6, Plain::char(char::from_u32(hex(&[*a, *b, *c, *d])?)?))),
        [b'\\', sign @ (b'/' | b'.' | b'-' | b'"' | b'\''), ..] => Some((2, Plain::byte((*sign).into()))),
        [b'&', rest @ ..] => {
            // A reference is ASCII; the longest has 32 letters, a numeric one may have zeros before it.
            let sign = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'#' | b';');
            let length = rest.iter().take(64).take_while(sign).count();
            let (used, found) = reference(std::str::from_utf8(rest.get(..length)?).ok()?, false)?;
            let open = rest.get(used.saturating_sub(1)) != Some(&b';');
            if closed && open && matches!(found, Found::Named(_)) {
                return None;
            }
            let plain = match found {
                Found::Char(char) => Plain::char(char),
                Found::Named(text) => Plain::text(text.as_bytes()),
            };
            Some((used + 1, plain))
        }
        _ => None,
    }
}

/// A few bytes in place.
struct Plain([u8; 8], usize);

impl Plain {
    fn byte(code: u32) -> Self {
        Self::text(&[u8::try_from(code).unwrap_or(b'?')])
    }

    fn char(char: char) -> Self {
        Self::text(char.encode_utf8(&mut [0; 4]).as_bytes())
    }

    /// No reference stands for more than eight bytes.
    fn text(text: &[u8]) -> Self {
        let mut bytes = [0; 8];
        bytes.iter_mut().zip(text).for_each(|(to, from)| *to = *from);
        Self(bytes, text.len().min(8))
    }

    fn bytes(&self) -> &[u8] {
        self.0.get(..self.1).unwrap_or_default()
    }
}

fn hex(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0u32, |code, &digit| Some(code * 16 + char::from(digit).to_digit(16)?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn spellings() {
        for source in [
            "see target.example for more",
            "<script>var u = 'https:\\/\\/TARGET.example\\/p'</script>",
            "?u=http%3A%2F%2Ftarget%2Eexample%2F",
            "?u=http%253A%252F%252Ftarget%252Eexample",
            "t&#97;rget&#x2e;example",
            "target&period;example",
            "\"target\\u002eexample\" and \"\\x74arget.example\"",
            "&amp;#116;arget.example",
            "www.target.example",
            "?a=1&l%74arget.e%2578ample",
            "?a=1&lt%61rget.example",
            "?a=1&ltarget&period;example",
        ] {
            assert!(mentions(source.as_bytes(), "www.target.example"), "{source}");
        }
        assert!(!mentions(b"target example, tar.get.example, target.examples.", "target.example2"));
        assert!(mentions("Bei BÜCHER.example".as_bytes(), "xn--bcher-kva.example"));
        assert!(mentions(b"xn--bcher-kva.example", "xn--bcher-kva.example"));
        assert!(!mentions(b"", "a.example") && !mentions(b"%%%&&&\\\\\\ &# %4", "a.example"));
    }

    proptest! {
        #[test]
        fn any_mixture_of_spellings(spelling in prop::collection::vec(0u8..6, 14), before in ".{0,20}", after in ".{0,20}") {
            let mut text = before;
            for (letter, how) in "target.example".chars().zip(spelling) {
                let code = u32::from(letter);
                text.push_str(&match how {
                    0 => format!("%{code:02X}"),
                    1 => format!("&#{code};"),
                    2 => format!("&#x{code:x};"),
                    3 => format!("\\u{code:04x}"),
                    4 => format!("%25{code:02x}"),
                    _ => letter.to_string(),
                });
            }
            prop_assert!(mentions((text.clone() + &after).as_bytes(), "target.example"), "{}", text);
        }
    }
}
