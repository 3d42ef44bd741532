//! What of a dead link decides how it is replaced (engine spec, section 8), from its looks and what was agreed: one
//! reading for every host.

use chrono::{DateTime, NaiveDate, Utc};
use linker_types::limits::{LINE, LOOKS, NAME};
use linker_types::{CheckReason, DeadLink, ErrorCode, Impact, Look, LostLink, Verdict};

use crate::faults::Faults;
use crate::impact::impact;
use crate::limits;
use crate::link_check::expectation::{self, is_missed};
use crate::quality::exact::is_rating;
use crate::tipping_point::{check_id, date};

/// A dead link that was read.
#[derive(Debug)]
pub(super) struct Lost<'a> {
    pub(super) link: &'a DeadLink,
    /// The first look since it was seen last that speaks against it; else the day that the caller says.
    pub(super) on: NaiveDate,
    /// The page that carried it still answers; only the link is gone.
    pub(super) page_alive: bool,
    pub(super) impact: Impact,
}

impl Lost<'_> {
    /// Unknown comes after everything known.
    pub(super) fn rank(&self) -> Option<i64> {
        self.impact.score.map(|score| score.units)
    }
}

/// Every dead link, with the faults of those that can't be read. `today` is the day of asking.
pub(super) fn read<'a>(dead: &'a [DeadLink], today: Option<NaiveDate>, faults: &mut Faults) -> Vec<Lost<'a>> {
    let repeated = crate::intake::repeated(dead.iter().map(|link| link.backlink_id));
    let mut lost = Vec::with_capacity(dead.len());
    for (at, link) in dead.iter().enumerate() {
        if faults.full() {
            break;
        }
        let field = |name: &str| format!("dead[{at}].{name}");
        check_id(link.backlink_id, repeated.binary_search(&at).is_ok(), || field("backlink_id"), faults);
        limits::text(faults, || field("source_domain"), &link.source_domain, LINE);
        limits::text(faults, || field("rel"), &link.rel, NAME);
        check_id(link.content_id, false, || field("content_id"), faults);
        if let Some(dr) = link.source_dr.filter(|&dr| !is_rating(dr)) {
            let message = format!("`{dr}` is not a domain rating from 0 to 100");
            faults.add(ErrorCode::OutOfRange, field("source_dr"), message);
        }
        let looks = looks(&link.history, &field("history"), faults);
        let said = link.lost_on.as_deref().map(|day| date(day, field("lost_on"), faults));
        // A day that can't be read is a fault; none at all is the day of asking.
        if let Some(on) = missed_since(&looks).or(said.unwrap_or(today)) {
            lost.push(Lost { link, on, page_alive: page_alive(&looks), impact: weigh(link, &looks) });
        }
    }
    lost
}

/// Oldest first.
fn looks<'a>(history: &'a [Look], field: &str, faults: &mut Faults) -> Vec<(DateTime<Utc>, &'a Look)> {
    limits::count(faults, || field.to_owned(), history.len(), "looks", LOOKS);
    let mut looks = Vec::with_capacity(history.len().min(LOOKS));
    for (at, look) in history.iter().enumerate().take(LOOKS) {
        if let Some(time) = expectation::time(faults, format!("{field}[{at}].at"), &look.at) {
            looks.push((time, look));
        }
    }
    crate::order::sort(&mut looks, |a, b| a.0.cmp(&b.0));
    looks
}

const fn is_seen(look: &Look) -> bool {
    matches!(look.verdict, Verdict::Live | Verdict::Degraded)
}

fn missed_since(looks: &[(DateTime<Utc>, &Look)]) -> Option<NaiveDate> {
    let since = looks.iter().rev().take_while(|(_, look)| !is_seen(look)).filter(|(_, look)| is_missed(look));
    since.last().map(|(time, _)| time.date_naive())
}

fn page_alive(looks: &[(DateTime<Utc>, &Look)]) -> bool {
    let gone = |reason: &CheckReason| matches!(reason, CheckReason::Soft404 | CheckReason::Parked);
    looks.last().is_some_and(|(_, look)| matches!(look.status, Some(200..=299)) && !look.reasons.iter().any(gone))
}

