//! `replacements`.

use linker_types::{Replacement, ReplacementRequest};

use crate::cli::args::{Form, Replacements};
use crate::cli::failure::Failure;
use crate::cli::output::{self, Answer};
use crate::cli::{input, text};
use crate::engine::Engine;

pub(in crate::cli) fn run(args: &Replacements) -> Result<(), Failure> {
    let request = input::request(&args.file, args.country.as_deref(), Some(args.blocklist.as_deref()))?;
    let found = Engine::new()?.documents().recommend_replacements(&request)?;
    let found = found.map_err(|faults| input::request_faults(&faults, &args.file, args.country.as_deref()))?;
    let found: Vec<Replacement> = serde_json::from_str(&found)?;
    let answer = match args.output.format {
        Form::Json => super::pretty(&found)?,
        Form::Text => {
            let request: ReplacementRequest = serde_json::from_str(&request)?;
            Answer::Text(text::replacements::show(&request, &found, output::width(&args.output.to)))
        }
    };
    output::write(&args.output.to, answer)
}
