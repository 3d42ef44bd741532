//! `tipping-point`.

use linker_types::{TippingPoint, TippingPointRequest};

use crate::cli::args::{Figures, Form};
use crate::cli::failure::Failure;
use crate::cli::output::{self, Answer};
use crate::cli::{input, text};
use crate::engine::Engine;

pub(in crate::cli) fn run(args: &Figures) -> Result<(), Failure> {
    let request = input::request(&args.file, args.country.as_deref(), None)?;
    let point = Engine::new()?.documents().evaluate_tipping_point(&request)?;
    let point = point.map_err(|faults| input::request_faults(&faults, &args.file, args.country.as_deref()))?;
    let point: TippingPoint = serde_json::from_str(&point)?;
    let answer = match args.output.format {
        Form::Json => super::pretty(&point)?,
        Form::Text => {
            let request: TippingPointRequest = serde_json::from_str(&request)?;
            Answer::Text(text::tipping_point::show(&request, &point, output::width(&args.output.to)))
        }
    };
    output::write(&args.output.to, answer)
}
