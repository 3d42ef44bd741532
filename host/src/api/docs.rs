//! The API's description, and the page that shows it. Anybody may ask for them, with no token, and needn't read the
//! answers: these hold no memory of their own, however many there are.

use axum::Router;
use axum::body::Bytes;
use axum::http::header;
use axum::routing::get;
use utoipa_swagger_ui::{Config, SwaggerUi};

use super::fault::Fault;

const DESCRIPTION: &str = "/api/openapi.json";

/// Both, at `/api/docs/` and `/api/openapi.json`.
pub(super) fn routes() -> Router {
    #[allow(clippy::expect_used, reason = "it is made of nothing that a request says")]
    let description = Bytes::from(super::description().to_json().expect("it is JSON"));
    let json = [(header::CONTENT_TYPE, "application/json")];
    let page = SwaggerUi::new("/api/docs").config(Config::from(DESCRIPTION));
    Router::new()
        .route(DESCRIPTION, get(async move || (json, description.clone())))
        .merge(page)
        .method_not_allowed_fallback(async || Fault::wrong_method())
}
