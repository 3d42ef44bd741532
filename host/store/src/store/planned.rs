//! The backlinks that a plan asks for.

use std::collections::BTreeMap;

use linker_types::Campaign;
use sea_orm::{ConnectionTrait, EntityTrait, Set};

use super::{Store, fields};
use crate::entity::{backlink, campaign};
use crate::vocabulary::{BacklinkStatus, Marketplace};
use crate::word::Word;
use crate::{Error, Moment, Result};

/// Rows a statement: SQLite takes 32,766 values, PostgreSQL 65,535, and a row has 23.
pub(super) const BATCH: usize = 1000;

impl Store {
    /// One `planned` backlink for each planned link, in schedule order. Its month goes into the notes, the only place
    /// that has for it; its cost stays unknown until somebody agrees on one.
    pub(super) async fn create_planned(
        &self,
        work: &impl ConnectionTrait,
        campaign: &campaign::Model,
        document: &str,
        now: Moment,
    ) -> Result<()> {
        let plan: Campaign = serde_json::from_str(document)
            .map_err(|error| Error::Broken(format!("the plan of campaign {} can't be read: {error}", campaign.id)))?;
        let urls: BTreeMap<u64, &str> = plan.pages.iter().map(|page| (page.content_id, page.url.as_str())).collect();
        for links in plan.links.chunks(BATCH) {
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
                    notes: Set(format!("planned for month {}", link.month)),
                    ..Default::default()
                })
            });
            let rows = rows.collect::<Result<Vec<_>>>()?;
            backlink::Entity::insert_many(rows).exec_without_returning(work).await?;
        }
        Ok(())
    }
}
