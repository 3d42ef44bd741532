//! What went with a dead link, and what to do about it: from what a check saw to the engine's rules.

use std::collections::BTreeMap;

use linker_types::{
    AnchorType, BacklinkStatus, DeadLink, Decimal, Error, Impact, LinkType, Placement, Replacement, ReplacementRequest,
    Tier, Verdict,
};
use serde::{Deserialize, Serialize};

use super::Checked;
use crate::engine::{Engine, Failure};

/// What a backlink's row says of its worth, as far as that is known.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Worth {
    /// The page of ours that it leads to; without it, 1.
    pub content_id: Option<u64>,
    /// The source's domain rating, 0-100.
    pub source_dr: Option<Decimal>,
    /// What kind of placement it is.
    pub link_type: Option<LinkType>,
    /// The tier of the page that it leads to.
    pub tier: Option<Tier>,
    /// The kind of its text.
    pub anchor_type: Option<AnchorType>,
}

/// By what a link is replaced.
#[derive(Clone, Debug)]
pub struct Terms {
    /// Whose prices and minimum DR hold: PK, CA, UK or USA.
    pub country: Option<String>,
    /// Dollars that are left for replacements; without it, as much as the country's prices take.
    pub reserve: Option<Decimal>,
    /// The day of asking, ISO date.
    pub today: String,
}

/// A loss.
#[derive(Clone, Debug, Serialize)]
pub struct Loss {
    /// How much authority is lost, 0-100; `None` where the link's worth is not known.
    pub impact: Impact,
    /// The page is alive and the link not long gone: ask for it back first.
    pub restore: bool,
    /// What to order in its place; `None` where country, link type, tier or anchor type are not known.
    pub replacement: Option<Replacement>,
    /// A sentence to act on.
    pub advice: String,
}

/// The losses among what was checked, by position, and what to do about each. `worth` is in the order of `checked`.
/// Errors: an unknown country, a rating or reserve out of range; the sandbox's.
pub fn losses(
    engine: &Engine,
    checked: &[Checked],
    worth: &[Worth],
    terms: &Terms,
) -> Result<BTreeMap<usize, Loss>, Failure> {
    let is_lost = |link: &Checked| {
        link.report.as_ref().is_ok_and(|report| report.verdict == Verdict::Dead) && !is_given_up(&link.placement)
    };
    let dead: Vec<usize> = (0..checked.len().min(worth.len())).filter(|&at| is_lost(&checked[at])).collect();
    let request = ReplacementRequest {
        country_code: terms.country.clone(),
        as_of: terms.today.clone(),
        dead: dead.iter().map(|&at| dead_link(at, &checked[at].placement, &worth[at])).collect(),
        live_anchors: anchors(checked, worth, |verdict| matches!(verdict, Verdict::Live | Verdict::Degraded)),
        campaign: None,
        planned_anchors: anchors(checked, worth, |_| true),
        reserve_left: terms.reserve,
        linked_domains: Vec::new(),
        target: None,
        blocklist: Vec::new(),
        opportunities: Vec::new(),
    };
    let found = engine.recommend_replacements(&request).map_err(|failure| by_position(failure, &dead))?;
    let position = |id: u64| usize::try_from(id.checked_sub(1)?).ok();
    Ok(found
        .into_iter()
        .filter_map(|replacement| Some((position(replacement.backlink_id)?, loss(replacement))))
        .collect())
}

fn loss(replacement: Replacement) -> Loss {
    let (impact, restore, advice) = (replacement.impact.clone(), replacement.restore, replacement.message.clone());
    let orders = replacement.link_type.is_some();
    Loss { impact, restore, advice, replacement: orders.then_some(replacement) }
}

/// Rows of a file need not have ids that are each another; their positions, from 1, are.
fn dead_link(at: usize, placement: &Placement, worth: &Worth) -> DeadLink {
    DeadLink {
        backlink_id: at as u64 + 1,
        content_id: worth.content_id.unwrap_or(1),
        source_domain: domain(&placement.source_url),
        source_dr: worth.source_dr,
        link_type: worth.link_type,
        tier: worth.tier,
        anchor_type: worth.anchor_type,
        rel: placement.rel.clone(),
        history: placement.history.clone(),
        lost_on: None,
    }
}

/// Nobody waits for it any more.
fn is_given_up(placement: &Placement) -> bool {
    matches!(placement.status, Some(BacklinkStatus::Replaced | BacklinkStatus::Rejected))
}

/// Anchor types of the links with such verdicts, with how many.
fn anchors(checked: &[Checked], worth: &[Worth], counts: fn(Verdict) -> bool) -> Vec<(AnchorType, u32)> {
    let mut found: BTreeMap<AnchorType, u32> = BTreeMap::new();
    for (link, worth) in checked.iter().zip(worth) {
        let verdict = link.report.as_ref().map_or(Verdict::Unverified, |report| report.verdict);
        if let Some(anchor_type) = worth.anchor_type
            && counts(verdict)
            && !is_given_up(&link.placement)
        {
            *found.entry(anchor_type).or_default() += 1;
        }
    }
    found.into_iter().collect()
}

/// The host of a URL without `www.`.
fn domain(url: &str) -> String {
    let host = url.parse::<http::Uri>().ok().and_then(|uri| uri.host().map(str::to_lowercase)).unwrap_or_default();
    host.strip_prefix("www.").map(str::to_owned).unwrap_or(host)
}

/// Faults in the list of the dead, as faults of the placements.
fn by_position(failure: Failure, dead: &[usize]) -> Failure {
    let Failure::Input(errors) = failure else { return failure };
    let moved = |error: Error| {
        let part = error.field.strip_prefix("dead[").and_then(|rest| rest.split_once(']'));
        let at = part.and_then(|(index, field)| Some((dead.get(index.parse::<usize>().ok()?)?, field)));
        match at.map(|(at, field)| format!("placements[{at}]{field}")) {
            Some(field) => Error { field, ..error },
            None => error,
        }
    };
    Failure::Input(errors.into_iter().map(moved).collect())
}
