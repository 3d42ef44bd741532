//! Background check runs.

use sea_orm::entity::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{Moment, vocabulary::CheckStatus, word::Word};

/// A row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, ToSchema)]
#[schema(as = BacklinkCheck)]
#[sea_orm(table_name = "igny8_backlink_checks")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub account_id: i64,
    pub site_id: i64,
    pub campaign_id: i64,
    pub status: Word<CheckStatus>,
    pub total: i32,
    pub done: i32,
    pub live: i32,
    pub dead: i32,
    pub unverified: i32,
    pub error: String,
    pub created_at: Moment,
    pub started_at: Option<Moment>,
    /// The last sign of life of the host that runs it.
    pub seen_at: Option<Moment>,
    pub finished_at: Option<Moment>,
}

/// Joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
