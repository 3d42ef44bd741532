//! Character references (HTML standard 13.2.5.72 on): all names, in text and in attributes.

use std::borrow::Cow;

/// Every name in the order of bytes, a line each: the name, `,` if it also stands without its semicolon or `;` if
/// not, its text (`NewLine` has a space: a line can't hold it). Searched as it is, 24 KB; the table of structs
/// that crates offer is four times that.
const NAMES: &str = include_str!("entities.txt");

/// The longest name.
const NAME_LETTERS: usize = 31;

/// An attribute's value.
pub(crate) fn decode_attribute(value: &str) -> Cow<'_, str> {
    decode(value, true)
}

/// Text between tags.
pub(crate) fn decode_text(text: &str) -> Cow<'_, str> {
    decode(text, false)
}

fn decode(text: &str, attribute: bool) -> Cow<'_, str> {
    let Some((mut before, mut rest)) = text.split_once('&') else { return Cow::Borrowed(text) };
    let mut out = String::with_capacity(text.len());
    loop {
        out.push_str(before);
        let used = match reference(rest, attribute) {
            Some((used, found)) => {
                found.push_to(&mut out);
                used
            }
            None => {
                out.push('&');
                0
            }
        };
        rest = rest.get(used..).unwrap_or_default();
        match rest.split_once('&') {
            Some((text, after)) => (before, rest) = (text, after),
            None => break,
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// What a reference stands for.
pub(crate) enum Found {
    Char(char),
    Named(&'static str),
}

impl Found {
    pub(crate) fn push_to(&self, out: &mut String) {
        match self {
            Found::Char(char) => out.push(*char),
            Found::Named(text) => out.push_str(text),
        }
    }
}

/// What the reference after a `&` stands for, and how long it is.
pub(crate) fn reference(rest: &str, attribute: bool) -> Option<(usize, Found)> {
    match rest.as_bytes().first()? {
        b'#' => numeric(rest).map(|(used, char)| (used, Found::Char(char))),
        b'a'..=b'z' | b'A'..=b'Z' => named(rest, attribute).map(|(used, text)| (used, Found::Named(text))),
        _ => None,
    }
}

fn numeric(rest: &str) -> Option<(usize, char)> {
    let digits = rest.get(1..)?;
    let (digits, radix, prefix) = match digits.as_bytes().first()? {
        b'x' | b'X' => (digits.get(1..)?, 16, 2),
        _ => (digits, 10, 1),
    };
    let length = digits.bytes().take_while(|&byte| char::from(byte).is_digit(radix)).count();
    if length == 0 {
        return None;
    }
    let push = |code: u32, digit: char| code.saturating_mul(radix).saturating_add(digit.to_digit(radix).unwrap_or(0));
    let code = digits.chars().take(length).fold(0u32, push);
    let semicolon = usize::from(digits.as_bytes().get(length) == Some(&b';'));
    Some((prefix + length + semicolon, char_of(code)))
}

fn char_of(code: u32) -> char {
    match code {
        0 => char::REPLACEMENT_CHARACTER,
        // What pages meant by these, before the standard: windows-1252.
        0x80..=0x9F => u8::try_from(code).map_or('\u{fffd}', crate::link_check::charset::windows_1252),
        _ => char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER),
    }
}

fn named(rest: &str, attribute: bool) -> Option<(usize, &'static str)> {
    let length = rest.bytes().take(NAME_LETTERS).take_while(u8::is_ascii_alphanumeric).count();
    if rest.as_bytes().get(length) == Some(&b';')
        && let Some((text, _)) = look_up(rest.get(..length)?)
    {
        return Some((length + 1, text));
    }
    // Without the semicolon the longest old name counts; in an attribute not where more of a word or `=` follows,
    // which is rather a parameter of a query.
    let lengths = (2..=length.min(6)).rev();
    let (length, text) = lengths
        .filter_map(|length| Some((length, look_up(rest.get(..length)?)?)))
        .find_map(|(length, (text, old))| old.then_some((length, text)))?;
    let next = rest.as_bytes().get(length);
    let parameter = next.is_some_and(|next| *next == b'=' || next.is_ascii_alphanumeric());
    (!(attribute && parameter)).then_some((length, text))
}

/// The text of a name, and whether it stands without its semicolon too.
fn look_up(name: &str) -> Option<(&'static str, bool)> {
    let (mut low, mut high) = (0, NAMES.len());
    while low < high {
        let middle = NAMES.as_bytes().get(low..low + (high - low) / 2)?;
        let start = memchr::memrchr(b'\n', middle).map_or(low, |newline| low + newline + 1);
        let end = start + memchr::memchr(b'\n', NAMES.as_bytes().get(start..)?)?;
        let line = NAMES.get(start..end)?;
        let length = line.find([',', ';'])?;
        let (found, text) = line.split_at_checked(length)?;
        match found.cmp(name) {
            std::cmp::Ordering::Less => low = end + 1,
            std::cmp::Ordering::Greater => high = start,
            std::cmp::Ordering::Equal => {
                let value = if name == "NewLine" { "\n" } else { text.get(1..)? };
                return Some((value, text.starts_with(',')));
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references() {
        for (text, decoded, attribute) in [
            ("a&amp;b", "a&b", "a&b"),
            ("a&ampb", "a&b", "a&ampb"),
            ("a&amp=b", "a&=b", "a&amp=b"),
            ("a&amp", "a&", "a&"),
            ("?a=1&copy=2", "?a=1©=2", "?a=1&copy=2"),
            ("?a=1&copy;=2", "?a=1©=2", "?a=1©=2"),
            ("&notit; &notin;", "¬it; ∉", "&notit; ∉"),
            ("&#104;&#x74;&#X74p", "http", "http"),
            (
                "&#128;&#0;&#xD800;&#x110000;&#99999999999;",
                "€\u{fffd}\u{fffd}\u{fffd}\u{fffd}",
                "€\u{fffd}\u{fffd}\u{fffd}\u{fffd}",
            ),
            ("&#; &#x; & &; &zzz;", "&#; &#x; & &; &zzz;", "&#; &#x; & &; &zzz;"),
            ("&period;&NewLine;&Tab;&sol;", ".\n\t/", ".\n\t/"),
            ("&CounterClockwiseContourIntegral;&NotEqualTilde;", "∳≂\u{338}", "∳≂\u{338}"),
            ("&AElig;&zwnj;&zwj;", "Æ\u{200c}\u{200d}", "Æ\u{200c}\u{200d}"),
        ] {
            assert_eq!(decode_text(text), decoded, "{text}");
            assert_eq!(decode_attribute(text), attribute, "{text}");
        }
    }

    #[test]
    fn every_name_is_found() {
        assert_eq!(NAMES.lines().count(), 2125);
        for line in NAMES.lines() {
            let name = line.split([',', ';']).next().unwrap();
            assert!(name.len() <= NAME_LETTERS && look_up(name).is_some(), "{name}");
            assert!(line.as_bytes()[name.len()] == b';' || name.len() <= 6, "{name}");
        }
        assert!(look_up("").is_none() && look_up("AEl").is_none() && look_up("zzzz").is_none());
    }
}
