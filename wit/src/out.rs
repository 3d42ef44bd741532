//! JSON text in the making.

use std::mem::MaybeUninit;

/// Whole strings, one after the other. Most are a few bytes, for which a general copy is a call out of the sandbox's
/// code: these are copied as one or two words, which may overlap.
#[derive(Default)]
pub struct Out(Vec<u8>);

impl Out {
    pub(crate) fn with_capacity(bytes: usize) -> Self {
        Self(Vec::with_capacity(bytes))
    }

    pub(crate) fn into_string(self) -> String {
        // SAFETY: the bytes are whole strings and ASCII characters: `text`, `ascii` and `quote` append nothing else.
        #[allow(unsafe_code, reason = "checking it again is a twelfth of the time that writing takes")]
        unsafe {
            String::from_utf8_unchecked(self.0)
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Makes room, if there is as much.
    pub(crate) fn reserve(&mut self, bytes: usize) {
        self.0.try_reserve(bytes).ok();
    }

    /// Appends a string.
    #[inline(never)]
    pub(crate) fn text(&mut self, text: &str) {
        let text = text.as_bytes();
        if text.len() > 32 {
            return self.0.extend_from_slice(text);
        }
        self.0.reserve(text.len());
        let Some(place) = self.0.spare_capacity_mut().get_mut(..text.len()) else { return };
        if !(words::<16>(place, text) || words::<8>(place, text) || words::<4>(place, text)) {
            place.iter_mut().zip(text).for_each(|(place, &byte)| _ = place.write(byte));
        }
        // SAFETY: there is room for so many bytes, and all of them were written: 32 and less down to 16 by the first, then
        // less than 16 and less than 8.
        #[allow(unsafe_code, reason = "asking for room once and not for each word is a fiftieth of a document's time")]
        unsafe {
            self.0.set_len(self.0.len() + text.len());
        }
    }

    /// Appends a character of ASCII.
    pub(crate) fn ascii(&mut self, byte: u8) {
        self.0.push(byte & 0x7f);
    }

    /// Puts what was appended since `start` into quotes, unless it is.
    pub(crate) fn quote(&mut self, start: usize) {
        if self.0.get(start) != Some(&b'"') {
            self.0.insert(start, b'"');
            self.0.push(b'"');
        }
    }
}

/// Writes a text of `N` bytes or more as its first and its last `N`, which are all where it has no more than twice as
/// many: the caller sees to that.
fn words<const N: usize>(place: &mut [MaybeUninit<u8>], text: &[u8]) -> bool {
    let (Some(first), Some(last)) = (text.first_chunk::<N>(), text.last_chunk::<N>()) else { return false };
    place.first_chunk_mut().into_iter().for_each(|place| *place = first.map(MaybeUninit::new));
    place.last_chunk_mut().into_iter().for_each(|place| *place = last.map(MaybeUninit::new));
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_of_every_length() {
        let long: String = ('a'..='z').chain('A'..='Z').collect();
        let (mut out, mut expected) = (Out::default(), String::new());
        for length in 0..long.len() {
            out.text(&long[..length]);
            out.ascii(b',');
            expected.push_str(&long[..length]);
            expected.push(',');
        }
        assert_eq!(out.into_string(), expected);
    }
}
