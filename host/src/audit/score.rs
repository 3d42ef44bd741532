//! Scores of placed and planned links, by what is known of them.

use std::collections::BTreeMap;

use linker_store::Moment;
use linker_store::entity::backlink::Model;
use linker_store::entity::look;
use linker_store::vocabulary::BacklinkStatus;
use linker_types::{CheckReason, CheckReport, Decimal, Opportunity, QualityScore, ScoreRequest, Topic};

use super::disavow::is_listed;
use super::{is_domain, unknown};
use crate::engine::{Answer, Engine, Failure};

/// What the engine says of a backlink.
pub(crate) struct Audited {
    pub(crate) id: i64,
    pub(crate) target_content_id: i64,
    pub(crate) source_url: String,
    /// When it was changed last.
    pub(crate) read: Moment,
    /// Whether its points are not those that are stored.
    pub(crate) changed: bool,
    pub(crate) score: QualityScore,
    /// 0-11, as it is to be stored: what a reviewer gave stays where it lies between the score and the best possible,
    /// because a reviewer may know what the audit does not.
    pub(crate) points: f64,
    /// Whether its domain belongs into the disavow file.
    pub(crate) disavow: bool,
}

impl Audited {
    /// Whether its points reach the country's threshold.
    pub(crate) fn meets_threshold(&self) -> bool {
        self.points >= f64::from(self.score.threshold)
    }
}

/// Scores backlinks, by what their pages are about; those without a usable domain are left out.
pub(crate) fn score(
    engine: &Engine,
    country: &str,
    blueprint: Option<&str>,
    rows: Vec<Model>,
    looks: &BTreeMap<i64, Vec<look::Model>>,
    blocklist: &[String],
) -> Answer<Vec<Audited>> {
    let mut pages: BTreeMap<i64, Vec<Model>> = BTreeMap::new();
    for row in rows.into_iter().filter(|row| is_domain(&row.source_domain)) {
        pages.entry(row.target_content_id).or_default().push(row);
    }
    let topics = topics(engine, blueprint, pages.keys())?;
    let mut audited = Vec::new();
    for rows in pages.into_values() {
        let Some(first) = rows.first() else { continue };
        let request = ScoreRequest {
            country_code: country.to_owned(),
            target: topic(&topics, first),
            blocklist: blocklist.to_vec(),
            opportunities: rows
                .iter()
                .map(|row| placement(row, looks.get(&row.id).map_or(&[], Vec::as_slice)))
                .collect(),
        };
        let scores = engine.score(&request)?;
        audited.extend(rows.into_iter().zip(scores).map(|(row, score)| judged(row, score)));
    }
    Ok(audited)
}

/// The worst one first.
pub(crate) fn worst_first(audited: &mut [Audited]) {
    audited.sort_by(|a, b| {
        let order = a.points.total_cmp(&b.points).then(a.score.best_possible.cmp(&b.score.best_possible));
        order.then(a.id.cmp(&b.id))
    });
}

fn judged(row: Model, score: QualityScore) -> Audited {
    let (low, high) = (f64::from(score.score), f64::from(score.best_possible));
    let points = row.quality_score.filter(|given| (low..=high).contains(given)).unwrap_or(low);
    let disavow = row.status.0 == BacklinkStatus::Rejected || score.factors.iter().any(is_listed);
    Audited {
        id: row.id,
        target_content_id: row.target_content_id,
        source_url: row.source_url,
        read: row.updated_at,
        changed: row.quality_score != Some(points),
        score,
        points,
        disavow,
    }
}

/// What pages are about. A blueprint that nothing can be planned from says nothing.
fn topics<'a>(
    engine: &Engine,
    blueprint: Option<&str>,
    pages: impl Iterator<Item = &'a i64>,
) -> Answer<BTreeMap<i64, Topic>> {
    let Some(blueprint) = blueprint else { return Ok(BTreeMap::new()) };
    let pages: Vec<i64> = pages.copied().collect();
    let asked: Vec<Option<u64>> = pages.iter().map(|page| Some(u64::try_from(*page).unwrap_or(0))).collect();
    match engine.topics(blueprint, &asked) {
        Ok(topics) => Ok(pages.into_iter().zip(topics).filter_map(|(page, topic)| Some((page, topic?))).collect()),
        Err(Failure::Input(_)) => Ok(BTreeMap::new()),
        Err(failure) => Err(failure),
    }
}

/// What the target page is about; its address where no blueprint knows it.
fn topic(topics: &BTreeMap<i64, Topic>, row: &Model) -> Topic {
    let unknown = || Topic { title: row.target_url.clone(), niches: Vec::new(), keywords: Vec::new() };
    topics.get(&row.target_content_id).cloned().unwrap_or_else(unknown)
}

/// A backlink as a placement, by its row and the latest look at its page.
fn placement(row: &Model, looks: &[look::Model]) -> Opportunity {
    let reports = || looks.iter().rev().filter_map(|look| serde_json::from_str::<CheckReport>(&look.report).ok());
    let seen = reports().find(|report| report.link.is_some());
    let noindex = seen.as_ref().is_some_and(|report| report.reasons.contains(&CheckReason::Noindex));
    Opportunity {
        organic_traffic: row.source_traffic.and_then(|visits| u64::try_from(visits).ok()),
        dr: row.source_dr.map(|dr| Decimal::new(i64::from(dr), 0)),
        // That it may be indexed doesn't say that it is.
        indexed: noindex.then_some(false),
        dofollow: seen.as_ref().map(|report| !report.reasons.iter().any(|reason| reason.withholds())),
        paid: row.cost.map(|cost| cost > linker_store::Money::ZERO),
        outbound_links: reports().find_map(|report| report.outbound_links),
        ..unknown(row.source_domain.clone())
    }
}
