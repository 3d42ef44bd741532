//! Campaigns.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use linker_store::entity::campaign::Model;
use linker_store::vocabulary::{CampaignStatus, Country};
use linker_store::word::Word;
use linker_store::{CampaignFilter, CampaignSort, CampaignText, Followed, Moment, Money, Page};
use linker_types::{AnchorVariant, Edits, MonthPlan, Profile, Tier, Warning};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::{Caller, Writer};
use super::envelope::{Answer, Many, One};
use super::fault::{Fault, Result};
use super::faults::{Changing, Guarded, Reading};
use super::input::{Body, Id, Params};
use super::listing::{Listed, PageParams, ordering};
use super::memory;
use super::request::IfMatch;
use super::service::Service;

const SORTS: [(&str, CampaignSort); 4] = [
    ("id", CampaignSort::Id),
    ("updated_at", CampaignSort::Updated),
    ("total_links_target", CampaignSort::Links),
    ("budget_estimate_max", CampaignSort::Budget),
];

pub(super) fn routes() -> OpenApiRouter<Arc<Service>> {
    OpenApiRouter::new()
        .routes(routes!(list_campaigns))
        .routes(routes!(campaign, adjust_campaign))
        .routes(routes!(campaign_plan))
        .routes(routes!(activate_campaign))
        .routes(routes!(pause_campaign))
        .routes(routes!(complete_campaign))
}

/// A campaign in a list.
#[derive(Debug, Serialize, ToSchema)]
struct CampaignSummary {
    id: i64,
    created_at: Moment,
    updated_at: Moment,
    site_id: i64,
    sector_id: Option<i64>,
    blueprint_id: Option<i64>,
    country_code: Word<Country>,
    status: Word<CampaignStatus>,
    status_label: &'static str,
    total_links_target: i32,
    budget_estimate_min: Money,
    budget_estimate_max: Money,
    timeline_months: i32,
    #[schema(value_type = Object)]
    kpi_data: serde_json::Value,
    started_at: Option<Moment>,
}

impl From<Model> for CampaignSummary {
    fn from(row: Model) -> Self {
        Self {
            id: row.id,
            created_at: row.created_at,
            updated_at: row.updated_at,
            site_id: row.site_id,
            sector_id: row.sector_id,
            blueprint_id: row.blueprint_id,
            country_code: row.country_code,
            status: row.status,
            status_label: label(row.status),
            total_links_target: row.total_links_target,
            budget_estimate_min: row.budget_estimate_min,
            budget_estimate_max: row.budget_estimate_max,
            timeline_months: row.timeline_months,
            kpi_data: row.kpi_data,
            started_at: row.started_at,
        }
    }
}

//
/// A campaign with its months, anchors and profile.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CampaignDetail {
    #[serde(flatten)]
    summary: CampaignSummary,
    account_id: i64,
    /// The tier of each page, by its id.
    #[schema(value_type = BTreeMap<String, Tier>)]
    tier_assignments: Box<RawValue>,
    #[schema(value_type = Vec<MonthPlan>)]
    monthly_plan: Box<RawValue>,
    /// Three texts of each kind for each page, by its id.
    #[schema(value_type = BTreeMap<String, Vec<AnchorVariant>>)]
    anchor_text_plan: Box<RawValue>,
    /// The country's rules as they were when it was planned.
    #[schema(value_type = Profile)]
    country_profile: Box<RawValue>,
    /// What the months' budgets come to, USD.
    budget_expected: Money,
    /// What to look at before ordering; only where it was just planned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) warnings: Option<Vec<Warning>>,
}

impl CampaignDetail {
    /// As it stands in the database.
    pub(super) async fn read(service: &Service, caller: &Caller, id: i64) -> Result<(Self, Moment)> {
        // As the database has it, and in the answer.
        let twice = |text: &CampaignText| 2 * text.size();
        let text = memory::read(service.store.campaign_text(&caller.scope, id), twice).await?;
        let raw = |json: String| RawValue::from_string(json).map_err(Fault::internal);
        #[derive(Deserialize)]
        struct Month<'a> {
            budget: &'a str,
        }
        // The platform may have written months of its own.
        let months: Vec<Month<'_>> = serde_json::from_str(&text.monthly_plan).unwrap_or_default();
        let budgets = months.iter().filter_map(|month| Money::parse(month.budget));
        let budget_expected = budgets.fold(Money::ZERO, |sum, budget| sum + budget);
        let (account_id, stamp) = (text.row.account_id, text.row.updated_at);
        let detail = Self {
            summary: text.row.into(),
            account_id,
            tier_assignments: raw(text.tier_assignments)?,
            monthly_plan: raw(text.monthly_plan)?,
            anchor_text_plan: raw(text.anchor_text_plan)?,
            country_profile: raw(text.country_profile)?,
            budget_expected,
            warnings: None,
        };
        Ok((detail, stamp))
    }
}

fn label(status: Word<CampaignStatus>) -> &'static str {
    linker_store::word::Vocabulary::label(status.0)
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Filter {
    /// Of this site.
    site_id: Option<i64>,
    /// In this status.
    status: Option<Word<CampaignStatus>>,
    /// For this country.
    country_code: Option<Word<Country>>,
    /// `id`, `updated_at`, `total_links_target` or `budget_estimate_max`; `-` in front for the largest first.
    #[param(example = "-updated_at")]
    ordering: Option<String>,
}

/// The campaigns of your sites
#[utoipa::path(get, path = "/campaigns/", tag = "campaigns", params(Filter, PageParams),
    responses((status = 200, description = "A page of them", body = Many<CampaignSummary>), Reading))]
