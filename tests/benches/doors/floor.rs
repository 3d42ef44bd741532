//! The floor of a call: the guest of tests/guest answers with what it was primed with. Priming is not timed;
//! store, instantiation, taking the input in, handing the answer out and the drop are.

use std::time::{Duration, Instant};

use linker_types::{Blueprint, Campaign, Error, PlanOptions, QualityScore, ScoreRequest};
use wasmtime::component::{Component, HasSelf, Linker};
use wasmtime::{Config, InstanceAllocationStrategy, PoolingAllocationConfig, Store};

#[allow(missing_docs, clippy::all)]
mod bindings {
    wasmtime::component::bindgen!({
        path: ["../wit", "guest/wit"],
        world: "igny8:linker-test/test-guest",
        with: {
            "igny8:linker/types": igny8_linker::engine::contract,
            "wasi:http": wasmtime_wasi_http::p2::bindings::sync::http,
            "wasi:io": wasmtime_wasi::p2::bindings::sync::io,
            "wasi:clocks": wasmtime_wasi::p2::bindings::clocks,
        },
    });
}

pub(crate) struct Floor {
    engine: wasmtime::Engine,
    pre: bindings::TestGuestPre<State>,
}

struct State;

impl bindings::igny8::linker::storage::Host for State {
    fn load_blueprint(&mut self, _: u64) -> Result<Blueprint, Error> {
        unreachable!("the floor asks for nothing")
    }
}

impl bindings::igny8::linker::diagnostics::Host for State {
    fn panicked(&mut self, message: String) {
        eprintln!("{message}");
    }
}

impl Floor {
    /// Configured as the host's engine is.
    pub(crate) fn new() -> wasmtime::Result<Self> {
        let mut config = Config::new();
        config.wasm_component_model(true).epoch_interruption(true).concurrency_support(false);
        config.compiler_inlining(wasmtime::Inlining::Yes);
        let mut pool = PoolingAllocationConfig::default();
        pool.max_memory_size(4 << 30).max_core_instances_per_component(4).max_memories_per_component(1);
        pool.total_component_instances(8).total_core_instances(8).total_memories(8).total_tables(8);
        config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool));
        let engine = wasmtime::Engine::new(&config)?;
        let component = Component::new(&engine, linker_tests::TEST_GUEST)?;
        let mut linker = Linker::<State>::new(&engine);
        bindings::igny8::linker::storage::add_to_linker::<_, HasSelf<State>>(&mut linker, |state| state)?;
        bindings::igny8::linker::diagnostics::add_to_linker::<_, HasSelf<State>>(&mut linker, |state| state)?;
        let pre = bindings::TestGuestPre::new(linker.instantiate_pre(&component)?)?;
        Ok(Self { engine, pre })
    }

    /// The time of a `generate` whose answer was ready.
    pub(crate) fn generate(&self, plan: &Campaign, blueprint: &Blueprint, options: &PlanOptions) -> Duration {
        self.run(Some(plan), None, |store, guest| {
            guest.igny8_linker_generate().call_generate(store, blueprint, options).map(drop)
        })
    }

    /// The time of a `planner.plan` whose answer was ready; the store stays, as a planner's does.
    pub(crate) fn plan(&self, plan: &Campaign, blueprint: &Blueprint, options: &PlanOptions) -> Duration {
        let mut planned = Duration::ZERO;
        self.run(Some(plan), None, |store, guest| {
            let planners = guest.igny8_linker_generate().planner();
            let planner = planners.call_load(&mut *store, blueprint)?.expect("the floor loads");
            let begun = Instant::now();
            planners.call_plan(store, planner, options).map(drop)?;
            planned = begun.elapsed();
            Ok(())
        });
        planned
    }

    /// The time of a `score` whose answer was ready.
    pub(crate) fn score(&self, scores: &[QualityScore], request: &ScoreRequest) -> Duration {
        self.run(None, Some(scores), |store, guest| guest.igny8_linker_score().call_score(store, request).map(drop))
    }

    fn run(
        &self,
        plan: Option<&Campaign>,
        scores: Option<&[QualityScore]>,
        call: impl FnOnce(&mut Store<State>, &bindings::TestGuest) -> wasmtime::Result<()>,
    ) -> Duration {
        let begun = Instant::now();
        let mut store = Store::new(&self.engine, State);
        store.set_hostcall_fuel(2 << 30);
        store.set_epoch_deadline(u64::MAX / 2);
        let guest = self.pre.instantiate(&mut store).expect("the floor instantiates");
        let started = begun.elapsed();
        guest.igny8_linker_test_prime().call_prime(&mut store, plan, scores).expect("the floor is primed");
        let begun = Instant::now();
        call(&mut store, &guest).expect("the floor answers");
        drop(store);
        started + begun.elapsed()
    }
}
