//! What earlier runs saw, in a file: a link is dead only when it failed several looks in a row.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use linker_types::{BacklinkStatus, Look, Placement};
use serde::{Deserialize, Serialize};

use crate::check::Checked;
use crate::cli::failure::Failure;
use crate::cli::output;

/// Looks of a link that are kept; verdicts need three.
const MOST_LOOKS: usize = 20;

pub(super) struct Memory {
    path: Option<PathBuf>,
    links: BTreeMap<(String, String), Remembered>,
}

#[derive(Serialize, Deserialize)]
struct File {
    version: u32,
    links: Vec<Remembered>,
}

#[derive(Clone, Serialize, Deserialize)]
struct Remembered {
    source_url: String,
    target_url: String,
    #[serde(default)]
    status: Option<BacklinkStatus>,
    #[serde(default)]
    date_live: Option<String>,
    #[serde(default)]
    history: Vec<Look>,
}

impl Memory {
    /// A file that is not there yet is an empty one.
    pub(super) fn read(path: Option<&Path>) -> Result<Self, Failure> {
        let mut memory = Self { path: path.map(Path::to_owned), links: BTreeMap::new() };
        if let Some(path) = path {
            memory.links = links(path)?;
            output::can_replace(path)?;
        }
        Ok(memory)
    }

    /// Gives links their past, where the input does not say it.
    pub(super) fn recall(&self, placements: &mut [Placement]) {
        for placement in placements {
            let key = (placement.source_url.clone(), placement.target_url.clone());
            let Some(known) = self.links.get(&key) else { continue };
            if placement.history.is_empty() {
                placement.history.clone_from(&known.history);
            }
            placement.status = placement.status.or(known.status);
            placement.date_live = placement.date_live.take().or_else(|| known.date_live.clone());
        }
    }

    /// Writes down what was seen, whole or not at all; links of other runs stay, those that ended meanwhile included.
    pub(super) fn keep(&mut self, checked: &[Checked]) -> Result<(), Failure> {
        let Some(path) = &self.path else { return Ok(()) };
        let _alone = output::alone(path);
        self.links = links(path)?;
        for Checked { placement, report } in checked {
            let Ok(report) = report else { continue };
            let skip = placement.history.len().saturating_sub(MOST_LOOKS);
            let link = Remembered {
                source_url: placement.source_url.clone(),
                target_url: placement.target_url.clone(),
                status: report.change.status.or(placement.status),
                date_live: report.change.date_live.clone().or_else(|| placement.date_live.clone()),
                history: placement.history.iter().skip(skip).cloned().collect(),
            };
            self.links.insert(link.key(), link);
        }
        let file = File { version: 1, links: self.links.values().cloned().collect() };
        let text = serde_json::to_string_pretty(&file)?;
        output::replace(path, text.as_bytes()).map_err(|source| Failure::File {
            doing: "write",
            path: path.clone(),
            source,
        })
    }
}

impl Remembered {
    fn key(&self) -> (String, String) {
        (self.source_url.clone(), self.target_url.clone())
    }
}

/// What a state file remembers.
fn links(path: &Path) -> Result<BTreeMap<(String, String), Remembered>, Failure> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(BTreeMap::new()),
        Err(source) => return Err(Failure::File { doing: "read", path: path.to_owned(), source }),
    };
    let file: File = serde_json::from_str(&text).map_err(|error| {
        let message = format!("not a state file of `check`: {error}; name another with --state");
        Failure::of(path.display().to_string(), vec![message])
    })?;
    if file.version != 1 {
        let message = format!("state of version {}, this program knows 1", file.version);
        return Err(Failure::of(path.display().to_string(), vec![message]));
    }
    Ok(file.links.into_iter().map(|link| (link.key(), link)).collect())
}
