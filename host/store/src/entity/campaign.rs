//! Campaigns. Money is bound as text and cast, so that each database makes its own exact number of it.

use sea_orm::entity::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    Moment, Money,
    vocabulary::{CampaignStatus, Country},
    word::Word,
};

/// A row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, ToSchema)]
#[schema(as = CampaignRow)]
#[sea_orm(table_name = "igny8_sag_campaigns")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub created_at: Moment,
    pub updated_at: Moment,
    pub account_id: i64,
    pub site_id: i64,
    pub sector_id: Option<i64>,
    pub blueprint_id: Option<i64>,
    pub country_code: Word<Country>,
    pub status: Word<CampaignStatus>,
    #[schema(value_type = Object)]
    pub tier_assignments: Json,
    pub total_links_target: i32,
    #[sea_orm(save_as = "decimal")]
    pub budget_estimate_min: Money,
    #[sea_orm(save_as = "decimal")]
    pub budget_estimate_max: Money,
    pub timeline_months: i32,
    #[schema(value_type = Vec<linker_types::MonthPlan>)]
    pub monthly_plan: Json,
    #[schema(value_type = Object)]
    pub anchor_text_plan: Json,
    #[schema(value_type = linker_types::Profile)]
    pub country_profile: Json,
    #[schema(value_type = Object)]
    pub kpi_data: Json,
    pub started_at: Option<Moment>,
}

/// Joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
