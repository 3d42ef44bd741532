//! KPI snapshots: recorded, listed, summed up in the campaign's `kpi_data`.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, Set};
use serde_json::json;

use super::{Idempotency, Page, Paging, Price, Store, campaigns, fields, list};
use crate::entity::snapshot::{ActiveModel, Column, Entity, Model};
use crate::scope::Scope;
use crate::vocabulary::Tier;
use crate::{Moment, Money, Result};

/// A snapshot to be recorded.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs, reason = "R-9.3's fields")]
pub struct NewSnapshot {
    pub snapshot_date: NaiveDate,
    /// 0-100.
    pub dr: Option<f64>,
    /// 0-100.
    pub da: Option<f64>,
    pub referring_domains: i32,
    pub new_links_this_month: i32,
    pub links_by_tier: BTreeMap<Tier, u32>,
    /// USD.
    pub cost_this_month: Money,
    /// USD.
    pub cost_per_link_avg: Money,
    pub keywords_top_10: i32,
    pub keywords_top_20: i32,
    pub keywords_top_50: i32,
    pub organic_traffic: Option<i32>,
    pub impressions: Option<i32>,
    pub pages_ranking_without_backlinks: i32,
    pub tipping_point_indicators: BTreeMap<String, bool>,
    pub tipping_point_triggered: bool,
}

impl Store {
    /// Records one and charges for it; a repeated key gives the first again.
    ///
    /// # Errors
    /// `NotFound` (campaign), `NotEnoughCredits`, `Conflict` (key used otherwise), `Invalid`.
    pub async fn record_snapshot(
        &self,
        scope: &Scope,
        campaign: i64,
        new: &NewSnapshot,
        price: Option<Price>,
        key: Option<&Idempotency>,
    ) -> Result<Model> {
        if let Some(id) = self.resource_of(scope, key).await? {
            return self.snapshot(scope, id).await;
        }
        checked(new)?;
        let work = self.begin().await?;
        let parent = campaigns::locked(&work, scope, campaign).await?;
        let now = Moment::now_after(parent.updated_at);
        let row = ActiveModel {
            created_at: Set(now),
            updated_at: Set(now),
            account_id: Set(parent.account_id),
            site_id: Set(parent.site_id),
            sector_id: Set(parent.sector_id),
            campaign_id: Set(campaign),
            ..row(new)
        };
        let saved = Entity::insert(row).exec_with_returning(&work).await?;
        let mine = || scope.find::<Entity>().filter(Column::CampaignId.eq(campaign));
        let latest = mine().order_by_desc(Column::SnapshotDate).order_by_desc(Column::Id).one(&work).await?;
        let summary = summary(list::count(&work, &mine()).await?, &latest.unwrap_or_else(|| saved.clone()));
        let mut parent = parent.into_active_model();
        parent.kpi_data = Set(summary);
        parent.updated_at = Set(now);
        parent.update(&work).await?;
        if let Some(key) = key
            && !self.keep_key(&work, scope, key, saved.id).await?
        {
            drop(work);
            let id = self.resource_of(scope, Some(key)).await?.unwrap_or(saved.id);
            return self.snapshot(scope, id).await;
        }
        if let Some(price) = price {
            self.charge(&work, scope, price, Some(campaign)).await?;
        }
        work.commit().await?;
        Ok(saved)
    }

