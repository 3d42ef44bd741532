//! A run over many links: batches for guests, many at a time, and a second look where a report asks for one soon.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use linker_types::{AgainWhy, CheckPolicy, CheckReport, Error, Look, Placement};
use tokio::task::JoinSet;

use super::Courier;
use super::batch::{self, Link};
use super::web::GUESTS;
use crate::engine::{Engine, EngineError, Failure};

/// Looks that a report asks for within this are made in the same run.
const SOON: Duration = Duration::from_secs(120);
/// Looks at a link in one run. One more than a confirmed loss takes; a host that is busy for ever has no end of them.
const MOST_LOOKS: usize = 3;
/// Links of one page that a batch takes in beyond its size.
const MOST_ON_A_PAGE: usize = 4096;

/// How a run goes.
#[derive(Clone, Debug)]
pub struct Run {
    /// How strict. How many requests are under way is the courier's to say.
    pub policy: CheckPolicy,
    /// Look again within the run where a report asks for it soon (a confirming look after 60 s).
    pub confirm: bool,
}

/// A link and what is known of it now.
#[derive(Clone, Debug)]
pub struct Checked {
    /// As given, its history with the looks of this run.
    pub placement: Placement,
    /// The last report, or why there is none.
    pub report: Result<CheckReport, NoReport>,
}

/// Why a link has no report.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoReport {
    /// The run was stopped before.
    #[error("the run was stopped before")]
    Stopped,
    /// It can't be judged as it is given.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Faults(Vec<Error>),
    /// The engine failed at its page, in the words of [`EngineError`]; of the link that says nothing.
    #[error("{0}")]
    Failed(String),
}

/// What a run tells on its way.
#[derive(Clone, Copy, Debug)]
pub enum Progress<'a> {
    /// The link at that position has a report; after [`Progress::Waiting`] one that takes the place of its first.
    Report(usize, &'a CheckReport),
    /// So many links look dead or failing, and are looked at again after that time.
    Waiting(usize, Duration),
}

impl Run {
    /// Checks every placement; the answers in their order. Needs a tokio runtime. A link that can't be checked keeps no
    /// other from it. Stops when the courier is told to, with what is known by then. Errors: the sandbox can't run.
    pub async fn check(
        &self,
        engine: &Arc<Engine>,
        courier: &Arc<Courier>,
        placements: Vec<Placement>,
        mut tell: impl FnMut(Progress<'_>),
    ) -> Result<Vec<Checked>, Failure> {
        let unseen = |placement| Checked { placement, report: Err(NoReport::Stopped) };
        let mut all: Vec<Checked> = placements.into_iter().map(unseen).collect();
        let mut next: Vec<usize> = spread(&all);
        for looks in 1..=MOST_LOOKS {
            self.look(engine, courier, &mut all, &next, &mut tell).await?;
            let (again, wait) = soon(&all, &next);
            if !self.confirm || looks == MOST_LOOKS || again.is_empty() || courier.is_stopped() {
                break;
            }
            tell(Progress::Waiting(again.len(), wait));
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                () = courier.stopped() => break,
            }
            next = again;
        }
        Ok(all)
    }

