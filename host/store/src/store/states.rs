//! Campaigns started, stopped, ended: the only way their status moves.

use sea_orm::{ActiveModelTrait, ColumnTrait, IntoActiveModel, QueryFilter, Set};

use super::Store;
use super::campaigns::locked;
use crate::entity::{campaign, plan};
use crate::scope::Scope;
use crate::vocabulary::CampaignStatus;
use crate::word::{Vocabulary, Word};
use crate::{Error, Moment, Result};

impl Store {
    /// Starts it: `active`, `started_at` the first time, and one `planned` backlink for each planned link,
    /// once however often it is started.
    ///
    /// # Errors
    /// `NotFound`; `Conflict` unless draft or paused.
    pub async fn activate_campaign(&self, scope: &Scope, id: i64) -> Result<campaign::Model> {
        self.turn(scope, id, CampaignStatus::Active).await
    }

    /// Stops it for now.
    ///
    /// # Errors
    /// `NotFound`; `Conflict` unless active.
    pub async fn pause_campaign(&self, scope: &Scope, id: i64) -> Result<campaign::Model> {
        self.turn(scope, id, CampaignStatus::Paused).await
    }

    /// Ends it for good.
    ///
    /// # Errors
    /// `NotFound`; `Conflict` unless active or paused.
    pub async fn complete_campaign(&self, scope: &Scope, id: i64) -> Result<campaign::Model> {
        self.turn(scope, id, CampaignStatus::Completed).await
    }

    async fn turn(&self, scope: &Scope, id: i64, next: CampaignStatus) -> Result<campaign::Model> {
        let work = self.begin().await?;
        let row = locked(&work, scope, id).await?;
        let (from, now) = (row.status.0, Moment::now_after(row.updated_at));
        if !from.may_become(next) {
            return Err(Error::Conflict(format!("a campaign that is {} can't become {}", from.word(), next.word())));
        }
        let plan = scope.find::<plan::Entity>().filter(plan::Column::CampaignId.eq(id)).one(&work).await?;
        if let Some(plan) = plan {
            let mut change = plan.clone().into_active_model();
            if next == CampaignStatus::Active && plan.links_created_at.is_none() {
                self.create_planned(&work, &row, &plan.document, now).await?;
                change.links_created_at = Set(Some(now));
            }
            if next == CampaignStatus::Completed {
                change.completed_at = Set(Some(now));
            }
            if change.is_changed() {
                change.update(&work).await?;
            }
        }
        let started = row.started_at.or((next == CampaignStatus::Active).then_some(now));
        let mut change = row.into_active_model();
        change.status = Set(Word(next));
        change.started_at = Set(started);
        change.updated_at = Set(now);
        let saved = change.update(&work).await?;
        work.commit().await?;
        Ok(saved)
    }
}
