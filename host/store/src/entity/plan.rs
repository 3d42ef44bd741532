//! Full plans (engine.md §11), beside what can hold.

use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::Moment;

/// A row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize)]
#[sea_orm(table_name = "igny8_campaign_plans")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub account_id: i64,
    pub site_id: i64,
    pub campaign_id: i64,
    pub snapshot_id: Option<i64>,
    pub engine_version: String,
    pub profile_version: String,
    pub document: String,
    pub links_created_at: Option<Moment>,
    pub completed_at: Option<Moment>,
    pub created_at: Moment,
}

/// Joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
