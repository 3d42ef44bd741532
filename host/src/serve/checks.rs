//! Checks in the background: takes those that wait, some at a time, and commits what they find. A check
//! waits a minute before it calls a link dead, and for a slow site longer: nobody else's may wait for that.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use linker_egress::address::{Loopback, Policy, Ports};
use linker_egress::politeness;
use linker_egress::robots::Robots;
use linker_egress::{Config, Sender};
use linker_store::entity::check;
use linker_store::vocabulary::BacklinkStatus;
use linker_store::word::Vocabulary;
use linker_store::{CheckProgress, Finding, Moment, Scope, Store};
use linker_types::{CheckPolicy, CheckReport, Verdict};
use tokio::sync::{Notify, mpsc};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::ServeError;
use super::config::ServeOptions;
use super::placements::placements;
use crate::check::{Checked, Courier, NoReport, Progress, Run, Web};
use crate::engine::{Engine, Failure};
use crate::shares::may_have_more;

/// A host that gave no sign of life for so long, in seconds, has lost its check.
const LEASE: u32 = 60;
/// Signs of life within a lease: a few may be late or get lost.
const SIGNS: u32 = 6;
/// How often the database is asked for checks that another host announced.
const PAUSE: Duration = Duration::from_secs(20);
/// Checks that run at the same time; they share the pages that are fetched at once, and mostly wait for them.
const TOGETHER: usize = 64;
/// Reports that are committed together, where so many wait.
const AT_ONCE: usize = 200;

pub(super) struct Checks {
    store: Store,
    engine: Arc<Engine>,
    work: Arc<Notify>,
    run: Run,
    web: Arc<Web>,
    lease: Duration,
}

impl Checks {
    /// Needs a tokio runtime.
    pub(super) fn new(
        store: Store,
        engine: Arc<Engine>,
        work: Arc<Notify>,
        options: &ServeOptions,
        concurrency: u32,
    ) -> Result<Self, ServeError> {
        let mut sender = Config::default();
        sender.pool.total = sender.pool.total.max(concurrency as usize).min(2 * concurrency as usize);
        if options.unsafe_allow_loopback {
            tracing::warn!("checks may fetch from this machine's own ports (--unsafe-allow-loopback): for tests only");
            sender.policy = Policy { ports: Ports::AlsoAbove1023, loopback: Loopback::AllowedForTests };
        }
        let mut pace = politeness::Settings::default();
        if let Some(seconds) = options.check_spacing {
            pace.spacing = Duration::try_from_secs_f64(seconds)
                .map_err(|error| ServeError::Start { doing: "use --check-spacing", message: error.to_string() })?;
            if pace.spacing.is_zero() {
                pace.address_floor = Duration::ZERO;
            }
        }
        let lease = Duration::from_secs(options.check_lease.map_or(LEASE, Into::into).into());
        let sender = Sender::system(sender)
            .map_err(|error| ServeError::Start { doing: "start the network", message: error.to_string() })?;
        let web = Web::new(sender, Some(Robots::new(Default::default())), pace, concurrency as usize);
        let run = Run { policy: CheckPolicy::default(), confirm: true };
        Ok(Self { store, engine, work, run, web, lease })
    }

    /// Works until it is told to stop; a check that runs then goes back to those that wait.
    pub(super) async fn run(self, stop: CancellationToken) {
        let (checks, mut running) = (Arc::new(self), Running::default());
        while !stop.is_cancelled() {
            if running.tasks.len() < TOGETHER {
                let silent = Moment::of(chrono::Utc::now() - checks.lease);
                match checks.store.take_check(silent, &running.have_enough()).await {
                    Ok(Some(check)) => {
                        let (checks, stop) = (Arc::clone(&checks), stop.clone());
                        running.spawn(check.account_id, async move { checks.check(&check, &stop).await });
                        continue;
                    }
                    Ok(None) => {}
                    Err(error) => tracing::warn!(%error, "can't ask for checks"),
                }
            }
            tokio::select! {
                () = stop.cancelled() => {}
                true = running.ended() => {}
                () = checks.work.notified() => {}
                () = tokio::time::sleep(PAUSE.min(checks.lease)) => {}
            }
        }
        while running.ended().await {}
    }

