//! Backlinks: added, found, listed. Changing them is in `change`.

use chrono::NaiveDate;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select,
};

use super::change::dated;
use super::threshold::good_enough;
use super::{Content, Idempotency, Order, Page, Paging, Store, campaigns, fields, list};
use crate::entity::backlink::{ActiveModel, Column, Entity, Model};
use crate::entity::campaign;
use crate::import::BacklinkLine;
use crate::scope::Scope;
use crate::vocabulary::{AnchorType, BacklinkStatus, LinkType, Marketplace, Tier};
use crate::word::Word;
use crate::{Error, Moment, Money, Result};

/// The most backlinks of a campaign: many times what any plan buys. What looks at all of them (a check, replacements,
/// a month) has them in memory, and a transaction over them keeps others waiting for less than a second.
pub const MOST_BACKLINKS: u64 = 20_000;

/// Why a campaign gets no more.
pub(crate) fn full() -> Error {
    Error::invalid(
        "campaign_id",
        format!("the campaign has {MOST_BACKLINKS} backlinks, which is the most: plan another"),
    )
}

/// A backlink to be added.
#[derive(Clone, Debug, PartialEq)]
pub struct NewBacklink {
    /// Its campaign.
    pub campaign: i64,
    /// The page that it points to.
    pub target_content: i64,
    /// The exact URL; none for the page's own.
    pub target_url: Option<String>,
    /// The page's tier; none for what the campaign gave the page.
    pub target_tier: Option<Tier>,
    /// The page that links, or empty while that is unknown.
    pub source_url: String,
    /// Its domain; empty for the source URL's host.
    pub source_domain: String,
    /// Domain rating, 0-100.
    pub source_dr: Option<i32>,
    /// Visits a month.
    pub source_traffic: Option<i32>,
    /// 1-200 characters.
    pub anchor_text: String,
    /// Its kind.
    pub anchor_type: AnchorType,
    /// How it is got.
    pub link_type: LinkType,
    /// Where it is bought.
    pub marketplace: Marketplace,
    /// What it costs, USD.
    pub cost: Option<Money>,
    /// 0-11.
    pub quality_score: Option<f64>,
    /// Whether the source matters in the campaign's country.
    pub country_relevant: bool,
    /// Where it stands.
    pub status: BacklinkStatus,
    /// When it was ordered.
    pub date_ordered: Option<NaiveDate>,
    /// When it was first seen.
    pub date_live: Option<NaiveDate>,
    /// For people.
    pub notes: String,
}

/// Which backlinks.
#[derive(Clone, Copy, Debug, Default)]
pub struct BacklinkFilter {
    /// Of this campaign.
    pub campaign: Option<i64>,
    /// In this status.
    pub status: Option<BacklinkStatus>,
    /// To pages of this tier.
    pub tier: Option<Tier>,
    /// With anchors of this kind.
    pub anchor_type: Option<AnchorType>,
    /// To this page.
    pub content: Option<i64>,
}

/// What a list of backlinks is sorted by; ties go by id.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BacklinkSort {
    /// Order of creation: a campaign's schedule.
    #[default]
    Id,
    /// `updated_at`.
    Updated,
    /// `date_live`.
    Live,
    /// `date_last_checked`.
    Checked,
    /// `source_dr`.
    Dr,
    /// `cost`.
    Cost,
    /// `quality_score`.
    Quality,
    /// `source_domain`.
    Domain,
}

