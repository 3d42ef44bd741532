//! The REST API, under `/api/v1/linker/`.
//!
//! A handler reads what was asked, asks the store or the engine, and wraps the answer; it decides nothing that they
//! could. Who asks is a `caller::Caller`, made of a token and of nothing else: every call of the store takes its
//! scope, so another tenant's rows are not found.

mod account;
mod audit;
mod backlinks;
mod caller;
mod campaigns;
mod checks;
mod docs;
mod envelope;
mod exports;
mod fault;
mod faults;
mod generate;
mod guesses;
mod imports;
mod input;
mod kpi;
mod listing;
mod market;
mod marketplace;
mod memory;
mod month;
mod profiles;
mod replacements;
mod request;
mod service;
mod settings;
mod tipping_point;
mod turns;
mod unread;
mod words;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware;
use tower_http::catch_panic::CatchPanicLayer;
use utoipa::OpenApi;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa_axum::router::OpenApiRouter;

pub(crate) use account::new_secret;
pub(crate) use guesses::UNKNOWN as UNKNOWN_TOKENS;
pub use market::Market;
pub use request::ID as REQUEST_ID;
pub(crate) use request::REMEMBERED;
pub use service::{Service, Settings};

/// The path that every address begins with.
pub const ROOT: &str = "/api/v1/linker";

/// Longer than any request needs.
const PATIENCE: Duration = Duration::from_secs(120);

#[derive(OpenApi)]
#[openapi(
    info(
        title = "IGNY8 linker",
        description = "Backlink campaigns: planned, ordered, watched, and stopped when a site has enough authority. \
                       Every answer is wrapped (`success`, `data` or `results`, `request_id`); a fault says which \
                       field is wrong in `errors`. Amounts are USD as text with two places. An idempotency key is \
                       remembered for 30 days.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    tags(
        (name = "campaigns", description = "Plans: made, adjusted, started, paused"),
        (name = "backlinks", description = "Links: planned, ordered, live, dead, replaced"),
        (name = "kpi", description = "How a campaign does, and whether it can stop"),
        (name = "marketplace", description = "Placements on offer, scored for a country"),
        (name = "account", description = "Sites, blueprints, credits, tokens and keys"),
    ),
    security(("token" = [])),
)]
struct Described;

/// The routes and their description.
fn routes() -> OpenApiRouter<Arc<Service>> {
    let resources = OpenApiRouter::new()
        .merge(campaigns::routes())
        .merge(generate::routes())
        .merge(month::routes())
        .merge(kpi::routes())
        .merge(tipping_point::routes())
        .merge(backlinks::routes())
        .merge(checks::routes())
        .merge(marketplace::routes())
        .merge(settings::routes())
        .merge(exports::routes())
        .merge(audit::routes())
        .merge(profiles::routes())
        .merge(imports::routes())
        .merge(replacements::routes())
        .merge(account::routes());
    OpenApiRouter::with_openapi(Described::openapi()).nest(ROOT, resources)
}

/// The OpenAPI 3.1 document.
pub fn description() -> utoipa::openapi::OpenApi {
    let mut api = routes().into_openapi();
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("A token of `igny8-linker token create`."))
        .build();
    api.components.get_or_insert_default().add_security_scheme("token", SecurityScheme::Http(bearer));
    api
}

/// Everything that the service answers, without what belongs to its operation.
pub fn router(service: Arc<Service>) -> Router {
    let (api, _) = routes().split_for_parts();
    api.with_state(Arc::clone(&service))
        .fallback(async || fault::Fault::nowhere())
        .method_not_allowed_fallback(async || fault::Fault::wrong_method())
        .layer(DefaultBodyLimit::max(service.settings.body))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(middleware::from_fn(finished))
        .layer(middleware::from_fn_with_state(service, memory::counted))
        .layer(middleware::from_fn(timed))
        .merge(docs::routes())
        .layer(middleware::from_fn(unread::finished))
        .layer(middleware::from_fn(request::identified))
}

/// A defect of ours costs one answer, and not the connection.
fn panicked(panic: Box<dyn std::any::Any + Send>) -> axum::response::Response {
    use axum::response::IntoResponse;
    let said = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    fault::Fault::internal(said.unwrap_or("a panic without words")).into_response()
}

/// What may change something runs to its end, in a task of its own, whether or not anybody still waits for the answer:
/// nothing is left half done because a client hung up.
async fn finished(request: axum::extract::Request, next: middleware::Next) -> axum::response::Response {
    use axum::response::IntoResponse;
    if request.method().is_safe() {
        return next.run(request).await;
    }
    let work = tokio::spawn(memory::within(request::within(request::id(), next.run(request))));
    work.await.unwrap_or_else(|error| fault::Fault::internal(error).into_response())
}

/// Gives up on a request that takes too long.
async fn timed(request: axum::extract::Request, next: middleware::Next) -> axum::response::Response {
    use axum::response::IntoResponse;
    match tokio::time::timeout(PATIENCE, next.run(request)).await {
        Ok(response) => response,
        Err(_) => fault::Fault::timeout().into_response(),
    }
}

/// Random bytes of the operating system.
pub(crate) fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    // Without randomness there are no tokens and no ids: nothing that this service could do.
    #[allow(clippy::expect_used, reason = "the operating system always has some")]
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}
