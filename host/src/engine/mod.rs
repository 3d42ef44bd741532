//! The component on wasmtime: loaded once, a fresh store for every call, with a deadline and a memory limit.
//!
//! The threat: input is not trusted, and the guest is treated as if a crafted document had taken it over. It can
//! reach nothing but the imports of its world, it can't outlast its deadline or outgrow its memory, and
//! whatever it does ends with its store; the next call starts from the same clean image.

mod cache;
mod calls;
#[doc(hidden)]
pub mod contract;
mod error;
mod http;
mod planner;
mod poll;
mod state;

use std::sync::Arc;
use std::time::Duration;

use wasmtime::component::{Component, HasSelf, Linker};
use wasmtime::{Config, Enabled, InstanceAllocationStrategy, PoolingAllocationConfig, Store};

use self::http::Http;
pub use error::{Answer, EngineError, Failure};
pub use planner::{DocumentPlanner, Planner};
use state::State;
pub use state::{NoStorage, Storage};

#[allow(missing_docs, clippy::all)]
mod bindings {
    wasmtime::component::bindgen!({
        path: "../wit",
        world: "campaign-engine",
        with: {
            "igny8:linker/types": super::contract,
            "wasi:http": wasmtime_wasi_http::p2::bindings::sync::http,
            "wasi:io": wasmtime_wasi::p2::bindings::sync::io,
            "wasi:clocks": wasmtime_wasi::p2::bindings::clocks,
        },
    });
}

/// The component that this binary embeds.
pub const COMPONENT: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/component.wasm"));

/// The same with function names, for reading traps.
pub const COMPONENT_WITH_NAMES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/component-named.wasm"));

/// What a call may use.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Wall time of one call.
    pub deadline: Duration,
    /// Linear memory of one call, bytes.
    pub memory: usize,
    /// Bytes that one call may hand over; wasmtime's own default is 128 MiB.
    pub handover: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { deadline: Duration::from_secs(60), memory: 4 << 30, handover: 2 << 30 }
    }
}

/// How often the deadline is looked at.
const TICK: Duration = Duration::from_millis(5);

/// A loaded component; cheap to share, calls run side by side.
pub struct Engine {
    engine: wasmtime::Engine,
    pre: bindings::CampaignEnginePre<State>,
    storage: Arc<dyn Storage>,
    limits: Limits,
}

impl Engine {
    /// The embedded component with default limits and nothing in storage.
    pub fn new() -> Result<Self, EngineError> {
        Self::with(COMPONENT, Limits::default(), Arc::new(NoStorage))
    }

    /// Any component of the same world.
    pub fn with(component: &[u8], limits: Limits, storage: Arc<dyn Storage>) -> Result<Self, EngineError> {
        let engine = make_engine().map_err(EngineError::load)?;
        let component = cache::load(&engine, component).map_err(EngineError::load)?;
        let pre = link(&engine, &component).map_err(EngineError::load)?;
        tick(&engine)?;
        Ok(Self { engine, pre, storage, limits })
    }

    /// The same component, reading from another storage. Cheap: nothing is compiled or copied.
    pub fn reading(&self, storage: Arc<dyn Storage>) -> Self {
        Self { engine: self.engine.clone(), pre: self.pre.clone(), storage, limits: self.limits }
    }

    /// The same component with another deadline for each call. As cheap.
    pub fn within(&self, deadline: Duration) -> Self {
        let limits = Limits { deadline, ..self.limits };
        Self { engine: self.engine.clone(), pre: self.pre.clone(), storage: Arc::clone(&self.storage), limits }
    }

    /// A store with an instance in it, its clock started.
    fn start(&self, http: Http) -> Result<(Store<State>, bindings::CampaignEngine), EngineError> {
        let mut store = Store::new(&self.engine, State::new(self.limits.memory, self.storage.clone(), http));
        store.limiter(State::limiter);
        store.set_hostcall_fuel(self.limits.handover);
        self.wind(&mut store);
        match self.pre.instantiate(&mut store) {
            Ok(instance) => Ok((store, instance)),
            Err(error) => Err(self.explain(error, store.data())),
        }
    }

    /// Sets the deadline of the call that follows.
    fn wind(&self, store: &mut Store<State>) {
        store.set_epoch_deadline(self.ticks());
    }

    /// The deadline in looks at it.
    fn ticks(&self) -> u64 {
        let ticks = self.limits.deadline.as_millis().div_ceil(TICK.as_millis()).saturating_add(1);
        u64::try_from(ticks).unwrap_or(u64::MAX / 2).min(u64::MAX / 2)
    }

    fn call<T>(
        &self,
        call: impl FnOnce(&mut Store<State>, &bindings::CampaignEngine) -> wasmtime::Result<T>,
    ) -> Result<T, EngineError> {
        let (mut store, instance) = self.start(Http::default())?;
        call(&mut store, &instance).map_err(|error| self.explain(error, store.data()))
    }

    fn explain(&self, error: wasmtime::Error, state: &State) -> EngineError {
        EngineError::of_trap(error, state, &self.limits)
    }
}

/// Pooled instances where the machine has the address space for them, else one mapping a call.
fn make_engine() -> wasmtime::Result<wasmtime::Engine> {
    let mut config = Config::new();
    config.wasm_component_model(true).epoch_interruption(true).concurrency_support(false);
    // The component is compiled for size, so its small functions are calls: here, once for every start, they needn't be.
    config.compiler_inlining(wasmtime::Inlining::Yes);
    let mut pool = PoolingAllocationConfig::default();
    pool.total_component_instances(64).total_core_instances(64).total_memories(64).total_tables(64);
    pool.max_memory_size(4 << 30).max_core_instances_per_component(4).max_memories_per_component(1);
    // Calls are synchronous, but wasmtime would lay out a thousand stacks for others: 4 ms of every start.
    pool.total_stacks(1);
    // What a call dirtied is wiped instead of given back, so that the next call takes no page faults there. Only
    // where the kernel says which pages those are; wiping them all would cost more than it saves.
    if PoolingAllocationConfig::is_pagemap_scan_available() {
        pool.pagemap_scan(Enabled::Yes).linear_memory_keep_resident(8 << 20).max_unused_warm_slots(4);
    }
    config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool));
    wasmtime::Engine::new(&config).or_else(|_| {
        config.allocation_strategy(InstanceAllocationStrategy::OnDemand);
        wasmtime::Engine::new(&config)
    })
}

fn link(engine: &wasmtime::Engine, component: &Component) -> wasmtime::Result<bindings::CampaignEnginePre<State>> {
    let mut linker = Linker::<State>::new(engine);
    bindings::igny8::linker::storage::add_to_linker::<_, HasSelf<State>>(&mut linker, |state| state)?;
    bindings::igny8::linker::diagnostics::add_to_linker::<_, HasSelf<State>>(&mut linker, |state| state)?;
    http::add_to_linker(&mut linker)?;
    bindings::CampaignEnginePre::new(linker.instantiate_pre(component)?)
}

/// Moves the clock that deadlines are read from, for as long as the engine lives.
fn tick(engine: &wasmtime::Engine) -> Result<(), EngineError> {
    let engine = engine.weak();
    let clock = move || {
        while let Some(engine) = engine.upgrade() {
            engine.increment_epoch();
            drop(engine);
            std::thread::sleep(TICK);
        }
    };
    let spawned = std::thread::Builder::new().name("engine-clock".into()).spawn(clock);
    spawned.map(drop).map_err(|error| EngineError::Load { message: error.to_string() })
}
