//! When to look again, and what to write into the table (engine spec, section 8: cadence, `again`, change).

use chrono::{Days, TimeDelta};
use linker_types::{
    Again, AgainWhy, BacklinkChange, BacklinkStatus, CheckPolicy, CheckReason, Observation, Placement, Verdict,
};

use super::evidence::Evidence;
use super::expectation::Expectation;
use super::time::iso;
use super::verdict::Decision;

/// every live link once a week.
const WEEK: u64 = 7;
/// A link is young for this long, in days.
const YOUNG: i64 = 90;
const DAY_SECONDS: u64 = 86_400;

/// The next look; none at a dead link.
pub(crate) fn again(
    expected: &Expectation<'_>,
    evidence: &Evidence,
    observation: &Observation,
    decision: Decision,
    policy: &CheckPolicy,
) -> Option<Again> {
    if decision.verdict == Verdict::Dead {
        return None;
    }
    if !evidence.follow.is_empty() {
        return Some(Again { not_before_seconds: 0, why: AgainWhy::FollowLinks });
    }
    let confirm =
        decision.confirm_at.map(|at| u64::try_from(at.signed_duration_since(expected.now).num_seconds()).unwrap_or(0));
    let asked = super::headers::retry_after(&observation.headers, expected.now);
    let asked = asked.filter(|_| matches!(observation.status, Some(400..=599)));
    let turn = days(expected, policy) * DAY_SECONDS;
    let (not_before_seconds, why) = match (confirm, asked) {
        (Some(confirm), Some(asked)) if asked >= confirm => (asked, AgainWhy::RetryAfter),
        (Some(confirm), _) => (confirm, AgainWhy::Confirm),
        (None, Some(asked)) => (asked, AgainWhy::RetryAfter),
        (None, None) => (turn, AgainWhy::NextCheck),
    };
    Some(Again { not_before_seconds, why })
}

/// The days of the cadence.
fn days(expected: &Expectation<'_>, policy: &CheckPolicy) -> u64 {
    let today = expected.now.date_naive();
    let young = expected.date_live.is_some_and(|live| today.signed_duration_since(live).num_days() < YOUNG);
    if policy.daily_when_young && young { 1 } else { WEEK }
}

/// The day of the next look: the cadence's, or an earlier one that a confirmation or the source asks for.
pub(crate) fn next_check(expected: &Expectation<'_>, again: Option<Again>, policy: &CheckPolicy) -> Option<String> {
    let again = again?;
    let turn = expected.now.date_naive().checked_add_days(Days::new(days(expected, policy)))?;
    let seconds = i64::try_from(again.not_before_seconds).ok().and_then(TimeDelta::try_seconds)?;
    let asked = expected.now.checked_add_signed(seconds)?.date_naive();
    Some(iso(turn.min(asked)))
}

/// The row's change: a live link dies, one that was awaited or given up lives.
pub(crate) fn change(expected: &Expectation<'_>, placement: &Placement, decision: Decision) -> BacklinkChange {
    let today = expected.now.date_naive();
    let seen = matches!(decision.verdict, Verdict::Live | Verdict::Degraded);
    let status = match (placement.status.unwrap_or(BacklinkStatus::Live), decision.verdict) {
        (BacklinkStatus::Live, Verdict::Dead) => Some(BacklinkStatus::Dead),
        (BacklinkStatus::Planned | BacklinkStatus::Ordered | BacklinkStatus::Dead, _) if seen => {
            Some(BacklinkStatus::Live)
        }
        _ => None,
    };
    let lives = status == Some(BacklinkStatus::Live) && expected.date_live.is_none();
    let dies = status == Some(BacklinkStatus::Dead);
    BacklinkChange {
        status,
        date_live: lives.then(|| iso(today)),
        date_last_checked: iso(today),
        lost_on: decision.lost_at.filter(|_| dies).map(|at| iso(at.date_naive())),
    }
}

/// A link that may turn up once links are followed is not dead yet.
pub(crate) fn held(evidence: &Evidence, decision: Decision) -> Decision {
    let undecided = !evidence.follow.is_empty() && evidence.reasons.contains(&CheckReason::LinkRemoved);
    match undecided {
        true => Decision { verdict: Verdict::Unverified, lost_at: None, ..decision },
        false => decision,
    }
}
