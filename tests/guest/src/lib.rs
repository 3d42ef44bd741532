//! A guest of the same world that answers with what it was primed with, or misbehaves when the blueprint's id
//! asks for it. It is the floor of a call in the benchmarks: input in, ready answer out, no work between.
#![allow(missing_docs, unsafe_code)]

use std::cell::RefCell;

use linker_types::{
    Basis, Blueprint, Campaign, CheckPolicy, CheckReport, Decimal, Edits, Error, ErrorCode, Impact, ListingRequest,
    LostLink, Observation, Placement, PlanOptions, Profile, QualityScore, Replacement, ReplacementRequest,
    ReserveRequest, ScoreRequest, TippingPoint, TippingPointRequest, Topic, Vocabulary,
};

wit_bindgen::generate!({
    path: ["../../wit", "wit"],
    world: "igny8:linker-test/test-guest",
    with: { "igny8:linker/types@0.1.0": linker_types },
    generate_all,
});

use exports::igny8::linker::{check_link, documents, evaluate_tipping_point, generate, score};
use exports::igny8::linker_test::prime;

/// Blueprint ids that ask for trouble.
const PANIC: u64 = 666_001;
const SPIN: u64 = 666_002;
const GROW: u64 = 666_003;

thread_local! {
    static PLAN: RefCell<Option<Campaign>> = const { RefCell::new(None) };
    static SCORES: RefCell<Option<Vec<QualityScore>>> = const { RefCell::new(None) };
}

#[global_allocator]
static HEAP: linker_heap::Heap = linker_heap::Heap::new();

struct Guest;

impl prime::Guest for Guest {
    fn prime(plan: Option<Campaign>, scores: Option<Vec<QualityScore>>) {
        PLAN.set(plan);
        SCORES.set(scores);
    }
}

fn misbehave(id: u64) {
    std::panic::set_hook(Box::new(|info| igny8::linker::diagnostics::panicked(&info.to_string())));
    match id {
        PANIC => panic!("asked to panic by blueprint {id}"),
        SPIN => loop {
            std::hint::black_box(id);
        },
        GROW => {
            let mut hoard: Vec<Vec<u8>> = Vec::new();
            loop {
                hoard.push(vec![1; 1 << 20]);
                std::hint::black_box(&hoard);
            }
        }
        _ => {}
    }
}

fn not_primed() -> Vec<Error> {
    vec![Error::new(ErrorCode::NotFound, "", "not primed")]
}

impl generate::Guest for Guest {
    type Planner = Guest;

    fn engine_version() -> String {
        String::new()
    }

    fn profiles() -> Vec<Profile> {
        Vec::new()
    }

    fn profile_of(_: String) -> Result<Profile, Vec<Error>> {
        Err(not_primed())
    }

    fn vocabularies() -> Vec<Vocabulary> {
        Vec::new()
    }

    fn generate(blueprint: Blueprint, _: PlanOptions) -> Result<Campaign, Vec<Error>> {
        misbehave(blueprint.id);
        PLAN.take().ok_or_else(not_primed)
    }
}

impl generate::GuestPlanner for Guest {
    fn load(blueprint: Blueprint) -> Result<generate::Planner, Vec<Error>> {
        misbehave(blueprint.id);
        Ok(generate::Planner::new(Guest))
    }

    fn load_stored(id: u64) -> Result<generate::Planner, Vec<Error>> {
        misbehave(id);
        Ok(generate::Planner::new(Guest))
    }

    fn adjust(&self, _: Basis, _: Edits) -> Result<Campaign, Vec<Error>> {
        PLAN.take().ok_or_else(not_primed)
    }

    fn topic(&self, _: Option<u64>) -> Option<Topic> {
        None
    }

    /// The country code asks for trouble, since the blueprint is in already.
    fn plan(&self, options: PlanOptions) -> Result<Campaign, Vec<Error>> {
        match options.country_code.as_str() {
            "PANIC" => misbehave(PANIC),
            "SPIN" => misbehave(SPIN),
            _ => {}
        }
        PLAN.take().ok_or_else(not_primed)
    }
}

impl score::Guest for Guest {
    fn score(_: ScoreRequest) -> Result<Vec<QualityScore>, Vec<Error>> {
        SCORES.take().ok_or_else(not_primed)
    }

    fn listed(_: ListingRequest) -> Result<Vec<Option<String>>, Vec<Error>> {
        Err(not_primed())
    }
}

impl evaluate_tipping_point::Guest for Guest {
    fn evaluate(_: TippingPointRequest) -> Result<TippingPoint, Vec<Error>> {
        Err(not_primed())
    }
}

impl check_link::Guest for Guest {
    fn check(_: Vec<Placement>, _: CheckPolicy, _: String) -> Result<Vec<CheckReport>, Vec<Error>> {
        Err(Vec::new())
    }

    fn validate(_: Vec<Placement>, _: String) -> Result<(), Vec<Error>> {
        Err(not_primed())
    }

    fn judge(_: Placement, _: Observation, _: CheckPolicy) -> Result<CheckReport, Vec<Error>> {
        Err(Vec::new())
    }

    fn impact(_: LostLink) -> Impact {
        Impact { score: None, reason: None }
    }

    fn reserve_left(_: ReserveRequest) -> Result<Decimal, Vec<Error>> {
        Err(not_primed())
    }

    fn recommend_replacements(_: ReplacementRequest) -> Result<Vec<Replacement>, Vec<Error>> {
        Err(not_primed())
    }
}

impl documents::Guest for Guest {
    type Planner = Guest;

    fn profiles() -> String {
        String::new()
    }

    fn profile_of(country_code: String) -> Result<String, String> {
        Ok(country_code)
    }

    fn vocabularies() -> String {
        String::new()
    }

    fn generate(blueprint: String, _: String) -> Result<String, String> {
        Ok(blueprint)
    }

    fn adjust(campaign: String, _: String, _: String) -> Result<String, String> {
        Ok(campaign)
    }

    fn score(request: String) -> Result<String, String> {
        Ok(request)
    }

    fn evaluate_tipping_point(request: String) -> Result<String, String> {
        Ok(request)
    }

    fn check(request: String) -> Result<String, String> {
        Ok(request)
    }

    fn listed(request: String) -> Result<String, String> {
        Ok(request)
    }

    fn validate(request: String) -> Result<String, String> {
        Ok(request)
    }

    fn reserve_left(request: String) -> Result<String, String> {
        Ok(request)
    }

    fn judge(request: String) -> Result<String, String> {
        Ok(request)
    }

    fn impact(link: String) -> Result<String, String> {
        Ok(link)
    }

    fn recommend_replacements(request: String) -> Result<String, String> {
        Ok(request)
    }
}

impl documents::GuestPlanner for Guest {
    fn load(_: String) -> Result<documents::Planner, String> {
        Ok(documents::Planner::new(Guest))
    }

    fn plan(&self, options: String) -> Result<String, String> {
        Ok(options)
    }

    fn adjust(&self, campaign: String, _: String) -> Result<String, String> {
        Ok(campaign)
    }

    fn topic(&self, _: Option<u64>) -> String {
        String::new()
    }
}

export!(Guest);
