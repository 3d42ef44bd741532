//! What an operator sees: the log, `/healthz`, `/readyz`, `/metrics`.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{Method, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use linker_store::Store;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt;

use super::ServeError;
use super::config::{LogFormat, ServeOptions};

const REQUESTS: &str = "igny8_linker_requests_total";
const SECONDS: &str = "igny8_linker_request_seconds";
const BUCKETS: [f64; 11] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];

/// Starts the log, once a process.
pub(super) fn log(options: &ServeOptions) -> Result<(), ServeError> {
    let levels = options.log.as_deref().unwrap_or("info");
    let wrong = |message: String| ServeError::Start { doing: "start the log", message };
    // Without its own words, which may repeat the setting's.
    let filter = EnvFilter::try_new(levels)
        .map_err(|_| wrong("`log` takes levels such as `info` or `info,sqlx=warn`".to_owned()))?;
    let colours = std::io::IsTerminal::is_terminal(&std::io::stderr());
    let log = fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(colours);
    let started = match options.log_format.unwrap_or(LogFormat::Json) {
        LogFormat::Json => log.json().flatten_event(true).with_span_list(false).try_init(),
        LogFormat::Text => log.try_init(),
    };
    started.map_err(|error| wrong(error.to_string()))
}

/// Starts counting, once a process.
pub(super) fn metrics() -> Result<PrometheusHandle, ServeError> {
    let builder = PrometheusBuilder::new().set_buckets_for_metric(Matcher::Full(SECONDS.to_owned()), &BUCKETS);
    let handle = builder.and_then(PrometheusBuilder::install_recorder);
    let handle = handle.map_err(|error| ServeError::Start { doing: "count requests", message: error.to_string() })?;
    metrics::describe_counter!(REQUESTS, "Requests answered, by method, address and status");
    metrics::describe_counter!(crate::api::UNKNOWN_TOKENS, "Tokens that opened nothing, by the status they got");
    metrics::describe_histogram!(SECONDS, "Time to answer a request, by method and address");
    Ok(handle)
}

/// The API with the operator's addresses, every request counted and logged.
pub(super) fn watched(api: Router, store: Store, metrics: PrometheusHandle) -> Router {
    let operator = Router::new()
        .route("/healthz", get(async || Json(serde_json::json!({ "status": "ok" }))))
        .route("/readyz", get(ready))
        .with_state(store)
        .route("/metrics", get(move || scrape(metrics.clone())));
    api.layer(middleware::from_fn(counted)).merge(operator)
}

/// Whether the database answers, and takes changes.
async fn ready(State(store): State<Store>) -> Response {
    match store.ready().await {
        Ok(()) => Json(serde_json::json!({ "status": "ok" })).into_response(),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            let why = match error {
                linker_store::Error::Full(_) => "the database's disk is full",
                _ => "the database can't be reached",
            };
            let body = Json(serde_json::json!({ "status": "unavailable", "why": why }));
            (StatusCode::SERVICE_UNAVAILABLE, body).into_response()
        }
    }
}

async fn scrape(metrics: PrometheusHandle) -> Response {
    metrics.run_upkeep();
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], metrics.render()).into_response()
}

async fn counted(request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let method = request.method().clone();
    // The address as it was declared: one series an address, not one an id.
    let path = request.extensions().get::<MatchedPath>().map(|path| Arc::<str>::from(path.as_str()));
    let path = path.unwrap_or_else(|| "other".into());
    let response = next.run(request).await;
    let (status, spent) = (response.status(), begun.elapsed());
    let labels = [("method", label(&method).to_owned()), ("path", path.to_string())];
    metrics::histogram!(SECONDS, &labels).record(spent.as_secs_f64());
    let [method_label, path_label] = labels;
    metrics::counter!(REQUESTS, &[method_label, path_label, ("status", status.as_str().to_owned())]).increment(1);
    let id = response.headers().get(&crate::api::REQUEST_ID).and_then(|id| id.to_str().ok()).unwrap_or_default();
    let micros = u64::try_from(spent.as_micros()).unwrap_or(u64::MAX);
    tracing::info!(request_id = id, %method, path = &*path, status = status.as_u16(), micros, "answered");
    response
}

/// A method as a label. Every label is a series that is kept for ever: what a stranger made up is no name for one.
fn label(method: &Method) -> &'static str {
    const KNOWN: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    KNOWN.into_iter().find(|known| *known == method.as_str()).unwrap_or("other")
}
