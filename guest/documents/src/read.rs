//! Reading a document: fast when it is right; when it is not, every fault of its shape with its path.

use linker_types::limits::WORD;
use linker_types::{Error, ErrorCode};
use serde::de::DeserializeOwned;

use crate::locate::{Place, Step, offset, place, shown};
use linker_engine::faults::Faults;

/// Finding every fault reads the document over and over: above this size only the first is named.
const THOROUGH_BYTES: usize = 4 << 20;

/// What stands in for a value that is not what it should be.
const STAND_INS: [&str; 7] = ["\"0\"", "0", "false", "[]", "null", "{}", "\"\""];

/// Reads `text`; `name` is what the document is called in an error about all of it.
pub(crate) fn read<T: DeserializeOwned>(name: &str, text: &str) -> Result<T, Vec<Error>> {
    serde_json::from_str(text).map_err(|fault| faults(name, text, fault, &|text| serde_json::from_str::<T>(text).err()))
}

/// The same for what comes large, with a reader that is quick where nothing is wrong.
pub(crate) fn read_large<T: DeserializeOwned>(
    name: &str,
    text: &str,
    quick: fn(&str) -> Option<T>,
) -> Result<T, Vec<Error>> {
    quick(text).map_or_else(|| read(name, text), Ok)
}

/// Names a fault, mends it with a value that stands in, and reads on.
fn faults(
    name: &str,
    text: &str,
    first: serde_json::Error,
    again: &dyn Fn(&str) -> Option<serde_json::Error>,
) -> Vec<Error> {
    if !first.is_data() {
        return vec![Error::new(ErrorCode::InvalidDocument, "", format!("the {name} is not JSON: {first}"))];
    }
    let mut faults = Faults::default();
    let mut text = text.to_owned();
    let mut next = Some(first);
    while let (Some(fault), false) = (next, faults.full()) {
        let Some(found) = Fault::of(&text, &fault) else {
            faults.add(ErrorCode::InvalidDocument, "", format!("the {name} can't be read: {fault}"));
            break;
        };
        faults.push(found.error());
        if text.len() > THOROUGH_BYTES {
            break;
        }
        next = match found.mended(&text, again) {
            Some((mended, next)) => {
                text = mended;
                next
            }
            None => break,
        };
    }
    faults.or(()).err().unwrap_or_default()
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Missing,
    Unknown,
    Variant,
    Twice,
    Value,
}

struct Fault {
    kind: Kind,
    place: Place,
    message: String,
    /// What the message has between backticks.
    named: Vec<String>,
}

impl Fault {
    fn of(text: &str, error: &serde_json::Error) -> Option<Self> {
        let mut place = place(text, offset(text, error.line(), error.column()))?;
        let message = error.to_string();
        let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(message, _)| message).to_owned();
        let named: Vec<String> = message.split('`').skip(1).step_by(2).map(str::to_owned).collect();
        let kind = match message.split(' ').take(2).collect::<Vec<_>>().as_slice() {
            ["missing", "field"] => Kind::Missing,
            ["unknown", "field"] => Kind::Unknown,
            ["unknown", "variant"] => Kind::Variant,
            ["duplicate", "field"] => Kind::Twice,
            _ => Kind::Value,
        };
        if let (Kind::Missing, Some(field)) = (kind, named.first()) {
            place.path.push(Step::Key(field.clone()));
        }
        Some(Self { kind, place, message, named })
    }

    fn error(&self) -> Error {
        let (name, known) = self.named.split_first().map_or(("", self.named.as_slice()), |(name, rest)| (name, rest));
        let near = nearest(name, known);
        let (code, message) = match self.kind {
            Kind::Missing => (ErrorCode::MissingField, format!("`{name}` is missing")),
            Kind::Twice => (ErrorCode::Duplicate, format!("`{name}` is there twice")),
            Kind::Unknown => {
                let hint = match near {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("the fields are {}", known.join(", ")),
                };
                (ErrorCode::UnknownField, format!("`{name}` is not a field here; {hint}"))
            }
            Kind::Variant => {
                let hint = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
                (ErrorCode::InvalidValue, format!("`{name}` is not one of {}{hint}", known.join(", ")))
            }
            Kind::Value => (ErrorCode::InvalidDocument, plain(&self.message)),
        };
        Error::new(code, shown(&self.place.path), message)
    }

    /// The text with something in the fault's place that is read without this fault, and the next fault.
    fn mended(
        &self,
        text: &str,
        again: &dyn Fn(&str) -> Option<serde_json::Error>,
    ) -> Option<(String, Option<serde_json::Error>)> {
        let variant = self.named.get(1).filter(|_| self.kind == Kind::Variant).map(|word| format!("\"{word}\""));
        for stand_in in variant.iter().map(String::as_str).chain(STAND_INS) {
            let mended = self.replaced(text, stand_in)?;
            let next = again(&mended);
            let same = |error: &serde_json::Error| match Self::of(&mended, error) {
                Some(next) => next.place.path == self.place.path,
                None => true,
            };
            if !next.as_ref().is_some_and(same) {
                return Some((mended, next));
            }
        }
        None
    }

    fn replaced(&self, text: &str, stand_in: &str) -> Option<String> {
        let span = &self.place.span;
        let (before, value, after) = (text.get(..span.start)?, text.get(span.clone())?, text.get(span.end..)?);
        Some(match (self.kind, self.place.key) {
            (Kind::Missing, _) => {
                let rest = value.strip_prefix('{')?;
                let comma = if rest.trim_start().starts_with('}') { "" } else { "," };
                format!("{before}{{\"{}\":{stand_in}{comma}{rest}{after}", self.named.first()?)
            }
            // A key with its value, and the comma that parted it from a neighbour.
            (_, Some(key)) => {
                let before = text.get(..key)?;
                match after.trim_start().strip_prefix(',') {
                    Some(after) => format!("{before}{after}"),
                    None => format!("{}{after}", before.trim_end().strip_suffix(',').unwrap_or(before)),
                }
            }
            _ => format!("{before}{stand_in}{after}"),
        })
    }
}

