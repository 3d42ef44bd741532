//! Reading and writing the documents that come large. These are plain functions here so that they are compiled with
//! this crate, by its own optimisation; everything else about documents is compiled with the engine.

pub use crate::write::Write;
use crate::write::to_string;
use crate::{Blueprint, QualityScore, ScoreRequest};

/// Reads a blueprint.
pub fn blueprint(text: &str) -> serde_json::Result<Blueprint> {
    serde_json::from_str(text)
}

/// Reads a score request.
pub fn score_request(text: &str) -> serde_json::Result<ScoreRequest> {
    serde_json::from_str(text)
}

/// Writes scores.
pub fn scores(scores: &[QualityScore]) -> String {
    to_string(scores)
}

/// Writes any record.
pub fn write(value: &impl Write) -> String {
    to_string(value)
}