/// What is missing is said, because 0 would say that nothing was lost.
fn weigh(link: &DeadLink, looks: &[(DateTime<Utc>, &Look)]) -> Impact {
    let (Some(link_type), Some(tier)) = (link.link_type, link.tier) else {
        let reason = "the link's type or its page's tier is unknown".to_owned();
        return Impact { score: None, reason: Some(reason) };
    };
    impact(&LostLink { source_dr: link.source_dr, link_type, tier, nofollow: is_withheld(link, looks) })
}

/// It passed no credit when it was last seen, or was agreed so.
fn is_withheld(link: &DeadLink, looks: &[(DateTime<Utc>, &Look)]) -> bool {
    let agreed = crate::link_check::rel(&link.rel);
    let seen = looks.iter().rev().find(|(_, look)| is_seen(look));
    agreed.iter().any(|word| matches!(word.as_str(), "nofollow" | "sponsored" | "ugc"))
        || seen.is_some_and(|(_, look)| look.reasons.iter().any(|reason| reason.withholds()))
}

#[cfg(test)]
mod tests {
    use linker_types::{LinkType, Tier};

    use super::super::tests::{dead, look};
    use super::*;

    /// What a link passed, and since when it is gone, by what its looks saw and what was agreed.
    #[test]
    fn looks_say_what_was_lost() {
        use CheckReason::{BotWall, Http5xx, LinkRemoved, NofollowLink, NofollowPage, Noindex, Parked, Sponsored};
        let seen = |reasons: &[CheckReason]| look("2026-09-01", Verdict::Degraded, reasons, 200);
        let gone = |day: &str| look(day, Verdict::Dead, &[LinkRemoved], 200);
        for (rel, history, impact, lost_on, alive) in [
            ("", vec![seen(&[Noindex]), gone("2026-11-02")], "25.0", "2026-11-02", true),
            ("", vec![seen(&[NofollowLink]), gone("2026-11-02")], "5.0", "2026-11-02", true),
            ("", vec![seen(&[NofollowPage]), gone("2026-11-02")], "5.0", "2026-11-02", true),
            // Not what was seen before.
            (
                "",
                vec![look("2026-08-01", Verdict::Degraded, &[Sponsored], 200), seen(&[]), gone("2026-11-02")],
                "25.0",
                "2026-11-02",
                true,
            ),
            ("UGC, noopener", vec![seen(&[]), gone("2026-11-02")], "5.0", "2026-11-02", true),
            // The first that missed it; a wall between says nothing.
            (
                "",
                vec![
                    seen(&[]),
                    look("2026-10-01", Verdict::Blocked, &[BotWall], 200),
                    look("2026-10-05", Verdict::Unverified, &[LinkRemoved], 200),
                    look("2026-10-06", Verdict::Blocked, &[BotWall], 403),
                    gone("2026-11-02"),
                ],
                "25.0",
                "2026-10-05",
                true,
            ),
            // In any order.
            (
                "",
                vec![gone("2026-11-02"), look("2026-11-04", Verdict::Dead, &[Http5xx], 503), seen(&[])],
                "25.0",
                "2026-11-02",
                false,
            ),
            ("", vec![seen(&[]), look("2026-11-02", Verdict::Dead, &[Parked], 200)], "25.0", "2026-11-02", false),
            // Never looked at.
            ("", vec![], "25.0", "2026-11-01", false),
        ] {
            let link = DeadLink { rel: rel.to_owned(), history, ..dead(1, "50", LinkType::GuestPost, Tier::T1) };
            let mut faults = Faults::default();
            let links = [link];
            let read = read(&links, None, &mut faults);
            assert_eq!(faults.check(), Ok(()));
            let [lost] = read.as_slice() else { panic!("{read:?}") };
            let told = (lost.impact.score.unwrap().to_string(), lost.on.to_string(), lost.page_alive);
            assert_eq!(told, (impact.to_owned(), lost_on.to_owned(), alive), "{rel} {:?}", links[0].history);
        }
    }
}
