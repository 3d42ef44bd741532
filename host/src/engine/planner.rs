//! A blueprint in the sandbox, planned many times: it owns one store for as long as it lives.

use linker_types::{Blueprint, Campaign, Errors, PlanOptions, Topic};
use wasmtime::Store;
use wasmtime::component::ResourceAny;

use super::calls::Document;
use super::http::Http;
use super::state::State;
use super::{Answer, Engine, EngineError, Failure, bindings};

/// A loaded blueprint behind the typed door.
pub struct Planner<'a>(Loaded<'a>);

/// A loaded blueprint behind the documents door.
pub struct DocumentPlanner<'a>(Loaded<'a>);

struct Loaded<'a> {
    engine: &'a Engine,
    /// `None` after a trap: nothing in that store can be trusted any more.
    live: Option<(Store<State>, bindings::CampaignEngine, ResourceAny)>,
}

impl<'a> Loaded<'a> {
    fn new<E>(
        engine: &'a Engine,
        load: impl FnOnce(&mut Store<State>, &bindings::CampaignEngine) -> wasmtime::Result<Result<ResourceAny, E>>,
    ) -> Result<Result<Self, E>, EngineError> {
        let (mut store, instance) = engine.start(Http::default())?;
        let loaded = load(&mut store, &instance).map_err(|error| engine.explain(error, store.data()))?;
        Ok(loaded.map(|planner| Self { engine, live: Some((store, instance, planner)) }))
    }

    fn call<T>(
        &mut self,
        call: impl FnOnce(&mut Store<State>, &bindings::CampaignEngine, ResourceAny) -> wasmtime::Result<T>,
    ) -> Result<T, EngineError> {
        let (mut store, instance, planner) = self.live.take().ok_or(EngineError::Gone)?;
        self.engine.wind(&mut store);
        store.set_hostcall_fuel(self.engine.limits.handover);
        let answer = call(&mut store, &instance, planner).map_err(|error| self.engine.explain(error, store.data()))?;
        self.live = Some((store, instance, planner));
        Ok(answer)
    }
}

impl Engine {
    /// Takes in a blueprint once, to plan it many times.
    pub fn planner(&self, blueprint: &Blueprint) -> Answer<Planner<'_>> {
        let loaded =
            Loaded::new(self, |store, guest| guest.igny8_linker_generate().planner().call_load(store, blueprint))?;
        loaded.map(Planner).map_err(Failure::Input)
    }

    /// The same for a blueprint document; the inner error is the document of what is wrong with it.
    pub fn document_planner(&self, blueprint: &str) -> Result<Result<DocumentPlanner<'_>, String>, EngineError> {
        let loaded =
            Loaded::new(self, |store, guest| guest.igny8_linker_documents().planner().call_load(store, blueprint))?;
        Ok(loaded.map(DocumentPlanner))
    }

    /// The topics of pages of a blueprint document, for scoring; `None` asks for the whole site's, and answers for a
    /// page that it does not have. Errors: what is wrong with the blueprint.
    pub fn topics(&self, blueprint: &str, pages: &[Option<u64>]) -> Answer<Vec<Option<Topic>>> {
        let broken = |error: serde_json::Error| EngineError::Trap { message: format!("no topic: {error}") };
        let mut planner = self.document_planner(blueprint)?.map_err(|faults| match serde_json::from_str(&faults) {
            Ok(Errors { errors }) => Failure::Input(errors),
            Err(error) => Failure::Engine(broken(error)),
        })?;
        let topic = |page: &Option<u64>| Ok(serde_json::from_str(&planner.topic(*page)?).map_err(broken)?);
        pages.iter().map(topic).collect()
    }
}

impl Planner<'_> {
    /// What [`Engine::generate`] returns for that blueprint.
    pub fn plan(&mut self, options: &PlanOptions) -> Answer<Campaign> {
        let plan = self
            .0
            .call(|store, guest, planner| guest.igny8_linker_generate().planner().call_plan(store, planner, options));
        plan?.map_err(Failure::Input)
    }

    /// A page's topic, or without one the site's; `None` where the blueprint has no such page.
    pub fn topic(&mut self, content_id: Option<u64>) -> Result<Option<Topic>, EngineError> {
        self.0.call(|store, guest, planner| {
            guest.igny8_linker_generate().planner().call_topic(store, planner, content_id)
        })
    }
}

impl DocumentPlanner<'_> {
    /// Plan options in, a campaign out.
    pub fn plan(&mut self, options: &str) -> Document {
        self.0.call(|store, guest, planner| guest.igny8_linker_documents().planner().call_plan(store, planner, options))
    }

    /// A campaign of that blueprint and edits in, the changed campaign out.
    pub fn adjust(&mut self, campaign: &str, edits: &str) -> Document {
        self.0.call(|store, guest, planner| {
            guest.igny8_linker_documents().planner().call_adjust(store, planner, campaign, edits)
        })
    }

    /// A page's topic, or without one the site's, out; `null` where the blueprint has no such page.
    pub fn topic(&mut self, content_id: Option<u64>) -> Result<String, EngineError> {
        self.0.call(|store, guest, planner| {
            guest.igny8_linker_documents().planner().call_topic(store, planner, content_id)
        })
    }
}