    /// One.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn snapshot(&self, scope: &Scope, id: i64) -> Result<Model> {
        let found = scope.find::<Entity>().filter(Column::Id.eq(id)).one(&self.db.read).await?;
        found.ok_or(crate::Error::NotFound("snapshot"))
    }

    /// A campaign's, oldest first.
    ///
    /// # Errors
    /// `NotFound` (campaign).
    pub async fn snapshots(&self, scope: &Scope, campaign: i64, paging: Paging) -> Result<Page<Model>> {
        self.campaign_row(scope, campaign).await?;
        let select = scope.find::<Entity>().filter(Column::CampaignId.eq(campaign));
        let sorted = select.clone().order_by_asc(Column::SnapshotDate).order_by_asc(Column::Id);
        list::page(&self.db.read, select, sorted, paging).await
    }

    /// The newest of a campaign.
    ///
    /// # Errors
    /// `NotFound` (campaign).
    pub async fn latest_snapshot(&self, scope: &Scope, campaign: i64) -> Result<Option<Model>> {
        self.campaign_row(scope, campaign).await?;
        let select = scope.find::<Entity>().filter(Column::CampaignId.eq(campaign)).limit(1);
        Ok(select.order_by_desc(Column::SnapshotDate).order_by_desc(Column::Id).one(&self.db.read).await?)
    }
}

fn row(new: &NewSnapshot) -> ActiveModel {
    let tiers = new.links_by_tier.iter().map(|(tier, links)| (tier.to_string(), json!(links)));
    ActiveModel {
        snapshot_date: Set(new.snapshot_date),
        dr: Set(new.dr),
        da: Set(new.da),
        referring_domains: Set(new.referring_domains),
        new_links_this_month: Set(new.new_links_this_month),
        links_by_tier: Set(tiers.collect::<serde_json::Map<_, _>>().into()),
        cost_this_month: Set(new.cost_this_month),
        cost_per_link_avg: Set(new.cost_per_link_avg),
        keywords_top_10: Set(new.keywords_top_10),
        keywords_top_20: Set(new.keywords_top_20),
        keywords_top_50: Set(new.keywords_top_50),
        organic_traffic: Set(new.organic_traffic),
        impressions: Set(new.impressions),
        pages_ranking_without_backlinks: Set(new.pages_ranking_without_backlinks),
        tipping_point_indicators: Set(json!(new.tipping_point_indicators)),
        tipping_point_triggered: Set(new.tipping_point_triggered),
        ..Default::default()
    }
}

fn checked(new: &NewSnapshot) -> Result<()> {
    fields::day("snapshot_date", Some(new.snapshot_date))?;
    // Tomorrow where the sun rises early. A slip of years would be the latest one for as long.
    if new.snapshot_date > Moment::now().after(86_400).date() {
        return Err(crate::Error::invalid("snapshot_date", "must not be in the future"));
    }
    new.dr.map_or(Ok(()), |dr| fields::between("dr", dr, 0.0, 100.0))?;
    new.da.map_or(Ok(()), |da| fields::between("da", da, 0.0, 100.0))?;
    fields::money("cost_this_month", new.cost_this_month)?;
    fields::money("cost_per_link_avg", new.cost_per_link_avg)?;
    for name in new.tipping_point_indicators.keys() {
        fields::text("tipping_point_indicators", name, 100)?;
    }
    let counts = [
        ("referring_domains", Some(new.referring_domains)),
        ("new_links_this_month", Some(new.new_links_this_month)),
        ("keywords_top_10", Some(new.keywords_top_10)),
        ("keywords_top_20", Some(new.keywords_top_20)),
        ("keywords_top_50", Some(new.keywords_top_50)),
        ("organic_traffic", new.organic_traffic),
        ("impressions", new.impressions),
        ("pages_ranking_without_backlinks", Some(new.pages_ranking_without_backlinks)),
    ];
    counts.iter().try_for_each(|(field, count)| count.map_or(Ok(()), |count| fields::not_negative(field, count)))
}

/// R-9.1's "summary of monthly snapshots".
fn summary(count: u64, latest: &Model) -> serde_json::Value {
    json!({
        "snapshots": count,
        "latest": {
            "snapshot_date": latest.snapshot_date,
            "dr": latest.dr,
            "referring_domains": latest.referring_domains,
            "keywords_top_10": latest.keywords_top_10,
            "organic_traffic": latest.organic_traffic,
            "tipping_point_triggered": latest.tipping_point_triggered,
        },
    })
}
