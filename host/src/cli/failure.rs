//! Why a command gave no answer, and how a person is told.

use std::path::PathBuf;

use anstyle::{AnsiColor, Style};
use linker_types::{Error, ErrorCode};

use super::text::words::{clean, count};
use crate::engine::EngineError;

const ERROR: Style = AnsiColor::Red.on_default().bold();
const HINT: Style = AnsiColor::Cyan.on_default().bold();

#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    #[error("can't {doing} {}: {source}", .path.display())]
    File { doing: &'static str, path: PathBuf, source: std::io::Error },
    #[error("can't {doing}: {source}")]
    Stream { doing: &'static str, source: std::io::Error },
    #[error("{file} is not UTF-8 text: see byte {at}")]
    NotUtf8 { file: String, at: usize },
    #[error("{0}")]
    Usage(String),
    #[error(transparent)]
    Engine(#[from] EngineError),
    #[error("the engine's answer can't be read: {0}")]
    Answer(#[from] serde_json::Error),
    /// What is wrong, by the file or option it came from.
    #[error("the input has faults")]
    Input(Vec<Faults>),
}

/// The faults of one file or option.
#[derive(Debug)]
pub(super) struct Faults {
    pub(super) of: String,
    pub(super) errors: Vec<Error>,
}

impl Failure {
    /// Faults that the command line found itself, one message each.
    pub(super) fn of(name: impl Into<String>, messages: Vec<String>) -> Self {
        let errors = messages.into_iter().map(|message| Error::new(ErrorCode::InvalidValue, "", message)).collect();
        Self::Input(vec![Faults { of: name.into(), errors }])
    }

    pub(super) fn print(&self) {
        let Self::Input(groups) = self else {
            anstream::eprintln!("{ERROR}error:{ERROR:#} {}", clean(&self.to_string()));
            return;
        };
        for Faults { of, errors } in groups {
            anstream::eprintln!("{}: {}", clean(of), count(errors.len() as u64, "fault"));
            for error in errors {
                anstream::eprintln!("{ERROR}error:{ERROR:#} {}", clean(&error.to_string()));
            }
        }
        let codes = || groups.iter().flat_map(|group| &group.errors).map(|error| error.code);
        if codes().any(|code| code == ErrorCode::OutOfBand) {
            anstream::eprintln!("{HINT}hint:{HINT:#} add `--set allow_out_of_band=true` to plan it all the same");
        }
        if codes().count() >= MOST {
            anstream::eprintln!("{HINT}hint:{HINT:#} these are the first {MOST}; there may be more");
        }
    }
}

/// The engine names no more faults at once.
const MOST: usize = 20;
