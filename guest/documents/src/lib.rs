//! The calls with JSON text in and out. An error is the text of [`linker_types::Errors`].

mod locate;
mod read;

use linker_engine::Planner;
use linker_types::json;
use linker_types::{Basis, CheckReport, CheckRequest, Edits, Error, Errors, JudgeRequest, PlanOptions, Profiles};
use read::{read, read_large};

/// `{"engine_version", "profiles"}`.
pub fn profiles() -> String {
    json::write(&Profiles {
        engine_version: linker_engine::VERSION.to_owned(),
        profiles: linker_engine::profile::profiles(),
    })
}

/// A country code in, its profile out.
pub fn profile(country_code: &str) -> Result<String, String> {
    linker_engine::profile::of_code(country_code).map_err(errors).map(|profile| json::write(&profile))
}

/// `[{"name", "choices"}]`.
pub fn vocabularies() -> String {
    json::write(&linker_types::vocabularies())
}

/// A blueprint and plan options in, a campaign out.
pub fn generate(blueprint: impl AsRef<str>, options: &str) -> Result<String, String> {
    PlannerDocument::load(blueprint)?.plan(options)
}

/// A campaign, its blueprint and edits in, the changed campaign out.
pub fn adjust(campaign: &str, blueprint: &str, edits: &str) -> Result<String, String> {
    let campaign: Basis = read("campaign", campaign).map_err(errors)?;
    let blueprint = read_large("blueprint", blueprint, json::quick_blueprint).map_err(errors)?;
    let edits: Edits = read("edits", edits).map_err(errors)?;
    linker_engine::adjust(campaign, blueprint, edits).map_err(errors).map(|campaign| json::write(&campaign))
}

/// A blueprint taken in once, planned by options as text.
#[derive(Debug)]
pub struct PlannerDocument(Planner);

impl PlannerDocument {
    /// Takes in a blueprint document; a text that is handed over is freed as soon as it is read.
    pub fn load(text: impl AsRef<str>) -> Result<Self, String> {
        let blueprint = read_large("blueprint", text.as_ref(), json::quick_blueprint).map_err(errors)?;
        drop(text);
        Planner::load(blueprint).map(Self).map_err(errors)
    }

    /// Plan options in, a campaign out.
    pub fn plan(&self, options: &str) -> Result<String, String> {
        let options: PlanOptions = read("options", options).map_err(errors)?;
        self.0.plan(&options).map_err(errors).map(|campaign| json::write(&campaign))
    }

    /// A campaign of that blueprint and edits in, the changed campaign out.
    pub fn adjust(&self, campaign: &str, edits: &str) -> Result<String, String> {
        let campaign: Basis = read("campaign", campaign).map_err(errors)?;
        let edits: Edits = read("edits", edits).map_err(errors)?;
        self.0.adjust(campaign, edits).map_err(errors).map(|campaign| json::write(&campaign))
    }

    /// A page's topic, or without one the site's, out; `null` where the blueprint has no such page.
    pub fn topic(&self, content_id: Option<u64>) -> String {
        json::write(&self.0.topic(content_id))
    }
}

/// A score request in, a list of scores out; a text that is handed over is freed as soon as it is read.
pub fn score(text: impl AsRef<str>) -> Result<String, String> {
    let request = read_large("request", text.as_ref(), json::quick_score_request).map_err(errors)?;
    drop(text);
    linker_engine::quality::scores(&request).map_err(errors).map(json::write_each)
}

/// A listing request in, a list with the entry of each domain, or null, out.
pub fn listed(request: &str) -> Result<String, String> {
    let request = read("request", request).map_err(errors)?;
    linker_engine::listed(&request).map_err(errors).map(|entries| json::write(&entries))
}

/// A tipping-point request in, the tipping point out.
pub fn evaluate_tipping_point(request: &str) -> Result<String, String> {
    let request = read("request", request).map_err(errors)?;
    linker_engine::tipping_point::evaluate(&request).map_err(errors).map(|point| json::write(&point))
}

/// A lost link in, its impact out.
pub fn impact(link: &str) -> Result<String, String> {
    let link = read("link", link).map_err(errors)?;
    Ok(json::write(&linker_engine::impact::impact(&link)))
}

/// A reserve request in, dollars out.
pub fn reserve_left(request: &str) -> Result<String, String> {
    let request = read("request", request).map_err(errors)?;
    linker_engine::replacement::reserve_left(&request).map_err(errors).map(|left| json::write(&left))
}

/// A replacement request in, a list of replacements out.
pub fn recommend_replacements(request: &str) -> Result<String, String> {
    let request = read("request", request).map_err(errors)?;
    linker_engine::replacement::recommend(&request).map_err(errors).map(|replacements| json::write(&replacements))
}

/// Reads a check request; the fetching is its caller's.
pub fn check_request(request: &str) -> Result<CheckRequest, String> {
    read("request", request).map_err(errors)
}

/// A check request in, `null` out: what a check would refuse.
pub fn validate(request: &str) -> Result<String, String> {
    let request = check_request(request)?;
    linker_engine::link_check::validate(&request.placements, &request.at).map_err(errors)?;
    Ok("null".to_owned())
}

/// Writes what a check came to.
pub fn check_reports(reports: Result<Vec<CheckReport>, Vec<Error>>) -> Result<String, String> {
    reports.map_err(errors).map(|reports| json::write(&reports))
}

/// A judge request in, a report out: `{"placement", "observation", "policy"?}`, the observation's body in base64,
/// since what was fetched is bytes.
pub fn judge(request: &str) -> Result<String, String> {
    let request: JudgeRequest = read("request", request).map_err(errors)?;
    let JudgeRequest { placement, observation, policy } = &request;
    linker_engine::link_check::judge(placement, observation, policy).map_err(errors).map(|report| json::write(&report))
}

fn errors(errors: Vec<Error>) -> String {
    json::write(&Errors { errors })
}
