//! Files into tables, a batch a transaction: SQLite has one writer, and nobody waits for a whole file.
//!
//! A file that breaks off halfway is never kept silently: the error says how many lines are kept. Sending it again goes
//! on from there, for every line is known by what it says.

use std::collections::HashSet;

use sea_orm::sea_query::LockType;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{BacklinkLine, BacklinksFile, Batch, Imported, PagesFile, Refused};
use crate::entity::{backlink, campaign};
use crate::scope::Scope;
use crate::store::{Digest, MOST_BACKLINKS, Pages, digest, full, import_row};
use crate::vocabulary::{AnchorType, LinkType};
use crate::{Content, Error, Idempotency, Moment, Result, Store};

impl Store {
    /// Imports a site's figures; those of the same URL and last day are replaced. With a key, the same file's second
    /// import does nothing and answers as the first.
    ///
    /// # Errors
    /// As [`Store::save_page_metrics`]; `Halted` where it broke off after some were kept.
    pub async fn import_pages(
        &self,
        scope: &Scope,
        site: i64,
        file: &PagesFile,
        key: Option<&Idempotency>,
    ) -> Result<Imported> {
        if let Some(before) = self.answer_of(scope, key).await? {
            return Ok(before);
        }
        let mut pages = self.pages_of_metrics(scope, site).await?;
        let mut done = Imported::default();
        for Batch { rows, refused } in file.batches() {
            let rows: Vec<_> = rows.into_iter().map(|(_, row)| pages.found(row, |url| file.has(url))).collect();
            self.keep_metrics(scope, site, &rows).await.map_err(|error| halted(error, &done))?;
            done.add(rows.len(), refused);
            tokio::task::yield_now().await;
        }
        self.keep_answer(scope, key, done).await
    }

    async fn keep_metrics(&self, scope: &Scope, site: i64, rows: &[crate::PageMetric]) -> Result<()> {
        if rows.is_empty() {
            return Ok(());
        }
        let work = self.begin().await?;
        self.insert_metrics(&work, scope, site, rows).await?;
        work.commit().await
    }

    /// Imports backlinks of a campaign. Targets must be pages of its site (scheme, `www.` and the last slash don't
    /// matter); links that the campaign has already are refused. Kinds that the file doesn't say: the anchor's from the
    /// campaign's plan, else from its look; the link's is `link_type`. With a key, the same file's second import does
    /// nothing and answers as the first.
    ///
    /// # Errors
    /// `NotFound` (campaign), `Unavailable`, `Full`; `Halted` where it broke off after some were kept.
    pub async fn import_backlinks(
        &self,
        scope: &Scope,
        id: i64,
        link_type: LinkType,
        file: &BacklinksFile,
        key: Option<&Idempotency>,
    ) -> Result<Imported> {
        if let Some(before) = self.answer_of(scope, key).await? {
            return Ok(before);
        }
        let campaign = self.campaign_row(scope, id).await?;
        let pages = self.pages_by_url(&self.db.read, scope, campaign.site_id).await?;
        let mut into = Into { campaign, pages, link_type, known: Known::default() };
        into.known.read(&self.db.read, scope, id).await?;
        let mut done = Imported::default();
        for batch in file.batches() {
            let (rows, refused) =
                self.keep_backlinks(scope, &mut into, batch).await.map_err(|error| halted(error, &done))?;
            done.add(rows, refused);
            tokio::task::yield_now().await;
        }
        self.keep_answer(scope, key, done).await
    }

    /// Keeps those of a batch that can be; how many, and the others.
    async fn keep_backlinks(
        &self,
        scope: &Scope,
        into: &mut Into,
        batch: Batch<BacklinkLine>,
    ) -> Result<(usize, Vec<Refused>)> {
        let Batch { rows: lines, mut refused } = batch;
        if lines.is_empty() {
            return Ok((0, refused));
        }
        let id = into.campaign.id;
        let work = self.begin().await?;
        // Held, so that another import of the same file waits, and then knows these.
        if locked(&work, scope, id).await? != into.campaign.updated_at {
            into.campaign = scope
                .find::<campaign::Entity>()
                .filter(campaign::Column::Id.eq(id))
                .one(&work)
                .await?
                .ok_or(Error::NotFound("campaign"))?;
        }
        into.known.read(&work, scope, id).await?;
        let mut rows = Vec::with_capacity(lines.len());
        for (number, line) in lines {
            if into.known.rows.saturating_add(rows.len() as u64) >= MOST_BACKLINKS {
                refused.push(Refused::new(number, full().to_string()));
                continue;
            }
            match into.row(line) {
                Ok(row) => rows.push(row),
                Err(why) => refused.push(Refused::new(number, why)),
            }
        }
        let count = rows.len();
        if count > 0 {
            backlink::Entity::insert_many(rows).exec_without_returning(&work).await?;
        }
        work.commit().await?;
        refused.sort_by_key(|refused| refused.line);
        Ok((count, refused))
    }
}

