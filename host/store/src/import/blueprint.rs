//! Blueprint documents.

use linker_types::{Blueprint, json};

use super::MAX_BLUEPRINT;
use crate::{Error, Result};

/// Reads a blueprint document (engine.md §1) as far as its form goes; what it means is judged by the engine.
///
/// # Errors
/// `Invalid`, with the line and column of what can't be read.
pub fn read_blueprint(bytes: &[u8]) -> Result<Blueprint> {
    if bytes.len() > MAX_BLUEPRINT {
        return Err(Error::invalid("blueprint", format!("at most {} MiB", MAX_BLUEPRINT >> 20)));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|_| Error::invalid("blueprint", "must be UTF-8"))?;
    json::blueprint(text).map_err(|error| Error::invalid("blueprint", error.to_string()))
}
