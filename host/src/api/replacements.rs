//! Dead backlinks and what replaces them.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::State;
use linker_store::entity::backlink::Model;
use linker_store::vocabulary::{AnchorType, LinkType, Marketplace};
use linker_store::word::Word;
use linker_store::{BacklinkFilter, Moment, Money, NewReplacement, Scope};
use linker_types::{Campaign, Decimal, Replacement};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::ROOT;
use super::caller::{Caller, Writer};
use super::envelope::{Answer, One};
use super::fault::{Fault, Result};
use super::faults::{Changing, Reading};
use super::input::{Body, Id, Params};
use super::month::current_month;
use super::request::Key;
use super::service::Service;
use crate::replacements::{Asked, Losses, Recommended, losses};

pub(super) fn routes() -> OpenApiRouter<Arc<Service>> {
    OpenApiRouter::new().routes(routes!(recommend_replacements)).routes(routes!(replace_backlink))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct OfCampaign {
    /// The campaign.
    #[param(example = 1)]
    campaign_id: i64,
}

/// What to do about a campaign's dead backlinks.
#[derive(Debug, Serialize, ToSchema)]
struct Recommendations {
    /// Set aside for replacements up to the current month and not taken yet, USD.
    reserve_left: Decimal,
    /// One for each dead backlink without a replacement, the greatest loss first.
    recommendations: Vec<Recommendation>,
    /// Replacements that were accepted, whatever became of them since.
    accepted: Vec<Pair>,
}

/// What to do about one.
#[derive(Debug, Serialize, ToSchema)]
struct Recommendation {
    #[serde(flatten)]
    replacement: Replacement,
    /// The backlink that was lost.
    backlink: Model,
}

/// A dead backlink and what was accepted in its place.
#[derive(Debug, Serialize, ToSchema)]
struct Pair {
    backlink_id: i64,
    replacement: Model,
}

/// How to replace dead backlinks
///
/// Restore or replace, what the loss weighs, which anchor and link type, which rating the source needs, and the most
/// to pay out of what is left of the reserve. Each one takes its share of the reserve from those after it.
#[utoipa::path(get, path = "/backlinks/replacements/", tag = "backlinks", params(OfCampaign),
    responses((status = 200, description = "The recommendations", body = One<Recommendations>), Reading))]
async fn recommend_replacements(
    State(service): State<Arc<Service>>,
    caller: Caller,
    Params(of): Params<OfCampaign>,
) -> Result<Answer<Recommendations>> {
    let known = known(&service, &caller.scope, of.campaign_id).await?;
    let (dead, accepted) = (known.dead, known.accepted);
    let recommended = recommended(&service, &caller.scope, known.asked).await?;
    let mut dead: BTreeMap<_, _> = dead.into_iter().map(|row| (u64::try_from(row.id).unwrap_or(0), row)).collect();
    let recommendations = recommended.replacements.into_iter().filter_map(|replacement| {
        Some(Recommendation { backlink: dead.remove(&replacement.backlink_id)?, replacement })
    });
    let accepted = accepted.into_iter().map(|pair| Pair { backlink_id: pair.dead, replacement: pair.link });
    Ok(Answer::new(Recommendations {
        reserve_left: recommended.reserve_left,
        recommendations: recommendations.collect(),
        accepted: accepted.collect(),
    }))
}

async fn known(service: &Service, scope: &Scope, campaign: i64) -> Result<Losses> {
    service.room_for_backlinks(scope, campaign).await?;
    let today = Moment::now().date();
    let month = |row: &_| current_month(row, today);
    Ok(losses(&service.store, scope, campaign, today, month, &service.settings.blocklist).await?)
}

async fn recommended(service: &Service, scope: &Scope, asked: Asked) -> Result<Recommended> {
    Ok(service.compute(scope.account, move |engine| asked.recommend(engine)).await??)
}

/// A replacement to be accepted; what is left out is as recommended.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Accept {
    /// The page that will link; may be unknown yet.
    #[serde(default)]
    #[schema(max_length = 200, example = "https://blog.example/post")]
    source_url: String,
    /// The source URL's host where it is left out.
    #[serde(default)]
    #[schema(max_length = 255)]
    source_domain: String,
    #[schema(minimum = 0, maximum = 100)]
    source_dr: Option<i32>,
    /// USD; until it is known, the middle of the link type's prices is taken of the reserve.
    cost: Option<Money>,
    /// The plan's text of that type that the page has least of, where it is left out.
    #[schema(min_length = 1, max_length = 200)]
    anchor_text: Option<String>,
    anchor_type: Option<Word<AnchorType>>,
    link_type: Option<Word<LinkType>>,
    marketplace: Option<Word<Marketplace>>,
}

