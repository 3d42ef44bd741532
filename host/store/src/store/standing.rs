//! How a campaign's backlinks stand: counted and added up by the database.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use sea_orm::sea_query::{Expr, ExprTrait, Func};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};

use super::Store;
use crate::entity::backlink::{Column, Entity};
use crate::scope::Scope;
use crate::vocabulary::{AnchorType, BacklinkStatus, Tier};
use crate::word::Word;
use crate::{Money, Result};

/// Backlinks that are alike in these three.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Where they stand.
    pub status: BacklinkStatus,
    /// What pages they point to.
    pub tier: Tier,
    /// Their anchors' kind.
    pub anchor_type: AnchorType,
    /// How many.
    pub links: u64,
    /// What they cost together, USD; those of unknown cost count as nothing.
    pub cost: Money,
}

/// Days, both of which count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Within {
    /// Backlinks that were bought then: ordered, or gone live where nobody noted an order. What is only planned or was
    /// rejected isn't bought.
    Bought(NaiveDate, NaiveDate),
    /// Backlinks that were placed then: gone live, whatever became of them since.
    Placed(NaiveDate, NaiveDate),
}

impl Store {
    /// A campaign's backlinks by status, tier and anchor type; only those of some days, if they are given.
    ///
    /// # Errors
    /// `NotFound` (campaign).
    pub async fn standings(&self, scope: &Scope, campaign: i64, within: Option<Within>) -> Result<Vec<Standing>> {
        self.campaign_row(scope, campaign).await?;
        // Whole cents, so that neither database adds up fractions; SQLite's SUM of decimals would be REAL.
        const CENTS: &str = "CAST(SUM(CAST(ROUND(cost * 100) AS BIGINT)) AS BIGINT)";
        let mut select = scope.find::<Entity>().filter(Column::CampaignId.eq(campaign));
        use BacklinkStatus::{Dead, Live, Planned, Rejected, Replaced};
        match within {
            None => {}
            Some(Within::Bought(from, to)) => {
                let day = Func::coalesce([Expr::col(Column::DateOrdered), Expr::col(Column::DateLive)]);
                select = select.filter(Expr::expr(day).between(from, to));
                select = select.filter(Column::Status.is_not_in([Planned, Rejected].map(Word)));
            }
            Some(Within::Placed(from, to)) => {
                select = select.filter(Column::DateLive.between(from, to));
                select = select.filter(Column::Status.is_in([Live, Dead, Replaced].map(Word)));
            }
        }
        let groups = [Column::Status, Column::TargetTier, Column::AnchorType];
        let mut select = select.select_only().columns(groups);
        for group in groups {
            select = select.group_by(group).order_by_asc(group);
        }
        let select = select.column_as(Expr::col(Column::Id).count(), "links").column_as(Expr::cust(CENTS), "cents");
        type Row = (Word<BacklinkStatus>, Word<Tier>, Word<AnchorType>, i64, Option<i64>);
        let rows: Vec<Row> = select.into_tuple().all(&self.db.read).await?;
        let standing = |(status, tier, anchor_type, links, cents): Row| Standing {
            status: status.0,
            tier: tier.0,
            anchor_type: anchor_type.0,
            links: u64::try_from(links).unwrap_or(0),
            cost: Money::cents(cents.unwrap_or(0)),
        };
        Ok(rows.into_iter().map(standing).collect())
    }

    /// The domains that link to a campaign's pages now, each once.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn linking_domains(&self, scope: &Scope, campaign: i64) -> Result<BTreeSet<String>> {
        let live = scope.find::<Entity>().filter(Column::CampaignId.eq(campaign));
        let live = live.filter(Column::Status.eq(Word(BacklinkStatus::Live))).filter(Column::SourceDomain.ne(""));
        let domains: Vec<String> =
            live.select_only().column(Column::SourceDomain).distinct().into_tuple().all(&self.db.read).await?;
        Ok(domains.into_iter().collect())
    }

    /// Every domain that a campaign's backlinks come or were to come from, and whether one of them was rejected.
    ///
    /// # Errors
    /// `NotFound` (campaign).
    pub async fn source_domains(&self, scope: &Scope, campaign: i64) -> Result<BTreeMap<String, bool>> {
        self.campaign_row(scope, campaign).await?;
        let named = scope.find::<Entity>().filter(Column::CampaignId.eq(campaign)).filter(Column::SourceDomain.ne(""));
        let named = named.select_only().columns([Column::SourceDomain, Column::Status]).distinct();
        let mut domains = BTreeMap::new();
        for (domain, status) in named.into_tuple::<(String, Word<BacklinkStatus>)>().all(&self.db.read).await? {
            *domains.entry(domain).or_default() |= status.0 == BacklinkStatus::Rejected;
        }
        Ok(domains)
    }

    /// The pages that ever had a live backlink of this campaign.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn linked_pages(&self, scope: &Scope, campaign: i64) -> Result<BTreeSet<i64>> {
        use BacklinkStatus::{Dead, Live, Replaced};
        let linked = scope.find::<Entity>().filter(Column::CampaignId.eq(campaign));
        let was = Column::DateLive.is_not_null().or(Column::Status.is_in([Live, Dead, Replaced].map(Word)));
        let linked = linked.filter(was).select_only().column(Column::TargetContentId).distinct();
        Ok(linked.into_tuple::<i64>().all(&self.db.read).await?.into_iter().collect())
    }
}
