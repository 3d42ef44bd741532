//! The documents door.

use linker_documents as documents;
use linker_documents::PlannerDocument;

use crate::exports::igny8::linker::documents as exports;
use crate::{Component, report_panics};

impl exports::Guest for Component {
    type Planner = PlannerDocument;

    fn profiles() -> String {
        documents::profiles()
    }

    fn profile_of(country_code: String) -> Result<String, String> {
        report_panics();
        documents::profile(&country_code)
    }

    fn vocabularies() -> String {
        documents::vocabularies()
    }

    fn generate(blueprint: String, options: String) -> Result<String, String> {
        report_panics();
        documents::generate(blueprint, &options)
    }

    fn adjust(campaign: String, blueprint: String, edits: String) -> Result<String, String> {
        report_panics();
        documents::adjust(&campaign, &blueprint, &edits)
    }

    fn score(request: String) -> Result<String, String> {
        report_panics();
        documents::score(request)
    }

    fn listed(request: String) -> Result<String, String> {
        report_panics();
        documents::listed(&request)
    }

    fn evaluate_tipping_point(request: String) -> Result<String, String> {
        report_panics();
        documents::evaluate_tipping_point(&request)
    }

    fn check(request: String) -> Result<String, String> {
        report_panics();
        let request = documents::check_request(&request)?;
        documents::check_reports(crate::check::check(&request.placements, &request.policy, &request.at))
    }

    fn validate(request: String) -> Result<String, String> {
        report_panics();
        documents::validate(&request)
    }

    fn judge(request: String) -> Result<String, String> {
        report_panics();
        documents::judge(&request)
    }

    fn impact(link: String) -> Result<String, String> {
        report_panics();
        documents::impact(&link)
    }

    fn reserve_left(request: String) -> Result<String, String> {
        report_panics();
        documents::reserve_left(&request)
    }

    fn recommend_replacements(request: String) -> Result<String, String> {
        report_panics();
        documents::recommend_replacements(&request)
    }
}

impl exports::GuestPlanner for PlannerDocument {
    fn load(blueprint: String) -> Result<exports::Planner, String> {
        report_panics();
        PlannerDocument::load(blueprint).map(exports::Planner::new)
    }

    fn plan(&self, options: String) -> Result<String, String> {
        PlannerDocument::plan(self, &options)
    }

    fn adjust(&self, campaign: String, edits: String) -> Result<String, String> {
        PlannerDocument::adjust(self, &campaign, &edits)
    }

    fn topic(&self, content_id: Option<u64>) -> String {
        PlannerDocument::topic(self, content_id)
    }
}