impl Store {
    /// One.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn backlink(&self, scope: &Scope, id: i64) -> Result<Model> {
        scope.find::<Entity>().filter(Column::Id.eq(id)).one(&self.db.read).await?.ok_or(Error::NotFound("backlink"))
    }

    /// A page of them.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn backlinks(
        &self,
        scope: &Scope,
        filter: BacklinkFilter,
        sort: (BacklinkSort, Order),
        paging: Paging,
    ) -> Result<Page<Model>> {
        let select = filter.apply(scope.find::<Entity>());
        list::page(&self.db.read, select.clone(), sorted(select, sort), paging).await
    }

    /// Those after `after` (0 for the first), by id, `limit` (1 to 10,000) at most: for walking through all of them in steps that
    /// stay quick however far it is, in exports and checks.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn backlinks_after(
        &self,
        scope: &Scope,
        filter: BacklinkFilter,
        after: i64,
        limit: u64,
    ) -> Result<Vec<Model>> {
        let select = filter.apply(scope.find::<Entity>()).filter(Column::Id.gt(after));
        Ok(select.order_by_asc(Column::Id).limit(limit.clamp(1, 10_000)).all(&self.db.read).await?)
    }

    /// The SQL of a list and its count, for tests that ask the database how it would go about it.
    #[cfg(feature = "testing")]
    #[must_use]
    pub fn backlinks_sql(&self, scope: &Scope, filter: BacklinkFilter, sort: (BacklinkSort, Order)) -> String {
        use sea_orm::QueryTrait;
        let select = sorted(filter.apply(scope.find::<Entity>()), sort);
        select.limit(100).build(self.db.read.get_database_backend()).to_string()
    }

    /// Adds one; its row. What is added as `ordered` or `live` without a date is so today.
    ///
    /// # Errors
    /// `NotFound` (campaign, content), `Conflict` (key used otherwise), `Invalid`, also for a score below the country's
    /// threshold where it is to be planned or ordered.
    pub async fn add_backlink(&self, scope: &Scope, new: &NewBacklink, key: Option<&Idempotency>) -> Result<Model> {
        if let Some(id) = self.resource_of(scope, key).await? {
            return self.backlink(scope, id).await;
        }
        let row = self.new_row(scope, new).await?;
        let work = self.begin().await?;
        campaigns::locked(&work, scope, new.campaign).await?;
        if count(&work, scope, new.campaign).await? >= MOST_BACKLINKS {
            return Err(full());
        }
        let saved = Entity::insert(row).exec_with_returning(&work).await?;
        if let Some(key) = key
            && !self.keep_key(&work, scope, key, saved.id).await?
        {
            drop(work);
            let id = self.resource_of(scope, Some(key)).await?.unwrap_or(saved.id);
            return self.backlink(scope, id).await;
        }
        work.commit().await?;
        Ok(saved)
    }

    /// How many backlinks a campaign has; 0 for one that the caller may not see.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn backlink_count(&self, scope: &Scope, campaign: i64) -> Result<u64> {
        count(&self.db.read, scope, campaign).await
    }

    async fn new_row(&self, scope: &Scope, new: &NewBacklink) -> Result<ActiveModel> {
        let campaign = self.campaign_row(scope, new.campaign).await?;
        let content = self.content(scope, new.target_content).await?;
        if content.site_id != campaign.site_id {
            return Err(Error::NotFound("content"));
        }
        let mut row = model(&campaign, content, new)?;
        dated(&mut row, Moment::now().date());
        checked(&row)?;
        good_enough(&campaign, &row)?;
        Ok(insertable(row))
    }
}

async fn count(from: &impl ConnectionTrait, scope: &Scope, campaign: i64) -> Result<u64> {
    Ok(scope.find::<Entity>().filter(Column::CampaignId.eq(campaign)).count(from).await?)
}

fn model(campaign: &campaign::Model, content: Content, new: &NewBacklink) -> Result<Model> {
    let given = campaign.tier_assignments.get(content.id.to_string());
    let given = given.and_then(serde_json::Value::as_str).and_then(<Tier as crate::word::Vocabulary>::find);
    let unknown = || Error::invalid("target_tier", "the page has none in this campaign: say one");
    let now = Moment::now();
    Ok(Model {
        id: 0,
        created_at: now,
        updated_at: now,
        account_id: campaign.account_id,
        site_id: campaign.site_id,
        sector_id: campaign.sector_id,
        campaign_id: campaign.id,
        blueprint_id: campaign.blueprint_id,
        target_content_id: content.id,
        target_url: new.target_url.clone().unwrap_or(content.url),
        target_tier: Word(new.target_tier.or(given).ok_or_else(unknown)?),
        source_url: new.source_url.clone(),
        source_domain: fields::source_domain(&new.source_domain, &new.source_url),
        source_dr: new.source_dr,
        source_traffic: new.source_traffic,
        anchor_text: new.anchor_text.clone(),
        anchor_type: Word(new.anchor_type),
        link_type: Word(new.link_type),
        marketplace: Word(new.marketplace),
        cost: new.cost,
        quality_score: new.quality_score,
        country_relevant: new.country_relevant,
        date_ordered: new.date_ordered,
        date_live: new.date_live,
        date_last_checked: None,
        status: Word(new.status),
        notes: new.notes.clone(),
    })
}

