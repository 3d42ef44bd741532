//! Blueprints kept for planning, and what campaigns were planned of.
//!
//! Page ids of a document that a person brings mean nothing here, and may be another account's: every page gets the id
//! of its row in the table of contents, found by its URL within the site, and the document is kept with these ids.

use std::collections::BTreeMap;

use linker_types::{Blueprint, json};
use sea_orm::sea_query::{Asterisk, Expr, ExprTrait, OnConflict, Order as Sorting, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, Set};

use super::{Idempotency, Page, Paging, Store, fields, idempotency, list};
use crate::entity::blueprint_snapshot as snapshot;
use crate::platform::Shared;
use crate::scope::Scope;
use crate::{Error, Moment, Result};

/// A blueprint as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedBlueprint {
    /// Its id here, and the document's.
    pub id: i64,
    /// With the ids of this database.
    pub blueprint: Blueprint,
    /// The document that the engine gets.
    pub document: String,
    /// The document's page ids as they came, and what they are here.
    pub page_ids: BTreeMap<u64, i64>,
}

/// A blueprint in a list.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct BlueprintSummary {
    /// Its id.
    pub id: i64,
    /// Its site.
    pub site_id: i64,
    /// For people.
    pub name: String,
}

const CONTENTS: Shared = Shared::Contents;

impl Store {
    /// Keeps a blueprint of a site, with a row for each of its pages that has none; pages are known by their URL, and
    /// bring their new title along.
    ///
    /// # Errors
    /// `NotFound` (site, sector), `Conflict` where the platform keeps blueprints, `Invalid`.
    pub async fn save_blueprint(
        &self,
        scope: &Scope,
        site: i64,
        sector: Option<i64>,
        blueprint: Blueprint,
    ) -> Result<SavedBlueprint> {
        self.save_once(scope, site, sector, blueprint, None).await
    }

    /// The same of a document that somebody brings; with a key, the second one is the first.
    ///
    /// # Errors
    /// As [`Store::save_blueprint`].
    pub async fn import_blueprint(
        &self,
        scope: &Scope,
        site: i64,
        blueprint: Blueprint,
        key: Option<&Idempotency>,
    ) -> Result<SavedBlueprint> {
        self.save_once(scope, site, None, blueprint, key).await
    }

    async fn save_once(
        &self,
        scope: &Scope,
        site: i64,
        sector: Option<i64>,
        mut blueprint: Blueprint,
        key: Option<&Idempotency>,
    ) -> Result<SavedBlueprint> {
        self.must_stand_in(Shared::Blueprints)?;
        let name: String = blueprint.site.name.chars().take(255).collect();
        fields::text("site.name", &name, 255)?;
        let sector = match sector {
            Some(sector) => Some(self.must_see_sector(&self.db.read, scope, site, sector).await?),
            None => self.sector_for(&self.db.read, scope, site, None).await?,
        };
        let page_ids = self.keep_pages(scope, site, sector, &blueprint).await?;
        renumber(&mut blueprint, &page_ids, site)?;
        let work = self.begin().await?;
        let id = self
            .insert_shared(
                &work,
                Shared::Blueprints,
                [
                    ("account_id", scope.account.into()),
                    ("site_id", site.into()),
                    ("sector_id", sector.into()),
                    ("name", Expr::val(name)),
                    ("document", "".into()),
                ],
            )
            .await?;
        blueprint.id = fields::int("id", id)?;
        let document = json::write(&blueprint);
        fields::document("blueprint", &document)?;
        let column = self.platform.column(Shared::Blueprints, "document");
        let column = column.ok_or_else(|| Error::Conflict("the platform keeps no blueprint documents".to_owned()))?;
        let mut update = Query::update();
        update
            .table(self.platform.iden(Shared::Blueprints))
            .value(sea_orm::sea_query::Alias::new(column), document.as_str())
            .and_where(self.shared_column(Shared::Blueprints, "id").eq(id));
        work.execute(&update).await?;
        if let Some(key) = key
            && !self.keep_key(&work, scope, key, id).await?
        {
            // Somebody was faster with the same document: theirs stands.
            drop(work);
            let id = self.resource_of(scope, Some(key)).await?.unwrap_or(id);
            let document = self.blueprint_document(scope, id).await?;
            blueprint.id = fields::int("id", id)?;
            return Ok(SavedBlueprint { id, blueprint, document, page_ids });
        }
        work.commit().await?;
        Ok(SavedBlueprint { id, blueprint, document, page_ids })
    }

