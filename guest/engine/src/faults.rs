//! Collecting what is wrong with the input: every fault found, up to a page's worth.

use linker_types::{Error, ErrorCode};

/// The most faults that one answer carries.
const MOST: usize = 20;

/// What was found so far.
#[derive(Debug, Default)]
pub struct Faults(Vec<Error>);

impl Faults {
    /// `field` and `message` are only made while there is room for them.
    pub fn add(&mut self, code: ErrorCode, field: impl Into<String>, message: impl Into<String>) {
        if !self.full() {
            self.0.push(Error::new(code, field, message));
        }
    }

    /// Adds one that is made already, while there is room for it.
    pub fn push(&mut self, error: Error) {
        if !self.full() {
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
