//! The countries' rules and prices, and press release packages.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use linker_types::{PrOption, Profile};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::Caller;
use super::envelope::Many;
use super::fault::{Fault, Result};
use super::faults::Reading;
use super::input::Params;
use super::service::Service;

pub(super) fn routes() -> OpenApiRouter<Arc<Service>> {
    OpenApiRouter::new().routes(routes!(list_profiles)).routes(routes!(list_pr_packages))
}

/// The rules and prices of each country
///
/// In force for new plans; a campaign keeps those that it was planned by.
#[utoipa::path(get, path = "/profiles/", tag = "campaigns",
    responses((status = 200, description = "PK, CA, UK, USA", body = Many<Profile>), Reading))]
async fn list_profiles(State(service): State<Arc<Service>>, _: Caller) -> Result<Json<Many<Profile>>> {
    Ok(Many::all(service.profiles().await?.to_vec()))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct OfCampaign {
    /// The campaign.
    #[param(example = 1)]
    campaign_id: i64,
}

/// Press release packages
///
/// Three tiers, and what each would do to a campaign's budget for the press releases that it plans.
#[utoipa::path(get, path = "/pr-packages/", tag = "campaigns", params(OfCampaign),
    responses((status = 200, description = "basic, premium, enterprise", body = Many<PrOption>), Reading))]
async fn list_pr_packages(
    State(service): State<Arc<Service>>,
    caller: Caller,
    Params(of): Params<OfCampaign>,
) -> Result<Json<Many<PrOption>>> {
    let plan = service.store.campaign(&caller.scope, of.campaign_id).await?.plan;
    let document = plan.ok_or_else(|| Fault::not_found("plan"))?.document;
    let plan: linker_types::Campaign =
        service.read(caller.scope.account, document, |text| serde_json::from_str(text)).await?;
    Ok(Many::all(plan.pr_options))
}
