//! A blueprint in the sandbox, planned many times: it owns one store for as long as it lives.

use linker_types::{Blueprint, Campaign, PlanOptions};
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
}

impl Planner<'_> {
    /// What [`Engine::generate`] returns for that blueprint.
    pub fn plan(&mut self, options: &PlanOptions) -> Answer<Campaign> {
        let plan = self
            .0
            .call(|store, guest, planner| guest.igny8_linker_generate().planner().call_plan(store, planner, options));
        plan?.map_err(Failure::Input)
    }
}

impl DocumentPlanner<'_> {
    /// Plan options in, a campaign out.
    pub fn plan(&mut self, options: &str) -> Document {
        self.0.call(|store, guest, planner| guest.igny8_linker_documents().planner().call_plan(store, planner, options))
    }
}
