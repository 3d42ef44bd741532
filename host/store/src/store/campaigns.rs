//! Campaigns: made, found, listed, adjusted, started, stopped.

use linker_types::Campaign;
use sea_orm::sea_query::{Expr, ExprTrait, LockType};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, IdenStatic, IntoActiveModel,
    Iterable, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select, Set,
};
use serde::Serialize;

use super::{Followed, Idempotency, Order, Page, Paging, Store, fields, list};
use crate::entity::{campaign, plan};
use crate::scope::Scope;
use crate::vocabulary::{CampaignStatus, Country};
use crate::word::Word;
use crate::{Error, Moment, Money, Result};

/// What a call costs.
#[derive(Clone, Copy, Debug)]
pub struct Price {
    /// Credits.
    pub credits: Money,
    /// The operation's name, such as `campaign_generation`.
    pub operation: &'static str,
}

/// A campaign to be saved.
#[derive(Clone, Copy, Debug)]
pub struct NewCampaign<'a> {
    /// Whose it is.
    pub site: i64,
    /// The stored blueprint that it was planned of, if it is one.
    pub blueprint: Option<i64>,
    /// The blueprint's document as it was planned of.
    pub blueprint_document: &'a str,
    /// The engine's plan.
    pub plan: &'a Campaign,
    /// What it costs; none for nothing.
    pub price: Option<Price>,
    /// Makes a repetition safe.
    pub idempotency: Option<&'a Idempotency>,
}

/// What [`Store::create_campaign`] did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Created {
    /// Saved and charged.
    Now(i64),
    /// The same request made this one before; nothing was saved or charged.
    Before(i64),
}

impl Created {
    /// The row's id.
    #[must_use]
    pub const fn id(self) -> i64 {
        match self {
            Self::Now(id) | Self::Before(id) => id,
        }
    }
}

/// A campaign with its full plan.
#[derive(Clone, Debug, PartialEq)]
pub struct CampaignDetail {
    /// The row of.
    pub campaign: campaign::Model,
    /// The plan; none for a campaign that the platform made.
    pub plan: Option<plan::Model>,
}

/// A campaign whose long JSON columns are the database's own text, for passing on what nobody here reads.
#[derive(Clone, Debug, PartialEq)]
pub struct CampaignText {
    /// The row; these four columns are null in it.
    pub row: campaign::Model,
    /// JSON.
    pub tier_assignments: String,
    /// JSON.
    pub monthly_plan: String,
    /// JSON.
    pub anchor_text_plan: String,
    /// JSON.
    pub country_profile: String,
}

impl CampaignText {
    /// Bytes of the long columns.
    #[must_use]
    pub fn size(&self) -> usize {
        [&self.tier_assignments, &self.monthly_plan, &self.anchor_text_plan, &self.country_profile]
            .into_iter()
            .map(String::len)
            .sum()
    }
}

/// Which campaigns.
#[derive(Clone, Copy, Debug, Default)]
pub struct CampaignFilter {
    /// Of this site.
    pub site: Option<i64>,
    /// In this status.
    pub status: Option<CampaignStatus>,
    /// For this country.
    pub country: Option<Country>,
}

/// What a list of campaigns is sorted by; ties go by id.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CampaignSort {
    /// Order of creation.
    #[default]
    Id,
    /// `updated_at`.
    Updated,
    /// `total_links_target`.
    Links,
    /// `budget_estimate_max`.
    Budget,
}

/// The columns that are as long as the plan.
const LONG: [campaign::Column; 4] = {
    use campaign::Column::{AnchorTextPlan, CountryProfile, MonthlyPlan, TierAssignments};
    [TierAssignments, MonthlyPlan, AnchorTextPlan, CountryProfile]
};

