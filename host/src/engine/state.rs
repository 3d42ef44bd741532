//! What a store holds: the answers to the guest's imports, and its memory limit.

use std::sync::Arc;

use linker_types::{Blueprint, Error, ErrorCode};
use wasmtime::ResourceLimiter;

use super::bindings::igny8::linker::{diagnostics, storage};
use super::http::Http;

/// Where stored blueprints come from; read-only.
pub trait Storage: Send + Sync {
    /// The blueprint with this id; `not_found` also for a row that the caller may not see.
    fn load_blueprint(&self, id: u64) -> Result<Blueprint, Error>;
}

/// No storage: every id is unknown.
pub struct NoStorage;

impl Storage for NoStorage {
    fn load_blueprint(&self, id: u64) -> Result<Blueprint, Error> {
        Err(Error::new(ErrorCode::NotFound, "blueprint_id", format!("there is no blueprint `{id}`")))
    }
}

pub(super) struct State {
    storage: Arc<dyn Storage>,
    http: Http,
    memory: usize,
    memory_denied: bool,
    panic: Option<String>,
}

impl State {
    pub(super) fn new(memory: usize, storage: Arc<dyn Storage>, http: Http) -> Self {
        Self { storage, http, memory, memory_denied: false, panic: None }
    }

    pub(super) fn http(&mut self) -> &mut Http {
        &mut self.http
    }

    pub(super) fn limiter(&mut self) -> &mut dyn ResourceLimiter {
        self
    }

    pub(super) fn panic(&self) -> Option<&str> {
        self.panic.as_deref()
    }

    pub(super) fn memory_denied(&self) -> bool {
        self.memory_denied
    }
}

impl storage::Host for State {
    fn load_blueprint(&mut self, id: u64) -> Result<Blueprint, Error> {
        self.storage.load_blueprint(id)
    }
}

impl diagnostics::Host for State {
    fn panicked(&mut self, message: String) {
        self.panic = Some(message);
    }
}

impl ResourceLimiter for State {
    fn memory_growing(&mut self, _: usize, desired: usize, maximum: Option<usize>) -> wasmtime::Result<bool> {
        let granted = desired <= self.memory && maximum.is_none_or(|maximum| desired <= maximum);
        self.memory_denied |= !granted;
        Ok(granted)
    }

    /// The guest's tables have a fixed size.
    fn table_growing(&mut self, _: usize, desired: usize, maximum: Option<usize>) -> wasmtime::Result<bool> {
        Ok(desired <= 10_000 && maximum.is_none_or(|maximum| desired <= maximum))
    }
}
