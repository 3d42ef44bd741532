//! Bytes in JSON: base64 (RFC 4648). Reading takes the standard and the URL alphabet, with padding or without.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use serde::ser::Serializer;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Marks a byte that stands for no six bits.
const NONE: u8 = 64;

const VALUES: [u8; 256] = {
    let mut values = [NONE; 256];
    let mut at = 0;
    while at < ALPHABET.len() {
        values[ALPHABET[at] as usize] = at as u8;
        at += 1;
    }
    values[b'-' as usize] = 62;
    values[b'_' as usize] = 63;
    values
};

/// The bytes that `text` spells, or nothing where it is not base64.
pub fn decode(text: &[u8]) -> Option<Vec<u8>> {
    let end = text.iter().rposition(|&byte| byte != b'=').map_or(0, |last| last + 1);
    let (text, padding) = text.split_at(end);
    if text.len() % 4 == 1 || padding.len() > 2 {
        return None;
    }
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3 + 2);
    for group in text.chunks(4) {
        let mut bits = 0u32;
        let mut wrong = 0u8;
        for &byte in group {
            let value = VALUES[usize::from(byte)];
            wrong |= value & NONE;
            bits = bits << 6 | u32::from(value);
        }
        if wrong != 0 {
            return None;
        }
        let [_, a, b, c] = (bits << (6 * (4 - group.len()))).to_be_bytes();
        bytes.extend_from_slice(&[a, b, c][..group.len() - 1]);
    }
    Some(bytes)
}

/// With the standard alphabet and padding.
pub fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let at = |index: usize| group.get(index).copied().unwrap_or(0);
        let bits = u32::from_be_bytes([0, at(0), at(1), at(2)]);
        for index in 0..4 {
            let value = (bits >> (18 - 6 * index)) as usize & 63;
            text.push(if index <= group.len() { char::from(ALPHABET[value]) } else { '=' });
        }
    }
    text
}

/// For serde's `with`.
pub fn serialize<S: Serializer>(bytes: &[u8], to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(&encode(bytes))
}

/// Bytes read from text.
#[derive(Debug)]
pub struct Base64(pub Vec<u8>);

impl<'de> Deserialize<'de> for Base64 {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Text;
        impl Visitor<'_> for Text {
            type Value = Base64;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("base64 text")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Base64, E> {
                decode(text.as_bytes()).map(Base64).ok_or_else(|| E::custom("the text is not base64"))
            }
        }
        from.deserialize_str(Text)
    }
}

/// Writes a field of bytes: base64 needs no escaping.
pub(crate) fn write(bytes: &[u8], out: &mut crate::out::Out) {
    out.ascii(b'"');
    out.text(&encode(bytes));
    out.ascii(b'"');
}

/// Reads a field of bytes into its place.
pub(crate) fn put<'de, A: MapAccess<'de>>(map: &mut A, place: &mut Vec<u8>) -> Result<(), A::Error> {
    *place = map.next_value::<Base64>()?.0;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rfc_4648() {
        for (bytes, text) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("foobar", "Zm9vYmFy")]
        {
            assert_eq!(encode(bytes.as_bytes()), text);
            assert_eq!(decode(text.as_bytes()).as_deref(), Some(bytes.as_bytes()));
            assert_eq!(decode(text.trim_end_matches('=').as_bytes()).as_deref(), Some(bytes.as_bytes()));
        }
        assert_eq!(decode(b"-_-_"), decode(b"+/+/"));
        for wrong in ["Z", "Zg=a", "Zg===", "Z m9", "Zm9v!"] {
            assert_eq!(decode(wrong.as_bytes()), None, "{wrong}");
        }
        let all: Vec<u8> = (0..=255).collect();
        assert_eq!(decode(encode(&all).as_bytes()), Some(all));
    }
}
