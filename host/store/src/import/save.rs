//! Files into tables.

use std::collections::{BTreeMap, BTreeSet};

use linker_types::Blueprint;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

use super::{BacklinkLine, BacklinksFile, PagesFile, Refused};
use crate::entity::{backlink, campaign};
use crate::scope::Scope;
use crate::store::{import_row, loosely};
use crate::vocabulary::{AnchorType, LinkType};
use crate::{Content, Result, SavedBlueprint, Store};

/// What became of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Imported {
    /// Lines that are rows now.
    pub imported: u64,
    /// Lines that aren't, by line.
    pub refused: Vec<Refused>,
}

impl Store {
    /// Imports a blueprint document for a site.
    ///
    /// # Errors
    /// As [`super::read_blueprint`] and [`Store::save_blueprint`].
    pub async fn import_blueprint(&self, scope: &Scope, site: i64, bytes: &[u8]) -> Result<SavedBlueprint> {
        let blueprint: Blueprint = super::read_blueprint(bytes)?;
        self.save_blueprint(scope, site, None, blueprint).await
    }

    /// Imports a site's figures.
    ///
    /// # Errors
    /// As [`Store::save_page_metrics`].
    pub async fn import_pages(&self, scope: &Scope, site: i64, file: PagesFile) -> Result<Imported> {
        self.save_page_metrics(scope, site, &file.rows).await?;
        Ok(Imported { imported: file.rows.len() as u64, refused: file.refused })
    }

    /// Imports backlinks of a campaign in one transaction. Targets must be pages of its site (scheme, `www.` and the last
    /// slash don't matter); links that the campaign has already are refused. Kinds that the file doesn't say: the
    /// anchor's from the campaign's plan, else from its look; the link's is `link_type`.
    ///
    /// # Errors
    /// `NotFound` (campaign), `Unavailable`, `Full`; nothing was imported then.
    pub async fn import_backlinks(
        &self,
        scope: &Scope,
        id: i64,
        link_type: LinkType,
        file: BacklinksFile,
    ) -> Result<Imported> {
        let work = self.begin().await?;
        let campaign = self.locked_campaign(&work, scope, id).await?;
        let pages = self.pages_by_url(&work, scope, campaign.site_id).await?;
        let pages = pages.into_iter().map(|(url, id)| (loosely(&url), (id, url))).collect::<BTreeMap<_, _>>();
        let have = scope.find::<backlink::Entity>().filter(backlink::Column::CampaignId.eq(id));
        let have = have.filter(backlink::Column::SourceUrl.ne("")).select_only();
        let have = have.columns([backlink::Column::SourceUrl, backlink::Column::TargetContentId]);
        let mut have: BTreeSet<(String, i64)> = have.into_tuple().all(&work).await?.into_iter().collect();
        let mut done = Imported { imported: 0, refused: file.refused };
        let mut rows = Vec::new();
        for line in file.rows {
            let number = line.line;
            match usable(line, &campaign, &pages, &mut have, link_type) {
                Ok(row) => rows.push(row),
                Err(why) => done.refused.push(Refused::new(number, why)),
            }
        }
        done.imported = rows.len() as u64;
        while !rows.is_empty() {
            let rest = rows.split_off(rows.len().min(1000));
            backlink::Entity::insert_many(rows).exec_without_returning(&work).await?;
            rows = rest;
        }
        work.commit().await?;
        done.refused.sort_by_key(|refused| refused.line);
        Ok(done)
    }
}

fn usable(
    line: BacklinkLine,
    campaign: &campaign::Model,
    pages: &BTreeMap<String, (i64, String)>,
    have: &mut BTreeSet<(String, i64)>,
    link_type: LinkType,
) -> Result<backlink::ActiveModel, String> {
    let (content, url) = pages
        .get(&loosely(&line.target_url))
        .ok_or_else(|| format!("target_url: `{}` is no page of the site", line.target_url))?;
    if line.source_url.is_empty() {
        return Err("source_url: must not be empty".to_owned());
    }
    let anchor_type = line.anchor_type.unwrap_or_else(|| kind_of(&line.anchor_text, *content, campaign));
    let source = line.source_url.clone();
    let content = Content { id: *content, site_id: campaign.site_id, title: String::new(), url: url.clone() };
    let id = content.id;
    let row = import_row(campaign, content, line, anchor_type, link_type).map_err(|error| error.to_string())?;
    // Last, so that a refused line doesn't stand in the way of a good one.
    if !have.insert((source, id)) {
        return Err("the campaign has this link already".to_owned());
    }
    Ok(row)
}

const GENERIC: &[&str] =
    &["here", "click here", "read more", "learn more", "website", "this site", "visit site", "more", "link", "source"];

/// The kind of an anchor that nobody named.
fn kind_of(text: &str, content: i64, campaign: &campaign::Model) -> AnchorType {
    let variants = campaign.anchor_text_plan.get(content.to_string());
    let mut variants = variants.and_then(serde_json::Value::as_array).into_iter().flatten();
    let said = |variant: &serde_json::Value, field: &str| {
        variant.get(field).and_then(|text| text.as_str().map(str::to_lowercase))
    };
    let lower = text.trim().to_lowercase();
    let planned = variants.find(|variant| said(variant, "text").as_deref() == Some(lower.as_str()));
    let planned = planned.and_then(|variant| said(variant, "type"));
    if let Some(kind) = planned.and_then(|word| <AnchorType as crate::word::Vocabulary>::find(&word)) {
        return kind;
    }
    let address = lower.contains("://") || !lower.contains(char::is_whitespace) && lower.contains('.');
    match lower.as_str() {
        _ if address => AnchorType::NakedUrl,
        "" => AnchorType::Generic,
        text if GENERIC.contains(&text) => AnchorType::Generic,
        _ => AnchorType::PartialMatch,
    }
}