fn nearest<'a>(name: &str, known: &'a [String]) -> Option<&'a String> {
    // Nothing is near to what is longer than any name, and the distance costs the product of both lengths.
    if name.len() > WORD {
        return None;
    }
    let distance = |word: &String| strsim::osa_distance(&name.to_lowercase(), word);
    known.iter().min_by_key(|word| distance(word)).filter(|word| distance(word) <= word.len().div_ceil(2))
}

/// serde's sentence in ours: `invalid type: string "ten", expected u64` names no Rust type.
fn plain(message: &str) -> String {
    let Some((what, expected)) = message.split_once(", expected ") else { return message.to_owned() };
    let what = what.trim_start_matches("invalid type: ").trim_start_matches("invalid value: ");
    let shown = what
        .split_once(' ')
        .filter(|(kind, _)| matches!(*kind, "string" | "integer" | "boolean"))
        .map_or(what, |(_, value)| value);
    let shown = match shown {
        "floating" | "sequence" => "a list",
        "map" => "an object",
        shown => shown.trim_start_matches("floating point ").trim_matches(['"', '`']),
    };
    let expected = match expected {
        "u64" | "u32" | "u8" | "usize" => "a whole number, 0 or more",
        "a string" | "a borrowed string" => "text",
        "a boolean" => "true or false",
        "a sequence" => "a list",
        "a map" => "an object",
        expected if expected.starts_with("struct ") => "an object",
        expected => expected,
    };
    format!("`{shown}` is not {expected}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use linker_types::Blueprint;

    #[test]
    fn names_every_fault_of_shape() {
        let text = r#"{"id": "one", "site": {"id": 1, "name": "n", "brand": "b", "homepage": "https://a.example/"},
            "clusters": [{"id": 1, "name": 7, "keywords": [{"keyword": "k", "volum": 3, "difficulty": -1}]}],
            "pages": {}}"#;
        let faults = read::<Blueprint>("blueprint", text).unwrap_err();
        let shown: Vec<String> = faults.iter().map(|fault| format!("{} {}", fault.code, fault)).collect();
        assert_eq!(
            shown,
            [
                "invalid_document id: `one` is not a whole number, 0 or more",
                "unknown_field site.homepage: `homepage` is not a field here; did you mean `homepage_url`?",
                "missing_field site.homepage_url: `homepage_url` is missing",
                "invalid_document clusters[0].name: `7` is not text",
                "unknown_field clusters[0].keywords[0].volum: `volum` is not a field here; did you mean `volume`?",
                "invalid_document clusters[0].keywords[0].difficulty: `-1` is not a whole number, 0 or more",
                "missing_field clusters[0].keywords[0].volume: `volume` is missing",
                "invalid_document pages: `an object` is not a list",
            ]
        );
    }

    #[test]
    fn names_what_is_not_json() {
        let faults = read::<Blueprint>("blueprint", "{\"id\": 1,").unwrap_err();
        assert_eq!(faults[0].message, "the blueprint is not JSON: EOF while parsing a value at line 1 column 9");
        let twice = read::<linker_types::Band>("band", r#"{"min": "0", "min": "1", "max": "1"}"#).unwrap_err();
        assert_eq!(twice[0].to_string(), "min: `min` is there twice");
    }

    #[test]
    fn words_outside_a_vocabulary_get_a_hint() {
        let text = r#"{"source_dr": "40", "link_type": "guestpost", "tier": "T9"}"#;
        let faults = read::<linker_types::LostLink>("link", text).unwrap_err();
        assert!(faults[0].message.ends_with("did you mean `guest_post`?"), "{}", faults[0].message);
        assert_eq!(faults.len(), 2);
    }
}
