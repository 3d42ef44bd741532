//! Hashes, for finding texts by number: numbers compare several times as fast as texts that begin alike, most of all
//! in the sandbox. They order nothing that leaves the engine, and decide nothing alone: texts that hash alike are easy to
//! find, so a search goes on by the text.

/// A multiplier whose bits are mixed: the golden ratio's.
const MIX: u64 = 0x9e37_79b9_7f4a_7c15;

/// Sets the bit in which the cases of an ASCII letter differ; it merges a few other characters as well.
const CASE: u64 = u64::from_ne_bytes([0x20; 8]);

/// Of a text.
pub(crate) fn of(text: &str) -> u64 {
    eights(text.as_bytes(), 0)
}

/// Equal for ASCII texts that differ in case alone.
pub(crate) fn folded(text: &str) -> u64 {
    eights(text.as_bytes(), CASE)
}

/// Of one that was hashed and another that goes with it.
pub(crate) fn and(before: u64, hash: u64) -> u64 {
    (before.rotate_left(5) ^ hash).wrapping_mul(MIX)
}

/// Eight bytes in a step.
fn eights(bytes: &[u8], set: u64) -> u64 {
    let (whole, rest) = bytes.as_chunks();
    let hash = whole.iter().fold(bytes.len() as u64, |hash, eight| and(hash, u64::from_le_bytes(*eight) | set));
    let last = rest.iter().fold(0, |last, &byte| last << 8 | u64::from(byte));
    // The high bits are the mixed ones.
    let hash = and(hash, last | set);
    hash ^ hash >> 32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_is_folded_and_all_else_counts() {
        assert_eq!(folded("Plumber In LEEDS"), folded("plumber in leeds"));
        let texts = ["", "a", "b", "ab", "ba", "abcdefgh", "abcdefghi", "abcdefgi", "\0", "\0\0"];
        for (at, text) in texts.iter().enumerate() {
            assert!(texts[..at].iter().all(|other| of(other) != of(text) && folded(other) != folded(text)), "{text}");
        }
    }
}
