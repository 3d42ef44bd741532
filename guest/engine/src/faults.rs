//! Collecting what is wrong with the input: every fault found, up to a page's worth.

use linker_types::{Error, ErrorCode};

/// The most faults that one answer carries.
const MOST: usize = 20;
/// Bytes that a message keeps of either end where it quotes more than anybody reads.
const END: usize = 300;

/// What was found so far.
#[derive(Debug, Default)]
pub struct Faults(Vec<Error>);

impl Faults {
    /// `field` and `message` are only made while there is room for them.
    pub fn add(&mut self, code: ErrorCode, field: impl Into<String>, message: impl Into<String>) {
        if !self.full() {
            self.push(Error::new(code, field, message));
        }
    }

    /// Adds one that is made already, while there is room for it.
    pub fn push(&mut self, mut error: Error) {
        if !self.full() {
            shorten(&mut error.field);
            shorten(&mut error.message);
            self.0.push(error);
        }
    }

    /// Whether further ones would be dropped.
    pub fn full(&self) -> bool {
        self.0.len() >= MOST
    }

    /// The value, if nothing was found.
    pub fn or<T>(self, value: T) -> Result<T, Vec<Error>> {
        if self.0.is_empty() { Ok(value) } else { Err(self.0) }
    }

    /// Stops here if anything was found.
    pub fn check(&mut self) -> Result<(), Vec<Error>> {
        if self.0.is_empty() { Ok(()) } else { Err(std::mem::take(&mut self.0)) }
    }
}

/// What is wrong stands at the ends, between them what somebody sent.
fn shorten(text: &mut String) {
    if text.len() <= END.saturating_mul(3) {
        return;
    }
    let (start, end) = (text.floor_char_boundary(END), text.ceil_char_boundary(text.len().saturating_sub(END)));
    text.replace_range(start..end, "…");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_quotation_is_cut_out() {
        let mut faults = Faults::default();
        for letter in ["a", "é", "咖"] {
            faults.add(
                ErrorCode::Empty,
                letter.repeat(1_000_000),
                format!("`{}` is no date", letter.repeat(1_000_000)),
            );
        }
        faults.add(ErrorCode::Empty, "short", "a".repeat(900));
        let found = faults.check().unwrap_err();
        for fault in &found[..3] {
            assert!(fault.field.len() < 700 && fault.message.len() < 700, "{fault:?}");
            assert!(fault.message.starts_with('`') && fault.message.ends_with("` is no date"), "{fault:?}");
        }
        assert_eq!(found[3].message.len(), 900);
    }
}