    /// A blueprint's document, as the engine takes it.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn blueprint_document(&self, scope: &Scope, id: i64) -> Result<String> {
        let mut query = self.shared_select(Shared::Blueprints, &["document"]);
        query
            .cond_where(scope.shared(Shared::Blueprints, &self.platform))
            .and_where(self.shared_column(Shared::Blueprints, "id").eq(id));
        let row = self.db.read.query_one(&query).await?.ok_or(Error::NotFound("blueprint"))?;
        row.try_get::<Option<String>>("", "document")?.ok_or(Error::NotFound("blueprint document"))
    }

    /// Those that the caller may see, newest first; of one site if one is named.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn blueprints(&self, scope: &Scope, site: Option<i64>, paging: Paging) -> Result<Page<BlueprintSummary>> {
        let shared = Shared::Blueprints;
        let mut rows = scope.shared(shared, &self.platform);
        if let Some(site) = site {
            rows = rows.add(self.shared_column(shared, "site_id").eq(site));
        }
        let mut counting = Query::select();
        counting.from(self.platform.iden(shared)).cond_where(rows.clone()).expr_as(Expr::col(Asterisk).count(), "rows");
        let count = list::count_of(&self.db.read, &counting).await?;
        let mut query = self.shared_select(shared, &["id", "site_id", "name"]);
        query.cond_where(rows).order_by("id", Sorting::Desc).limit(paging.limit()).offset(paging.offset());
        let summary = |row: &sea_orm::QueryResult| {
            let name: Option<String> = row.try_get("", "name")?;
            Ok(BlueprintSummary {
                id: row.try_get("", "id")?,
                site_id: row.try_get("", "site_id")?,
                name: name.unwrap_or_default(),
            })
        };
        let rows = self.db.read.query_all(&query).await?;
        Ok(Page { count, rows: rows.iter().map(summary).collect::<Result<_>>()? })
    }

    /// Keeps the text that a campaign is planned of, each text once an account; its row's id.
    pub(super) async fn keep_snapshot(
        &self,
        work: &impl ConnectionTrait,
        scope: &Scope,
        document: &str,
        now: Moment,
    ) -> Result<i64> {
        fields::document("blueprint", document)?;
        let digest = idempotency::digest(document.as_bytes());
        let known = || {
            let found = scope.find::<snapshot::Entity>().filter(snapshot::Column::Digest.eq(&digest));
            found.select_only().column(snapshot::Column::Id).into_tuple::<i64>()
        };
        if let Some(id) = known().one(work).await? {
            return Ok(id);
        }
        let row = snapshot::ActiveModel {
            account_id: Set(scope.account),
            digest: Set(digest.clone()),
            document: Set(document.to_owned()),
            created_at: Set(now),
            ..Default::default()
        };
        let once = OnConflict::columns([snapshot::Column::AccountId, snapshot::Column::Digest]).do_nothing().to_owned();
        snapshot::Entity::insert_many([row]).on_conflict(once).try_insert().exec_without_returning(work).await?;
        known().one(work).await?.ok_or_else(|| Error::Broken("a snapshot vanished".to_owned()))
    }

    pub(super) async fn snapshot_document(&self, scope: &Scope, id: i64) -> Result<String> {
        let found = scope.find::<snapshot::Entity>().filter(snapshot::Column::Id.eq(id)).one(&self.db.read).await?;
        found.map(|found| found.document).ok_or(Error::NotFound("blueprint snapshot"))
    }

    async fn must_see_sector(&self, db: &impl ConnectionTrait, scope: &Scope, site: i64, sector: i64) -> Result<i64> {
        self.must_see_site(db, scope, site).await?;
        let mut query = self.shared_select(Shared::Sectors, &["id"]);
        query
            .cond_where(scope.shared(Shared::Sectors, &self.platform))
            .and_where(self.shared_column(Shared::Sectors, "site_id").eq(site))
            .and_where(self.shared_column(Shared::Sectors, "id").eq(sector));
        db.query_one(&query).await?.map(|_| sector).ok_or(Error::NotFound("sector"))
    }

    /// The row of each page, by the document's id. Pages that are new are kept before the document is, a batch at a time:
    /// nobody else waits for all of them, and where it ends halfway the next import finds them.
    async fn keep_pages(
        &self,
        scope: &Scope,
        site: i64,
        sector: Option<i64>,
        blueprint: &Blueprint,
    ) -> Result<BTreeMap<u64, i64>> {
        let mut known = self.pages_by_url(&self.db.read, scope, site).await?;
        let absent: Vec<_> = blueprint.pages.iter().filter(|page| known.exact(&page.url).is_none()).collect();
        if !absent.is_empty() {
            self.must_stand_in(CONTENTS)?;
        }
        for page in &absent {
            fields::url("pages.url", &page.url)?;
            fields::text("pages.title", &page.title, fields::LONG)?;
        }
        for pages in absent.chunks(super::BATCH) {
            let name = |column: &str| self.platform.column(CONTENTS, column).unwrap_or_else(|| column.to_owned());
            let columns = ["account_id", "site_id", "sector_id", "title", "url"]
                .map(|column| sea_orm::sea_query::Alias::new(name(column)));
            let mut insert = Query::insert().into_table(self.platform.iden(CONTENTS)).columns(columns).to_owned();
            for page in pages {
                let (title, url) = (page.title.as_str(), page.url.as_str());
                insert.values_panic([scope.account.into(), site.into(), sector.into(), title.into(), url.into()]);
            }
            insert.on_conflict(OnConflict::columns([name("site_id"), name("url")]).do_nothing().to_owned());
            let work = self.begin().await?;
            work.execute(&insert).await?;
            work.commit().await?;
        }
        if !absent.is_empty() {
            known = self.pages_by_url(&self.db.read, scope, site).await?;
        }
        let row = |page: &linker_types::Page| {
            let id = known.exact(&page.url);
            id.map(|id| (page.id, id)).ok_or_else(|| Error::Broken(format!("page `{}` vanished", page.url)))
        };
        blueprint.pages.iter().map(row).collect()
    }
}

/// Puts this database's ids into the document.
fn renumber(blueprint: &mut Blueprint, pages: &BTreeMap<u64, i64>, site: i64) -> Result<()> {
    let here = |page: u64| {
        let id = pages
            .get(&page)
            .copied()
            .ok_or_else(|| Error::invalid("clusters.hub_content_id", format!("there is no page {page}")));
        id.and_then(|id| fields::int("id", id))
    };
    blueprint.site.id = fields::int("site.id", site)?;
    for page in &mut blueprint.pages {
        page.id = here(page.id)?;
    }
    for hub in blueprint.clusters.iter_mut().filter_map(|cluster| cluster.hub_content_id.as_mut()) {
        *hub = here(*hub)?;
    }
    Ok(())
}
