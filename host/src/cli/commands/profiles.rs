//! `profiles`.

use linker_types::Profile;
use serde::{Deserialize, Serialize};
use serde_json::json;

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
        check(&engine, code)?;
        document.profiles.retain(|profile| profile.country_code.as_str().eq_ignore_ascii_case(code.trim()));
    }
    let answer = match args.output.format {
        Form::Json => super::pretty(&document)?,
        Form::Text => Answer::Text(text::profiles::show(&document.profiles, output::width(&args.output.to))),
    };
    output::write(&args.output.to, answer)
}

/// The engine knows what an unknown code was probably meant to be; a request with nothing in it makes it say so.
fn check(engine: &Engine, code: &str) -> Result<(), Failure> {
    let request = json!({"country_code": code, "target": {"title": "link building"}, "opportunities": []});
    let checked = engine.documents().score(&request.to_string())?;
    checked.map(drop).map_err(|faults| input::faults(&faults, |_| ("--country".to_owned(), String::new())))
}
