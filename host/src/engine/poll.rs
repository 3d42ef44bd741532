//! wasi:io/poll for the guest: it waits here and nowhere else, so this is where guests take turns at the processor.
//!
//! Many guests of a run wait at once, but no more of them compute at once than there are cores. The threads of the
//! network would otherwise get one share of the time among many: pages would come late, all at once, and then every
//! guest would wait for the next ones.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use wasmtime::component::{HasData, Resource, ResourceTable};
use wasmtime_wasi::p2::DynPollable;
use wasmtime_wasi::p2::bindings::sync::io::poll;
use wasmtime_wasi::runtime::in_tokio;
use wasmtime_wasi_io::bindings::wasi::io::poll as unblocking;

/// The linker's name for [`Waiting`].
pub(super) struct Poll;

impl HasData for Poll {
    type Data<'a> = Waiting<'a>;
}

/// What a guest waits with.
pub(super) struct Waiting<'a> {
    pub(super) table: &'a mut ResourceTable,
    /// Of the run's; `None` where no run shares them.
    pub(super) cores: Option<&'a Arc<Semaphore>>,
    /// The core that it has.
    pub(super) core: &'a mut Option<OwnedSemaphorePermit>,
}

impl poll::Host for Waiting<'_> {
    fn poll(&mut self, pollables: Vec<Resource<DynPollable>>) -> wasmtime::Result<Vec<u32>> {
        let handles: Vec<u32> = pollables.iter().map(Resource::rep).collect();
        *self.core = None;
        in_tokio(async {
            let ready = unblocking::Host::poll(self.table, pollables).await?;
            let Some(cores) = self.cores.map(Arc::clone) else { return Ok(ready) };
            if let Ok(core) = Arc::clone(&cores).try_acquire_owned() {
                *self.core = Some(core);
                return Ok(ready);
            }
            *self.core = cores.acquire_owned().await.ok();
            // More has come meanwhile.
            unblocking::Host::poll(self.table, handles.into_iter().map(Resource::new_borrow).collect()).await
        })
    }
}

impl poll::HostPollable for Waiting<'_> {
    fn ready(&mut self, pollable: Resource<DynPollable>) -> wasmtime::Result<bool> {
        poll::HostPollable::ready(self.table, pollable)
    }

    fn block(&mut self, pollable: Resource<DynPollable>) -> wasmtime::Result<()> {
        poll::HostPollable::block(self.table, pollable)
    }

    fn drop(&mut self, pollable: Resource<DynPollable>) -> wasmtime::Result<()> {
        poll::HostPollable::drop(self.table, pollable)
    }
}
