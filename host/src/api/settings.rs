//! The marketplace's key: it goes in, and never comes out.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use linker_marketplace::ApiKey;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::{Admin, Caller};
use super::envelope::{Answer, One};
use super::fault::Result;
use super::faults::{Changing, Reading};
use super::input::{Body, Params};
use super::service::Service;

pub(super) fn routes() -> OpenApiRouter<Arc<Service>> {
    OpenApiRouter::new().routes(routes!(fatgrid_key, put_fatgrid_key, forget_fatgrid_key))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Whose {
    /// Of this site; of the account where it is left out.
    site_id: Option<i64>,
}

/// Whether there is a key.
#[derive(Debug, Serialize, ToSchema)]
struct KeyState {
    /// Whether searches of this site, or account, have a key.
    configured: bool,
}

/// Whether a FatGrid key is kept
#[utoipa::path(get, path = "/settings/fatgrid/", tag = "account", params(Whose),
    responses((status = 200, description = "Whether; never the key itself", body = One<KeyState>), Reading))]
async fn fatgrid_key(
    State(service): State<Arc<Service>>,
    caller: Caller,
    Params(whose): Params<Whose>,
) -> Result<Answer<KeyState>> {
    Ok(Answer::new(KeyState { configured: service.market.is_set(&caller.scope, whose.site_id).await? }))
}

/// A key to be kept.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PutKey {
    /// As FatGrid shows it, 8-512 visible characters.
    #[schema(value_type = String, write_only, min_length = 8, max_length = 512, example = "fg_live_0123456789")]
    key: ApiKey,
    /// For this site only; for the whole account where it is left out.
    site_id: Option<i64>,
}

/// Keep a FatGrid key
///
/// It is stored sealed, and no answer ever shows it.
#[utoipa::path(put, path = "/settings/fatgrid/", tag = "account", request_body = PutKey,
    responses((status = 200, description = "It is kept", body = One<KeyState>), Changing))]
async fn put_fatgrid_key(
    State(service): State<Arc<Service>>,
    caller: Admin,
    Body { value: asked, .. }: Body<PutKey>,
) -> Result<Answer<KeyState>> {
    service.market.keep(&caller.scope, asked.site_id, &asked.key).await?;
    Ok(Answer::new(KeyState { configured: true }))
}

/// Forget a FatGrid key
#[utoipa::path(delete, path = "/settings/fatgrid/", tag = "account", params(Whose),
    responses((status = 204, description = "It is forgotten"), Changing))]
async fn forget_fatgrid_key(
    State(service): State<Arc<Service>>,
    caller: Admin,
    Params(whose): Params<Whose>,
) -> Result<StatusCode> {
    service.market.forget(&caller.scope, whose.site_id).await?;
    Ok(StatusCode::NO_CONTENT)
}
