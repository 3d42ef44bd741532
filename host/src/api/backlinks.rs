//! Backlinks.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use chrono::NaiveDate;
use linker_store::entity::{backlink::Model, look};
use linker_store::vocabulary::{AnchorType, BacklinkStatus, LinkType, Marketplace, Tier};
use linker_store::word::Word;
use linker_store::{BacklinkChange, BacklinkFilter, BacklinkSort, Money, NewBacklink};
use serde::{Deserialize, Deserializer};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::ROOT;
use super::caller::{Caller, Writer};
use super::envelope::{Answer, Many, One};
use super::fault::Result;
use super::faults::{Changing, Guarded, Reading};
use super::input::{Body, Id, Params};
use super::listing::{Listed, PageParams, ordering};
use super::request::{IfMatch, Key};
use super::service::Service;

const SORTS: [(&str, BacklinkSort); 8] = [
    ("id", BacklinkSort::Id),
    ("updated_at", BacklinkSort::Updated),
    ("date_live", BacklinkSort::Live),
    ("date_last_checked", BacklinkSort::Checked),
    ("source_dr", BacklinkSort::Dr),
    ("cost", BacklinkSort::Cost),
    ("quality_score", BacklinkSort::Quality),
    ("source_domain", BacklinkSort::Domain),
];

pub(super) fn routes() -> OpenApiRouter<Arc<Service>> {
    OpenApiRouter::new()
        .routes(routes!(list_backlinks, add_backlink))
        .routes(routes!(backlink, update_backlink))
        .routes(routes!(backlink_looks))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Filter {
    /// Of this campaign.
    campaign_id: Option<i64>,
    /// In this status.
    status: Option<Word<BacklinkStatus>>,
    /// To pages of this tier.
    tier: Option<Word<Tier>>,
    /// With anchors of this kind.
    anchor_type: Option<Word<AnchorType>>,
    /// To this page.
    target_content_id: Option<i64>,
    /// `id`, `updated_at`, `date_live`, `date_last_checked`, `source_dr`, `cost`, `quality_score` or `source_domain`;
    /// `-` in front for the largest first.
    #[param(example = "-source_dr")]
    ordering: Option<String>,
}

/// Backlinks of your campaigns
#[utoipa::path(get, path = "/backlinks/", tag = "backlinks", params(Filter, PageParams),
    responses((status = 200, description = "A page of them", body = Many<Model>), Reading))]
async fn list_backlinks(
    State(service): State<Arc<Service>>,
    caller: Caller,
    Params(filter): Params<Filter>,
    listed: Listed,
) -> Result<Json<Many<Model>>> {
    let sort = ordering(filter.ordering.as_deref(), &SORTS)?;
    let filter = BacklinkFilter {
        campaign: filter.campaign_id,
        status: filter.status.map(|word| word.0),
        tier: filter.tier.map(|word| word.0),
        anchor_type: filter.anchor_type.map(|word| word.0),
        content: filter.target_content_id,
    };
    Ok(Many::page(&listed, service.store.backlinks(&caller.scope, filter, sort, listed.paging).await?))
}

/// A backlink to be added.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Add {
    #[schema(example = 1)]
    campaign_id: i64,
    /// The page that it points to.
    #[schema(example = 1)]
    target_content_id: i64,
    /// The exact URL, 200 characters at most; the page's own where it is left out.
    target_url: Option<String>,
    /// What the campaign gave the page where it is left out.
    target_tier: Option<Word<Tier>>,
    /// The page that links; may be unknown yet.
    #[serde(default)]
    #[schema(example = "https://example.com/post")]
    source_url: String,
    /// The source URL's host where it is left out.
    #[serde(default)]
    source_domain: String,
    /// 0-100.
    #[schema(minimum = 0, maximum = 100)]
    source_dr: Option<i32>,
    /// Visits a month.
    #[schema(minimum = 0)]
    source_traffic: Option<i32>,
    /// 1-200 characters.
    #[schema(min_length = 1, max_length = 200, example = "QuestDB")]
    anchor_text: String,
    anchor_type: Word<AnchorType>,
    link_type: Word<LinkType>,
    marketplace: Option<Word<Marketplace>>,
    /// USD.
    cost: Option<Money>,
    //
    /// 0-11. Below the country's threshold it can't be planned or ordered.
    #[schema(minimum = 0, maximum = 11)]
    quality_score: Option<f64>,
    country_relevant: Option<bool>,
    /// `planned` where it is left out.
    status: Option<Word<BacklinkStatus>>,
    date_ordered: Option<NaiveDate>,
    date_live: Option<NaiveDate>,
    #[serde(default)]
    #[schema(max_length = 5000)]
    notes: String,
}

/// Add a backlink
///
/// Added as `ordered` or `live` it is dated today where it has no date.
/// A campaign has at most 20,000.
#[utoipa::path(post, path = "/backlinks/", tag = "backlinks", request_body = Add,
    params(("idempotency-key" = Option<String>, Header, description = "Makes sending it twice safe")),
    responses((status = 201, description = "The backlink", body = One<Model>), Changing))]
