//! What is read quickly is what serde_json reads.

use linker_types::{Blueprint, ScoreRequest, json};

/// Of a text as a blueprint and as a score request; whether it was read quickly as either.
pub(crate) fn holds(text: &str) -> bool {
    let blueprint = json::quick_blueprint(text);
    if let Some(quick) = &blueprint {
        assert_eq!(serde_json::from_str::<Blueprint>(text).ok().as_ref(), Some(quick), "{text}");
    }
    let request = json::quick_score_request(text);
    if let Some(quick) = &request {
        assert_eq!(serde_json::from_str::<ScoreRequest>(text).ok().as_ref(), Some(quick), "{text}");
    }
    blueprint.is_some() || request.is_some()
}
