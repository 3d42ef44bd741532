//! Backlinks that a transaction is about to change, with those that they stand in for.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::sea_query::{ExprTrait, LockType};
use sea_orm::{ColumnTrait, ConnectionTrait, QueryFilter, QueryOrder, QuerySelect};

use super::change::{turn, write};
use crate::entity::backlink::{Column, Entity, Model};
use crate::entity::replacement;
use crate::scope::Scope;
use crate::vocabulary::BacklinkStatus;
use crate::word::Vocabulary;
use crate::{Error, Moment, Result};

/// Values of a list in a statement.
const BATCH: usize = 1000;

/// Rows that nobody else can change until the transaction ends.
pub(super) struct Held {
    rows: BTreeMap<i64, Model>,
    /// Dead one and replacement.
    pairs: Vec<(i64, i64)>,
}

impl Held {
    /// Holds these, and the other half of each pair that one of them is in: all in the order of their ids, so that two
    /// transactions can't wait for each other. Those that are gone or another's are left out.
    pub(super) async fn new(
        work: &impl ConnectionTrait,
        scope: &Scope,
        ids: impl IntoIterator<Item = i64>,
    ) -> Result<Self> {
        use replacement::Column::{DeadId, ReplacementId};
        let mut ids: BTreeSet<i64> = ids.into_iter().collect();
        let mut pairs = BTreeSet::new();
        for batch in ids.iter().copied().collect::<Vec<_>>().chunks(BATCH) {
            let one = |column: replacement::Column| column.is_in(batch.iter().copied());
            let found = scope.find::<replacement::Entity>().filter(one(DeadId).or(one(ReplacementId)));
            pairs.extend(found.all(work).await?.into_iter().map(|pair| (pair.dead_id, pair.replacement_id)));
        }
        ids.extend(pairs.iter().flat_map(|&(dead, replacement)| [dead, replacement]));
        let mut rows = BTreeMap::new();
        for batch in ids.into_iter().collect::<Vec<_>>().chunks(BATCH) {
            let select = scope.find::<Entity>().filter(Column::Id.is_in(batch.iter().copied()));
            let held = select.order_by_asc(Column::Id).lock(LockType::NoKeyUpdate).all(work).await?;
            rows.extend(held.into_iter().map(|row| (row.id, row)));
        }
        Ok(Self { rows, pairs: pairs.into_iter().collect() })
    }

    /// A row, to be changed and then written.
    pub(super) fn row(&mut self, id: i64) -> Result<&mut Model> {
        self.rows.get_mut(&id).ok_or(Error::NotFound("backlink"))
    }

    /// Whether a dead one may get a replacement.
    pub(super) fn may_be_replaced(&mut self, id: i64) -> Result<()> {
        let status = self.row(id)?.status.0;
        if status != BacklinkStatus::Dead {
            return Err(Error::Conflict(format!(
                "only a dead backlink is replaced, and this one is {}",
                status.word()
            )));
        }
        let mut others =
            self.pairs.iter().filter(|(dead, _)| *dead == id).filter_map(|(_, other)| self.rows.get(other));
        let lost = [BacklinkStatus::Rejected, BacklinkStatus::Dead, BacklinkStatus::Replaced];
        match others.find(|other| !lost.contains(&other.status.0)) {
            Some(other) => Err(Error::Conflict(format!("backlink {} is its replacement already", other.id))),
            None => Ok(()),
        }
    }

    /// Where a replacement is live and its dead one still dead, that becomes `replaced`. One that came back to
    /// life meanwhile stays live.
    pub(super) async fn settle(&mut self, work: &impl ConnectionTrait) -> Result<()> {
        for &(dead, replacement) in &self.pairs {
            let live = self.rows.get(&replacement).is_some_and(|row| row.status.0 == BacklinkStatus::Live);
            let Some(row) = self.rows.get_mut(&dead).filter(|row| live && row.status.0 == BacklinkStatus::Dead) else {
                continue;
            };
            let now = Moment::now_after(row.updated_at);
            turn(row, BacklinkStatus::Replaced, now.date())?;
            row.updated_at = now;
            write(work, row.clone()).await?;
        }
        Ok(())
    }
}
