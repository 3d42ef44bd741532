//! `generate` and `adjust`: both give a campaign.

use std::path::Path;

use linker_types::{Campaign, Error, Overrides};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::cli::args::{Adjust, Edits, Format, Generate, Months, PlanOutput};
use crate::cli::failure::Failure;
use crate::cli::output::{self, Answer};
use crate::cli::{input, set, text};
use crate::engine::Engine;
use crate::sheet::links;

/// Plan options, or edits where there is no country.
#[derive(Serialize)]
struct Options<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    country_code: Option<&'a str>,
    overrides: Overrides,
    anchors: Value,
}

pub(in crate::cli) fn generate(args: &Generate) -> Result<(), Failure> {
    input::check_one_stdin(&[Some(&args.blueprint), args.edits.anchors.as_deref()])?;
    let options = options(Some(&args.country), &args.edits)?;
    let blueprint = input::read(&args.blueprint)?;
    let planned = Engine::new()?.documents().generate(&blueprint, &options)?;
    let campaign =
        planned.map_err(|faults| input::faults(&faults, |error| origin(error, &args.edits, None, &args.blueprint)))?;
    print(&campaign, &blueprint, &args.output)
}

pub(in crate::cli) fn adjust(args: &Adjust) -> Result<(), Failure> {
    input::check_one_stdin(&[Some(&args.campaign), Some(&args.blueprint), args.edits.anchors.as_deref()])?;
    let edits = options(None, &args.edits)?;
    let campaign = input::read(&args.campaign)?;
    let blueprint = input::read(&args.blueprint)?;
    let planned = Engine::new()?.documents().adjust(&campaign, &blueprint, &edits)?;
    let campaign = planned.map_err(|faults| {
        input::faults(&faults, |error| origin(error, &args.edits, Some(&args.campaign), &args.blueprint))
    })?;
    print(&campaign, &blueprint, &args.output)
}

fn options(country_code: Option<&str>, edits: &Edits) -> Result<String, Failure> {
    let overrides = set::overrides(&edits.set)?;
    let anchors = match &edits.anchors {
        Some(file) => serde_json::from_str(&input::read(file)?)
            .map_err(|error| Failure::of(input::name(file), vec![format!("the anchors are not JSON: {error}")]))?,
        None => Value::Array(Vec::new()),
    };
    Ok(serde_json::to_string(&Options { country_code, overrides, anchors })?)
}

/// Which file or option a fault is in, and its path there.
fn origin(error: &Error, edits: &Edits, campaign: Option<&Path>, blueprint: &Path) -> (String, String) {
    let field = error.field.as_str();
    let root = field.split(['.', '[']).next().unwrap_or_default();
    match (root, campaign, &edits.anchors) {
        ("country_code", None, _) => ("--country".to_owned(), String::new()),
        ("overrides", Some(campaign), _) if edits.set.is_empty() => (input::name(campaign), field.to_owned()),
        ("overrides", ..) => ("--set".to_owned(), field.trim_start_matches("overrides.").to_owned()),
        ("anchors", _, Some(file)) => (input::name(file), field.to_owned()),
        ("country_profile" | "anchor_text_plan", Some(campaign), _) => (input::name(campaign), field.to_owned()),
        ("", Some(campaign), _) if error.message.starts_with("the campaign ") => (input::name(campaign), String::new()),
        _ => (input::name(blueprint), field.to_owned()),
    }
}

/// What of a blueprint a campaign does not say.
#[derive(Deserialize)]
struct Site {
    site: text::plan::Site,
}

fn print(campaign: &str, blueprint: &str, to: &PlanOutput) -> Result<(), Failure> {
    let campaign: Campaign = serde_json::from_str(campaign)?;
    if let (Months::One(month), months) = (to.month, campaign.timeline_months)
        && month > months
    {
        return Err(Failure::Usage(format!("there is no month {month}: the campaign runs {months} months")));
    }
    let answer = match to.format {
        Format::Json => super::pretty(&campaign)?,
        Format::Csv => Answer::Data(links::csv(&campaign)),
        Format::Text => {
            let Site { site } = serde_json::from_str(blueprint)?;
            Answer::Text(text::plan::show(&campaign, &site, to.month, output::width(&to.to)))
        }
    };
    output::write(&to.to, answer)
}