impl Store {
    /// Saves a draft with its plan and blueprint and charges for it, all in one transaction.
    ///
    /// # Errors
    /// `NotFound` (site, blueprint), `NotEnoughCredits`, `Conflict` (the key was used for another request), `Invalid`.
    pub async fn create_campaign(&self, scope: &Scope, new: NewCampaign<'_>) -> Result<Created> {
        if let Some(id) = self.resource_of(scope, new.idempotency).await? {
            return Ok(Created::Before(id));
        }
        let mut row = fields_of(new.plan)?;
        let document = written(new.plan);
        let work = self.begin().await?;
        let sector = self.sector_for(&work, scope, new.site, new.blueprint).await?;
        let now = Moment::now();
        row.account_id = Set(scope.account);
        row.site_id = Set(new.site);
        row.sector_id = Set(sector);
        row.blueprint_id = Set(new.blueprint);
        row.created_at = Set(now);
        row.updated_at = Set(now);
        row.status = Set(Word(CampaignStatus::Draft));
        row.kpi_data = Set(serde_json::json!({}));
        let id = campaign::Entity::insert(row).exec(&work).await?.last_insert_id;
        let snapshot = self.keep_snapshot(&work, scope, new.blueprint_document, now).await?;
        let plan = plan::ActiveModel {
            account_id: Set(scope.account),
            site_id: Set(new.site),
            campaign_id: Set(id),
            snapshot_id: Set(Some(snapshot)),
            engine_version: Set(new.plan.engine_version.clone()),
            profile_version: Set(new.plan.profile_version.clone()),
            document: Set(document),
            created_at: Set(now),
            ..Default::default()
        };
        plan::Entity::insert(plan).exec_without_returning(&work).await?;
        if let Some(key) = new.idempotency
            && !self.keep_key(&work, scope, key, id).await?
        {
            // Somebody was faster with the same request: theirs stands, ours never was.
            drop(work);
            return Ok(Created::Before(self.resource_of(scope, new.idempotency).await?.unwrap_or(id)));
        }
        if let Some(price) = new.price {
            // Last, so that the account's row is held for as short as possible.
            self.charge(&work, scope, price, Some(id)).await?;
        }
        work.commit().await?;
        Ok(Created::Now(id))
    }

    /// One with its plan.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn campaign(&self, scope: &Scope, id: i64) -> Result<CampaignDetail> {
        let campaign = self.campaign_row(scope, id).await?;
        let plan = scope.find::<plan::Entity>().filter(plan::Column::CampaignId.eq(id)).one(&self.db.read).await?;
        Ok(CampaignDetail { campaign, plan })
    }

    /// The row of alone.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn campaign_row(&self, scope: &Scope, id: i64) -> Result<campaign::Model> {
        let found = scope.find::<campaign::Entity>().filter(campaign::Column::Id.eq(id)).one(&self.db.read).await?;
        found.ok_or(Error::NotFound("campaign"))
    }

    /// The row with its long columns as text: a tenth of the work of reading and writing them.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn campaign_text(&self, scope: &Scope, id: i64) -> Result<CampaignText> {
        let select = scope.find::<campaign::Entity>().filter(campaign::Column::Id.eq(id));
        let mut select = self.without_long(select);
        for column in LONG {
            let text = Expr::col((campaign::Entity, column)).cast_as("text");
            select = select.column_as(text, format!("{}_text", column.as_str()));
        }
        let query = select.into_query();
        let found = self.db.read.query_one(&query).await?.ok_or(Error::NotFound("campaign"))?;
        Ok(CampaignText {
            row: campaign::Model::from_query_result(&found, "")?,
            tier_assignments: found.try_get("", "tier_assignments_text")?,
            monthly_plan: found.try_get("", "monthly_plan_text")?,
            anchor_text_plan: found.try_get("", "anchor_text_plan_text")?,
            country_profile: found.try_get("", "country_profile_text")?,
        })
    }

    /// The rows without their long columns, which are null in it.
    fn without_long(&self, select: Select<campaign::Entity>) -> Select<campaign::Entity> {
        let null = if self.is_sqlite() { "'null'" } else { "CAST('null' AS jsonb)" };
        campaign::Column::iter().fold(select.select_only(), |select, column| {
            let long = LONG.iter().any(|long| long.as_str() == column.as_str());
            if long { select.column_as(Expr::cust(null), column.as_str()) } else { select.column(column) }
        })
    }

    /// A campaign's plan (engine.md §11), as it is kept.
    ///
    /// # Errors
    /// `NotFound` (campaign, plan).
    pub async fn plan_document(&self, scope: &Scope, id: i64) -> Result<String> {
        let plan = scope.find::<plan::Entity>().filter(plan::Column::CampaignId.eq(id));
        let plan = plan.select_only().column(plan::Column::Document).into_tuple().one(&self.db.read).await?;
        match plan {
            Some(plan) => Ok(plan),
            None => self.campaign_text(scope, id).await.and(Err(Error::NotFound("plan"))),
        }
    }

    /// The blueprint's document as the campaign was planned of it.
    ///
    /// # Errors
    /// `NotFound`, also where the platform made the campaign.
    pub async fn campaign_blueprint(&self, scope: &Scope, id: i64) -> Result<String> {
        let plan = self.campaign(scope, id).await?.plan;
        let snapshot = plan.and_then(|plan| plan.snapshot_id).ok_or(Error::NotFound("blueprint snapshot"))?;
        self.snapshot_document(scope, snapshot).await
    }

    /// A page of them, without their long columns.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn campaigns(
        &self,
        scope: &Scope,
        filter: CampaignFilter,
        sort: (CampaignSort, Order),
        paging: Paging,
    ) -> Result<Page<campaign::Model>> {
        use campaign::Column;
        let mut select = scope.find::<campaign::Entity>();
        if let Some(site) = filter.site {
            select = select.filter(Column::SiteId.eq(site));
        }
        if let Some(status) = filter.status {
            select = select.filter(Column::Status.eq(Word(status)));
        }
        if let Some(country) = filter.country {
            select = select.filter(Column::CountryCode.eq(Word(country)));
        }
        let column = match sort.0 {
            CampaignSort::Id => Column::Id,
            CampaignSort::Updated => Column::UpdatedAt,
            CampaignSort::Links => Column::TotalLinksTarget,
            CampaignSort::Budget => Column::BudgetEstimateMax,
        };
        let mut sorted = select.clone().order_by(column, sort.1.into());
        if sort.0 != CampaignSort::Id {
            sorted = sorted.order_by(Column::Id, sort.1.into());
        }
        list::page(&self.db.read, select, self.without_long(sorted), paging).await
    }

    /// Puts an adjusted plan in the place of the old one. Of a started campaign, planned backlinks that nobody has
    /// touched follow it; all others stay as they are.
    ///
    /// # Errors
    /// `NotFound`; `Stale` unless `expected` is the row's `updated_at`; `Conflict` once completed; `Invalid`.
    pub async fn adjust_campaign(
        &self,
        scope: &Scope,
        id: i64,
        expected: Moment,
        plan: &Campaign,
    ) -> Result<(campaign::Model, Followed)> {
        let change = fields_of(plan)?;
        let document = written(plan);
        let work = self.begin().await?;
        let row = locked(&work, scope, id).await?;
        if row.updated_at != expected {
            return Err(Error::Stale { updated_at: row.updated_at });
        }
        if row.status.0 == CampaignStatus::Completed {
            return Err(Error::Conflict("the campaign is completed".to_owned()));
        }
        let now = Moment::now_after(row.updated_at);
        let change = campaign::ActiveModel { id: Set(id), updated_at: Set(now), ..change };
        let saved = change.update(&work).await?;
        let kept = scope.find::<plan::Entity>().filter(plan::Column::CampaignId.eq(id)).one(&work).await?;
        let mut followed = Followed::default();
        if let Some(kept) = kept {
            if kept.links_created_at.is_some() {
                followed = self.follow_plan(&work, scope, &saved, plan, now).await?;
            }
            let mut kept = kept.into_active_model();
            kept.engine_version = Set(plan.engine_version.clone());
            kept.profile_version = Set(plan.profile_version.clone());
            kept.document = Set(document);
            kept.update(&work).await?;
        }
        work.commit().await?;
        Ok((saved, followed))
    }
}

