//! One call, as documents and as records, sandboxed and native.

use igny8_linker::engine::{self, Engine, EngineError, Failure};
use linker_types::{CheckRequest, Error, Errors, JudgeRequest};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The answer's text, or the text of what is wrong with the input.
pub(crate) type Answer = Result<String, String>;

pub(crate) fn native(call: &str, texts: &[String]) -> Answer {
    use linker_documents as documents;
    match (call, texts) {
        ("profile", [code]) => documents::profile(code),
        ("vocabularies", []) => Ok(documents::vocabularies()),
        ("generate", [blueprint, options]) => documents::generate(blueprint, options),
        ("adjust", [campaign, blueprint, edits]) => documents::adjust(campaign, blueprint, edits),
        ("topic", [blueprint, page]) => {
            documents::PlannerDocument::load(blueprint).map(|planner| planner.topic(content(page)))
        }
        ("score", [request]) => documents::score(request),
        ("listed", [request]) => documents::listed(request),
        ("tipping-point", [request]) => documents::evaluate_tipping_point(request),
        ("validate", [request]) => documents::validate(request),
        ("impact", [link]) => documents::impact(link),
        ("reserve", [request]) => documents::reserve_left(request),
        ("replace", [request]) => documents::recommend_replacements(request),
        ("judge", [request]) => documents::judge(request),
        _ => panic!("unknown call `{call}`"),
    }
}

pub(crate) fn documents(engine: &Engine, call: &str, texts: &[String]) -> Answer {
    let documents = engine.documents();
    let answer = match (call, texts) {
        ("profile", [code]) => documents.profile(code),
        ("vocabularies", []) => documents.vocabularies().map(Ok),
        ("generate", [blueprint, options]) => documents.generate(blueprint, options),
        ("adjust", [campaign, blueprint, edits]) => documents.adjust(campaign, blueprint, edits),
        ("topic", [blueprint, page]) => engine.document_planner(blueprint).and_then(|planner| match planner {
            Ok(mut planner) => planner.topic(content(page)).map(Ok),
            Err(faults) => Ok(Err(faults)),
        }),
        ("score", [request]) => documents.score(request),
        ("listed", [request]) => documents.listed(request),
        ("tipping-point", [request]) => documents.evaluate_tipping_point(request),
        ("validate", [request]) => documents.validate(request),
        ("impact", [link]) => documents.impact(link),
        ("reserve", [request]) => documents.reserve_left(request),
        ("replace", [request]) => documents.recommend_replacements(request),
        ("judge", [request]) => documents.judge(request),
        _ => panic!("unknown call `{call}`"),
    };
    answer.expect("the sandbox answers")
}

/// `None` where a document is no record.
pub(crate) fn typed(engine: &Engine, call: &str, texts: &[String]) -> Option<Answer> {
    Some(match (call, texts) {
        ("profile", [code]) => text(engine.profile(code)),
        ("vocabularies", []) => text(engine.vocabularies().map_err(Failure::from)),
        ("topic", [blueprint, page]) => {
            let planner = engine.planner(&record(blueprint)?);
            text(planner.and_then(|mut planner| Ok(planner.topic(content(page))?)))
        }
        ("generate", [blueprint, options]) => text(engine.generate(&record(blueprint)?, &record(options)?)),
        ("adjust", [campaign, blueprint, edits]) => {
            text(engine.adjust(&record(campaign)?, &record(blueprint)?, &record(edits)?))
        }
        ("score", [request]) => text(engine.score(&record(request)?)),
        ("listed", [request]) => text(engine.listed(&record(request)?)),
        ("tipping-point", [request]) => text(engine.evaluate_tipping_point(&record(request)?)),
        ("validate", [request]) => {
            let CheckRequest { placements, at, .. } = record(request)?;
            text(engine.validate(&placements, &at))
        }
        ("reserve", [request]) => text(engine.reserve_left(&record(request)?)),
        ("impact", [link]) => text(engine.impact(&record(link)?).map_err(Failure::from)),
        ("replace", [request]) => text(engine.recommend_replacements(&record(request)?)),
        ("judge", [request]) => {
            let JudgeRequest { placement, observation, policy } = record(request)?;
            // The documents door names its faults by the same paths.
            text(engine.judge(&placement, &observation, &policy))
        }
        _ => panic!("unknown call `{call}`"),
    })
}

/// The page that a topic is asked of.
fn content(text: &str) -> Option<u64> {
    serde_json::from_str(text).expect("an id or null")
}

fn record<T: DeserializeOwned>(text: &str) -> Option<T> {
    serde_json::from_str(text).ok()
}

fn text(answer: engine::Answer<impl Serialize>) -> Answer {
    match answer {
        Ok(answer) => Ok(serde_json::to_string(&answer).expect("records are JSON")),
        Err(Failure::Input(errors)) => Err(faults(errors)),
        Err(Failure::Engine(error)) => panic!("{}", stopped(error)),
    }
}

fn faults(errors: Vec<Error>) -> String {
    serde_json::to_string(&Errors { errors }).expect("records are JSON")
}

fn stopped(error: EngineError) -> String {
    format!("the sandbox stopped: {error}")
}
