//! "What do I do this month, and what does it cost?"

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use chrono::{Months, NaiveDate};
use linker_store::entity::campaign::Model;
use linker_store::vocabulary::BacklinkStatus;
use linker_store::word::Word;
use linker_store::{LinkOfPlan, Moment, Money, Within, of_plan};
use linker_types::{AnchorType, Campaign, Decimal, LinkType, MonthPlan, Phase, PlannedLink, Tier};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::Caller;
use super::envelope::{Answer, One};
use super::fault::{Fault, Result};
use super::faults::Reading;
use super::service::Service;

pub(super) fn routes() -> OpenApiRouter<Arc<Service>> {
    OpenApiRouter::new().routes(routes!(campaign_month))
}

/// A month of a campaign: what to order, and what it costs.
#[derive(Debug, Serialize, ToSchema)]
struct MonthView {
    month: u32,
    phase: Phase,
    /// Whether it is the one that runs now; none runs before the campaign is started.
    current: bool,
    /// Its first day; unknown before the campaign is started.
    starts_on: Option<NaiveDate>,
    /// Its last day.
    ends_on: Option<NaiveDate>,
    links_target: u32,
    /// Expected price of the month's links, USD.
    placements: Decimal,
    /// Set aside for replacing lost links, USD.
    reserve: Decimal,
    /// Both together: what to set aside for the month, USD.
    budget: Decimal,
    /// Price of the links at the low end, USD.
    price_low: Decimal,
    /// At the high end, USD.
    price_high: Decimal,
    /// What to order.
    links: Vec<LinkView>,
    /// Links that were bought in this month: ordered, or gone live where nobody noted an order.
    ordered: u64,
    /// What those cost, as far as it is known, USD.
    spent: Money,
    /// Dead links of the campaign that wait for a replacement.
    dead: u64,
    /// Backlinks of the whole campaign by status.
    backlinks: BTreeMap<&'static str, u64>,
}

/// A link to order. A planned link's fields, but open: a closed schema can't be flattened into another.
#[derive(Debug, Serialize, ToSchema)]
struct LinkView {
    /// The page that it points to.
    url: String,
    content_id: u64,
    tier: Tier,
    anchor_type: AnchorType,
    anchor_text: String,
    link_type: LinkType,
    cost_low: Decimal,
    cost_expected: Decimal,
    cost_high: Decimal,
    /// The backlink that was made of it when the campaign was started, to be changed as it is ordered and goes live.
    backlink_id: Option<i64>,
    /// Where that stands.
    status: Option<Word<BacklinkStatus>>,
}

impl LinkView {
    fn new(url: &str, link: PlannedLink, placed: Option<&LinkOfPlan>) -> Self {
        let PlannedLink { content_id, tier, anchor_type, anchor_text, link_type, .. } = link;
        let PlannedLink { cost_low, cost_expected, cost_high, .. } = link;
        Self {
            url: url.to_owned(),
            content_id,
            tier,
            anchor_type,
            anchor_text,
            link_type,
            cost_low,
            cost_expected,
            cost_high,
            backlink_id: placed.map(|placed| placed.id),
            status: placed.map(|placed| Word(placed.status)),
        }
    }
}

/// What to do in a month, and what it costs
///
/// The links to order, what they cost, what is set aside, what was spent, and which dead links wait for a replacement.
#[utoipa::path(get, path = "/campaigns/{id}/month/{n}/", tag = "campaigns",
    params(("id" = i64, Path), ("n" = String, Path, description = "From 1, or `current`", example = "current")),
    responses((status = 200, description = "The month", body = One<MonthView>), Reading))]
