//! The calls of both doors, each in a store of its own.

use std::sync::Arc;

use linker_types::{
    Basis, Blueprint, Campaign, CheckPolicy, CheckReport, Decimal, Edits, Impact, ListingRequest, LostLink,
    Observation, Placement, PlanOptions, Profile, QualityScore, Replacement, ReplacementRequest, ReserveRequest,
    ScoreRequest, TippingPoint, TippingPointRequest, Vocabulary,
};

use wasmtime::UpdateDeadline;

use super::http::Http;
use super::{Answer, Engine, EngineError, Failure};
use crate::check::Courier;

/// A documents call's outcome: JSON text, or the JSON text of what is wrong with the input.
pub(super) type Document = Result<Result<String, String>, EngineError>;

fn answer<T>(outcome: Result<Result<T, Vec<linker_types::Error>>, EngineError>) -> Answer<T> {
    outcome?.map_err(Failure::Input)
}

impl Engine {
    /// The engine's semantic version; does nothing else, so it is also the cost of a call.
    pub fn engine_version(&self) -> Result<String, EngineError> {
        self.call(|store, guest| guest.igny8_linker_generate().call_engine_version(store))
    }

    /// The country profiles in force.
    pub fn profiles(&self) -> Result<Vec<Profile>, EngineError> {
        self.call(|store, guest| guest.igny8_linker_generate().call_profiles(store))
    }

    /// The profile of a country code. Errors: no such country.
    pub fn profile(&self, country_code: &str) -> Answer<Profile> {
        answer(self.call(|store, guest| guest.igny8_linker_generate().call_profile_of(store, country_code)))
    }

    /// The closed vocabularies of documents, with labels for people.
    pub fn vocabularies(&self) -> Result<Vec<Vocabulary>, EngineError> {
        self.call(|store, guest| guest.igny8_linker_generate().call_vocabularies(store))
    }

    /// Plans a campaign.
    pub fn generate(&self, blueprint: &Blueprint, options: &PlanOptions) -> Answer<Campaign> {
        answer(self.call(|store, guest| guest.igny8_linker_generate().call_generate(store, blueprint, options)))
    }

    /// Plans a campaign for a blueprint of the storage.
    pub fn generate_stored(&self, blueprint_id: u64, options: &PlanOptions) -> Answer<Campaign> {
        answer(self.call(|store, guest| {
            let planner = guest.igny8_linker_generate().planner();
            match planner.call_load_stored(&mut *store, blueprint_id)? {
                Ok(loaded) => planner.call_plan(store, loaded, options),
                Err(errors) => Ok(Err(errors)),
            }
        }))
    }

    /// Changes a campaign.
    pub fn adjust(&self, campaign: &Campaign, blueprint: &Blueprint, edits: &Edits) -> Answer<Campaign> {
        let basis = Basis {
            overrides: campaign.overrides.clone(),
            country_profile: campaign.country_profile.clone(),
            anchor_text_plan: campaign.anchor_text_plan.clone(),
        };
        answer(self.call(|store, guest| {
            let planner = guest.igny8_linker_generate().planner();
            match planner.call_load(&mut *store, blueprint)? {
                Ok(loaded) => planner.call_adjust(store, loaded, &basis, edits),
                Err(errors) => Ok(Err(errors)),
            }
        }))
    }

    /// Scores placements.
    pub fn score(&self, request: &ScoreRequest) -> Answer<Vec<QualityScore>> {
        answer(self.call(|store, guest| guest.igny8_linker_score().call_score(store, request)))
    }

    /// The entries of a blocklist that domains fall under.
    pub fn listed(&self, request: &ListingRequest) -> Answer<Vec<Option<String>>> {
        answer(self.call(|store, guest| guest.igny8_linker_score().call_listed(store, request)))
    }

    /// Judges the tipping point.
    pub fn evaluate_tipping_point(&self, request: &TippingPointRequest) -> Answer<TippingPoint> {
        answer(self.call(|store, guest| guest.igny8_linker_evaluate_tipping_point().call_evaluate(store, request)))
    }

    /// Fetches and judges placed links: blocks until all are judged, so call it on a thread that may block, of a
    /// tokio runtime. The deadline is for the guest's own work between two of its requests, not for the web's.
    pub fn check(
        &self,
        courier: Arc<Courier>,
        placements: &[Placement],
        policy: &CheckPolicy,
        at: &str,
    ) -> Answer<Vec<CheckReport>> {
        let (mut store, guest) = self.start(Http::by(courier))?;
        let (ticks, mut calls) = (self.ticks(), 0);
        store.epoch_deadline_callback(move |mut store| {
            let now = store.data_mut().http().calls();
            // No call since the last time: it is busy with itself.
            let stuck = std::mem::replace(&mut calls, now) == now;
            if stuck { Err(wasmtime::Trap::Interrupt.into()) } else { Ok(UpdateDeadline::Continue(ticks)) }
        });
        let reports = guest.igny8_linker_check_link().call_check(&mut store, placements, policy.clone(), at);
        reports.map_err(|error| self.explain(error, store.data()))?.map_err(Failure::Input)
    }

