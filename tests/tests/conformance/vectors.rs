//! Reading vectors; fixtures/README.md says what they hold.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::{Map, Value};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Vector {
    #[serde(rename = "about")]
    _about: String,
    pub(crate) call: String,
    inputs: Map<String, Value>,
    #[serde(default, rename = "by_hand")]
    _by_hand: Vec<String>,
    #[serde(default)]
    pub(crate) hand_checked: Map<String, Value>,
    #[serde(default, rename = "same_as")]
    _same_as: Option<String>,
    /// For people: the page whose bytes are the body, and the verdict as its author knew it. The engine's own tests
    /// compare both.
    #[serde(default, rename = "page")]
    _page: Option<Value>,
    #[serde(default, rename = "truth")]
    _truth: Option<Value>,
    #[serde(default, deserialize_with = "even_null")]
    pub(crate) expected: Option<Value>,
    #[serde(default)]
    pub(crate) error: Option<Value>,
}

/// `null` is an answer.
fn even_null<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<Value>, D::Error> {
    serde::Deserialize::deserialize(from).map(Some)
}

pub(crate) struct Vectors {
    folder: PathBuf,
    pub(crate) all: BTreeMap<String, Vector>,
}

impl Vectors {
    pub(crate) fn read() -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures");
        let mut all = BTreeMap::new();
        for call in list(&folder.join("vectors")) {
            for file in list(&call) {
                let name = format!("{}/{}", stem(&call), stem(&file));
                let vector = serde_json::from_str(&read(&file)).unwrap_or_else(|error| panic!("{name}: {error}"));
                all.insert(name, vector);
            }
        }
        Self { folder, all }
    }

    /// The documents that the call takes, in its order.
    pub(crate) fn texts(&self, vector: &Vector) -> Vec<String> {
        let fields: &[&str] = match vector.call.as_str() {
            "generate" => &["blueprint", "options"],
            "adjust" => &["campaign", "blueprint", "edits"],
            "profile" => &["country_code"],
            "vocabularies" => &[],
            "topic" => &["blueprint", "content_id"],
            "impact" => &["link"],
            "score" | "listed" | "tipping-point" | "validate" | "judge" | "reserve" | "replace" => &["request"],
            call => panic!("unknown call `{call}`"),
        };
        fields.iter().map(|field| self.text(&vector.inputs[*field])).collect()
    }

    fn text(&self, input: &Value) -> String {
        match input.get("$text") {
            Some(Value::String(text)) => text.clone(),
            _ => self.resolved(input).to_string(),
        }
    }

    fn resolved(&self, value: &Value) -> Value {
        match value {
            Value::Array(items) => items.iter().map(|item| self.resolved(item)).collect(),
            Value::Object(fields) => {
                let own = fields.iter().filter(|(key, _)| !key.starts_with('$'));
                let own: Map<String, Value> = own.map(|(key, value)| (key.clone(), self.resolved(value))).collect();
                match self.referred(fields) {
                    Some(Value::Object(mut found)) => {
                        found.extend(own);
                        Value::Object(found)
                    }
                    Some(found) => found,
                    None => Value::Object(own),
                }
            }
            other => other.clone(),
        }
    }

    fn referred(&self, fields: &Map<String, Value>) -> Option<Value> {
        let named = |key: &str| fields.get(key).and_then(Value::as_str);
        if let Some(file) = named("$file") {
            return serde_json::from_str(&read(&self.folder.join(file))).ok();
        }
        if let Some(file) = named("$lines") {
            return Some(
                read(&self.folder.join(file)).lines().filter(|line| !line.is_empty()).map(Value::from).collect(),
            );
        }
        let vector = &self.all[named("$vector")?];
        pick(vector.expected.as_ref()?, named("$at").unwrap_or(""))
    }
}

/// What stands at `pages.0.tier`; `*` takes every item of a list.
pub(crate) fn pick(value: &Value, path: &str) -> Option<Value> {
    let (step, rest) = path.split_once('.').unwrap_or((path, ""));
    match step {
        "" => Some(value.clone()),
        "*" => value.as_array()?.iter().map(|item| pick(item, rest)).collect(),
        _ if value.is_array() => pick(value.get(step.parse::<usize>().ok()?)?, rest),
        _ => pick(value.get(step)?, rest),
    }
}

fn list(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    entries.map(|entry| entry.expect("a folder's entry").path()).collect()
}

fn stem(path: &Path) -> String {
    path.file_stem().expect("a name").to_string_lossy().into_owned()
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
