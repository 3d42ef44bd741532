//! Checks of a campaign's live backlinks: asked for here, run in the background.

use std::sync::Arc;

use axum::extract::State;
use linker_store::entity::check::Model;
use linker_store::{Money, Price};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::ROOT;
use super::caller::{Caller, Writer};
use super::envelope::{Answer, One};
use super::fault::Result;
use super::faults::{Changing, Reading};
use super::input::{Body, Id};
use super::service::Service;

/// looking, and what to do about what was lost.
const DETECTION: Price = Price { credits: Money::cents(100), operation: "dead_link_detection" };

pub(super) fn routes() -> OpenApiRouter<Arc<Service>> {
    OpenApiRouter::new().routes(routes!(check_backlinks)).routes(routes!(check_progress))
}

/// What to check.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Check {
    #[schema(example = 1)]
    campaign_id: i64,
}

/// Check a campaign's live backlinks
///
/// Answers at once; `location` says where to see how it goes. Takes 1 credit. A check that waits or runs already is
/// given instead of another, and costs nothing more.
#[utoipa::path(post, path = "/backlinks/check/", tag = "backlinks", request_body = Check,
    responses((status = 202, description = "It waits for its turn", body = One<Model>), Changing))]
async fn check_backlinks(
    State(service): State<Arc<Service>>,
    caller: Writer,
    Body { value: asked, .. }: Body<Check>,
) -> Result<Answer<Model>> {
    let check = service.store.request_check(&caller.scope, asked.campaign_id, Some(DETECTION)).await?;
    service.work.notify_one();
    let location = format!("{ROOT}/backlinks/check/{}/", check.id);
    Ok(Answer::accepted(check, location))
}

/// How a check goes
#[utoipa::path(get, path = "/backlinks/check/{id}/", tag = "backlinks", params(("id" = i64, Path)),
    responses((status = 200, description = "How far it is, and what it found", body = One<Model>), Reading))]
async fn check_progress(State(service): State<Arc<Service>>, caller: Caller, Id(id): Id) -> Result<Answer<Model>> {
    Ok(Answer::new(service.store.check(&caller.scope, id).await?))
}
