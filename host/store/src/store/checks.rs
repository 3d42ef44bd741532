//! Looks at backlinks: their history, what they change, and the background runs that make them.

use std::collections::BTreeMap;

use sea_orm::sea_query::{ExprTrait, LockBehavior, LockType};
use sea_orm::{ColumnTrait, Condition, EntityTrait, JsonValue, QueryFilter, QueryOrder, QuerySelect, Set};

use super::held::Held;
use super::{Price, Store, campaigns, change, fields};
use crate::entity::{backlink, check, look};
use crate::scope::Scope;
use crate::vocabulary::{BacklinkStatus, CheckStatus};
use crate::word::Word;
use crate::{Error, Moment, Result};

/// Looks of a backlink that a verdict is made of: it needs three.
const MOST_LOOKS: usize = 20;

/// What a look at a backlink saw.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The backlink.
    pub backlink: i64,
    /// The run that it was part of.
    pub check: Option<i64>,
    /// When.
    pub looked_at: Moment,
    /// The engine's word: live, degraded, dead, unverified, blocked.
    pub verdict: String,
    /// The engine's reasons.
    pub reasons: Vec<String>,
    /// The engine's report, JSON of at most [`Self::LONGEST_REPORT`] characters.
    pub report: String,
    /// What becomes of the backlink; none where it stays.
    pub status: Option<BacklinkStatus>,
}

impl Finding {
    /// A page may have a link's text as long as itself, and a hundred looks are listed at once.
    pub const LONGEST_REPORT: usize = 32 << 10;
}

/// How far a run is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CheckProgress {
    /// Backlinks of the run.
    pub total: i32,
    /// Looked at.
    pub done: i32,
    /// Found live, degraded ones too.
    pub live: i32,
    /// Found dead.
    pub dead: i32,
    /// Not decided.
    pub unverified: i32,
}

impl Store {
    /// Commits findings: history, `date_last_checked`, status. All of them in one transaction. A backlink that somebody
    /// moved meanwhile to where the finding can't lead keeps its status; one that is gone is left out. A dead one whose
    /// replacement is live becomes `replaced`.
    ///
    /// # Errors
    /// `Invalid` (verdict); `Unavailable`.
    pub async fn commit_findings(&self, scope: &Scope, findings: &[Finding]) -> Result<()> {
        let work = self.begin().await?;
        let mut held = Held::new(&work, scope, findings.iter().map(|finding| finding.backlink)).await?;
        for finding in findings {
            fields::some_text("verdict", &finding.verdict, 15)?;
            fields::text("report", &finding.report, Finding::LONGEST_REPORT)?;
            let Ok(row) = held.row(finding.backlink) else { continue };
            let entry = look::ActiveModel {
                account_id: Set(row.account_id),
                site_id: Set(row.site_id),
                backlink_id: Set(row.id),
                check_id: Set(finding.check),
                looked_at: Set(finding.looked_at),
                verdict: Set(finding.verdict.clone()),
                reasons: Set(JsonValue::from(finding.reasons.clone())),
                report: Set(finding.report.clone()),
                ..Default::default()
            };
            look::Entity::insert(entry).exec_without_returning(&work).await?;
            let today = finding.looked_at.date();
            row.date_last_checked = Ord::max(row.date_last_checked, Some(today));
            row.updated_at = Moment::now_after(row.updated_at);
            if let Some(status) = finding.status
                && row.status.0.may_become(status)
            {
                change::turn(row, status, today)?;
            }
            *row = change::write(&work, row.clone()).await?;
        }
        held.settle(&work).await?;
        work.commit().await
    }

