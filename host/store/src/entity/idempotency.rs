//! What a repeated request gets instead of a second effect.

use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::Moment;

/// A row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize)]
#[sea_orm(table_name = "igny8_idempotency_keys")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub account_id: i64,
    pub key: String,
    pub operation: String,
    pub request_digest: String,
    pub resource_id: i64,
    pub answer: Option<String>,
    pub created_at: Moment,
}

/// Joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
