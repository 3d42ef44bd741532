//! Collecting what is wrong with the input: every fault found, up to a page's worth.

use linker_types::{Error, ErrorCode};

/// The most faults that one answer carries.
const MOST: usize = 20;

#[derive(Default)]
pub(crate) struct Faults(Vec<Error>);

impl Faults {
    /// `field` and `message` are only made while there is room for them.
    pub(crate) fn add(&mut self, code: ErrorCode, field: impl Into<String>, message: impl Into<String>) {
        if !self.full() {
            self.0.push(Error::new(code, field, message));
        }
    }

    pub(crate) fn push(&mut self, error: Error) {
        if !self.full() {
            self.0.push(error);
        }
    }

    pub(crate) fn full(&self) -> bool {
        self.0.len() >= MOST
    }

    /// The value, if nothing was found.
    pub(crate) fn or<T>(self, value: T) -> Result<T, Vec<Error>> {
        if self.0.is_empty() { Ok(value) } else { Err(self.0) }
    }

    /// Stops here if anything was found.
    pub(crate) fn check(&mut self) -> Result<(), Vec<Error>> {
        if self.0.is_empty() { Ok(()) } else { Err(std::mem::take(&mut self.0)) }
    }
}
