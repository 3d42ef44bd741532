//! What each look at a backlink saw (engine.md §8).

use sea_orm::entity::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;

use crate::Moment;

/// A row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, ToSchema)]
#[schema(as = BacklinkLook)]
#[sea_orm(table_name = "igny8_backlink_looks")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub account_id: i64,
    pub site_id: i64,
    pub backlink_id: i64,
    pub check_id: Option<i64>,
    pub looked_at: Moment,
    pub verdict: String,
    #[schema(value_type = Vec<String>)]
    pub reasons: Json,
    pub report: String,
}

/// Joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