async fn campaign_month(
    State(service): State<Arc<Service>>,
    caller: Caller,
    path: Result<Path<(i64, String)>, PathRejection>,
) -> Result<Answer<MonthView>> {
    let store = &service.store;
    let Path((id, n)) = path.map_err(|_| Fault::nowhere())?;
    let found = store.campaign(&caller.scope, id).await?;
    let document = found.plan.ok_or_else(|| Fault::not_found("plan"))?.document;
    let plan: Campaign = service.read(caller.scope.account, document, |text| serde_json::from_str(text)).await?;
    let current = current_month(&found.campaign, Moment::now().date());
    let month = match n.as_str() {
        "current" => current.unwrap_or(1),
        n => n.parse().map_err(|_| Fault::not_found("month"))?,
    };
    let planned = plan.monthly_plan.into_iter().find(|planned| planned.month == month);
    let planned = planned.ok_or_else(|| Fault::not_found("month"))?;
    let days = found.campaign.started_at.and_then(|start| days(start.date(), month));
    let ordered = match days {
        Some((from, to)) => store.standings(&caller.scope, id, Some(Within::Bought(from, to))).await?,
        None => Vec::new(),
    };
    let all = store.standings(&caller.scope, id, None).await?;
    let mut backlinks: BTreeMap<&'static str, u64> = BTreeMap::new();
    for standing in &all {
        *backlinks.entry(linker_store::word::Vocabulary::word(standing.status)).or_default() += standing.links;
    }
    let urls: BTreeMap<u64, &str> = plan.pages.iter().map(|page| (page.content_id, page.url.as_str())).collect();
    service.room_for_backlinks(&caller.scope, id).await?;
    let placed = store.links_of_plan(&caller.scope, id).await?;
    let placed = of_plan(&plan.links, &placed);
    let links = plan.links.into_iter().zip(placed).filter(|(link, _)| link.month == month);
    let url = |link: &PlannedLink| urls.get(&link.content_id).copied().unwrap_or_default();
    let links: Vec<LinkView> = links.map(|(link, placed)| LinkView::new(url(&link), link, placed)).collect();
    let MonthPlan { phase, links_target, placements, reserve, budget, .. } = planned;
    Ok(Answer::new(MonthView {
        month,
        phase,
        current: current == Some(month),
        starts_on: days.map(|days| days.0),
        ends_on: days.map(|days| days.1),
        links_target,
        placements,
        reserve,
        budget,
        price_low: sum(links.iter().map(|link| link.cost_low)),
        price_high: sum(links.iter().map(|link| link.cost_high)),
        links,
        ordered: ordered.iter().map(|standing| standing.links).sum(),
        spent: ordered.iter().fold(Money::ZERO, |sum, standing| sum + standing.cost),
        dead: backlinks.get(linker_store::word::Vocabulary::word(BacklinkStatus::Dead)).copied().unwrap_or(0),
        backlinks,
    }))
}

fn sum(amounts: impl Iterator<Item = Decimal>) -> Decimal {
    Decimal::cents(amounts.filter_map(|amount| amount.at_scale(2)).sum())
}

/// The first and the last day of a month of a campaign that started on a day.
fn days(start: NaiveDate, month: u32) -> Option<(NaiveDate, NaiveDate)> {
    let first = start.checked_add_months(Months::new(month.checked_sub(1)?))?;
    Some((first, start.checked_add_months(Months::new(month))?.pred_opt()?))
}

/// The month of the plan that runs on a day, the last one when all are over; none before the start.
pub(super) fn current_month(campaign: &Model, today: NaiveDate) -> Option<u32> {
    let start = campaign.started_at?.date();
    let last = u32::try_from(campaign.timeline_months).unwrap_or(0).max(1);
    (1..=last).find(|&month| days(start, month).is_some_and(|(_, end)| today <= end)).or(Some(last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_begin_on_the_day_of_the_start_or_the_last_there_is() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        assert_eq!(days(day("2026-01-31"), 1), Some((day("2026-01-31"), day("2026-02-27"))));
        assert_eq!(days(day("2026-01-31"), 2), Some((day("2026-02-28"), day("2026-03-30"))));
        assert_eq!(days(day("2027-12-15"), 3), Some((day("2028-02-15"), day("2028-03-14"))));
        assert_eq!(days(day("2026-01-31"), 0), None);
    }
}