    /// The latest looks at a backlink, newest first, 1,000 at most.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn looks(&self, scope: &Scope, backlink: i64, limit: u64) -> Result<Vec<look::Model>> {
        self.backlink(scope, backlink).await?;
        let looks = scope.find::<look::Entity>().filter(look::Column::BacklinkId.eq(backlink));
        Ok(looks.order_by_desc(look::Column::Id).limit(limit.clamp(1, 1000)).all(&self.db.read).await?)
    }

    /// The looks at each of these backlinks since `since`, oldest first, the latest 20 of each.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn histories(
        &self,
        scope: &Scope,
        backlinks: &[i64],
        since: Moment,
    ) -> Result<BTreeMap<i64, Vec<look::Model>>> {
        let mut histories: BTreeMap<i64, Vec<look::Model>> = BTreeMap::new();
        for batch in backlinks.chunks(1000) {
            let looks = scope.find::<look::Entity>().filter(look::Column::BacklinkId.is_in(batch.iter().copied()));
            let looks = looks.filter(look::Column::LookedAt.gte(since)).order_by_asc(look::Column::Id);
            for look in looks.all(&self.db.read).await? {
                let history = histories.entry(look.backlink_id).or_default();
                if history.len() == MOST_LOOKS {
                    history.remove(0);
                }
                history.push(look);
            }
        }
        Ok(histories)
    }

    /// Asks for a run over a campaign's live backlinks and charges for it. One that waits or runs already is given instead
    /// of another, and costs nothing more.
    ///
    /// # Errors
    /// `NotFound` (campaign), `NotEnoughCredits`.
    pub async fn request_check(&self, scope: &Scope, campaign: i64, price: Option<Price>) -> Result<check::Model> {
        let work = self.begin().await?;
        // Held, so that two requests can't both find nothing.
        let row = campaigns::locked(&work, scope, campaign).await?;
        let open = scope.find::<check::Entity>().filter(check::Column::CampaignId.eq(campaign));
        let open = open.filter(check::Column::Status.is_in([CheckStatus::Queued, CheckStatus::Running].map(Word)));
        if let Some(open) = open.one(&work).await? {
            return Ok(open);
        }
        let live = scope.find::<backlink::Entity>().filter(backlink::Column::CampaignId.eq(campaign));
        let live = live.filter(backlink::Column::Status.eq(Word(BacklinkStatus::Live)));
        let check = check::ActiveModel {
            account_id: Set(row.account_id),
            site_id: Set(row.site_id),
            campaign_id: Set(campaign),
            status: Set(Word(CheckStatus::Queued)),
            total: Set(fields::int("total", super::list::count(&work, &live).await?)?),
            done: Set(0),
            live: Set(0),
            dead: Set(0),
            unverified: Set(0),
            error: Set(String::new()),
            created_at: Set(Moment::now()),
            ..Default::default()
        };
        let check = check::Entity::insert(check).exec_with_returning(&work).await?;
        if let Some(price) = price {
            self.charge(&work, scope, price, Some(campaign)).await?;
        }
        work.commit().await?;
        Ok(check)
    }

    /// How a run stands.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn check(&self, scope: &Scope, id: i64) -> Result<check::Model> {
        let found = scope.find::<check::Entity>().filter(check::Column::Id.eq(id)).one(&self.db.read).await?;
        found.ok_or(Error::NotFound("check"))
    }

    /// Takes a run that waits, for background workers, several of which may ask at once: of the account that has the fewest
    /// running, with whatever worker, its oldest. `besides` names accounts that have enough. A run whose worker gave no
    /// sign of life since `silent` is taken from it; when it began tells the two apart.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn take_check(&self, silent: Moment, besides: &[i64]) -> Result<Option<check::Model>> {
        use check::Column;
        for account in self.accounts_that_wait(silent, besides).await? {
            let work = self.begin().await?;
            let next = check::Entity::find().filter(Column::AccountId.eq(account)).filter(waits(silent));
            let next = next.order_by_asc(Column::Id).lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
            // None where others were faster.
            let Some(next) = next.one(&work).await? else { continue };
            let now = Moment::now();
            let change = check::ActiveModel {
                id: Set(next.id),
                status: Set(Word(CheckStatus::Running)),
                started_at: Set(Some(now)),
                seen_at: Set(Some(now)),
                ..Default::default()
            };
            let taken = check::Entity::update(change).validate()?.exec(&work).await?;
            work.commit().await?;
            return Ok(Some(taken));
        }
        Ok(None)
    }

    /// Accounts whose runs wait, the one with the fewest that run first, of equals the one whose run is oldest. Read beside
    /// the writer: mostly there are none.
    async fn accounts_that_wait(&self, silent: Moment, besides: &[i64]) -> Result<Vec<i64>> {
        use check::Column;
        let waiting =
            check::Entity::find().select_only().column(Column::AccountId).column_as(Column::Id.min(), "oldest");
        let waiting = waiting.filter(waits(silent)).group_by(Column::AccountId);
        let waiting = waiting.into_tuple::<(i64, i64)>().all(&self.db.read).await?;
        if waiting.is_empty() {
            return Ok(Vec::new());
        }
        let running =
            check::Entity::find().select_only().column(Column::AccountId).column_as(Column::Id.count(), "runs");
        let running = running.filter(Column::Status.eq(Word(CheckStatus::Running))).filter(Column::SeenAt.gte(silent));
        let running = running.group_by(Column::AccountId).into_tuple::<(i64, i64)>().all(&self.db.read).await?;
        let running: BTreeMap<i64, i64> = running.into_iter().collect();
        let mut order: Vec<_> = (waiting.into_iter().filter(|(account, _)| !besides.contains(account)))
            .map(|(account, oldest)| (running.get(&account).copied().unwrap_or_default(), oldest, account))
            .collect();
        order.sort_unstable();
        Ok(order.into_iter().map(|(_, _, account)| account).collect())
    }

    /// A sign of life of the worker that took a run; false once it is not this worker's any more.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn keep_check(&self, taken: &check::Model) -> Result<bool> {
        let sign = check::ActiveModel { seen_at: Set(Some(Moment::now())), ..Default::default() };
        self.set_check(taken, sign).await
    }

    /// The last verdict on each link that a run has looked at, by the backlink's id.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn seen_by_check(&self, scope: &Scope, check: i64) -> Result<BTreeMap<i64, String>> {
        let looks = scope.find::<look::Entity>().filter(look::Column::CheckId.eq(check));
        let looks = looks.select_only().columns([look::Column::BacklinkId, look::Column::Verdict]);
        let looks = looks.order_by_asc(look::Column::Id).into_tuple::<(i64, String)>().all(&self.db.read).await?;
        Ok(looks.into_iter().collect())
    }

    /// Gives up a run so that it is taken again, by this host or another: what it committed stays. False where it is not
    /// this worker's any more.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn hand_back_check(&self, taken: &check::Model) -> Result<bool> {
        let waiting = check::ActiveModel {
            status: Set(Word(CheckStatus::Queued)),
            started_at: Set(None),
            seen_at: Set(None),
            ..Default::default()
        };
        self.set_check(taken, waiting).await
    }

    /// Notes how far a run is. False where it is not this worker's any more.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn report_check(&self, taken: &check::Model, progress: CheckProgress) -> Result<bool> {
        self.set_check(taken, check::ActiveModel { seen_at: Set(Some(Moment::now())), ..standing(progress) }).await
    }

    /// Ends a run; `error` says why it was given up. False where it is not this worker's any more.
    ///
    /// # Errors
    /// `Unavailable`; `Invalid`.
    pub async fn finish_check(
        &self,
        taken: &check::Model,
        progress: CheckProgress,
        error: Option<&str>,
    ) -> Result<bool> {
        let error: String = error.unwrap_or_default().chars().take(fields::LONG).collect();
        fields::text("error", &error, fields::LONG)?;
        let end = check::ActiveModel {
            status: Set(Word(if error.is_empty() { CheckStatus::Done } else { CheckStatus::Failed })),
            error: Set(error),
            finished_at: Set(Some(Moment::now())),
            ..standing(progress)
        };
        self.set_check(taken, end).await
    }

    /// Changes a run that is still this worker's.
    async fn set_check(&self, taken: &check::Model, change: check::ActiveModel) -> Result<bool> {
        use check::Column;
        let update = check::Entity::update_many().set(change).filter(Column::Id.eq(taken.id));
        let update = update.filter(Column::Status.eq(Word(CheckStatus::Running)));
        let update = update.filter(Column::StartedAt.eq(taken.started_at));
        let work = self.begin().await?;
        let mine = update.exec(&work).await?.rows_affected == 1;
        work.commit().await?;
        Ok(mine)
    }
}

/// Runs that nobody is at.
fn waits(silent: Moment) -> Condition {
    use check::Column;
    let lost = Column::Status.eq(Word(CheckStatus::Running)).and(Column::SeenAt.lt(silent));
    Condition::any().add(Column::Status.eq(Word(CheckStatus::Queued))).add(lost)
}

fn standing(progress: CheckProgress) -> check::ActiveModel {
    check::ActiveModel {
        total: Set(progress.total),
        done: Set(progress.done),
        live: Set(progress.live),
        dead: Set(progress.dead),
        unverified: Set(progress.unverified),
        ..Default::default()
    }
}