async fn add_backlink(
    State(service): State<Arc<Service>>,
    caller: Writer,
    key: Option<Key>,
    Body { value: asked, bytes }: Body<Add>,
) -> Result<Answer<Model>> {
    let key = key.map(|key| key.of("backlink", &bytes)).transpose()?;
    let new = NewBacklink {
        campaign: asked.campaign_id,
        target_content: asked.target_content_id,
        target_url: asked.target_url,
        target_tier: asked.target_tier.map(|word| word.0),
        source_url: asked.source_url,
        source_domain: asked.source_domain,
        source_dr: asked.source_dr,
        source_traffic: asked.source_traffic,
        anchor_text: asked.anchor_text,
        anchor_type: asked.anchor_type.0,
        link_type: asked.link_type.0,
        marketplace: asked.marketplace.map_or(Marketplace::None, |word| word.0),
        cost: asked.cost,
        quality_score: asked.quality_score,
        country_relevant: asked.country_relevant.unwrap_or(true),
        status: asked.status.map_or(BacklinkStatus::Planned, |word| word.0),
        date_ordered: asked.date_ordered,
        date_live: asked.date_live,
        notes: asked.notes,
    };
    let row = service.store.add_backlink(&caller.scope, &new, key.as_ref()).await?;
    let (id, stamp) = (row.id, row.updated_at);
    Ok(Answer::created(row, format!("{ROOT}/backlinks/{id}/")).tagged(stamp))
}

/// One backlink
#[utoipa::path(get, path = "/backlinks/{id}/", tag = "backlinks", params(("id" = i64, Path)),
    responses((status = 200, description = "The backlink; `etag` is its version", body = One<Model>), Reading))]
async fn backlink(State(service): State<Arc<Service>>, caller: Caller, Id(id): Id) -> Result<Answer<Model>> {
    let row = service.store.backlink(&caller.scope, id).await?;
    let stamp = row.updated_at;
    Ok(Answer::new(row).tagged(stamp))
}

/// What to change: what is left out stays, null empties.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
struct Update {
    #[schema(max_length = 200)]
    target_url: Option<String>,
    target_tier: Option<Word<Tier>>,
    #[schema(max_length = 200)]
    source_url: Option<String>,
    #[schema(max_length = 255)]
    source_domain: Option<String>,
    #[serde(deserialize_with = "given")]
    #[schema(value_type = Option<i32>, minimum = 0, maximum = 100)]
    source_dr: Option<Option<i32>>,
    #[serde(deserialize_with = "given")]
    #[schema(value_type = Option<i32>, minimum = 0)]
    source_traffic: Option<Option<i32>>,
    #[schema(min_length = 1, max_length = 200)]
    anchor_text: Option<String>,
    anchor_type: Option<Word<AnchorType>>,
    link_type: Option<Word<LinkType>>,
    marketplace: Option<Word<Marketplace>>,
    #[serde(deserialize_with = "given")]
    #[schema(value_type = Option<Money>)]
    cost: Option<Option<Money>>,
    #[serde(deserialize_with = "given")]
    #[schema(value_type = Option<f64>, minimum = 0, maximum = 11)]
    quality_score: Option<Option<f64>>,
    country_relevant: Option<bool>,
    #[serde(deserialize_with = "given")]
    #[schema(value_type = Option<String>, format = Date)]
    date_ordered: Option<Option<NaiveDate>>,
    #[serde(deserialize_with = "given")]
    #[schema(value_type = Option<String>, format = Date)]
    date_live: Option<Option<NaiveDate>>,
    /// planned to ordered, live, rejected; ordered to live, rejected, planned; live to dead; dead to live, replaced;
    /// rejected to planned.
    status: Option<Word<BacklinkStatus>>,
    #[schema(max_length = 5000)]
    notes: Option<String>,
}

/// Tells null from left out.
fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(from: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(from).map(Some)
}

/// Update status or details
///
/// Becoming `ordered` or `live` dates it today where it has no date.
#[utoipa::path(put, path = "/backlinks/{id}/", tag = "backlinks",
    request_body(content = Update, example = json!({"status": "ordered", "cost": "61.50", "source_url": "https://example.com/post"})),
    params(("id" = i64, Path), ("if-match" = String, Header, description = "The `etag` that you read it with")),
    responses((status = 200, description = "The backlink as it is now", body = One<Model>), Guarded))]
async fn update_backlink(
    State(service): State<Arc<Service>>,
    caller: Writer,
    Id(id): Id,
    IfMatch(expected): IfMatch,
    Body { value: asked, .. }: Body<Update>,
) -> Result<Answer<Model>> {
    let change = BacklinkChange {
        target_url: asked.target_url,
        target_tier: asked.target_tier.map(|word| word.0),
        source_url: asked.source_url,
        source_domain: asked.source_domain,
        source_dr: asked.source_dr,
        source_traffic: asked.source_traffic,
        anchor_text: asked.anchor_text,
        anchor_type: asked.anchor_type.map(|word| word.0),
        link_type: asked.link_type.map(|word| word.0),
        marketplace: asked.marketplace.map(|word| word.0),
        cost: asked.cost,
        quality_score: asked.quality_score,
        country_relevant: asked.country_relevant,
        date_ordered: asked.date_ordered,
        date_live: asked.date_live,
        status: asked.status.map(|word| word.0),
        notes: asked.notes,
    };
    let row = service.store.update_backlink(&caller.scope, id, Some(expected), change).await?;
    let stamp = row.updated_at;
    Ok(Answer::new(row).tagged(stamp))
}

/// What checks saw
///
/// The latest 100 looks at it, newest first: verdict, reasons, and the checker's report.
#[utoipa::path(get, path = "/backlinks/{id}/looks/", tag = "backlinks", params(("id" = i64, Path)),
    responses((status = 200, description = "The looks", body = Many<look::Model>), Reading))]
async fn backlink_looks(
    State(service): State<Arc<Service>>,
    caller: Caller,
    Id(id): Id,
) -> Result<Json<Many<look::Model>>> {
    Ok(Many::all(service.store.looks(&caller.scope, id, 100).await?))
}
