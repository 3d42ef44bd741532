//! Reading large documents quickly. What is here reads only what is plainly right: a text that it does not take is read
//! again by serde_json, which alone decides what is a document and says what is wrong with it. So a fault costs time and
//! never an answer, and the law is short: what is read here, serde_json reads as the same.
//!
//! No library, because serde's way of asking for each key, as an index of a text that it first finds the end of, is
//! three times as dear in the sandbox as outside, and reading is half of what the documents door does.

use crate::write::is_special;
use crate::{Decimal, Measure};

/// The record that the text is, if it can be read here.
pub(crate) fn whole<T: Quick>(text: &str) -> Option<T> {
    let mut from = Text { text, at: 0 };
    let value = T::quick(&mut from)?;
    from.space();
    (from.at == text.len()).then_some(value)
}

/// What large documents are made of. Shapes that they have not are left to serde_json.
pub(crate) trait Quick: Sized {
    /// The value that comes next; where this is `None` the text has been read to somewhere.
    fn quick(_: &mut Text<'_>) -> Option<Self> {
        None
    }
}

/// Whether each field that must be there was.
pub(crate) fn has(seen: u32, needed: u32) -> bool {
    needed & !seen == 0
}

/// A field whose shape is left to serde_json.
pub(crate) fn left<T>(_: &mut Text<'_>) -> Option<T> {
    None
}

/// A text and how far it is read.
pub(crate) struct Text<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Text<'a> {
    fn rest(&self) -> &'a [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    fn space(&mut self) {
        while matches!(self.text.as_bytes().get(self.at), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    /// Past white space, and past `word` if it is there.
    #[inline(never)]
    pub(crate) fn take<const N: usize>(&mut self, word: &[u8; N]) -> bool {
        self.space();
        let there = self.rest().first_chunk::<N>() == Some(word);
        if there {
            self.at += N;
        }
        there
    }

    /// Past a field's name and its colon, if that is the field; `None` where it was there before.
    pub(crate) fn field<const N: usize>(&mut self, name: &[u8; N], bit: u32, seen: &mut u32) -> Option<bool> {
        if !self.take(name) {
            return Some(false);
        }
        let before = std::mem::replace(seen, *seen | bit);
        (before & bit == 0 && self.take(b":")).then_some(true)
    }

    /// After an element: whether another follows, and not the end.
    #[inline(never)]
    pub(crate) fn more(&mut self, end: u8) -> Option<bool> {
        self.space();
        let more = match *self.rest().first()? {
            b',' => true,
            byte if byte == end => false,
            _ => return None,
        };
        self.at += 1;
        Some(more)
    }

    /// A string as it stands between its quotes, and whether escapes are in it.
    fn string(&mut self) -> Option<(&'a str, bool)> {
        if !self.take(b"\"") {
            return None;
        }
        let (start, mut escaped) = (self.at, false);
        loop {
            self.at += plain(self.rest());
            match self.rest() {
                [b'"', ..] => break,
                [b'\\', _, ..] => self.at += 2,
                _ => return None,
            }
            escaped = true;
        }
        let string = self.text.get(start..self.at)?;
        self.at += 1;
        Some((string, escaped))
    }

    /// The text of a number, as far as its letters go.
    fn number(&mut self) -> Option<&'a str> {
        self.space();
        let ends = |byte: &u8| !matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E');
        let rest = self.rest();
        let length = rest.iter().position(ends).unwrap_or(rest.len());
        let number = self.text.get(self.at..self.at + length);
        self.at += length;
        number
    }
}