    /// Whether placements can be checked: the faults that [`Engine::check`] finds before it asks for a page.
    pub fn validate(&self, placements: &[Placement], at: &str) -> Answer<()> {
        answer(self.call(|store, guest| guest.igny8_linker_check_link().call_validate(store, placements, at)))
    }

    /// Judges what was fetched by somebody else.
    pub fn judge(&self, placement: &Placement, observation: &Observation, policy: &CheckPolicy) -> Answer<CheckReport> {
        answer(self.call(|store, guest| {
            guest.igny8_linker_check_link().call_judge(store, placement, observation, policy.clone())
        }))
    }

    /// Estimated authority lost with a link.
    pub fn impact(&self, link: &LostLink) -> Result<Impact, EngineError> {
        self.call(|store, guest| guest.igny8_linker_check_link().call_impact(store, *link))
    }

    /// What is left of a campaign's reserve, dollars.
    pub fn reserve_left(&self, request: &ReserveRequest) -> Answer<Decimal> {
        answer(self.call(|store, guest| guest.igny8_linker_check_link().call_reserve_left(store, request)))
    }

    /// What to do about dead links.
    pub fn recommend_replacements(&self, request: &ReplacementRequest) -> Answer<Vec<Replacement>> {
        answer(self.call(|store, guest| guest.igny8_linker_check_link().call_recommend_replacements(store, request)))
    }

    /// The documents door, JSON text in and out.
    pub fn documents(&self) -> Documents<'_> {
        Documents(self)
    }
}

/// The documents door of an [`Engine`]: see `documents.wit` for each document.
#[derive(Clone, Copy)]
pub struct Documents<'a>(&'a Engine);

impl Documents<'_> {
    /// `{"engine_version", "profiles"}`.
    pub fn profiles(&self) -> Result<String, EngineError> {
        self.0.call(|store, guest| guest.igny8_linker_documents().call_profiles(store))
    }

    /// A country code in, its profile out.
    pub fn profile(&self, country_code: &str) -> Document {
        self.0.call(|store, guest| guest.igny8_linker_documents().call_profile_of(store, country_code))
    }

    /// `[{"name", "choices"}]`.
    pub fn vocabularies(&self) -> Result<String, EngineError> {
        self.0.call(|store, guest| guest.igny8_linker_documents().call_vocabularies(store))
    }

    /// A blueprint and plan options in, a campaign out.
    pub fn generate(&self, blueprint: &str, options: &str) -> Document {
        self.0.call(|store, guest| guest.igny8_linker_documents().call_generate(store, blueprint, options))
    }

    /// A campaign, its blueprint and edits in, the changed campaign out.
    pub fn adjust(&self, campaign: &str, blueprint: &str, edits: &str) -> Document {
        self.0.call(|store, guest| guest.igny8_linker_documents().call_adjust(store, campaign, blueprint, edits))
    }

    /// A score request in, a list of scores out.
    pub fn score(&self, request: &str) -> Document {
        self.0.call(|store, guest| guest.igny8_linker_documents().call_score(store, request))
    }

    /// A listing request in, a list with the entry of each domain, or null, out.
    pub fn listed(&self, request: &str) -> Document {
        self.0.call(|store, guest| guest.igny8_linker_documents().call_listed(store, request))
    }

    /// A tipping-point request in, the tipping point out.
    pub fn evaluate_tipping_point(&self, request: &str) -> Document {
        self.0.call(|store, guest| guest.igny8_linker_documents().call_evaluate_tipping_point(store, request))
    }

    /// A check request in, `null` out: what a check would refuse.
    pub fn validate(&self, request: &str) -> Document {
        self.0.call(|store, guest| guest.igny8_linker_documents().call_validate(store, request))
    }

    /// A judge request in, a report out.
    pub fn judge(&self, request: &str) -> Document {
        self.0.call(|store, guest| guest.igny8_linker_documents().call_judge(store, request))
    }

    /// A lost link in, its impact out.
    pub fn impact(&self, link: &str) -> Document {
        self.0.call(|store, guest| guest.igny8_linker_documents().call_impact(store, link))
    }

    /// A reserve request in, dollars out.
    pub fn reserve_left(&self, request: &str) -> Document {
        self.0.call(|store, guest| guest.igny8_linker_documents().call_reserve_left(store, request))
    }

    /// A replacement request in, a list of replacements out.
    pub fn recommend_replacements(&self, request: &str) -> Document {
        self.0.call(|store, guest| guest.igny8_linker_documents().call_recommend_replacements(store, request))
    }
}
