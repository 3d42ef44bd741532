//! KPI snapshots: listed, and recorded with what the caller knows and what the store counts.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use chrono::{Datelike, NaiveDate};
use linker_store::entity::snapshot::Model;
use linker_store::vocabulary::{BacklinkStatus, Tier};
use linker_store::{Moment, Money, NewSnapshot, Price, Scope, Standing, Within};
use linker_types::{Decimal, IndicatorName, TippingPoint};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::ROOT;
use super::caller::{Caller, Writer};
use super::envelope::{Answer, Many, One};
use super::fault::{Fault, Result};
use super::faults::{Changing, Reading};
use super::input::{Body, Id};
use super::listing::{Listed, PageParams};
use super::request::Key;
use super::service::Service;
use super::tipping_point::{self, Figures};

///
const SNAPSHOT: Price = Price { credits: Money::cents(50), operation: "kpi_snapshot" };

pub(super) fn routes() -> OpenApiRouter<Arc<Service>> {
    OpenApiRouter::new().routes(routes!(kpi_timeline)).routes(routes!(record_snapshot))
}

/// A campaign's snapshots, oldest first
#[utoipa::path(get, path = "/campaigns/{id}/kpi/", tag = "kpi", params(("id" = i64, Path), PageParams),
    responses((status = 200, description = "A page of them", body = Many<Model>), Reading))]
async fn kpi_timeline(
    State(service): State<Arc<Service>>,
    caller: Caller,
    Id(id): Id,
    listed: Listed,
) -> Result<Json<Many<Model>>> {
    Ok(Many::page(&listed, service.store.snapshots(&caller.scope, id, listed.paging).await?))
}

/// What you know; what is left out is counted from the campaign's backlinks and Search Console's figures.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Given {
    /// Today where it is left out.
    snapshot_date: Option<NaiveDate>,
    /// Domain rating, 0-100.
    #[schema(minimum = 0, maximum = 100, example = 32.5)]
    dr: Option<f64>,
    /// Domain authority, 0-100.
    #[schema(minimum = 0, maximum = 100)]
    da: Option<f64>,
    #[schema(minimum = 0)]
    referring_domains: Option<i32>,
    #[schema(minimum = 0)]
    new_links_this_month: Option<i32>,
    cost_this_month: Option<Money>,
    #[schema(minimum = 0)]
    keywords_top_10: Option<i32>,
    #[schema(minimum = 0)]
    keywords_top_20: Option<i32>,
    #[schema(minimum = 0)]
    keywords_top_50: Option<i32>,
    #[schema(minimum = 0)]
    organic_traffic: Option<i32>,
    #[schema(minimum = 0)]
    impressions: Option<i32>,
    #[schema(minimum = 0)]
    pages_ranking_without_backlinks: Option<i32>,
}

/// Record a snapshot
///
/// Evaluates the tipping point with it and sets its flag. Takes half a credit.
//
#[utoipa::path(post, path = "/campaigns/{id}/kpi/snapshot/", tag = "kpi",
    request_body(content = Given, example = json!({"dr": 32.5, "keywords_top_10": 12})),
    params(("id" = i64, Path), ("idempotency-key" = Option<String>, Header, description = "Makes sending it twice safe")),
    responses((status = 201, description = "The snapshot", body = One<Model>),
        (status = 200, description = "The snapshot that the same request recorded before", body = One<Model>), Changing))]
async fn record_snapshot(
    State(service): State<Arc<Service>>,
    caller: Writer,
    Id(id): Id,
    key: Option<Key>,
    Body { value: given, bytes }: Body<Given>,
) -> Result<Answer<Model>> {
    let key = key.map(|key| key.of("kpi", &[&id.to_be_bytes()[..], &bytes].concat())).transpose()?;
    if let Some(id) = service.store.resource_of(&caller.scope, key.as_ref()).await? {
        return Ok(Answer::new(service.store.snapshot(&caller.scope, id).await?));
    }
    let new = snapshot(&service, &caller.scope, id, given).await?;
    let row = service.store.record_snapshot(&caller.scope, id, &new, Some(SNAPSHOT), key.as_ref()).await?;
    Ok(Answer::created(row, format!("{ROOT}/campaigns/{id}/kpi/")))
}