/// The row, held until the transaction ends. On SQLite the transaction itself holds everything.
pub(super) async fn locked(work: &impl ConnectionTrait, scope: &Scope, id: i64) -> Result<campaign::Model> {
    // Not "for update": rows that point to this one may still be inserted.
    let select = scope.find::<campaign::Entity>().filter(campaign::Column::Id.eq(id)).lock(LockType::NoKeyUpdate);
    select.one(work).await?.ok_or(Error::NotFound("campaign"))
}

fn written(plan: &Campaign) -> String {
    linker_types::json::write(plan)
}

/// Pairs as the object that they are in documents.
struct Pairs<'a, K, V>(&'a [(K, V)]);

impl<K: Serialize, V: Serialize> Serialize for Pairs<'_, K, V> {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        linker_types::map::serialize(self.0, to)
    }
}

fn json(value: impl Serialize) -> Result<sea_orm::ActiveValue<serde_json::Value>> {
    serde_json::to_value(value).map(Set).map_err(|error| Error::Broken(error.to_string()))
}

/// The columns that a plan decides.
fn fields_of(plan: &Campaign) -> Result<campaign::ActiveModel> {
    let money = |field: &str, amount| {
        let money = Money::rounded(amount).ok_or_else(|| Error::invalid(field, "no amount of money"))?;
        fields::money(field, money).map(|()| Set(money))
    };
    fields::text("engine_version", &plan.engine_version, 50)?;
    fields::text("profile_version", &plan.profile_version, 50)?;
    Ok(campaign::ActiveModel {
        country_code: Set(Word(plan.country_code)),
        tier_assignments: json(Pairs(&linker_types::tiers::by_id(&plan.tier_assignments).collect::<Vec<_>>()))?,
        total_links_target: Set(fields::int("total_links_target", plan.total_links_target)?),
        budget_estimate_min: money("budget_estimate_min", plan.budget_estimate_min)?,
        budget_estimate_max: money("budget_estimate_max", plan.budget_estimate_max)?,
        timeline_months: Set(fields::int("timeline_months", plan.timeline_months)?),
        monthly_plan: json(&plan.monthly_plan)?,
        anchor_text_plan: json(Pairs(&plan.anchor_text_plan))?,
        country_profile: json(&plan.country_profile)?,
        ..Default::default()
    })
}
