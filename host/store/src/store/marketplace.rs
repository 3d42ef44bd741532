//! Rows of marketplaces that were paid for: kept for the account that paid, and for nobody else.

use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};

use super::{Store, fields};
use crate::entity::marketplace_row::{ActiveModel, Column, Entity};
use crate::scope::Scope;
use crate::{Moment, Result};

/// A row as a marketplace's client keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptRow {
    /// What was asked, at most 255 characters.
    pub key: String,
    /// What was answered, at most [`Self::LONGEST`] characters.
    pub document: String,
    /// When it is forgotten.
    pub expires_at: Moment,
}

impl KeptRow {
    /// A hundred times what a marketplace says of a domain.
    pub const LONGEST: usize = 64 << 10;
}

impl Store {
    /// The rows of an account under these keys that are still good.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn marketplace_rows(&self, scope: &Scope, keys: &[String]) -> Result<Vec<KeptRow>> {
        let mut kept = Vec::new();
        for keys in keys.chunks(500) {
            let rows = scope.find::<Entity>().filter(Column::Key.is_in(keys));
            let rows = rows.filter(Column::ExpiresAt.gt(Moment::now())).all(&self.db.read).await?;
            let row = |row: crate::entity::marketplace_row::Model| KeptRow {
                key: row.key,
                document: row.document,
                expires_at: row.expires_at,
            };
            kept.extend(rows.into_iter().map(row));
        }
        Ok(kept)
    }

    /// Keeps rows for an account; those of the same key are replaced, and the account's expired ones go.
    ///
    /// # Errors
    /// `Invalid`, `Unavailable`.
    pub async fn keep_marketplace_rows(&self, scope: &Scope, rows: &[KeptRow]) -> Result<()> {
        let work = self.begin().await?;
        let expired = Entity::delete_many().filter(scope.condition::<Entity>());
        expired.filter(Column::ExpiresAt.lte(Moment::now())).exec(&work).await?;
        for rows in rows.chunks(500) {
            let rows = rows.iter().map(|row| {
                fields::some_text("key", &row.key, 255)?;
                fields::text("document", &row.document, KeptRow::LONGEST)?;
                Ok(ActiveModel {
                    account_id: Set(scope.account),
                    key: Set(row.key.clone()),
                    document: Set(row.document.clone()),
                    expires_at: Set(row.expires_at),
                    ..Default::default()
                })
            });
            let rows = rows.collect::<Result<Vec<_>>>()?;
            let same = OnConflict::columns([Column::AccountId, Column::Key])
                .update_columns([Column::Document, Column::ExpiresAt])
                .to_owned();
            Entity::insert_many(rows).on_conflict(same).exec_without_returning(&work).await?;
        }
        work.commit().await
    }
}