    async fn check(&self, check: &check::Model, stop: &CancellationToken) {
        let scope = Scope { account: check.account_id, sites: Some(vec![check.site_id]) };
        tracing::info!(check = check.id, campaign = check.campaign_id, "a check begins");
        let mut seen = Seen::default();
        let end = stop.child_token();
        let keeping = tokio::spawn(keep(self.store.clone(), check.clone(), self.lease / SIGNS, end.clone()));
        let done = self.look(check, &scope, &end, &mut seen).await;
        keeping.abort();
        let ended = match &done {
            Ok(()) if stop.is_cancelled() => self.store.hand_back_check(check).await,
            Ok(()) => self.store.finish_check(check, seen.progress(), None).await,
            Err(why) => self.store.finish_check(check, seen.progress(), Some(why)).await,
        };
        match ended {
            Ok(true) => {}
            Ok(false) => tracing::warn!(check = check.id, "another host has taken the check over"),
            Err(error) => tracing::error!(%error, check = check.id, "can't end a check; it is taken up again"),
        }
        tracing::info!(check = check.id, progress = ?seen.progress(), failure = ?done.err(), "a check ended");
    }

    async fn look(
        &self,
        check: &check::Model,
        scope: &Scope,
        stop: &CancellationToken,
        seen: &mut Seen,
    ) -> Result<(), String> {
        let said = |error: linker_store::Error| error.to_string();
        let mut placements = placements(&self.store, scope, check.campaign_id).await.map_err(said)?;
        // What this check found before it changed hands.
        let before = self.store.seen_by_check(scope, check.id).await.map_err(said)?;
        seen.verdicts.extend(before.iter().filter_map(|(&id, verdict)| {
            let known = Verdict::ALL.iter().find(|known| known.as_str() == verdict)?;
            Some((u64::try_from(id).ok()?, *known))
        }));
        placements.retain(|placement| !seen.decided(placement.backlink_id));
        let again = placements.iter().filter(|placement| seen.verdicts.contains_key(&placement.backlink_id)).count();
        seen.total = placements.len() + seen.verdicts.len() - again;
        let courier = Courier::of(&self.web, check.account_id, check.id);
        let (tell, mut told) = mpsc::unbounded_channel();
        let running = async {
            let tell = tell;
            let report = |progress: Progress<'_>| {
                if let Progress::Report(_, report) = progress {
                    tell.send(report.clone()).ok();
                }
            };
            self.run.check(&self.engine, &courier, placements, report).await.map_err(|failure| match failure {
                Failure::Input(errors) => errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "),
                Failure::Engine(error) => error.to_string(),
            })
        };
        let committing = async {
            let (mut failure, mut reports) = (Ok(()), Vec::new());
            while told.recv_many(&mut reports, AT_ONCE).await > 0 {
                while let Err(error) = self.commit(check, scope, &reports, seen).await {
                    // A database that is away comes back: what was seen is kept until then.
                    if stop.is_cancelled() || !matches!(error, linker_store::Error::Unavailable(_)) {
                        failure = Err(error.to_string());
                        break;
                    }
                    tracing::warn!(%error, check = check.id, "findings wait for the database");
                    tokio::select! {
                        () = stop.cancelled() => {}
                        () = tokio::time::sleep(self.lease / SIGNS) => {}
                    }
                }
                reports.clear();
            }
            failure
        };
        let stopping = {
            let (stop, courier) = (stop.clone(), Arc::clone(&courier));
            tokio::spawn(async move {
                stop.cancelled().await;
                courier.stop();
            })
        };
        let (ran, committed) = tokio::join!(running, committing);
        stopping.abort();
        seen.verdicts.extend(ran?.iter().filter_map(unjudged));
        committed
    }

    async fn commit(
        &self,
        check: &check::Model,
        scope: &Scope,
        reports: &[CheckReport],
        seen: &mut Seen,
    ) -> linker_store::Result<()> {
        let looked_at = Moment::now();
        let findings = reports.iter().map(|report| Finding {
            backlink: i64::try_from(report.backlink_id).unwrap_or_default(),
            check: Some(check.id),
            looked_at,
            verdict: report.verdict.to_string(),
            reasons: report.reasons.iter().map(ToString::to_string).collect(),
            report: crate::check::record(report),
            status: report.change.status.and_then(|status| BacklinkStatus::find(status.as_str())),
        });
        let findings: Vec<Finding> = findings.collect();
        self.store.commit_findings(scope, &findings).await?;
        seen.verdicts.extend(reports.iter().map(|report| (report.backlink_id, report.verdict)));
        // Not this host's any more: what it saw is kept, and `keep` ends it.
        self.store.report_check(check, seen.progress()).await.map(drop)
    }
}

