//! What stands in for dead backlinks. has no column for it, so a table of ours keeps the pairs: at most
//! one for a dead backlink, gone when either of the two is deleted.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Set};

use super::backlinks::{checked, insertable};
use super::held::Held;
use super::{Idempotency, Store, campaigns, fields};
use crate::entity::{backlink, replacement};
use crate::scope::Scope;
use crate::vocabulary::{AnchorType, BacklinkStatus, LinkType, Marketplace};
use crate::word::Word;
use crate::{Error, Moment, Money, Result};

/// A replacement that somebody accepts: what isn't said is the dead backlink's (campaign, page, tier).
#[derive(Clone, Debug, PartialEq)]
pub struct NewReplacement {
    /// The page that will link, or empty while that is unknown.
    pub source_url: String,
    /// Its domain; empty for the source URL's host.
    pub source_domain: String,
    /// Domain rating, 0-100.
    pub source_dr: Option<i32>,
    /// What it costs, USD.
    pub cost: Option<Money>,
    /// 1-200 characters.
    pub anchor_text: String,
    /// Its kind.
    pub anchor_type: AnchorType,
    /// How it is got.
    pub link_type: LinkType,
    /// Where it is bought.
    pub marketplace: Marketplace,
}

/// A pair.
#[derive(Clone, Debug, PartialEq)]
pub struct Accepted {
    /// The backlink that was lost.
    pub dead: i64,
    /// The one that stands in for it.
    pub link: backlink::Model,
}

impl Store {
    /// Accepts a replacement for a dead backlink: a `planned` one for the same page. When it goes live the dead one
    /// becomes `replaced`.
    ///
    /// # Errors
    /// `NotFound`; `Conflict` unless it is dead and has no replacement yet (a rejected or dead one counts for none);
    /// `Invalid`, also for a domain that links already.
    pub async fn replace_backlink(
        &self,
        scope: &Scope,
        id: i64,
        new: NewReplacement,
        key: Option<&Idempotency>,
    ) -> Result<backlink::Model> {
        if let Some(id) = self.resource_of(scope, key).await? {
            return self.backlink(scope, id).await;
        }
        let campaign = self.backlink(scope, id).await?.campaign_id;
        let work = self.begin().await?;
        // Held, so that two people can't both find no replacement.
        campaigns::locked(&work, scope, campaign).await?;
        let mut held = Held::new(&work, scope, [id]).await?;
        held.may_be_replaced(id)?;
        let dead = held.row(id)?.clone();
        let row = row(dead, new);
        checked(&row)?;
        if linking(scope, campaign)
            .filter(backlink::Column::SourceDomain.eq(&row.source_domain))
            .one(&work)
            .await?
            .is_some()
        {
            let why = format!("`{}` links to the site already: choose another domain", row.source_domain);
            return Err(Error::invalid("source_domain", why));
        }
        let (account, site, now) = (row.account_id, row.site_id, row.created_at);
        let saved = backlink::Entity::insert(insertable(row)).exec_with_returning(&work).await?;
        let before = replacement::Entity::delete_many().filter(scope.condition::<replacement::Entity>());
        before.filter(replacement::Column::DeadId.eq(id)).exec(&work).await?;
        let pair = replacement::ActiveModel {
            account_id: Set(account),
            site_id: Set(site),
            dead_id: Set(id),
            replacement_id: Set(saved.id),
            created_at: Set(now),
            ..Default::default()
        };
        replacement::Entity::insert(pair).exec_without_returning(&work).await?;
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

    /// The pairs of a campaign by their dead backlink, whatever became of the replacement.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn replacements(&self, scope: &Scope, campaign: i64) -> Result<Vec<Accepted>> {
        let of_campaign = || scope.find::<backlink::Entity>().filter(backlink::Column::CampaignId.eq(campaign));
        let ids = of_campaign().select_only().column(backlink::Column::Id).into_query();
        let pairs = scope.find::<replacement::Entity>().filter(replacement::Column::DeadId.in_subquery(ids));
        let pairs = pairs.order_by_asc(replacement::Column::DeadId).all(&self.db.read).await?;
        let mut accepted = Vec::with_capacity(pairs.len());
        for pairs in pairs.chunks(1000) {
            let ids = pairs.iter().map(|pair| pair.replacement_id);
            let links = of_campaign().filter(backlink::Column::Id.is_in(ids)).all(&self.db.read).await?;
            accepted.extend(pairs.iter().filter_map(|pair| {
                let link = links.iter().find(|link| link.id == pair.replacement_id)?.clone();
                Some(Accepted { dead: pair.dead_id, link })
            }));
        }
        Ok(accepted)
    }
}

/// A campaign's live backlinks of known domains.
fn linking(scope: &Scope, campaign: i64) -> sea_orm::Select<backlink::Entity> {
    let live = scope.find::<backlink::Entity>().filter(backlink::Column::CampaignId.eq(campaign));
    let live = live.filter(backlink::Column::Status.eq(Word(BacklinkStatus::Live)));
    live.filter(backlink::Column::SourceDomain.ne(""))
}

fn row(dead: backlink::Model, new: NewReplacement) -> backlink::Model {
    let now = Moment::now();
    backlink::Model {
        id: 0,
        created_at: now,
        updated_at: now,
        source_domain: fields::source_domain(&new.source_domain, &new.source_url),
        source_url: new.source_url,
        source_dr: new.source_dr,
        source_traffic: None,
        anchor_text: new.anchor_text,
        anchor_type: Word(new.anchor_type),
        link_type: Word(new.link_type),
        marketplace: Word(new.marketplace),
        cost: new.cost,
        quality_score: None,
        country_relevant: true,
        date_ordered: None,
        date_live: None,
        date_last_checked: None,
        status: Word(BacklinkStatus::Planned),
        notes: format!("replaces backlink {}", dead.id),
        ..dead
    }
}
