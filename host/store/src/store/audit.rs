//! Scores of an audit.

use std::collections::BTreeMap;

use sea_orm::sea_query::LockType;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};

use super::{Idempotency, Price, Store, fields};
use crate::entity::backlink::{ActiveModel, Column, Entity};
use crate::scope::Scope;
use crate::{Moment, Result};

impl Store {
    /// Stores points (0-11) of a campaign's backlinks and charges for it, in one transaction. False where the same
    /// request did so before: then nothing is stored or charged. Each comes with the stamp that it was read with: one
    /// that somebody changed since keeps theirs, and one that is gone is left out.
    ///
    /// # Errors
    /// `NotFound` (campaign), `NotEnoughCredits`, `Conflict` (key used otherwise), `Invalid`.
    pub async fn record_audit(
        &self,
        scope: &Scope,
        campaign: i64,
        points: &BTreeMap<i64, (Moment, u32)>,
        price: Price,
        key: Option<&Idempotency>,
    ) -> Result<bool> {
        for (_, points) in points.values() {
            fields::between("quality_score", f64::from(*points), 0.0, 11.0)?;
        }
        let work = self.begin().await?;
        super::campaigns::locked(&work, scope, campaign).await?;
        if let Some(key) = key
            && !self.keep_key(&work, scope, key, campaign).await?
        {
            drop(work);
            self.resource_of(scope, Some(key)).await?;
            return Ok(false);
        }
        let (mut alike, mut now): (BTreeMap<u32, Vec<i64>>, _) = (BTreeMap::new(), Moment::now());
        for ids in points.keys().copied().collect::<Vec<_>>().chunks(1000) {
            // In the order of their ids, as whoever holds several does.
            let held =
                scope.find::<Entity>().filter(Column::CampaignId.eq(campaign)).filter(Column::Id.is_in(ids.to_vec()));
            let held = held.order_by_asc(Column::Id).lock(LockType::NoKeyUpdate);
            let held = held.select_only().columns([Column::Id, Column::UpdatedAt]).into_tuple::<(i64, Moment)>();
            for (id, stamp) in held.all(&work).await? {
                if let Some(&(read, points)) = points.get(&id).filter(|(read, _)| *read == stamp) {
                    alike.entry(points).or_default().push(id);
                    now = Ord::max(now, Moment::now_after(read));
                }
            }
        }
        for (points, ids) in alike {
            for ids in ids.chunks(1000) {
                let change = ActiveModel {
                    quality_score: Set(Some(f64::from(points))),
                    updated_at: Set(now),
                    ..Default::default()
                };
                let update = Entity::update_many().set(change).filter(scope.condition::<Entity>());
                let update = update.filter(Column::CampaignId.eq(campaign));
                update.filter(Column::Id.is_in(ids.iter().copied())).exec(&work).await?;
            }
        }
        // Last, so that the account's row is held for as short as possible.
        self.charge(&work, scope, price, Some(campaign)).await?;
        work.commit().await?;
        Ok(true)
    }
}