async fn list_campaigns(
    State(service): State<Arc<Service>>,
    caller: Caller,
    Params(filter): Params<Filter>,
    listed: Listed,
) -> Result<Json<Many<CampaignSummary>>> {
    let sort = ordering(filter.ordering.as_deref(), &SORTS)?;
    let filter = CampaignFilter {
        site: filter.site_id,
        status: filter.status.map(|word| word.0),
        country: filter.country_code.map(|word| word.0),
    };
    let page = service.store.campaigns(&caller.scope, filter, sort, listed.paging).await?;
    let rows = page.rows.into_iter().map(CampaignSummary::from).collect();
    Ok(Many::page(&listed, Page { count: page.count, rows }))
}

pub(super) async fn answer(service: &Service, caller: &Caller, id: i64) -> Result<Answer<CampaignDetail>> {
    let (detail, stamp) = CampaignDetail::read(service, caller, id).await?;
    Ok(Answer::new(detail).tagged(stamp))
}

/// A campaign with its monthly plan
#[utoipa::path(get, path = "/campaigns/{id}/", tag = "campaigns", params(("id" = i64, Path)),
    responses((status = 200, description = "The campaign; `etag` is its version", body = One<CampaignDetail>), Reading))]
async fn campaign(State(service): State<Arc<Service>>, caller: Caller, Id(id): Id) -> Result<Answer<CampaignDetail>> {
    answer(&service, &caller, id).await
}

/// Adjust plan or budget
///
/// The engine plans it again with your edits: every rule holds in the answer, or it is refused and nothing changes.
/// Of a started campaign, planned backlinks that nobody has changed follow the new plan; all others stay as they are.
#[utoipa::path(put, path = "/campaigns/{id}/", tag = "campaigns",
    request_body(content = Edits, example = json!({"overrides": {"budget_max": "3000.00", "timeline_months": 10}})),
    params(("id" = i64, Path), ("if-match" = String, Header, description = "The `etag` that you read it with")),
    responses((status = 200, description = "The campaign as it is now", body = One<CampaignDetail>), Guarded))]
async fn adjust_campaign(
    State(service): State<Arc<Service>>,
    caller: Writer,
    Id(id): Id,
    IfMatch(expected): IfMatch,
    Body { bytes, .. }: Body<Edits>,
) -> Result<Answer<CampaignDetail>> {
    let known = service.store.campaign(&caller.scope, id).await?;
    if known.campaign.updated_at != expected {
        return Err(Fault::stale());
    }
    let plan = known.plan.ok_or_else(|| {
        Fault::conflict("this campaign was made elsewhere and has no plan of ours: generate a new one")
    })?;
    let blueprint = service.blueprint_of(&caller.scope, id).await?.ok_or_else(|| Fault::not_found("blueprint"))?;
    let adjusted: linker_types::Campaign = service
        .ask(caller.scope.account, move |engine| {
            let edits = String::from_utf8_lossy(&bytes);
            engine.documents().adjust(&plan.document, &blueprint, &edits)
        })
        .await?;
    let (_, followed) = service.store.adjust_campaign(&caller.scope, id, expected, &adjusted).await?;
    memory::changed();
    let (mut detail, stamp) = CampaignDetail::read(&service, &caller, id).await?;
    detail.warnings = Some(adjusted.warnings);
    let answer = Answer::new(detail).tagged(stamp);
    Ok(match followed {
        Followed { added: 0, removed: 0 } => answer,
        Followed { added, removed } => answer.saying(format!(
            "planned backlinks follow the plan: {added} added, {removed} removed; those that somebody works on stay"
        )),
    })
}

/// The whole plan
///
/// As `igny8-linker generate --format json` prints it, without an envelope.
// engine.md §11.
#[utoipa::path(get, path = "/campaigns/{id}/plan/", tag = "campaigns", params(("id" = i64, Path)),
    responses((status = 200, description = "The plan", body = linker_types::Campaign), Reading))]
async fn campaign_plan(State(service): State<Arc<Service>>, caller: Caller, Id(id): Id) -> Result<Response> {
    let plan = memory::read(service.store.plan_document(&caller.scope, id), String::len).await?;
    Ok(([(header::CONTENT_TYPE, "application/json")], plan).into_response())
}

/// Start it
///
/// The first time it also makes one planned backlink for each planned link.
#[utoipa::path(post, path = "/campaigns/{id}/activate/", tag = "campaigns", params(("id" = i64, Path)),
    responses((status = 200, description = "It is active", body = One<CampaignDetail>), Changing))]
async fn activate_campaign(
    State(service): State<Arc<Service>>,
    caller: Writer,
    Id(id): Id,
) -> Result<Answer<CampaignDetail>> {
    service.store.activate_campaign(&caller.scope, id).await?;
    memory::changed();
    answer(&service, &caller, id).await
}

/// Stop it for now
#[utoipa::path(post, path = "/campaigns/{id}/pause/", tag = "campaigns", params(("id" = i64, Path)),
    responses((status = 200, description = "It is paused", body = One<CampaignDetail>), Changing))]
async fn pause_campaign(
    State(service): State<Arc<Service>>,
    caller: Writer,
    Id(id): Id,
) -> Result<Answer<CampaignDetail>> {
    service.store.pause_campaign(&caller.scope, id).await?;
    memory::changed();
    answer(&service, &caller, id).await
}

/// End it for good
#[utoipa::path(post, path = "/campaigns/{id}/complete/", tag = "campaigns", params(("id" = i64, Path)),
    responses((status = 200, description = "It is completed", body = One<CampaignDetail>), Changing))]
async fn complete_campaign(
    State(service): State<Arc<Service>>,
    caller: Writer,
    Id(id): Id,
) -> Result<Answer<CampaignDetail>> {
    service.store.complete_campaign(&caller.scope, id).await?;
    memory::changed();
    answer(&service, &caller, id).await
}