/// How many bytes a string goes on before a quote, an escape or what may not be in it; eight of them in a step.
fn plain(text: &[u8]) -> usize {
    const EACH: u64 = u64::from_ne_bytes([1; 8]);
    // The high bit of each byte that is zero; above the first such one, others may have it too.
    let zero = |bytes: u64| bytes.wrapping_sub(EACH) & !bytes;
    let (eights, rest) = text.as_chunks();
    for (at, eight) in eights.iter().enumerate() {
        let bytes = u64::from_le_bytes(*eight);
        let control = bytes.wrapping_sub(EACH * 0x20) & !bytes;
        let special = control | zero(bytes ^ (EACH * u64::from(b'"'))) | zero(bytes ^ (EACH * u64::from(b'\\')));
        let special = special & (EACH << 7);
        if special != 0 {
            return at * 8 + (special.trailing_zeros() / 8) as usize;
        }
    }
    let length = rest.iter().position(|&byte| is_special(byte)).unwrap_or(rest.len());
    text.len() - rest.len() + length
}

/// A number of digits alone, as many as surely fit.
fn digits(number: &str) -> Option<u64> {
    let fits = matches!(number.as_bytes(), [b'0'] | [b'1'..=b'9', ..]) && number.len() <= 18;
    let add = |sum: u64, byte: u8| byte.is_ascii_digit().then(|| sum * 10 + u64::from(byte - b'0'));
    if fits { number.bytes().try_fold(0, add) } else { None }
}

impl Quick for u64 {
    fn quick(from: &mut Text<'_>) -> Option<Self> {
        digits(from.number()?)
    }
}

impl Quick for u32 {
    fn quick(from: &mut Text<'_>) -> Option<Self> {
        u64::quick(from)?.try_into().ok()
    }
}

impl Quick for u16 {
    fn quick(from: &mut Text<'_>) -> Option<Self> {
        u64::quick(from)?.try_into().ok()
    }
}

impl Quick for bool {
    fn quick(from: &mut Text<'_>) -> Option<Self> {
        if from.take(b"true") {
            return Some(true);
        }
        from.take(b"false").then_some(false)
    }
}

impl Quick for String {
    fn quick(from: &mut Text<'_>) -> Option<Self> {
        let start = from.at;
        let (string, escaped) = from.string()?;
        if escaped { serde_json::from_str(from.text.get(start..from.at)?).ok() } else { Some(string.to_owned()) }
    }
}

impl Quick for Decimal {
    fn quick(from: &mut Text<'_>) -> Option<Self> {
        from.space();
        if from.rest().first() == Some(&b'"') {
            let (string, escaped) = from.string()?;
            return if escaped { None } else { Self::parse(string) };
        }
        let number = from.number()?;
        match digits(number) {
            Some(units) => Some(Self::new(units.try_into().ok()?, 0)),
            None => serde_json::from_str(number).ok(),
        }
    }
}

impl<T: Quick> Quick for Option<T> {
    #[inline(never)]
    fn quick(from: &mut Text<'_>) -> Option<Self> {
        if from.take(b"null") { Some(None) } else { T::quick(from).map(Some) }
    }
}

impl<T: Quick> Quick for Vec<T> {
    fn quick(from: &mut Text<'_>) -> Option<Self> {
        let mut items = Vec::new();
        if !from.take(b"[") {
            return None;
        }
        if from.take(b"]") {
            return Some(items);
        }
        loop {
            items.push(T::quick(from)?);
            if !from.more(b']')? {
                return Some(items);
            }
        }
    }
}

impl Quick for Measure {}

/// A word of a closed list, as its position there.
pub(crate) fn word(from: &mut Text<'_>, words: &[&str]) -> Option<usize> {
    let (string, _) = from.string()?;
    words.iter().position(|&word| word == string)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_strings_end_where_they_end() {
        for length in 0..40 {
            for at in 0..=length {
                for letter in ['"', '\\', '\0', '\n', '\u{1f}', ' ', '!', '#', '[', ']', '\u{7f}', 'é', '😀', '\u{80}']
                {
                    let text: String = (0..length).map(|place| if place == at { letter } else { 'a' }).collect();
                    let expected = text.bytes().position(is_special).unwrap_or(text.len());
                    assert_eq!(plain(text.as_bytes()), expected, "{text:?}");
                }
            }
        }
    }
}
