//! From bytes to text: the character set by byte order mark, header and the meta prescan (HTML standard 13.2.3.2),
//! then the text as UTF-8.
//!
//! DIFFERENCE: the multi-byte sets of East Asia keep their ASCII, each other character becomes U+FFFD. Their
//! tables (encoding_rs: 165 KB in the component, also for one set alone) are worth more than their use here:
//! mark-up and addresses are ASCII, and an anchor with U+FFFD in it is never called changed.

mod east_asian;
mod labels;
mod prescan;
mod tables;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

pub(crate) use prescan::charset_of;
use tables::Table;

/// How bytes mean text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Charset {
    Utf8,
    Utf16Le,
    Utf16Be,
    Single(&'static Table),
    /// GBK and GB 18030.
    Gb,
    /// Big5 and EUC-KR.
    TwoBytes,
    ShiftJis,
    EucJp,
    Iso2022Jp,
    /// Sets that no browser reads any more: the standard's `replacement`.
    Unknown,
}

/// A body as text.
#[derive(Debug)]
pub(crate) struct Decoded<'a> {
    /// UTF-8; as it came where that was said to be it, so it may hold bytes that are not.
    pub(crate) source: Cow<'a, [u8]>,
    pub(crate) charset: Charset,
}

/// Decodes a body; `declared` is the `charset` of its `Content-Type`.
pub(crate) fn decode<'a>(body: &'a [u8], declared: Option<&str>) -> Decoded<'a> {
    let (charset, body) = match body {
        [0xEF, 0xBB, 0xBF, rest @ ..] => (Charset::Utf8, rest),
        [0xFF, 0xFE, rest @ ..] => (Charset::Utf16Le, rest),
        [0xFE, 0xFF, rest @ ..] => (Charset::Utf16Be, rest),
        _ => (declared_or_guessed(body, declared), body),
    };
    let source = match charset {
        Charset::Utf8 => Cow::Borrowed(body),
        Charset::Utf16Le => Cow::Owned(utf_16(body, u16::from_le_bytes)),
        Charset::Utf16Be => Cow::Owned(utf_16(body, u16::from_be_bytes)),
        Charset::Single(table) => Cow::Owned(single(body, table)),
        Charset::Unknown => Cow::Owned("\u{fffd}".into()),
        Charset::Iso2022Jp => Cow::Owned(east_asian::iso_2022_jp(body)),
        _ => Cow::Owned(east_asian::decode(body, charset)),
    };
    Decoded { source, charset }
}

fn declared_or_guessed(body: &[u8], declared: Option<&str>) -> Charset {
    let declared = declared.and_then(|label| labels::by_label(label.as_bytes())).or_else(|| prescan::prescan(body));
    declared.unwrap_or_else(|| match std::str::from_utf8(body) {
        Ok(_) => Charset::Utf8,
        // A body that is cut off within a character is UTF-8 too.
        Err(error) if error.error_len().is_none() => Charset::Utf8,
        Err(_) => Charset::Single(&tables::WINDOWS_1252),
    })
}

/// What browsers take the bytes from 0x80 on for where nothing says otherwise.
pub(crate) fn windows_1252(byte: u8) -> char {
    of_table(byte, &tables::WINDOWS_1252)
}

fn of_table(byte: u8, table: &Table) -> char {
    let code = byte.checked_sub(0x80).and_then(|at| table.get(usize::from(at)));
    code.map_or(char::from(byte), |&code| char::from_u32(code.into()).unwrap_or('\u{fffd}'))
}

fn single(body: &[u8], table: &Table) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len() + body.len() / 8);
    let mut rest = body;
    loop {
        let ascii = rest.iter().position(|byte| !byte.is_ascii()).unwrap_or(rest.len());
        let (text, after) = rest.split_at_checked(ascii).unwrap_or((rest, &[]));
        out.extend_from_slice(text);
        let [byte, after @ ..] = after else { return out };
        out.extend_from_slice(of_table(*byte, table).encode_utf8(&mut [0; 4]).as_bytes());
        rest = after;
    }
}

fn utf_16(body: &[u8], unit: fn([u8; 2]) -> u16) -> Vec<u8> {
    let (pairs, odd) = body.as_chunks::<2>();
    let mut out = String::with_capacity(pairs.len());
    for char in char::decode_utf16(pairs.iter().map(|&pair| unit(pair))) {
        out.push(char.unwrap_or(char::REPLACEMENT_CHARACTER));
    }
    if !odd.is_empty() {
        out.push(char::REPLACEMENT_CHARACTER);
    }
    out.into_bytes()
}

impl Charset {
    /// The bytes of a query (URL Standard 4.4): pages of old sets encode them in their own. What a set lacks is
    /// written as a character reference, as forms do.
    pub(crate) fn encode_query(self, text: &str) -> Cow<'_, [u8]> {
        let Charset::Single(table) = self else { return Cow::Borrowed(text.as_bytes()) };
        if text.is_ascii() {
            return Cow::Borrowed(text.as_bytes());
        }
        let mut out = Vec::with_capacity(text.len());
        for char in text.chars() {
            let at = table.iter().position(|&code| u32::from(code) == u32::from(char));
            match at.and_then(|at| u8::try_from(at + 0x80).ok()) {
                _ if char.is_ascii() => out.extend_from_slice(char.encode_utf8(&mut [0; 4]).as_bytes()),
                Some(byte) => out.push(byte),
                None => out.extend_from_slice(format!("%26%23{}%3B", u32::from(char)).as_bytes()),
            }
        }
        Cow::Owned(out)
    }
}