impl Imported {
    fn add(&mut self, rows: usize, refused: Vec<Refused>) {
        self.imported = self.imported.saturating_add(rows as u64);
        refused.into_iter().for_each(|line| self.refuse(line));
    }
}

/// What broke off an import, and how much of it is kept.
fn halted(error: Error, done: &Imported) -> Error {
    if done.imported == 0 { error } else { Error::Halted { kept: done.imported, why: Box::new(error) } }
}

/// Holds a campaign until the transaction ends, without its long columns; when it was changed last.
async fn locked(work: &impl ConnectionTrait, scope: &Scope, id: i64) -> Result<Moment> {
    let held = scope.find::<campaign::Entity>().filter(campaign::Column::Id.eq(id)).lock(LockType::NoKeyUpdate);
    let held = held.select_only().column(campaign::Column::UpdatedAt).into_tuple().one(work).await?;
    held.ok_or(Error::NotFound("campaign"))
}

/// The links that a campaign has already, each as a digest of source and page.
#[derive(Default)]
struct Known {
    links: HashSet<Digest>,
    /// The last row that was read.
    after: i64,
    /// How many there were, also those without a source yet.
    rows: u64,
}

impl Known {
    /// Rows read at once.
    const STEP: u64 = 5000;

    /// Reads what came since it was read last.
    async fn read(&mut self, db: &impl ConnectionTrait, scope: &Scope, campaign: i64) -> Result<()> {
        use backlink::Column::{CampaignId, Id, SourceUrl, TargetContentId};
        loop {
            let rows = scope.find::<backlink::Entity>().filter(CampaignId.eq(campaign)).filter(Id.gt(self.after));
            let rows = rows.order_by_asc(Id).limit(Self::STEP).select_only();
            let rows = rows.columns([Id, SourceUrl, TargetContentId]).into_tuple::<(i64, String, i64)>();
            let rows = rows.all(db).await?;
            for (id, source, content) in &rows {
                self.after = *id;
                self.rows = self.rows.saturating_add(1);
                // Planned ones have no source yet.
                if !source.is_empty() {
                    self.links.insert(link(source, *content));
                }
            }
            if (rows.len() as u64) < Self::STEP {
                return Ok(());
            }
        }
    }
}

fn link(source: &str, content: i64) -> Digest {
    digest(&format!("{content} {source}"))
}

/// Where lines go.
struct Into {
    campaign: campaign::Model,
    pages: Pages,
    link_type: LinkType,
    known: Known,
}

impl Into {
    fn row(&mut self, line: BacklinkLine) -> Result<backlink::ActiveModel, String> {
        let target = &line.target_url;
        let page = self.pages.exact(target).or_else(|| self.pages.alike(target).map(|(id, _)| id));
        let id = page.ok_or_else(|| format!("target_url: `{target}` is no page of the site"))?;
        if line.source_url.is_empty() {
            return Err("source_url: must not be empty".to_owned());
        }
        let anchor_type = line.anchor_type.unwrap_or_else(|| kind_of(&line.anchor_text, id, &self.campaign));
        let source = link(&line.source_url, id);
        let content =
            Content { id, site_id: self.campaign.site_id, title: String::new(), url: line.target_url.clone() };
        let row = import_row(&self.campaign, content, line, anchor_type, self.link_type);
        let row = row.map_err(|error| error.to_string())?;
        // Last, so that a refused line doesn't stand in the way of a good one.
        if !self.known.links.insert(source) {
            return Err("the campaign has this link already".to_owned());
        }
        Ok(row)
    }
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
