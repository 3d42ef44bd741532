//! JSON text in the making.

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
        let copied = self.words::<16>(text) || self.words::<8>(text) || self.words::<4>(text);
        if !copied {
            text.iter().for_each(|&byte| self.0.push(byte));
        }
    }

    /// Appends `N` to twice as many bytes; others it leaves.
    fn words<const N: usize>(&mut self, text: &[u8]) -> bool {
        let (Some(first), Some(last)) = (text.first_chunk::<N>(), text.last_chunk::<N>()) else { return false };
        let start = self.0.len();
        self.0.extend_from_slice(first);
        self.0.truncate(start + text.len() - N);
        self.0.extend_from_slice(last);
        true
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