/// A snapshot of what is given and of what can be counted.
pub(super) async fn snapshot(service: &Service, scope: &Scope, campaign: i64, given: Given) -> Result<NewSnapshot> {
    let store = &service.store;
    let date = given.snapshot_date.unwrap_or_else(|| Moment::now().date());
    // The engine would refuse it too, under its own name for the day.
    if !(1..=9999).contains(&date.year()) {
        return Err(Fault::field("snapshot_date", "from the year 1 to 9999"));
    }
    let first = date.with_day(1).unwrap_or(date);
    let standings = store.standings(scope, campaign, None).await?;
    let bought = store.standings(scope, campaign, Some(Within::Bought(first, date))).await?;
    let placed = store.standings(scope, campaign, Some(Within::Placed(first, date))).await?;
    let cost = given.cost_this_month.unwrap_or_else(|| total(&bought));
    let domains = store.linking_domains(scope, campaign).await?.len();
    let figures = Figures {
        date,
        dr: given.dr.and_then(|dr| Decimal::parse(&format!("{dr:.2}"))),
        keywords_top_10: given.keywords_top_10.and_then(|count| u32::try_from(count).ok()),
    };
    let (point, metrics) = tipping_point::evaluate(service, scope, campaign, figures).await?;
    let ranking = point.indicators.iter().find(|indicator| indicator.name == IndicatorName::UnlinkedPagesRank);
    let ranking = ranking.and_then(|indicator| indicator.value).and_then(|value| value.at_scale(0));
    Ok(NewSnapshot {
        snapshot_date: date,
        dr: given.dr,
        da: given.da,
        referring_domains: given.referring_domains.unwrap_or_else(|| count(domains)),
        new_links_this_month: given.new_links_this_month.unwrap_or_else(|| count(links(&placed))),
        links_by_tier: live_by_tier(&standings),
        cost_this_month: cost,
        cost_per_link_avg: mean(cost, links(&bought)),
        keywords_top_10: given.keywords_top_10.unwrap_or(0),
        keywords_top_20: given.keywords_top_20.unwrap_or(0),
        keywords_top_50: given.keywords_top_50.unwrap_or(0),
        organic_traffic: given.organic_traffic.or_else(|| metrics.map(|metrics| count(metrics.clicks))),
        impressions: given.impressions.or_else(|| metrics.map(|metrics| count(metrics.impressions))),
        pages_ranking_without_backlinks: given
            .pages_ranking_without_backlinks
            .unwrap_or_else(|| ranking.map_or(0, count)),
        tipping_point_indicators: indicators(&point),
        tipping_point_triggered: point.triggered,
    })
}

fn indicators(point: &TippingPoint) -> BTreeMap<String, bool> {
    point.indicators.iter().map(|indicator| (indicator.name.to_string(), indicator.met)).collect()
}

fn live_by_tier(standings: &[Standing]) -> BTreeMap<Tier, u32> {
    let mut tiers: BTreeMap<Tier, u32> = Tier::ALL.iter().map(|&tier| (tier, 0)).collect();
    for standing in standings.iter().filter(|standing| standing.status == BacklinkStatus::Live) {
        let links = tiers.entry(standing.tier).or_default();
        *links = links.saturating_add(u32::try_from(standing.links).unwrap_or(u32::MAX));
    }
    tiers
}

fn links(standings: &[Standing]) -> u64 {
    standings.iter().map(|standing| standing.links).sum()
}

fn total(standings: &[Standing]) -> Money {
    standings.iter().fold(Money::ZERO, |sum, standing| sum + standing.cost)
}

/// To the cent, half to even; nothing where there are no links.
fn mean(cost: Money, links: u64) -> Money {
    let Some(links) = i64::try_from(links).ok().filter(|&links| links > 0) else { return Money::ZERO };
    let (whole, rest) = (cost.as_cents().div_euclid(links), cost.as_cents().rem_euclid(links));
    let up = match (rest * 2).cmp(&links) {
        std::cmp::Ordering::Less => false,
        std::cmp::Ordering::Equal => whole % 2 != 0,
        std::cmp::Ordering::Greater => true,
    };
    Money::cents(whole + i64::from(up))
}

fn count(value: impl TryInto<i32>) -> i32 {
    value.try_into().unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mean_is_rounded_half_to_even() {
        assert_eq!(mean(Money::cents(1000), 3), Money::cents(333));
        assert_eq!(mean(Money::cents(5), 2), Money::cents(2));
        assert_eq!(mean(Money::cents(7), 2), Money::cents(4));
        assert_eq!(mean(Money::cents(7), 0), Money::ZERO);
    }
}
