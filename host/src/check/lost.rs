//! What went with a dead link, and what to do about it: from what a check saw to the engine's rules.

use std::collections::BTreeMap;

use linker_types::{
    AnchorType, BacklinkStatus, CheckReason, CheckReport, DeadLink, Decimal, Error, Impact, LinkType, Placement,
    Replacement, ReplacementRequest, Tier, Topic, Verdict,
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

/// In cents, more than any price list asks for: the country's prices are the only limit.
const AMPLE: i64 = 100_000_000_000;

/// The losses among what was checked, by position, and what to do about each. `worth` is in the order of `checked`.
/// Errors: an unknown country, a rating or reserve out of range; the sandbox's.
pub fn losses(
    engine: &Engine,
    checked: &[Checked],
    worth: &[Worth],
    terms: &Terms,
) -> Result<BTreeMap<usize, Loss>, Failure> {
    let dead: Vec<(usize, &Placement, &CheckReport, &Worth)> = (checked.iter().zip(worth).enumerate())
        .filter_map(|(at, (link, worth))| Some((at, &link.placement, link.report.as_ref().ok()?, worth)))
        .filter(|(_, placement, report, _)| report.verdict == Verdict::Dead && !is_given_up(placement))
        .collect();
    let known = |worth: &Worth| worth.link_type.is_some() && worth.tier.is_some() && worth.anchor_type.is_some();
    let (whole, partly): (Vec<_>, Vec<_>) =
        dead.into_iter().partition(|(_, _, _, worth)| terms.country.is_some() && known(worth));
    let mut losses = BTreeMap::new();
    for (links, orders) in [(whole, true), (partly, false)] {
        if links.is_empty() {
            continue;
        }
        let request = ReplacementRequest {
            dead: (links.iter())
                .map(|&(at, placement, report, worth)| dead_link(at, placement, report, worth, terms))
                .collect(),
            live_anchors: anchors(checked, worth, is_seen),
            planned_anchors: anchors(checked, worth, |_| true),
            ..terms.request()
        };
        let found = engine.recommend_replacements(&request).map_err(|failure| by_position(failure, &links))?;
        for replacement in found {
            let Some((at, link)) =
                position(replacement.backlink_id).and_then(|at| Some((at, links.iter().find(|link| link.0 == at)?)))
            else {
                continue;
            };
            losses.insert(at, loss(replacement, link.1, link.3, orders));
        }
    }
    Ok(losses)
}

impl Terms {
    /// Whether they hold: a known country, a sum of money.
    pub fn vet(&self, engine: &Engine) -> Result<(), Failure> {
        engine.recommend_replacements(&self.request()).map(drop)
    }

    /// With nobody dead.
    fn request(&self) -> ReplacementRequest {
        ReplacementRequest {
            // Whether to ask for a link back depends on no country; what to order does, and is then not said.
            country_code: self.country.clone().unwrap_or_else(|| "PK".to_owned()),
            as_of: self.today.clone(),
            dead: Vec::new(),
            live_anchors: Vec::new(),
            planned_anchors: Vec::new(),
            reserve_left: self.reserve.unwrap_or(Decimal::cents(AMPLE)),
            linked_domains: Vec::new(),
            target: Topic { title: String::new(), niches: Vec::new(), keywords: Vec::new() },
            blocklist: Vec::new(),
            opportunities: Vec::new(),
        }
    }
}

/// Rows of a file need not have ids that are each another; their positions are.
fn id(at: usize) -> u64 {
    at as u64 + 1
}

fn position(id: u64) -> Option<usize> {
    usize::try_from(id.checked_sub(1)?).ok()
}

fn loss(replacement: Replacement, placement: &Placement, worth: &Worth, orders: bool) -> Loss {
    let weighed = worth.link_type.is_some() && worth.tier.is_some();
    let impact = match weighed {
        true => replacement.impact.clone(),
        false => Impact { score: None, reason: Some("the link's type or its page's tier is unknown".to_owned()) },
    };
    let restore = replacement.restore;
    let advice = match orders {
        true => replacement.message.clone(),
        false => advice(restore, &domain(&placement.source_url), worth.source_dr),
    };
    Loss { impact, restore, advice, replacement: orders.then_some(replacement) }
}

/// Where no country says what to order.
fn advice(restore: bool, domain: &str, dr: Option<Decimal>) -> String {
    let ask = if restore { format!("ask {domain} to restore the link first; else ") } else { String::new() };
    let like = dr.map(|dr| format!(", DR {dr} or more")).unwrap_or_default();
    format!("{ask}order another link to the same page{like}")
}

/// Judged dead: what the engine asks of it.
fn dead_link(at: usize, placement: &Placement, report: &CheckReport, worth: &Worth, terms: &Terms) -> DeadLink {
    // What is not known is not said of it afterwards.
    DeadLink {
        backlink_id: id(at),
        content_id: worth.content_id.unwrap_or(1),
        source_domain: domain(&placement.source_url),
        source_dr: worth.source_dr,
        link_type: worth.link_type.unwrap_or(LinkType::GuestPost),
        tier: worth.tier.unwrap_or(Tier::T3),
        anchor_type: worth.anchor_type.unwrap_or(AnchorType::Branded),
        nofollow: withheld(placement),
        page_alive: page_alive(report),
        lost_on: lost_on(placement, report).unwrap_or_else(|| terms.today.clone()),
    }
}

/// It carried nofollow, sponsored or ugc when last seen, or was agreed so.
fn withheld(placement: &Placement) -> bool {
    let seen = placement.history.iter().rev().find(|look| is_seen(look.verdict));
    let agreed = placement
        .rel
        .split([' ', ','])
        .any(|word| ["nofollow", "sponsored", "ugc"].iter().any(|withholds| word.eq_ignore_ascii_case(withholds)));
    let withholds =
        |reason: &CheckReason| matches!(reason, CheckReason::NofollowLink | CheckReason::Sponsored | CheckReason::Ugc);
    agreed || seen.is_some_and(|look| look.reasons.iter().any(withholds))
}

/// The page that carried the link still answers; only the link is gone.
fn page_alive(report: &CheckReport) -> bool {
    let gone = |reason: &CheckReason| matches!(reason, CheckReason::Soft404 | CheckReason::Parked);
    report.status.is_some_and(|status| (200..300).contains(&status)) && !report.reasons.iter().any(gone)
}

/// The day of the first look in a row that missed it, as far as is remembered.
fn lost_on(placement: &Placement, report: &CheckReport) -> Option<String> {
    let missed = || placement.history.iter().rev().take_while(|look| !is_seen(look.verdict)).last();
    report.change.lost_on.clone().or_else(|| missed()?.at.get(..10).map(str::to_owned))
}

/// Nobody waits for it any more.
fn is_given_up(placement: &Placement) -> bool {
    matches!(placement.status, Some(BacklinkStatus::Replaced | BacklinkStatus::Rejected))
}

const fn is_seen(verdict: Verdict) -> bool {
    matches!(verdict, Verdict::Live | Verdict::Degraded)
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
fn by_position<T>(failure: Failure, links: &[(usize, &Placement, &CheckReport, T)]) -> Failure {
    let Failure::Input(errors) = failure else { return failure };
    let moved = |error: Error| {
        let part = error.field.strip_prefix("dead[").and_then(|rest| rest.split_once(']'));
        let at = part.and_then(|(index, field)| Some((links.get(index.parse::<usize>().ok()?)?.0, field)));
        match at.map(|(at, field)| format!("placements[{at}]{field}")) {
            Some(field) => Error { field, ..error },
            None => error,
        }
    };
    Failure::Input(errors.into_iter().map(moved).collect())
}
