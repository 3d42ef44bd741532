//! `score`.

use std::cmp::Reverse;

use linker_types::{QualityScore, ScoreRequest, WarningCode};

use crate::cli::args::{Format, Score};
use crate::cli::failure::Failure;
use crate::cli::output::{self, Answer};
use crate::cli::{csv, input, text};
use crate::engine::Engine;

pub(in crate::cli) fn run(args: &Score) -> Result<(), Failure> {
    let request = input::request(&args.file, args.country.as_deref(), Some(args.blocklist.as_deref()))?;
    let scores = Engine::new()?.documents().score(&request)?;
    let scores = scores.map_err(|faults| input::request_faults(&faults, &args.file, args.country.as_deref()))?;
    let scores: Vec<QualityScore> = serde_json::from_str(&scores)?;
    let answer = match args.format {
        Format::Json => super::pretty(&scores)?,
        Format::Csv => Answer::Data(csv::scores(&best_first(&scores).map(|at| &scores[at]).collect::<Vec<_>>())),
        Format::Text => {
            let request: ScoreRequest = serde_json::from_str(&request)?;
            let offers: Vec<_> =
                best_first(&scores).filter_map(|at| Some((&scores[at], request.opportunities.get(at)?))).collect();
            Answer::Text(text::score::show(&request, &offers, output::width(&args.to)))
        }
    };
    output::write(&args.to, answer)
}

/// What is on the blocklist comes last, whatever its score; equals keep the request's order.
fn best_first(scores: &[QualityScore]) -> impl Iterator<Item = usize> {
    let rank = |at: &usize| {
        let score = &scores[*at];
        let listed = score.notes.iter().any(|note| note.code == WarningCode::Blocklisted);
        (listed, Reverse(score.score), Reverse(score.best_possible))
    };
    let mut order: Vec<usize> = (0..scores.len()).collect();
    order.sort_by_key(rank);
    order.into_iter()
}
