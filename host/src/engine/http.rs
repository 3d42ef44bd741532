//! wasi:http for the guest: requests go to the run's courier; a call that has none is refused every address.

use std::sync::Arc;

use http_body_util::BodyExt;
use tokio::sync::OwnedSemaphorePermit;
use wasmtime::component::{HasData, Linker, ResourceTable};
use wasmtime_wasi_http::p2::bindings::sync::http as bindings;
use wasmtime_wasi_http::{Error, RequestOptions, WasiBody, WasiHttp, WasiHttpCtx, WasiHttpCtxView, WasiHttpHooks};

use super::poll::{Poll, Waiting};
use super::state::State;
use crate::check::{Courier, Lost};

/// What a store keeps for wasi:http.
#[derive(Default)]
pub(super) struct Http {
    table: ResourceTable,
    context: WasiHttpCtx,
    hooks: Hooks,
    /// Calls of the guest so far: a guest that makes some is alive.
    calls: u64,
    core: Option<OwnedSemaphorePermit>,
}

/// No courier, no address: what a guest may reach is decided here and nowhere in it.
#[derive(Default)]
struct Hooks(Option<Arc<Courier>>);

impl Http {
    pub(super) fn by(courier: Arc<Courier>) -> Self {
        Self { hooks: Hooks(Some(courier)), ..Self::default() }
    }

    pub(super) fn calls(&self) -> u64 {
        self.calls
    }

    fn waiting(&mut self) -> Waiting<'_> {
        self.calls = self.calls.wrapping_add(1);
        let cores = self.hooks.0.as_ref().map(|courier| courier.cores());
        Waiting { table: &mut self.table, cores, core: &mut self.core }
    }

    fn view(&mut self) -> WasiHttpCtxView<'_> {
        self.calls = self.calls.wrapping_add(1);
        WasiHttpCtxView { hooks: &mut self.hooks, table: &mut self.table, ctx: &mut self.context }
    }
}

struct Table;

impl HasData for Table {
    type Data<'a> = &'a mut ResourceTable;
}

/// Exactly the interfaces that the world names.
pub(super) fn add_to_linker(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    use wasmtime_wasi::p2::bindings::sync::io;
    fn table(state: &mut State) -> &mut ResourceTable {
        state.http().view().table
    }
    fn view(state: &mut State) -> WasiHttpCtxView<'_> {
        state.http().view()
    }
    wasmtime_wasi_io::bindings::wasi::io::error::add_to_linker::<_, Table>(linker, table)?;
    io::poll::add_to_linker::<_, Poll>(linker, |state| state.http().waiting())?;
    io::streams::add_to_linker::<_, Table>(linker, table)?;
    bindings::outgoing_handler::add_to_linker::<_, WasiHttp>(linker, view)?;
    bindings::types::add_to_linker::<_, WasiHttp>(linker, &Default::default(), view)
}

type Outcome = Result<(http::Response<WasiBody>, Box<dyn Future<Output = Result<(), Error>> + Send>), Error>;

impl WasiHttpHooks for Hooks {
    fn send_request(
        &mut self,
        request: http::Request<WasiBody>,
        _: Option<RequestOptions>,
        _: Box<dyn Future<Output = Result<(), Error>> + Send>,
    ) -> Box<dyn Future<Output = Outcome> + Send> {
        let Some(courier) = self.0.clone() else { return Box::new(async { Err(Error::HttpRequestDenied) }) };
        Box::new(async move {
            if request.method() != http::Method::GET {
                return Err(Error::HttpRequestMethodInvalid);
            }
            let answer = courier.fetch(request.uri().to_string(), request.headers().clone()).await.map_err(named)?;
            let nothing_more: Box<dyn Future<Output = Result<(), Error>> + Send> = Box::new(async { Ok(()) });
            Ok((answer.map(|body| BodyExt::boxed_unsync(body.map_err(named))), nothing_more))
        })
    }
}

/// The reason in the contract's word: wasi:http has no code for some, and bodies lose theirs. Ours, which may have a
/// server's words in it, stay here: among them the guest could find the word of another reason.
fn named(lost: Lost) -> Error {
    tracing::debug!(%lost, "no page");
    Error::InternalError(Some(lost.failure().to_string()))
}
