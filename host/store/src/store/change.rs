//! Changing a backlink, and the only way its status moves.

use chrono::NaiveDate;
use sea_orm::{ColumnTrait, ConnectionTrait, QueryFilter};

use super::backlinks::checked;
use super::held::Held;
use super::threshold::good_enough;
use super::{Store, fields};
use crate::entity::backlink::{ActiveModel, Model};
use crate::entity::campaign;
use crate::scope::Scope;
use crate::vocabulary::{AnchorType, BacklinkStatus, LinkType, Marketplace, Tier};
use crate::word::{Vocabulary, Word};
use crate::{Error, Moment, Money, Result};

/// What to change; what is none stays, `Some(None)` empties.
#[derive(Clone, Debug, Default, PartialEq)]
#[allow(missing_docs, reason = "R-9.2's fields")]
pub struct BacklinkChange {
    pub target_url: Option<String>,
    pub target_tier: Option<Tier>,
    pub source_url: Option<String>,
    /// None with a new source URL: that URL's host.
    pub source_domain: Option<String>,
    pub source_dr: Option<Option<i32>>,
    pub source_traffic: Option<Option<i32>>,
    pub anchor_text: Option<String>,
    pub anchor_type: Option<AnchorType>,
    pub link_type: Option<LinkType>,
    pub marketplace: Option<Marketplace>,
    pub cost: Option<Option<Money>>,
    pub quality_score: Option<Option<f64>>,
    pub country_relevant: Option<bool>,
    pub date_ordered: Option<Option<NaiveDate>>,
    pub date_live: Option<Option<NaiveDate>>,
    pub status: Option<BacklinkStatus>,
    pub notes: Option<String>,
}

impl Store {
    /// Changes one. Becoming `ordered` or `live` dates it today where it has no date; the dead one that it was to
    /// replace becomes `replaced` when it goes live.
    ///
    /// # Errors
    /// `NotFound`; `Stale` if `expected` is given and isn't its `updated_at`; `Conflict` for a status that it can't
    /// become; `Invalid`, also for a new status or score where that is below the country's threshold.
    pub async fn update_backlink(
        &self,
        scope: &Scope,
        id: i64,
        expected: Option<Moment>,
        change: BacklinkChange,
    ) -> Result<Model> {
        let work = self.begin().await?;
        let mut held = Held::new(&work, scope, [id]).await?;
        let row = held.row(id)?;
        let known = row.updated_at;
        if expected.is_some_and(|expected| expected != known) {
            return Err(Error::Stale { updated_at: known });
        }
        let now = Moment::now_after(known);
        let judged = change.status.is_some() || change.quality_score.is_some();
        change.apply(row, now.date())?;
        row.updated_at = now;
        checked(row)?;
        if judged {
            let campaign = scope.find::<campaign::Entity>().filter(campaign::Column::Id.eq(row.campaign_id));
            good_enough(&campaign.one(&work).await?.ok_or(Error::NotFound("campaign"))?, row)?;
        }
        *row = write(&work, row.clone()).await?;
        held.settle(&work).await?;
        let saved = held.row(id)?.clone();
        work.commit().await?;
        Ok(saved)
    }
}

impl BacklinkChange {
    fn apply(self, row: &mut Model, today: NaiveDate) -> Result<()> {
        let source = (self.source_url.is_some() || self.source_domain.is_some()).then(|| self.source_domain.clone());
        put(&mut row.target_url, self.target_url);
        put(&mut row.target_tier, self.target_tier.map(Word));
        put(&mut row.source_url, self.source_url);
        if let Some(said) = source {
            row.source_domain = fields::source_domain(&said.unwrap_or_default(), &row.source_url);
        }
        put(&mut row.source_dr, self.source_dr);
        put(&mut row.source_traffic, self.source_traffic);
        put(&mut row.anchor_text, self.anchor_text);
        put(&mut row.anchor_type, self.anchor_type.map(Word));
        put(&mut row.link_type, self.link_type.map(Word));
        put(&mut row.marketplace, self.marketplace.map(Word));
        put(&mut row.cost, self.cost);
        put(&mut row.quality_score, self.quality_score);
        put(&mut row.country_relevant, self.country_relevant);
        put(&mut row.date_ordered, self.date_ordered);
        put(&mut row.date_live, self.date_live);
        put(&mut row.notes, self.notes);
        self.status.map_or(Ok(()), |status| turn(row, status, today))
    }
}

fn put<T>(field: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *field = value;
    }
}

/// Moves the status and what depends on it.
pub(super) fn turn(row: &mut Model, next: BacklinkStatus, today: NaiveDate) -> Result<()> {
    let from = row.status.0;
    if !from.may_become(next) {
        return Err(Error::Conflict(format!("a backlink that is {} can't become {}", from.word(), next.word())));
    }
    row.status = Word(next);
    match next {
        // Taken back: when it is ordered again, that day counts.
        BacklinkStatus::Planned if from != next => row.date_ordered = None,
        _ => dated(row, today),
    }
    Ok(())
}

/// When it was ordered, or first seen: today, where nobody knows better.
pub(super) fn dated(row: &mut Model, today: NaiveDate) {
    match row.status.0 {
        BacklinkStatus::Ordered => row.date_ordered = row.date_ordered.or(Some(today)),
        BacklinkStatus::Live => row.date_live = row.date_live.or(Some(today)),
        _ => {}
    }
}

/// Writes every column of a row that was read under its lock.
pub(super) async fn write(work: &impl ConnectionTrait, row: Model) -> Result<Model> {
    use sea_orm::{ActiveModelTrait, IntoActiveModel};
    let id = row.id;
    let mut change: ActiveModel = row.into_active_model().reset_all();
    change.id = sea_orm::ActiveValue::Unchanged(id);
    Ok(change.update(work).await?)
}
