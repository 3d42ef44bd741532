//! What the engine needs to know to say how a campaign's dead backlinks are replaced.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use linker_store::entity::{backlink, campaign, look};
use linker_store::vocabulary::BacklinkStatus;
use linker_store::{Accepted, BacklinkFilter, Error, Moment, Result, Scope, Store};
use linker_types::{
    AnchorType, Campaign, CheckReason, CheckReport, DeadLink, Decimal, LinkType, ReplacementRequest, Topic, Verdict,
};

/// A campaign's losses.
pub(crate) struct Losses {
    pub(crate) plan: Campaign,
    /// Dead backlinks that nothing stands in for.
    pub(crate) dead: Vec<backlink::Model>,
    /// Replacements that were accepted, whatever became of them.
    pub(crate) accepted: Vec<Accepted>,
    /// What the engine is asked.
    pub(crate) request: ReplacementRequest,
}

/// All that is known of them on a day; `month` is the plan's that runs then.
///
/// # Errors
/// `NotFound` (campaign, or one without a plan of ours).
pub(crate) async fn losses(
    store: &Store,
    scope: &Scope,
    id: i64,
    today: NaiveDate,
    month: impl FnOnce(&campaign::Model) -> Option<u32>,
    blocklist: &[String],
) -> Result<Losses> {
    let found = store.campaign(scope, id).await?;
    let document = found.plan.ok_or(Error::NotFound("plan"))?.document;
    let plan: Campaign = serde_json::from_str(&document)
        .map_err(|error| Error::Broken(format!("the plan of campaign {id} can't be read: {error}")))?;
    let accepted = store.replacements(scope, id).await?;
    let dead = dead(store, scope, id, &accepted).await?;
    let since = Moment::of(chrono::Utc::now() - chrono::TimeDelta::days(crate::check::HISTORY));
    let ids: Vec<i64> = dead.iter().map(|row| row.id).collect();
    let histories = store.histories(scope, &ids, since).await?;
    let links = dead.iter().map(|row| dead_link(row, histories.get(&row.id).map_or(&[], Vec::as_slice)));
    let mut domains: BTreeSet<String> = store.linking_domains(scope, id).await?;
    let pending = accepted.iter().filter(|pair| is_pending(&pair.link)).map(|pair| pair.link.source_domain.clone());
    domains.extend(pending.filter(|domain| !domain.is_empty()));
    let request = ReplacementRequest {
        country_code: found.campaign.country_code.0.to_string(),
        as_of: today.to_string(),
        dead: links.collect(),
        live_anchors: live_anchors(store, scope, id).await?,
        planned_anchors: plan.anchor_mix.iter().map(|share| (share.anchor_type, share.links)).collect(),
        reserve_left: reserve_left(&plan, month(&found.campaign), &accepted),
        linked_domains: domains.into_iter().collect(),
        // Compared with offers only, of which there are none here.
        target: Topic { title: String::new(), niches: Vec::new(), keywords: Vec::new() },
        blocklist: blocklist.to_vec(),
        opportunities: Vec::new(),
    };
    Ok(Losses { plan, dead, accepted, request })
}

/// Whether it may still go live.
fn is_pending(link: &backlink::Model) -> bool {
    matches!(link.status.0, BacklinkStatus::Planned | BacklinkStatus::Ordered)
}

async fn dead(store: &Store, scope: &Scope, id: i64, accepted: &[Accepted]) -> Result<Vec<backlink::Model>> {
    let replaced: BTreeSet<i64> = accepted.iter().filter(|pair| is_pending(&pair.link)).map(|pair| pair.dead).collect();
    let filter = BacklinkFilter { campaign: Some(id), status: Some(BacklinkStatus::Dead), ..BacklinkFilter::default() };
    let (mut dead, mut after) = (Vec::new(), 0);
    loop {
        let rows = store.backlinks_after(scope, filter, after, 1000).await?;
        let Some(last) = rows.last() else { return Ok(dead) };
        after = last.id;
        dead.extend(rows.into_iter().filter(|row| !replaced.contains(&row.id)));
    }
}

