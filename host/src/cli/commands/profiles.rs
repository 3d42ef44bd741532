//! `profiles`.

use linker_types::Profile;
use serde::{Deserialize, Serialize};

use crate::cli::args::{Form, Profiles};
use crate::cli::failure::Failure;
use crate::cli::output::{self, Answer};
use crate::cli::{input, text};
use crate::engine::Engine;

/// The engine's document.
#[derive(Serialize, Deserialize)]
struct Document {
    engine_version: String,
    profiles: Vec<Profile>,
}

pub(in crate::cli) fn run(args: &Profiles) -> Result<(), Failure> {
    let engine = Engine::new()?;
    let mut document: Document = serde_json::from_str(&engine.documents().profiles()?)?;
    if let Some(code) = &args.country {
        let found = engine.documents().profile(code.trim())?;
        let unknown = |faults: String| input::faults(&faults, |_| ("--country".to_owned(), String::new()));
        document.profiles = vec![serde_json::from_str(&found.map_err(unknown)?)?];
    }
    let answer = match args.output.format {
        Form::Json => super::pretty(&document)?,
        Form::Text => Answer::Text(text::profiles::show(&document.profiles, output::width(&args.output.to))),
    };
    output::write(&args.output.to, answer)
}
