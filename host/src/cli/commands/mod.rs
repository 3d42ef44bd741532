//! One command a file.

pub(super) mod component;
pub(super) mod plan;
pub(super) mod profiles;
pub(super) mod replacements;
pub(super) mod score;
pub(super) mod tipping_point;

use serde::Serialize;

use super::failure::Failure;
use super::output::Answer;

/// A record as its document, in the engine's order of keys.
pub(super) fn pretty(record: &impl Serialize) -> Result<Answer, Failure> {
    Ok(Answer::Data(format!("{}\n", serde_json::to_string_pretty(record)?)))
}