async fn live_anchors(store: &Store, scope: &Scope, id: i64) -> Result<Vec<(AnchorType, u32)>> {
    let mut live: BTreeMap<&str, (AnchorType, u32)> = BTreeMap::new();
    for standing in store.standings(scope, id, None).await? {
        if standing.status == BacklinkStatus::Live {
            let kind = live.entry(standing.anchor_type.as_str()).or_insert((standing.anchor_type, 0));
            kind.1 = kind.1.saturating_add(u32::try_from(standing.links).unwrap_or(u32::MAX));
        }
    }
    Ok(live.into_values().collect())
}

/// The reserves of the months up to the current one, without what accepted replacements take of them: their
/// price, or the middle of their type's while none is agreed on. None before the campaign is started.
fn reserve_left(plan: &Campaign, month: Option<u32>, accepted: &[Accepted]) -> Decimal {
    let until = month.unwrap_or(0);
    let set_aside = plan.monthly_plan.iter().filter(|month| month.month <= until);
    let set_aside: i64 = set_aside.filter_map(|month| month.reserve.at_scale(2)).sum();
    let taken = accepted.iter().filter(|pair| pair.link.status.0 != BacklinkStatus::Rejected).map(|pair| {
        pair.link.cost.map_or_else(|| expected(plan, pair.link.link_type.0), linker_store::Money::as_cents)
    });
    Decimal::cents(set_aside.saturating_sub(taken.sum()).max(0))
}

/// Cents.
fn expected(plan: &Campaign, kind: LinkType) -> i64 {
    let terms = plan.country_profile.link_mix.iter().find(|(own, _)| *own == kind);
    let prices = terms.and_then(|(_, terms)| terms.low.at_scale(2).zip(terms.high.at_scale(2)));
    prices.map_or(0, |(low, high)| low.saturating_add(high) / 2)
}

/// What its looks, oldest first, say of a lost link.
fn dead_link(row: &backlink::Model, looks: &[look::Model]) -> DeadLink {
    let reports: Vec<(NaiveDate, CheckReport)> = looks
        .iter()
        .rev()
        .filter_map(|look| Some((look.looked_at.date(), serde_json::from_str(&look.report).ok()?)))
        .collect();
    let has = |report: &CheckReport, reasons: &[CheckReason]| reports_any(report, reasons);
    let last_seen = reports.iter().find(|(_, report)| report.link.is_some());
    let gone = [CheckReason::Soft404, CheckReason::Parked];
    let ok = |report: &CheckReport| report.status.is_some_and(|status| (200..300).contains(&status));
    let first = reports.iter().take_while(|(_, report)| report.verdict == Verdict::Dead).last();
    let lost_on = first.map(|(day, report)| report.change.lost_on.clone().unwrap_or_else(|| day.to_string()));
    let known = row.date_last_checked.unwrap_or_else(|| row.updated_at.date());
    DeadLink {
        backlink_id: u64::try_from(row.id).unwrap_or_default(),
        content_id: u64::try_from(row.target_content_id).unwrap_or_default(),
        source_domain: row.source_domain.clone(),
        source_dr: row.source_dr.map(|dr| Decimal::new(i64::from(dr), 0)),
        link_type: row.link_type.0,
        tier: row.target_tier.0,
        anchor_type: row.anchor_type.0,
        nofollow: last_seen.is_some_and(|(_, report)| has(report, &HOLDING_BACK)),
        page_alive: reports.first().is_some_and(|(_, report)| ok(report) && !has(report, &gone)),
        lost_on: lost_on.unwrap_or_else(|| known.to_string()),
    }
}

/// What keeps a link from passing credit.
pub(crate) const HOLDING_BACK: [CheckReason; 4] =
    [CheckReason::NofollowLink, CheckReason::Sponsored, CheckReason::Ugc, CheckReason::NofollowPage];

/// Whether a report gives one of these reasons.
pub(crate) fn reports_any(report: &CheckReport, reasons: &[CheckReason]) -> bool {
    report.reasons.iter().any(|reason| reasons.contains(reason))
}
