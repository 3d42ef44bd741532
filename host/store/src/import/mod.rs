//! Files that people bring: read without touching the database, then saved in one transaction.
//!
//! A line that can't be used is refused with its number and why; the others are imported. A file that can't be read at
//! all (no header that we know) is an error.

mod backlinks;
mod blueprint;
mod numbers;
mod save;
mod search_console;
mod table;

pub use backlinks::{BacklinkLine, BacklinksFile, Format, read_backlinks};
pub use blueprint::read_blueprint;
pub use save::Imported;
pub use search_console::{PagesFile, read_pages};

/// The most bytes that a file may have; a year of a large site's links is a tenth of it.
pub const MAX_BYTES: usize = 64 << 20;

/// A line that wasn't imported.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Refused {
    /// From 1, the header's line included, as an editor counts.
    pub line: u64,
    /// What is wrong.
    pub why: String,
}

impl Refused {
    fn new(line: u64, why: impl Into<String>) -> Self {
        Self { line, why: why.into() }
    }
}
