//! Finding a word of a closed list in JSON: a field's name or a case of a vocabulary.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, Visitor};

/// Reads a word as its position in `words`.
#[derive(Clone, Copy)]
pub(crate) struct Word {
    pub(crate) words: &'static [&'static str],
    /// A field's name, else a case; they differ in the error.
    pub(crate) field: bool,
    /// A word that is not in the list is read as its end, else it is a fault.
    pub(crate) open: bool,
    /// Where it probably stands: fields mostly come in the order of the record.
    pub(crate) likely: usize,
}

impl<'de> DeserializeSeed<'de> for Word {
    type Value = usize;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<usize, D::Error> {
        from.deserialize_str(self)
    }
}

impl Visitor<'_> for Word {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("one of ")?;
        f.write_str(&self.words.join(", "))
    }

    fn visit_str<E: Error>(self, word: &str) -> Result<usize, E> {
        if self.words.get(self.likely).is_some_and(|likely| *likely == word) {
            return Ok(self.likely);
        }
        let found = self.words.iter().position(|known| *known == word);
        found.or(self.open.then_some(self.words.len())).ok_or_else(|| match self.field {
            true => E::unknown_field(word, self.words),
            false => E::unknown_variant(word, self.words),
        })
    }
}