/// A link that can't be judged as it is stored, or at whose page the engine failed: nothing is known of it.
fn unjudged(checked: &Checked) -> Option<(u64, Verdict)> {
    let id = checked.placement.backlink_id;
    match &checked.report {
        Ok(_) | Err(NoReport::Stopped) => return None,
        Err(NoReport::Faults(errors)) => tracing::warn!(backlink = id, ?errors, "a backlink can't be checked"),
        Err(NoReport::Failed(why)) => tracing::error!(backlink = id, why, "the engine failed at a page"),
    }
    Some((id, Verdict::Unverified))
}

/// Checks that run here, and whose they are.
#[derive(Default)]
struct Running {
    tasks: JoinSet<()>,
    accounts: HashMap<tokio::task::Id, i64>,
}

impl Running {
    fn spawn(&mut self, account: i64, check: impl Future<Output = ()> + Send + 'static) {
        self.accounts.insert(self.tasks.spawn(check).id(), account);
    }

    /// Accounts that leave the rest of the places to others.
    fn have_enough(&self) -> Vec<i64> {
        let mut held: BTreeMap<i64, usize> = BTreeMap::new();
        self.accounts.values().for_each(|account| *held.entry(*account).or_default() += 1);
        let free = TOGETHER.saturating_sub(self.tasks.len());
        held.into_iter().filter(|&(_, held)| !may_have_more(held, free)).map(|(account, _)| account).collect()
    }

    /// Waits until one has ended; false where none runs.
    async fn ended(&mut self) -> bool {
        let Some(ended) = self.tasks.join_next_with_id().await else { return false };
        let id = match ended {
            Ok((id, ())) => id,
            // A defect of ours costs one check, which is taken up again.
            Err(error) => {
                tracing::error!(%error, "a check was lost");
                error.id()
            }
        };
        self.accounts.remove(&id);
        true
    }
}

/// Gives signs of life until the check is another host's.
async fn keep(store: Store, check: check::Model, pause: Duration, end: CancellationToken) {
    loop {
        tokio::time::sleep(pause).await;
        match store.keep_check(&check).await {
            Ok(true) => {}
            Ok(false) => return end.cancel(),
            Err(error) => tracing::warn!(%error, check = check.id, "can't give a sign of life"),
        }
    }
}

/// The last verdict on each link of a run.
#[derive(Default)]
struct Seen {
    total: usize,
    verdicts: BTreeMap<u64, Verdict>,
}

impl Seen {
    /// Whether a verdict stands: what was not decided is looked at again.
    fn decided(&self, backlink: u64) -> bool {
        matches!(self.verdicts.get(&backlink), Some(Verdict::Live | Verdict::Degraded | Verdict::Dead))
    }

    fn progress(&self) -> CheckProgress {
        let count = |verdicts: &[Verdict]| {
            let found = self.verdicts.values().filter(|verdict| verdicts.contains(verdict)).count();
            i32::try_from(found).unwrap_or(i32::MAX)
        };
        CheckProgress {
            total: i32::try_from(self.total).unwrap_or(i32::MAX),
            done: i32::try_from(self.verdicts.len()).unwrap_or(i32::MAX),
            live: count(&[Verdict::Live, Verdict::Degraded]),
            dead: count(&[Verdict::Dead]),
            unverified: count(&[Verdict::Unverified, Verdict::Blocked]),
        }
    }
}
