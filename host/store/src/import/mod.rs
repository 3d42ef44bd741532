//! Files that people bring: read whole without touching the database, then saved a batch at a time.
//!
//! A line that can't be used is refused with its number and why; the others are imported. A file that can't be read to
//! its end (no header that we know, a quotation mark that is never closed) is an error, and nothing of it is saved.
//!
//! However large a file is, no more of it is in memory than its text and a batch of its lines: a byte of text must not
//! become fifty of rows.

mod backlinks;
mod blueprint;
mod numbers;
mod save;
mod search_console;
mod table;

pub use backlinks::{BacklinkLine, BacklinksFile, Format, read_backlinks};
pub use blueprint::read_blueprint;
pub use search_console::{PagesFile, read_pages};
pub use table::Batch;

/// The most bytes that a file may have; a year of a large site's links is a tenth of it.
pub const MAX_BYTES: usize = 64 << 20;

/// The most bytes of a blueprint's document: 40,000 pages. It is in memory several times while it is planned from.
pub const MAX_BLUEPRINT: usize = 12 << 20;

/// The most lines that a file may have besides its header, blank ones too: what a spreadsheet has.
pub const MAX_LINES: u64 = 1 << 20;

/// Refused lines that an answer lists; it counts the others.
pub const MAX_LISTED: usize = 1000;

/// Characters of a reason at most: what stands in a cell comes back in it.
const LONGEST_REASON: usize = 300;

/// A line that wasn't imported.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
pub struct Refused {
    /// From 1, the header's line included, as an editor counts.
    pub line: u64,
    /// What is wrong.
    pub why: String,
}

impl Refused {
    fn new(line: u64, why: impl Into<String>) -> Self {
        let mut why = why.into();
        if let Some((end, _)) = why.char_indices().nth(LONGEST_REASON) {
            why.truncate(end);
            why.push('…');
        }
        Self { line, why }
    }
}

/// What became of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
pub struct Imported {
    /// Lines that are rows now.
    pub imported: u64,
    /// Lines that aren't, in order; the first 1,000.
    pub refused: Vec<Refused>,
    /// Refused lines that are not listed.
    pub refused_more: u64,
}

impl Imported {
    /// Every refused line, listed or not.
    #[must_use]
    pub fn all_refused(&self) -> u64 {
        self.refused_more.saturating_add(self.refused.len() as u64)
    }

    fn refuse(&mut self, line: Refused) {
        if self.refused.len() < MAX_LISTED {
            self.refused.push(line);
        } else {
            self.refused_more = self.refused_more.saturating_add(1);
        }
    }
}
