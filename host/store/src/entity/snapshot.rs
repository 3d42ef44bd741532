//! KPI snapshots.

use sea_orm::entity::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{Moment, Money};

/// A row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, ToSchema)]
#[schema(as = KpiSnapshot)]
#[sea_orm(table_name = "igny8_campaign_kpi_snapshots")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub created_at: Moment,
    pub updated_at: Moment,
    pub account_id: i64,
    pub site_id: i64,
    pub sector_id: Option<i64>,
    pub campaign_id: i64,
    #[schema(value_type = String, format = Date)]
    pub snapshot_date: Date,
    pub dr: Option<f64>,
    pub da: Option<f64>,
    pub referring_domains: i32,
    pub new_links_this_month: i32,
    #[schema(value_type = Object)]
    pub links_by_tier: Json,
    #[sea_orm(save_as = "decimal")]
    pub cost_this_month: Money,
    #[sea_orm(save_as = "decimal")]
    pub cost_per_link_avg: Money,
    pub keywords_top_10: i32,
    pub keywords_top_20: i32,
    pub keywords_top_50: i32,
    pub organic_traffic: Option<i32>,
    pub impressions: Option<i32>,
    pub pages_ranking_without_backlinks: i32,
    #[schema(value_type = Object)]
    pub tipping_point_indicators: Json,
    pub tipping_point_triggered: bool,
}

/// Joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
