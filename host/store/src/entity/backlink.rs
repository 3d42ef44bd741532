//! Backlinks.

use sea_orm::entity::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    Moment, Money,
    vocabulary::{AnchorType, BacklinkStatus, LinkType, Marketplace, Tier},
    word::Word,
};

/// A row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, ToSchema)]
#[schema(as = Backlink)]
#[sea_orm(table_name = "igny8_sag_backlinks")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub created_at: Moment,
    pub updated_at: Moment,
    pub account_id: i64,
    pub site_id: i64,
    pub sector_id: Option<i64>,
    pub campaign_id: i64,
    pub blueprint_id: Option<i64>,
    pub target_content_id: i64,
    pub target_url: String,
    pub target_tier: Word<Tier>,
    pub source_url: String,
    pub source_domain: String,
    pub source_dr: Option<i32>,
    pub source_traffic: Option<i32>,
    pub anchor_text: String,
    pub anchor_type: Word<AnchorType>,
    pub link_type: Word<LinkType>,
    pub marketplace: Word<Marketplace>,
    #[sea_orm(save_as = "decimal")]
    pub cost: Option<Money>,
    pub quality_score: Option<f64>,
    pub country_relevant: bool,
    #[schema(value_type = Option<String>, format = Date)]
    pub date_ordered: Option<Date>,
    #[schema(value_type = Option<String>, format = Date)]
    pub date_live: Option<Date>,
    #[schema(value_type = Option<String>, format = Date)]
    pub date_last_checked: Option<Date>,
    pub status: Word<BacklinkStatus>,
    pub notes: String,
}

/// Joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