    /// One look at each of `positions`.
    async fn look(
        &self,
        engine: &Arc<Engine>,
        courier: &Arc<Courier>,
        all: &mut [Checked],
        positions: &[usize],
        tell: &mut impl FnMut(Progress<'_>),
    ) -> Result<(), Failure> {
        // Half as many again as may be under way, for those that wait for their host's turn.
        let links = (courier.at_once() * 3 / 2).div_ceil(GUESTS).clamp(16, 256);
        let policy = CheckPolicy { in_flight: u32::try_from(links).ok(), ..self.policy.clone() };
        let mut batches = batches(all, positions, links).into_iter().peekable();
        let mut working = JoinSet::new();
        loop {
            let more = batches.peek().is_some() && !courier.is_stopped();
            tokio::select! {
                guest = courier.guest(), if more => {
                    let batch = batches.next().unwrap_or_default();
                    let links: Vec<Link> = batch.iter().map(|&at| (at, all[at].placement.clone())).collect();
                    let (engine, courier, policy) = (Arc::clone(engine), Arc::clone(courier), policy.clone());
                    working.spawn_blocking(move || {
                        let (at, _guest) = (now(), guest);
                        batch::check(&engine, &courier, links, &policy, &at).map(|outcomes| (at, outcomes))
                    });
                }
                Some(done) = working.join_next() => {
                    let (at, outcomes) = done.map_err(|error| EngineError::Trap { message: error.to_string() })??;
                    for (position, outcome) in outcomes {
                        if let Some(report) = note(&mut all[position], outcome, courier, &at) {
                            tell(Progress::Report(position, report));
                        }
                    }
                }
                () = courier.stopped(), if more => {}
                else => return Ok(()),
            }
        }
    }
}

/// Parts of `positions` with some `most` links each. A page whose links are more than that part is not torn apart, as it
/// would be fetched twice, unless it has several thousand.
fn batches<'a>(all: &[Checked], positions: &'a [usize], most: usize) -> Vec<&'a [usize]> {
    let page = |at: &usize| all[*at].placement.source_url.as_str();
    let (mut batches, mut rest) = (Vec::new(), positions);
    while let Some(last) = rest.get(most.min(rest.len()).wrapping_sub(1)) {
        let (whole, more) = rest.split_at(most.min(rest.len()));
        let same = more.iter().take(MOST_ON_A_PAGE).take_while(|at| page(at) == page(last)).count();
        let (batch, after) = rest.split_at(whole.len() + same);
        batches.push(batch);
        rest = after;
    }
    batches
}

/// Takes a look in; `None` where it says nothing, as the run was stopped before its end.
fn note<'a>(
    checked: &'a mut Checked,
    outcome: Result<CheckReport, NoReport>,
    courier: &Courier,
    at: &str,
) -> Option<&'a CheckReport> {
    let mut report = match outcome {
        Ok(report) => report,
        // What an earlier look saw stays.
        Err(_) if checked.report.is_ok() => return None,
        Err(why) => {
            checked.report = Err(why);
            return None;
        }
    };
    let requests = || report.chain.iter().map(|hop| hop.url.as_str()).chain([report.final_url.as_str()]);
    if requests().any(|url| courier.was_cut(url)) {
        return None;
    }
    let spent: Duration = requests().map(|url| courier.spent(url)).sum();
    report.elapsed_ms = u32::try_from(spent.as_millis()).ok();
    checked.placement.history.push(Look {
        at: at.to_owned(),
        verdict: report.verdict,
        reasons: report.reasons.clone(),
        status: report.status,
    });
    checked.report = Ok(report);
    checked.report.as_ref().ok()
}

/// Now, as the engine reads it: RFC 3339 to the second.
pub(crate) fn now() -> String {
    chrono::Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
}

/// Every host's first page, then every host's second, and so on: nobody waits for a host that has many. Links on one
/// page stay together, as the page is fetched once.
fn spread(all: &[Checked]) -> Vec<usize> {
    let mut pages: HashMap<&str, (usize, usize)> = HashMap::new();
    let mut turns: HashMap<&str, usize> = HashMap::new();
    let mut order: Vec<((usize, usize), usize)> = Vec::with_capacity(all.len());
    for (at, checked) in all.iter().enumerate() {
        let url = checked.placement.source_url.as_str();
        let host = url.split('/').nth(2).unwrap_or(url);
        let page = *pages.entry(url).or_insert_with(|| {
            let turn = turns.entry(host).or_default();
            *turn += 1;
            (*turn, at)
        });
        order.push((page, at));
    }
    order.sort_unstable();
    order.into_iter().map(|(_, at)| at).collect()
}

/// Who asks for another look soon, and when the last of them wants it.
fn soon(all: &[Checked], positions: &[usize]) -> (Vec<usize>, Duration) {
    let asks = |&&at: &&usize| {
        let again = all[at].report.as_ref().ok()?.again?;
        let wait = Duration::from_secs(again.not_before_seconds);
        (matches!(again.why, AgainWhy::Confirm | AgainWhy::RetryAfter) && wait <= SOON).then_some((at, wait))
    };
    let asking: Vec<(usize, Duration)> = positions.iter().filter_map(|at| asks(&at)).collect();
    let wait = asking.iter().map(|&(_, wait)| wait).max().unwrap_or_default();
    (asking.into_iter().map(|(at, _)| at).collect(), wait)
}
