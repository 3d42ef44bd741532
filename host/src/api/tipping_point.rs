//! "Can I stop?": what is known of a campaign, put to the engine.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use axum::extract::State;
use chrono::{Days, NaiveDate};
use linker_store::{LatestMetrics, Moment, Scope};
use linker_types::{CampaignProgress, Decimal, PageMetrics, TippingPoint, TippingPointRequest};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::Caller;
use super::envelope::{Answer, One};
use super::fault::Result;
use super::faults::Reading;
use super::input::Params;
use super::month::current_month;
use super::service::Service;

/// Search Console's figures older than this say nothing of today.
const STALE: Days = Days::new(100);

pub(super) fn routes() -> OpenApiRouter<Arc<Service>> {
    OpenApiRouter::new().routes(routes!(current_tipping_point))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Of {
    /// The campaign.
    #[param(example = 1)]
    campaign_id: i64,
}

/// Can link building stop?
///
/// The five indicators with their values, thresholds and the pages that show it, by the latest snapshot and Search
/// Console's latest two periods; three at once trigger it. What is unknown never counts as met.
#[utoipa::path(get, path = "/tipping-point/", tag = "kpi", params(Of),
    responses((status = 200, description = "The indicators and what to do", body = One<TippingPoint>), Reading))]
async fn current_tipping_point(
    State(service): State<Arc<Service>>,
    caller: Caller,
    Params(of): Params<Of>,
) -> Result<Answer<TippingPoint>> {
    let latest = service.store.latest_snapshot(&caller.scope, of.campaign_id).await?;
    let figures = Figures {
        date: Moment::now().date(),
        dr: latest.as_ref().and_then(|row| row.dr).and_then(|dr| Decimal::parse(&format!("{dr:.2}"))),
        keywords_top_10: latest.as_ref().and_then(|row| u32::try_from(row.keywords_top_10).ok()),
    };
    Ok(Answer::new(evaluate(&service, &caller.scope, of.campaign_id, figures).await?.0))
}

/// What a snapshot says, or is about to.
pub(super) struct Figures {
    pub(super) date: NaiveDate,
    pub(super) dr: Option<Decimal>,
    pub(super) keywords_top_10: Option<u32>,
}

/// Search Console's figures of the whole site in its latest period.
#[derive(Clone, Copy)]
pub(super) struct Visits {
    pub(super) clicks: i64,
    pub(super) impressions: i64,
}

/// Asks the engine about a campaign; with the site's visits, where they are known.
pub(super) async fn evaluate(
    service: &Service,
    scope: &Scope,
    campaign: i64,
    figures: Figures,
) -> Result<(TippingPoint, Option<Visits>)> {
    let store = &service.store;
    let row = store.campaign_row(scope, campaign).await?;
    let from = figures.date.checked_sub_days(STALE).unwrap_or(figures.date);
    let metrics = store.latest_metrics(scope, row.site_id, from, figures.date).await?;
    let linked = store.linked_pages(scope, campaign).await?;
    let published = match service.blueprint_of(scope, campaign).await? {
        Some(document) => service.read(scope.account, document, published).await?,
        None => BTreeMap::new(),
    };
    let visits = metrics.as_ref().map(|site| Visits { clicks: site.clicks, impressions: site.impressions });
    let pages = metrics.map(|site| pages(&site, &linked, &published));
    let monthly_plan = serde_json::from_value(row.monthly_plan.clone()).ok();
    let progress = monthly_plan.zip(current_month(&row, figures.date));
    let request = TippingPointRequest {
        country_code: row.country_code.0.to_string(),
        as_of: figures.date.to_string(),
        dr: figures.dr,
        keywords_top_10: figures.keywords_top_10,
        pages,
        campaign: progress.map(|(monthly_plan, current_month)| CampaignProgress { current_month, monthly_plan }),
    };
    let point = service.compute(scope.account, move |engine| engine.evaluate_tipping_point(&request)).await??;
    Ok((point, visits))
}

/// When each page was published, where the blueprint says.
fn published(document: &str) -> serde_json::Result<BTreeMap<i64, String>> {
    let blueprint = linker_types::json::blueprint(document)?;
    let dated = blueprint.pages.into_iter().filter_map(|page| Some((i64::try_from(page.id).ok()?, page.published_on?)));
    Ok(dated.collect())
}

/// Figures of the latest period beside those of the one before.
fn pages(site: &LatestMetrics, linked: &BTreeSet<i64>, published: &BTreeMap<i64, String>) -> Vec<PageMetrics> {
    let whole = |count: i64| u64::try_from(count).ok();
    let mut seen = BTreeSet::new();
    let pages = site.pages.iter().filter_map(|metric| {
        // Two addresses of one page: the first counts.
        let id = metric.content_id.filter(|&id| seen.insert(id))?;
        // A page that the earlier period doesn't know had none, where there is such a period at all.
        let before = site.clicks_before.as_ref().map(|before| before.get(&id).copied().and_then(whole).unwrap_or(0));
        Some(PageMetrics {
            content_id: u64::try_from(id).ok()?,
            published_on: published.get(&id).cloned(),
            had_live_backlink: linked.contains(&id),
            impressions: whole(metric.impressions),
            clicks: whole(metric.clicks),
            clicks_before: before,
            // The platform may write 0 for a page that was never shown; one such row must not spoil the answer.
            position: metric.position.filter(|&at| at >= 1.0).and_then(|at| Decimal::parse(&format!("{at:.2}"))),
        })
    });
    pages.collect()
}