/// The row of an imported line. Links around pictures have no text: they are kept as `(no text)`.
pub(crate) fn import_row(
    campaign: &campaign::Model,
    content: Content,
    line: BacklinkLine,
    anchor_type: AnchorType,
    link_type: LinkType,
) -> Result<ActiveModel> {
    let date_last_checked = line.date_last_checked;
    let new = NewBacklink {
        campaign: campaign.id,
        target_content: content.id,
        target_url: Some(line.target_url),
        target_tier: line.target_tier,
        source_url: line.source_url,
        source_domain: line.source_domain,
        source_dr: line.source_dr,
        source_traffic: line.source_traffic,
        anchor_text: if line.anchor_text.trim().is_empty() { "(no text)".to_owned() } else { line.anchor_text },
        anchor_type,
        link_type: line.link_type.unwrap_or(link_type),
        marketplace: line.marketplace,
        cost: line.cost,
        quality_score: line.quality_score,
        country_relevant: line.country_relevant.unwrap_or(true),
        status: line.status,
        date_ordered: line.date_ordered,
        date_live: line.date_live,
        notes: line.notes,
    };
    let row = Model { date_last_checked, ..model(campaign, content, &new)? };
    checked(&row)?;
    good_enough(campaign, &row)?;
    Ok(insertable(row))
}

/// A row without its id, for inserting.
pub(super) fn insertable(model: Model) -> ActiveModel {
    use sea_orm::{ActiveModelTrait, IntoActiveModel};
    let mut row = model.into_active_model().reset_all();
    row.id = sea_orm::NotSet;
    row
}

/// Whether both databases can hold it.
pub(super) fn checked(row: &Model) -> Result<()> {
    fields::url("target_url", &row.target_url)?;
    if !row.source_url.is_empty() {
        fields::url("source_url", &row.source_url)?;
    }
    fields::text("source_domain", &row.source_domain, 255)?;
    fields::some_text("anchor_text", &row.anchor_text, 200)?;
    fields::text("notes", &row.notes, fields::LONG)?;
    fields::day("date_ordered", row.date_ordered)?;
    fields::day("date_live", row.date_live)?;
    row.cost.map_or(Ok(()), |cost| fields::money("cost", cost))?;
    row.quality_score.map_or(Ok(()), |score| fields::between("quality_score", score, 0.0, 11.0))?;
    row.source_dr.map_or(Ok(()), |dr| fields::between("source_dr", f64::from(dr), 0.0, 100.0))?;
    row.source_traffic.map_or(Ok(()), |traffic| fields::not_negative("source_traffic", traffic))
}

impl BacklinkFilter {
    fn apply(self, mut select: Select<Entity>) -> Select<Entity> {
        if let Some(campaign) = self.campaign {
            select = select.filter(Column::CampaignId.eq(campaign));
        }
        if let Some(status) = self.status {
            select = select.filter(Column::Status.eq(Word(status)));
        }
        if let Some(tier) = self.tier {
            select = select.filter(Column::TargetTier.eq(Word(tier)));
        }
        if let Some(kind) = self.anchor_type {
            select = select.filter(Column::AnchorType.eq(Word(kind)));
        }
        if let Some(content) = self.content {
            select = select.filter(Column::TargetContentId.eq(content));
        }
        select
    }
}

fn sorted(select: Select<Entity>, (sort, order): (BacklinkSort, Order)) -> Select<Entity> {
    let column = match sort {
        BacklinkSort::Id => return select.order_by(Column::Id, order.into()),
        BacklinkSort::Updated => Column::UpdatedAt,
        BacklinkSort::Live => Column::DateLive,
        BacklinkSort::Checked => Column::DateLastChecked,
        BacklinkSort::Dr => Column::SourceDr,
        BacklinkSort::Cost => Column::Cost,
        BacklinkSort::Quality => Column::QualityScore,
        BacklinkSort::Domain => Column::SourceDomain,
    };
    // Unknown last on both databases, whichever way.
    let nulls = sea_orm::sea_query::NullOrdering::Last;
    select.order_by_with_nulls(column, order.into(), nulls).order_by(Column::Id, order.into())
}