/// Accept a replacement
///
/// Makes a planned backlink for the same page. When that goes live, the dead one becomes `replaced`, unless it came
/// back to life meanwhile.
#[utoipa::path(post, path = "/backlinks/{id}/replace/", tag = "backlinks",
    request_body(content = Accept, example = json!({"source_url": "https://blog.example/post", "cost": "61.50"})),
    params(("id" = i64, Path, description = "The dead backlink"),
        ("idempotency-key" = Option<String>, Header, description = "Makes sending it twice safe")),
    responses((status = 201, description = "The planned backlink", body = One<Model>), Changing))]
async fn replace_backlink(
    State(service): State<Arc<Service>>,
    caller: Writer,
    Id(id): Id,
    key: Option<Key>,
    Body { value: asked, bytes }: Body<Accept>,
) -> Result<Answer<Model>> {
    let key = key.map(|key| key.of("replace", &[&id.to_be_bytes()[..], &bytes].concat())).transpose()?;
    let made = service.store.resource_of(&caller.scope, key.as_ref()).await?;
    let row = match made {
        Some(made) => service.store.backlink(&caller.scope, made).await?,
        None => {
            let dead = service.store.backlink(&caller.scope, id).await?;
            let new = filled(&service, &caller.scope, &dead, asked).await?;
            service.store.replace_backlink(&caller.scope, id, new, key.as_ref()).await?
        }
    };
    let (id, stamp) = (row.id, row.updated_at);
    Ok(Answer::created(row, format!("{ROOT}/backlinks/{id}/")).tagged(stamp))
}

/// With the engine's choices where the caller made none.
async fn filled(service: &Service, scope: &Scope, dead: &Model, asked: Accept) -> Result<NewReplacement> {
    let Losses { plan, asked: of_losses, .. } = known(service, scope, dead.campaign_id).await?;
    let recommended = recommended(service, scope, of_losses).await?.replacements;
    // None where it isn't dead or has a replacement: the store says so.
    let own = recommended.iter().find(|replacement| u64::try_from(dead.id) == Ok(replacement.backlink_id));
    let chosen = own.and_then(|own| own.anchor_type.zip(own.link_type));
    let chosen = chosen.unwrap_or((dead.anchor_type.0, dead.link_type.0));
    let anchor_type = asked.anchor_type.map_or(chosen.0, |word| word.0);
    let anchor_text = match asked.anchor_text {
        Some(text) => text,
        None => text_of(service, scope, dead, &plan, anchor_type).await?,
    };
    Ok(NewReplacement {
        source_url: asked.source_url,
        source_domain: asked.source_domain,
        source_dr: asked.source_dr,
        cost: asked.cost,
        anchor_text,
        anchor_type,
        link_type: asked.link_type.map_or(chosen.1, |word| word.0),
        marketplace: asked.marketplace.map_or(Marketplace::None, |word| word.0),
    })
}

/// The plan's text of a type that the fewest backlinks of the page have.
async fn text_of(
    service: &Service,
    scope: &Scope,
    dead: &Model,
    plan: &Campaign,
    anchor_type: AnchorType,
) -> Result<String> {
    let filter = BacklinkFilter {
        campaign: Some(dead.campaign_id),
        content: Some(dead.target_content_id),
        ..BacklinkFilter::default()
    };
    let used = service.store.backlinks_after(scope, filter, 0, 10_000).await?;
    let page = plan.anchor_text_plan.iter().find(|(id, _)| u64::try_from(dead.target_content_id) == Ok(*id));
    let variants = page.into_iter().flat_map(|(_, variants)| variants);
    let least = variants
        .filter(|variant| variant.anchor_type == anchor_type)
        .min_by_key(|variant| used.iter().filter(|row| row.anchor_text == variant.text).count());
    least.map(|variant| variant.text.clone()).ok_or_else(|| {
        Fault::field("anchor_text", format!("the plan has no text of type {anchor_type} for this page: say one"))
    })
}
