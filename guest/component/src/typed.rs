//! The typed door.

use linker_types::{
    Basis, Blueprint, Campaign, CheckPolicy, CheckReport, Decimal, Edits, Error, Impact, ListingRequest, LostLink,
    Observation, Placement, PlanOptions, Profile, QualityScore, Replacement, ReplacementRequest, ReserveRequest,
    ScoreRequest, TippingPoint, TippingPointRequest, Topic, Vocabulary,
};

use crate::exports::igny8::linker::{check_link, evaluate_tipping_point, generate, score};
use crate::igny8::linker::storage;
use crate::{Component, report_panics};

impl generate::Guest for Component {
    type Planner = linker_engine::Planner;

    fn engine_version() -> String {
        linker_engine::VERSION.to_owned()
    }

    fn profiles() -> Vec<Profile> {
        linker_engine::profile::profiles()
    }

    fn profile_of(country_code: String) -> Result<Profile, Vec<Error>> {
        report_panics();
        linker_engine::profile::of_code(&country_code)
    }

    fn vocabularies() -> Vec<Vocabulary> {
        linker_types::vocabularies()
    }

    fn generate(blueprint: Blueprint, options: PlanOptions) -> Result<Campaign, Vec<Error>> {
        report_panics();
        linker_engine::generate(blueprint, &options)
    }
}

impl generate::GuestPlanner for linker_engine::Planner {
    fn load(blueprint: Blueprint) -> Result<generate::Planner, Vec<Error>> {
        report_panics();
        linker_engine::Planner::load(blueprint).map(generate::Planner::new)
    }

    fn load_stored(blueprint_id: u64) -> Result<generate::Planner, Vec<Error>> {
        report_panics();
        Self::load(storage::load_blueprint(blueprint_id).map_err(|error| vec![error])?).map(generate::Planner::new)
    }

    fn plan(&self, options: PlanOptions) -> Result<Campaign, Vec<Error>> {
        linker_engine::Planner::plan(self, &options)
    }

    fn adjust(&self, campaign: Basis, edits: Edits) -> Result<Campaign, Vec<Error>> {
        linker_engine::Planner::adjust(self, campaign, edits)
    }

    fn topic(&self, content_id: Option<u64>) -> Option<Topic> {
        linker_engine::Planner::topic(self, content_id)
    }
}

impl score::Guest for Component {
    fn score(request: ScoreRequest) -> Result<Vec<QualityScore>, Vec<Error>> {
        report_panics();
        linker_engine::quality::score(&request)
    }

    fn listed(request: ListingRequest) -> Result<Vec<Option<String>>, Vec<Error>> {
        report_panics();
        linker_engine::listed(&request)
    }
}

impl evaluate_tipping_point::Guest for Component {
    fn evaluate(request: TippingPointRequest) -> Result<TippingPoint, Vec<Error>> {
        report_panics();
        linker_engine::tipping_point::evaluate(&request)
    }
}

impl check_link::Guest for Component {
    fn check(placements: Vec<Placement>, policy: CheckPolicy, at: String) -> Result<Vec<CheckReport>, Vec<Error>> {
        report_panics();
        crate::check::check(&placements, &policy, &at)
    }

    fn validate(placements: Vec<Placement>, at: String) -> Result<(), Vec<Error>> {
        report_panics();
        linker_engine::link_check::validate(&placements, &at)
    }

    fn judge(placement: Placement, observation: Observation, policy: CheckPolicy) -> Result<CheckReport, Vec<Error>> {
        report_panics();
        linker_engine::link_check::judge(&placement, &observation, &policy)
    }

    fn impact(link: LostLink) -> Impact {
        linker_engine::impact::impact(&link)
    }

    fn reserve_left(request: ReserveRequest) -> Result<Decimal, Vec<Error>> {
        report_panics();
        linker_engine::replacement::reserve_left(&request)
    }

    fn recommend_replacements(request: ReplacementRequest) -> Result<Vec<Replacement>, Vec<Error>> {
        report_panics();
        linker_engine::replacement::recommend(&request)
    }
}
