//! Reading and writing the documents that come large. These are plain functions here so that they are compiled with
//! this crate, by its own optimisation; everything else about documents may be slow and is compiled to be small.

use crate::out::Out;
use crate::quick;
pub use crate::write::Write;
use crate::write::to_string;
use crate::{Blueprint, ScoreRequest};

/// Reads a blueprint.
pub fn blueprint(text: &str) -> serde_json::Result<Blueprint> {
    quick_blueprint(text).map_or_else(|| serde_json::from_str(text), Ok)
}

/// The same; `None` leaves the text to serde_json, which says what is wrong with it if anything is.
pub fn quick_blueprint(text: &str) -> Option<Blueprint> {
    quick::whole(text)
}

/// Reads a score request; `None` as with [`quick_blueprint`].
pub fn quick_score_request(text: &str) -> Option<ScoreRequest> {
    quick::whole(text)
}

/// Writes any record.
pub fn write(value: &impl Write) -> String {
    to_string(value)
}

/// Writes a list of records as they come.
pub fn write_each<T: Write>(items: impl ExactSizeIterator<Item = T>) -> String {
    let count = items.len();
    let mut out = Out::default();
    out.ascii(b'[');
    for (at, item) in items.enumerate() {
        if at > 0 {
            out.ascii(b',');
        }
        item.write(&mut out);
        if at == 0 {
            // They are much of one length, and a text that grows is copied. An odd one at the head may not take all there is.
            out.reserve(out.len().min(4096).saturating_mul(count));
        }
    }
    out.ascii(b']');
    out.into_string()
}
