//! The backlinks that a plan asks for.

use std::collections::{BTreeMap, BTreeSet};

use linker_types::{Campaign, PlannedLink};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, Set};

use super::{Store, fields, of_plan};
use crate::entity::{backlink, campaign};
use crate::scope::Scope;
use crate::vocabulary::{BacklinkStatus, Marketplace};
use crate::word::Word;
use crate::{Error, Moment, Result};

/// Rows a statement: SQLite takes 32,766 values, PostgreSQL 65,535, and a row has 23.
pub(crate) const BATCH: usize = 1000;

/// What an adjusted plan made of the planned backlinks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Followed {
    /// New ones.
    pub added: u64,
    /// Deleted ones.
    pub removed: u64,
}

impl Store {
    /// One `planned` backlink for each planned link, in schedule order.
    pub(super) async fn create_planned(
        &self,
        work: &impl ConnectionTrait,
        campaign: &campaign::Model,
        document: &str,
        now: Moment,
    ) -> Result<()> {
        let plan: Campaign = serde_json::from_str(document)
            .map_err(|error| Error::Broken(format!("the plan of campaign {} can't be read: {error}", campaign.id)))?;
        self.plan_links(work, campaign, &plan, &plan.links.iter().collect::<Vec<_>>(), now).await
    }

    /// Makes the planned backlinks of a started campaign those of its new plan: what the plan has more is added, what it
    /// has no more goes, if nobody has touched it. Returns how many came and went.
    pub(super) async fn follow_plan(
        &self,
        work: &impl ConnectionTrait,
        scope: &Scope,
        campaign: &campaign::Model,
        plan: &Campaign,
        now: Moment,
    ) -> Result<Followed> {
        let mut made = of_plan::read(work, scope, campaign.id).await?;
        made.retain(|made| made.status != BacklinkStatus::Rejected);
        let found = of_plan::of_plan(&plan.links, &made);
        let kept: BTreeSet<i64> = found.iter().flatten().map(|made| made.id).collect();
        let absent: Vec<&PlannedLink> =
            plan.links.iter().zip(&found).filter(|(_, found)| found.is_none()).map(|(link, _)| link).collect();
        let gone: Vec<i64> =
            made.iter().filter(|made| made.untouched && !kept.contains(&made.id)).map(|made| made.id).collect();
        let mut removed = 0;
        for ids in gone.chunks(BATCH) {
            // Once more as the row is now: somebody may just have ordered it.
            let untouched = backlink::Entity::delete_many()
                .filter(scope.condition::<backlink::Entity>())
                .filter(backlink::Column::Id.is_in(ids.iter().copied()))
                .filter(backlink::Column::Status.eq(Word(BacklinkStatus::Planned)))
                .filter(Expr::col(backlink::Column::UpdatedAt).equals(backlink::Column::CreatedAt));
            removed += untouched.exec(work).await?.rows_affected;
        }
        self.plan_links(work, campaign, plan, &absent, now).await?;
        Ok(Followed { added: absent.len() as u64, removed })
    }

    /// Planned backlinks of some of a plan's links. A month goes into the notes; the cost stays unknown until somebody
    /// agrees on one.
    async fn plan_links(
        &self,
        work: &impl ConnectionTrait,
        campaign: &campaign::Model,
        plan: &Campaign,
        links: &[&PlannedLink],
        now: Moment,
    ) -> Result<()> {
        let urls: BTreeMap<u64, &str> = plan.pages.iter().map(|page| (page.content_id, page.url.as_str())).collect();
        for links in links.chunks(BATCH) {
            let rows = links.iter().map(|link| {
                let url = urls.get(&link.content_id).copied().unwrap_or_default();
                fields::text("target_url", url, 200)?;
                fields::text("anchor_text", &link.anchor_text, 200)?;
                Ok(backlink::ActiveModel {
                    account_id: Set(campaign.account_id),
                    site_id: Set(campaign.site_id),
                    sector_id: Set(campaign.sector_id),
                    created_at: Set(now),
                    updated_at: Set(now),
                    campaign_id: Set(campaign.id),
                    blueprint_id: Set(campaign.blueprint_id),
                    target_content_id: Set(fields::int("target_content_id", link.content_id)?),
                    target_url: Set(url.to_owned()),
                    target_tier: Set(Word(link.tier)),
                    source_url: Set(String::new()),
                    source_domain: Set(String::new()),
                    anchor_text: Set(link.anchor_text.clone()),
                    anchor_type: Set(Word(link.anchor_type)),
                    link_type: Set(Word(link.link_type)),
                    marketplace: Set(Word(Marketplace::None)),
                    country_relevant: Set(true),
                    status: Set(Word(BacklinkStatus::Planned)),
                    notes: Set(of_plan::notes(link.month)),
                    ..Default::default()
                })
            });
            let rows = rows.collect::<Result<Vec<_>>>()?;
            backlink::Entity::insert_many(rows).exec_without_returning(work).await?;
        }
        Ok(())
    }
}
