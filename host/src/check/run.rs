//! A run over many links: batches for the guest, several at a time, and a second look where a report asks for one soon.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use linker_types::{AgainWhy, CheckPolicy, CheckReport, Look, Placement};
use tokio::task::JoinSet;

use super::Courier;
use crate::engine::{Engine, Failure};

/// A guest is handed at most so many links: what it knows, the run knows when it is through with them.
const BATCH: usize = 512;

/// Looks that a report asks for within this are made in the same run.
const SOON: Duration = Duration::from_secs(120);

/// How a run goes.
#[derive(Clone, Debug)]
pub struct Run {
    /// How strict, and how many requests at once in all.
    pub policy: CheckPolicy,
    /// Guests at the same time, each on a thread.
    pub guests: usize,
    /// Look again within the run where a report asks for it soon (a confirming look after 60 s).
    pub confirm: bool,
}

/// A link and what is known of it now.
#[derive(Clone, Debug)]
pub struct Checked {
    /// As given, its history with the looks of this run.
    pub placement: Placement,
    /// The last report; `None` where the run was stopped before.
    pub report: Option<CheckReport>,
}

/// What a run tells on its way.
#[derive(Clone, Debug)]
pub enum Progress {
    /// These links have reports.
    Reports(Vec<CheckReport>),
    /// So many links look dead or failing, and are looked at again after that time.
    Waiting(usize, Duration),
}

impl Run {
    /// Checks every placement; the answers in their order. Needs a tokio runtime. Errors: faults of the placements
    /// (nothing was fetched then), or the sandbox's.
    pub async fn check(
        &self,
        engine: &Arc<Engine>,
        courier: &Arc<Courier>,
        placements: Vec<Placement>,
        mut tell: impl FnMut(Progress),
    ) -> Result<Vec<Checked>, Failure> {
        let mut all: Vec<Checked> =
            placements.into_iter().map(|placement| Checked { placement, report: None }).collect();
        let mut next: Vec<usize> = spread(&all);
        loop {
            self.look(engine, courier, &mut all, &next, &mut tell).await?;
            let (again, wait) = soon(&all, &next);
            if !self.confirm || again.is_empty() || courier.is_stopped() {
                return Ok(all);
            }
            tell(Progress::Waiting(again.len(), wait));
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                () = courier.stopped() => return Ok(all),
            }
            next = again;
        }
    }

    /// One look at each of `positions`.
    async fn look(
        &self,
        engine: &Arc<Engine>,
        courier: &Arc<Courier>,
        all: &mut [Checked],
        positions: &[usize],
        tell: &mut impl FnMut(Progress),
    ) -> Result<(), Failure> {
        let guests = self.guests.clamp(1, 64);
        let share = self.policy.in_flight.map(|most| most.div_ceil(u32::try_from(guests).unwrap_or(1)).max(1));
        let policy = CheckPolicy { in_flight: share, ..self.policy.clone() };
        let mut batches = positions.chunks(BATCH);
        let mut working = JoinSet::new();
        loop {
            while working.len() < guests
                && !courier.is_stopped()
                && let Some(batch) = batches.next()
            {
                let placements: Vec<Placement> = batch.iter().map(|&at| all[at].placement.clone()).collect();
                let (engine, courier, policy) = (Arc::clone(engine), Arc::clone(courier), policy.clone());
                let batch = batch.to_vec();
                working.spawn_blocking(move || {
                    let at = now();
                    let reports = engine.check(courier, &placements, &policy, &at);
                    (batch, at, reports)
                });
            }
            let Some(done) = working.join_next().await else { return Ok(()) };
            let (batch, at, reports) =
                done.map_err(|error| Failure::Engine(crate::engine::EngineError::Trap { message: error.to_string() }))?;
            let mut told = Vec::new();
            for (position, mut report) in batch.into_iter().zip(reports?) {
                let requests = || report.chain.iter().map(|hop| hop.url.as_str()).chain([report.final_url.as_str()]);
                if requests().any(|url| courier.was_cut(url)) {
                    continue;
                }
                let spent: Duration = requests().map(|url| courier.spent(url)).sum();
                report.elapsed_ms = u32::try_from(spent.as_millis()).ok();
                let checked = &mut all[position];
                checked.placement.history.push(Look {
                    at: at.clone(),
                    verdict: report.verdict,
                    reasons: report.reasons.clone(),
                    status: report.status,
                });
                told.push(report.clone());
                checked.report = Some(report);
            }
            tell(Progress::Reports(told));
        }
    }
}

/// Now, as the engine reads it: RFC 3339 to the second.
fn now() -> String {
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
        let again = all[at].report.as_ref()?.again?;
        let wait = Duration::from_secs(again.not_before_seconds);
        (matches!(again.why, AgainWhy::Confirm | AgainWhy::RetryAfter) && wait <= SOON).then_some((at, wait))
    };
    let asking: Vec<(usize, Duration)> = positions.iter().filter_map(|at| asks(&at)).collect();
    let wait = asking.iter().map(|&(_, wait)| wait).max().unwrap_or_default();
    (asking.into_iter().map(|(at, _)| at).collect(), wait)
}
