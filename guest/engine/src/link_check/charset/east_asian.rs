//! Multi-byte sets, as far as their ASCII goes: which bytes belong to one character, so that none of them is taken
//! for a letter or a sign (Encoding Standard, sections 10 to 13).

use super::Charset;

const UNREAD: &[u8] = "\u{fffd}".as_bytes();

/// Every set but ISO-2022-JP.
pub(super) fn decode(body: &[u8], charset: Charset) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len());
    let mut rest = body;
    while let [lead, after @ ..] = rest {
        if lead.is_ascii() {
            out.push(*lead);
            rest = after;
            continue;
        }
        if let Some(half) = half_width(*lead).filter(|_| charset == Charset::ShiftJis) {
            push(&mut out, half);
            rest = after;
            continue;
        }
        if let (Charset::EucJp, 0x8E, Some(half)) = (charset, lead, after.first().and_then(|&byte| half_width(byte))) {
            push(&mut out, half);
        } else {
            out.extend_from_slice(UNREAD);
        }
        rest = after.get(trail(*lead, after, charset)..).unwrap_or_default();
    }
    out
}

/// How many bytes belong to the lead byte.
fn trail(lead: u8, after: &[u8], charset: Charset) -> usize {
    match (charset, after) {
        (Charset::Gb, [0x30..=0x39, 0x81..=0xFE, 0x30..=0x39, ..]) if lead != 0x80 => 3,
        (Charset::Gb, [0x40..=0x7E | 0x80..=0xFE, ..]) if lead != 0x80 => 1,
        (Charset::TwoBytes, [0x40..=0x7E | 0x81..=0xFE, ..]) => 1,
        (Charset::ShiftJis, [0x40..=0x7E | 0x80..=0xFC, ..]) if lead != 0x80 && lead != 0xA0 => 1,
        (Charset::EucJp, [0xA1..=0xFE, 0xA1..=0xFE, ..]) if lead == 0x8F => 2,
        (Charset::EucJp, [0xA1..=0xFE, ..]) => 1,
        _ => 0,
    }
}

/// Katakana of half width, which need no table.
fn half_width(byte: u8) -> Option<char> {
    let at = byte.checked_sub(0xA1).filter(|at| *at <= 0x3E)?;
    char::from_u32(0xFF61 + u32::from(at))
}

/// Escape sequences switch between ASCII and pairs of the same bytes.
pub(super) fn iso_2022_jp(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len());
    let mut rest = body;
    let mut pairs = false;
    let mut katakana = false;
    loop {
        (rest, pairs, katakana) = match rest {
            [] => return out,
            [0x1B, b'(', b'B' | b'J', after @ ..] => (after, false, false),
            [0x1B, b'(', b'I', after @ ..] => (after, false, true),
            [0x1B, b'$', b'@' | b'B', after @ ..] => (after, true, false),
            [0x21..=0x7E, 0x21..=0x7E, after @ ..] if pairs => {
                out.extend_from_slice(UNREAD);
                (after, pairs, katakana)
            }
            [byte @ 0x21..=0x5F, after @ ..] if katakana => {
                push(&mut out, half_width(byte | 0x80).unwrap_or('\u{fffd}'));
                (after, pairs, katakana)
            }
            [byte, after @ ..] => {
                if byte.is_ascii() {
                    out.push(*byte)
                } else {
                    out.extend_from_slice(UNREAD)
                }
                (after, pairs, katakana)
            }
        };
    }
}

fn push(out: &mut Vec<u8>, char: char) {
    out.extend_from_slice(char.encode_utf8(&mut [0; 4]).as_bytes());
}
