//! What the engine needs to know to say how a campaign's dead backlinks are replaced.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use linker_store::entity::{backlink, campaign, look};
use linker_store::vocabulary::BacklinkStatus;
use linker_store::{Accepted, BacklinkFilter, Error, Moment, Result, Scope, Store};
use linker_types::{
    AcceptedReplacement, AnchorType, Campaign, DeadLink, Decimal, RecoveryBasis, Replacement, ReplacementRequest,
    ReserveRequest,
};

use crate::engine::{Answer, Engine};

/// A campaign's losses.
pub(crate) struct Losses {
    pub(crate) plan: Campaign,
    /// Dead backlinks that nothing stands in for.
    pub(crate) dead: Vec<backlink::Model>,
    /// Replacements that were accepted, whatever became of them.
    pub(crate) accepted: Vec<Accepted>,
    pub(crate) asked: Asked,
}

/// What the engine is asked: what is left of the reserve, then what to do with it.
pub(crate) struct Asked {
    reserve: ReserveRequest,
    request: ReplacementRequest,
}

/// What it says.
pub(crate) struct Recommended {
    /// Dollars.
    pub(crate) reserve_left: Decimal,
    /// The greatest loss first.
    pub(crate) replacements: Vec<Replacement>,
}

impl Asked {
    /// # Errors
    /// A plan that does not hold; the sandbox's.
    pub(crate) fn recommend(self, engine: &Engine) -> Answer<Recommended> {
        let reserve_left = engine.reserve_left(&self.reserve)?;
        let request = ReplacementRequest { reserve_left: Some(reserve_left), ..self.request };
        Ok(Recommended { reserve_left, replacements: engine.recommend_replacements(&request)? })
    }
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
    let taken = accepted.iter().filter(|pair| pair.link.status.0 != BacklinkStatus::Rejected);
    let reserve = ReserveRequest {
        campaign: RecoveryBasis::from(&plan),
        current_month: month(&found.campaign),
        accepted: taken
            .map(|pair| AcceptedReplacement {
                link_type: pair.link.link_type.0,
                cost: pair.link.cost.map(|cost| Decimal::cents(cost.as_cents())),
            })
            .collect(),
    };
    let request = ReplacementRequest {
        country_code: None,
        as_of: today.to_string(),
        dead: links.collect(),
        live_anchors: live_anchors(store, scope, id).await?,
        campaign: Some(reserve.campaign.clone()),
        planned_anchors: Vec::new(),
        // The engine's first answer.
        reserve_left: None,
        linked_domains: domains.into_iter().collect(),
        target: None,
        blocklist: blocklist.to_vec(),
        opportunities: Vec::new(),
    };
    Ok(Losses { plan, dead, accepted, asked: Asked { reserve, request } })
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

/// A dead backlink as the engine takes it: its looks say the rest.
fn dead_link(row: &backlink::Model, looks: &[look::Model]) -> DeadLink {
    DeadLink {
        backlink_id: u64::try_from(row.id).unwrap_or_default(),
        content_id: u64::try_from(row.target_content_id).unwrap_or_default(),
        source_domain: row.source_domain.clone(),
        source_dr: row.source_dr.map(|dr| Decimal::new(i64::from(dr), 0)),
        link_type: Some(row.link_type.0),
        tier: Some(row.target_tier.0),
        anchor_type: Some(row.anchor_type.0),
        rel: String::new(),
        history: looks.iter().filter_map(crate::check::remembered).collect(),
        lost_on: Some(row.date_last_checked.unwrap_or_else(|| row.updated_at.date()).to_string()),
    }
}
