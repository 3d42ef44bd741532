//! From what a look saw, and what earlier ones saw, to a verdict (engine spec, section 8, "When is it dead?").

use chrono::{DateTime, TimeDelta, Utc};
use linker_types::{CheckReason, DeathPolicy, Verdict};

use super::evidence::{Class, Evidence};
use super::expectation::Expectation;

/// Between a look that misses a link and the one that confirms it.
pub(crate) const CONFIRM_SECONDS: i64 = 60;
/// Between two looks at a source that fails.
pub(crate) const DAY_SECONDS: i64 = 86_400;

/// A verdict with what it takes to change it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Decision {
    pub(crate) verdict: Verdict,
    /// When another look can confirm the loss.
    pub(crate) confirm_at: Option<DateTime<Utc>>,
    /// Of a dead link: the first look in a row that missed it.
    pub(crate) lost_at: Option<DateTime<Utc>>,
}

/// Decides by the policy.
pub(crate) fn decide(
    expected: &Expectation<'_>,
    evidence: &Evidence,
    status: Option<u16>,
    policy: DeathPolicy,
) -> Decision {
    let now = expected.now;
    let alive = |verdict| Decision { verdict, confirm_at: None, lost_at: None };
    let in_a_row = || expected.looks.iter().rev().take_while(|look| proves(look.class, evidence.class));
    let first = in_a_row().last().map_or(now, |look| look.at);
    let dead = Decision { verdict: Verdict::Dead, confirm_at: None, lost_at: Some(first) };
    let error = status.is_some_and(|status| (400..600).contains(&status));
    let literally = error || evidence.reasons.contains(&CheckReason::LinkRemoved);
    if policy == DeathPolicy::Literal && evidence.class != Class::Seen && literally {
        return dead;
    }
    let (looks, apart) = match evidence.class {
        Class::Seen if evidence.reasons.iter().any(|reason| weakens(*reason)) => return alive(Verdict::Degraded),
        Class::Seen => return alive(Verdict::Live),
        Class::Blocked => return alive(Verdict::Blocked),
        Class::Unsure => return alive(Verdict::Unverified),
        Class::Missed | Class::Gone => (2, CONFIRM_SECONDS),
        Class::Failing => (2, DAY_SECONDS),
        Class::Unreachable => (3, DAY_SECONDS),
    };
    // What was dead and still is needs no more proof.
    if in_a_row().next().is_some_and(|look| look.dead) {
        return dead;
    }
    // Oldest first, those that are far enough apart, and this one.
    let mut counted = 0;
    let mut next = None;
    let mut run: Vec<DateTime<Utc>> = in_a_row().map(|look| look.at).collect();
    run.reverse();
    for at in run.into_iter().chain([now]) {
        if next.is_none_or(|next| at >= next) {
            counted += 1;
            next = at.checked_add_signed(TimeDelta::seconds(apart));
        }
    }
    if counted >= looks {
        return dead;
    }
    // A mention is looked at again in its turn: nobody asks an editor twice a day what a script does.
    Decision { confirm_at: next.filter(|_| evidence.class != Class::Missed), ..alive(Verdict::Unverified) }
}

/// Whether an earlier look counts beside one that sees `now`: it saw at least as much against the link. No answer says
/// nothing of a page that answers.
const fn proves(earlier: Class, now: Class) -> bool {
    match now {
        Class::Gone => matches!(earlier, Class::Gone),
        Class::Missed => matches!(earlier, Class::Missed | Class::Gone),
        Class::Failing => matches!(earlier, Class::Failing | Class::Gone),
        Class::Unreachable => matches!(earlier, Class::Unreachable | Class::Failing | Class::Gone),
        Class::Seen | Class::Blocked | Class::Unsure => false,
    }
}

/// Whether a reason makes a link that is there less than it should be.
const fn weakens(reason: CheckReason) -> bool {
    !matches!(reason, CheckReason::SchemeDowngrade)
}
