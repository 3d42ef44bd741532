//! A campaign is planned: by the engine, from a stored blueprint, saved and paid at once.

use std::sync::Arc;

use axum::extract::State;
use linker_store::{Created, Money, NewCampaign, Price};
use linker_types::{Blueprint, Overrides, PlanOptions, SuggestedAnchor};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::ROOT;
use super::caller::{Caller, Writer};
use super::campaigns::{CampaignDetail, answer};
use super::envelope::{Answer, One};
use super::fault::{Fault, Result};
use super::faults::Changing;
use super::input::Body;
use super::memory;
use super::request::Key;
use super::service::Service;
use crate::engine::Storage;

///
const GENERATION: Price = Price { credits: Money::cents(200), operation: "campaign_generation" };

pub(super) fn routes() -> OpenApiRouter<Arc<Service>> {
    OpenApiRouter::new().routes(routes!(generate_campaign))
}

/// What to plan.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Generate {
    /// Whose campaign it is.
    #[schema(example = 1)]
    site_id: i64,
    /// What it is planned from.
    #[schema(example = 1)]
    blueprint_id: i64,
    /// PK, CA, UK or USA.
    #[schema(example = "USA")]
    country_code: String,
    // engine.md §4.
    /// Figures that you set yourself.
    #[serde(default)]
    #[schema(value_type = Option<Overrides>)]
    overrides: Overrides,
    //
    /// Anchor texts that you propose, by people or a model; those that break a rule are dropped with a warning.
    #[serde(default)]
    anchors: Vec<SuggestedAnchor>,
}

/// Plan a campaign
///
/// Saves a draft with its whole plan and takes 2 credits, or does neither. Orders nothing and makes no backlinks:
/// starting it does.
#[utoipa::path(post, path = "/campaigns/generate/", tag = "campaigns", request_body = Generate,
    params(("idempotency-key" = Option<String>, Header, description = "Makes sending it twice safe: the second answer is the first campaign, and costs nothing")),
    responses((status = 201, description = "The draft", body = One<CampaignDetail>),
        (status = 200, description = "The draft that the same request made before", body = One<CampaignDetail>), Changing))]
async fn generate_campaign(
    State(service): State<Arc<Service>>,
    caller: Writer,
    key: Option<Key>,
    Body { value: asked, bytes }: Body<Generate>,
) -> Result<Answer<CampaignDetail>> {
    let key = key.map(|key| key.of("generate", &bytes)).transpose()?;
    if let Some(id) = service.store.resource_of(&caller.scope, key.as_ref()).await? {
        return before(&service, &caller, id).await;
    }
    let options = PlanOptions { country_code: asked.country_code, overrides: asked.overrides, anchors: asked.anchors };
    let place = service.place(caller.scope.account).await?;
    let reading = service.store.blueprint_document(&caller.scope, asked.blueprint_id);
    let document = memory::read(reading, |text| memory::of_blueprint(text.len())).await?;
    let (engine, blueprint_id) = (service.engine(), asked.blueprint_id);
    let planned = place.run(move || -> Result<_> {
        let shelf = Shelf::new(blueprint_id, &document)?;
        let id = shelf.id;
        Ok((engine.reading(Arc::new(shelf)).generate_stored(id, &options)?, document))
    });
    let (plan, document) = planned.await??;
    let new = NewCampaign {
        site: asked.site_id,
        blueprint: Some(asked.blueprint_id),
        blueprint_document: &document,
        plan: &plan,
        price: Some(GENERATION),
        idempotency: key.as_ref(),
    };
    match service.store.create_campaign(&caller.scope, new).await? {
        Created::Before(id) => before(&service, &caller, id).await,
        Created::Now(id) => {
            memory::changed();
            let (mut detail, stamp) = CampaignDetail::read(&service, &caller, id).await?;
            detail.warnings = Some(plan.warnings);
            Ok(Answer::created(detail, format!("{ROOT}/campaigns/{id}/")).tagged(stamp))
        }
    }
}

async fn before(service: &Service, caller: &Caller, id: i64) -> Result<Answer<CampaignDetail>> {
    Ok(answer(service, caller, id).await?.saying("this request was made before: nothing was saved or charged again"))
}

/// The one blueprint that the engine may ask the storage for: the caller's.
struct Shelf {
    id: u64,
    blueprint: Blueprint,
}

impl Shelf {
    fn new(id: i64, document: &str) -> Result<Self> {
        let blueprint = linker_types::json::blueprint(document)
            .map_err(|error| Fault::internal(format!("blueprint {id} can't be read: {error}")))?;
        Ok(Self { id: u64::try_from(id).map_err(|_| Fault::not_found("blueprint"))?, blueprint })
    }
}

impl Storage for Shelf {
    fn load_blueprint(&self, id: u64) -> Result<Blueprint, linker_types::Error> {
        if id == self.id {
            return Ok(self.blueprint.clone());
        }
        Err(linker_types::Error::new(linker_types::ErrorCode::NotFound, "blueprint_id", "not found"))
    }
}
