//! Accounts, sites, sectors and pages: the platform's where it is present, else stand-ins.

use sea_orm::sea_query::{Alias, Asterisk, Expr, ExprTrait, InsertStatement, Order as Sorting, Query, SelectStatement};
use sea_orm::{ConnectionTrait, QueryResult};

use super::{Page, Paging, Store, fields, list};
use crate::platform::Shared;
use crate::scope::Scope;
use crate::{Error, Result};

/// Who pays.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Account {
    /// Its id.
    pub id: i64,
    /// For people.
    pub name: String,
}

/// What campaigns are for.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Site {
    /// Its id.
    pub id: i64,
    /// For people.
    pub name: String,
    /// Its host, or empty.
    pub domain: String,
}

/// A part of a site.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Sector {
    /// Its id.
    pub id: i64,
    /// Its site.
    pub site_id: i64,
    /// For people.
    pub name: String,
}

/// A page that backlinks can point to.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Content {
    /// Its id.
    pub id: i64,
    /// Its site.
    pub site_id: i64,
    /// For people.
    pub title: String,
    /// Where it is.
    pub url: String,
}

impl Store {
    /// Makes an account. For the command line: no request reaches it.
    ///
    /// # Errors
    /// `Conflict` where the platform keeps accounts; `Invalid`.
    pub async fn create_account(&self, name: &str, unlimited: bool) -> Result<Account> {
        let work = self.begin().await?;
        let account = self.add_account(&work, name, unlimited).await?;
        work.commit().await?;
        Ok(account)
    }

    /// The same within a transaction.
    pub(super) async fn add_account(
        &self,
        work: &impl ConnectionTrait,
        name: &str,
        unlimited: bool,
    ) -> Result<Account> {
        self.must_stand_in(Shared::Accounts)?;
        fields::some_text("name", name, 255)?;
        let row = [("name", Expr::val(name)), ("unlimited", unlimited.into())];
        let id = self.insert_shared(work, Shared::Accounts, row).await?;
        Ok(Account { id, name: name.to_owned() })
    }

    /// Every account. For the command line and for background jobs.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn accounts(&self) -> Result<Vec<Account>> {
        self.accounts_in(&self.db.read).await
    }

    pub(super) async fn accounts_in(&self, db: &impl ConnectionTrait) -> Result<Vec<Account>> {
        let query = self.shared_select(Shared::Accounts, &["id", "name"]);
        let rows = db.query_all(&query).await?;
        rows.iter().map(|row| Ok(Account { id: row.try_get("", "id")?, name: text(row, "name")? })).collect()
    }

    /// Whether there is an account at all.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn has_accounts(&self) -> Result<bool> {
        let mut query = self.shared_select(Shared::Accounts, &["id"]);
        Ok(self.db.read.query_one(query.limit(1)).await?.is_some())
    }

    /// Makes a site; a caller who may see some sites only may make none.
    ///
    /// # Errors
    /// `Conflict` where the platform keeps sites; `NotFound` (account); `Invalid`.
    pub async fn create_site(&self, scope: &Scope, name: &str, domain: &str) -> Result<Site> {
        let work = self.begin().await?;
        let site = self.add_site(&work, scope, name, domain).await?;
        work.commit().await?;
        Ok(site)
    }

    /// The same within a transaction.
    pub(super) async fn add_site(
        &self,
        work: &impl ConnectionTrait,
        scope: &Scope,
        name: &str,
        domain: &str,
    ) -> Result<Site> {
        self.must_stand_in(Shared::Sites)?;
        if scope.sites.is_some() {
            return Err(Error::NotFound("account"));
        }
        fields::some_text("name", name, 255)?;
        fields::text("domain", domain, 255)?;
        let row = [("account_id", scope.account.into()), ("name", Expr::val(name)), ("domain", domain.into())];
        self.credit_balance_in(work, scope).await?;
        let id = self.insert_shared(work, Shared::Sites, row).await?;
        Ok(Site { id, name: name.to_owned(), domain: domain.to_owned() })
    }

    /// The sites that the caller may see, by id.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn sites(&self, scope: &Scope) -> Result<Vec<Site>> {
        let mut query = self.shared_select(Shared::Sites, &["id", "name", "domain"]);
        query.cond_where(scope.shared(Shared::Sites, &self.platform)).order_by("id", Sorting::Asc);
        let rows = self.db.read.query_all(&query).await?;
        let site = |row| {
            Ok(Site {
                id: QueryResult::try_get(row, "", "id")?,
                name: text(row, "name")?,
                domain: text(row, "domain")?,
            })
        };
        rows.iter().map(site).collect()
    }

    /// Makes a sector of a site.
    ///
    /// # Errors
    /// `Conflict` where the platform keeps sectors; `NotFound` (site); `Invalid`.
    pub async fn create_sector(&self, scope: &Scope, site: i64, name: &str) -> Result<Sector> {
        self.must_stand_in(Shared::Sectors)?;
        fields::some_text("name", name, 255)?;
        let row = [("account_id", scope.account.into()), ("site_id", site.into()), ("name", Expr::val(name))];
        let work = self.begin().await?;
        self.must_see_site(&work, scope, site).await?;
        let id = self.insert_shared(&work, Shared::Sectors, row).await?;
        work.commit().await?;
        Ok(Sector { id, site_id: site, name: name.to_owned() })
    }

    /// The sectors of the sites that the caller may see, by id.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn sectors(&self, scope: &Scope) -> Result<Vec<Sector>> {
        let mut query = self.shared_select(Shared::Sectors, &["id", "site_id", "name"]);
        query.cond_where(scope.shared(Shared::Sectors, &self.platform)).order_by("id", Sorting::Asc);
        let rows = self.db.read.query_all(&query).await?;
        let sector = |row: &QueryResult| {
            Ok(Sector { id: row.try_get("", "id")?, site_id: row.try_get("", "site_id")?, name: text(row, "name")? })
        };
        rows.iter().map(sector).collect()
    }

    /// Pages of a site, by id.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn contents(&self, scope: &Scope, site: i64, paging: Paging) -> Result<Page<Content>> {
        let mine = || {
            let rows = scope.shared(Shared::Contents, &self.platform);
            rows.add(self.shared_column(Shared::Contents, "site_id").eq(site))
        };
        let mut counting = Query::select();
        counting
            .from(self.platform.iden(Shared::Contents))
            .cond_where(mine())
            .expr_as(Expr::col(Asterisk).count(), "rows");
        let count = list::count_of(&self.db.read, &counting).await?;
        let mut query = self.shared_select(Shared::Contents, &["id", "site_id", "title", "url"]);
        query.cond_where(mine()).order_by("id", Sorting::Asc).limit(paging.limit()).offset(paging.offset());
        let rows = self.db.read.query_all(&query).await?;
        Ok(Page { count, rows: rows.iter().map(content).collect::<Result<_>>()? })
    }

    /// One page.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn content(&self, scope: &Scope, id: i64) -> Result<Content> {
        let mut query = self.shared_select(Shared::Contents, &["id", "site_id", "title", "url"]);
        query
            .cond_where(scope.shared(Shared::Contents, &self.platform))
            .and_where(self.shared_column(Shared::Contents, "id").eq(id));
        let row = self.db.read.query_one(&query).await?.ok_or(Error::NotFound("content"))?;
        content(&row)
    }

    /// `NotFound` unless the site is the caller's.
    pub(super) async fn must_see_site(&self, db: &impl ConnectionTrait, scope: &Scope, site: i64) -> Result<()> {
        scope.may_use(site)?;
        let mut query = self.shared_select(Shared::Sites, &["id"]);
        query
            .cond_where(scope.shared(Shared::Sites, &self.platform))
            .and_where(self.shared_column(Shared::Sites, "id").eq(site));
        db.query_one(&query).await?.map(|_| ()).ok_or(Error::NotFound("site"))
    }

    /// The sector of a new campaign: its blueprint's, else the site's first, which the platform's rows must name.
    pub(super) async fn sector_for(
        &self,
        db: &impl ConnectionTrait,
        scope: &Scope,
        site: i64,
        blueprint: Option<i64>,
    ) -> Result<Option<i64>> {
        self.must_see_site(db, scope, site).await?;
        if let Some(blueprint) = blueprint {
            let mut query = self.shared_select(Shared::Blueprints, &["sector_id"]);
            query
                .cond_where(scope.shared(Shared::Blueprints, &self.platform))
                .and_where(self.shared_column(Shared::Blueprints, "id").eq(blueprint))
                .and_where(self.shared_column(Shared::Blueprints, "site_id").eq(site));
            let row = db.query_one(&query).await?.ok_or(Error::NotFound("blueprint"))?;
            if let Some(sector) = row.try_get::<Option<i64>>("", "sector_id")? {
                return Ok(Some(sector));
            }
        }
        let mut query = self.shared_select(Shared::Sectors, &["id"]);
        query
            .cond_where(scope.shared(Shared::Sectors, &self.platform))
            .and_where(self.shared_column(Shared::Sectors, "site_id").eq(site))
            .order_by("id", Sorting::Asc)
            .limit(1);
        db.query_one(&query).await?.map(|row| Ok(row.try_get("", "id")?)).transpose()
    }

    /// A platform column under our name for it; null where the platform has none.
    pub(super) fn shared_column(&self, shared: Shared, column: &str) -> Expr {
        match self.platform.column(shared, column) {
            Some(name) => Expr::col((self.platform.iden(shared), Alias::new(name))),
            None => Expr::cust("NULL"),
        }
    }

    /// Columns of a platform table, each under our name.
    pub(super) fn shared_select(&self, shared: Shared, columns: &[&str]) -> SelectStatement {
        let mut query = Query::select();
        query.from(self.platform.iden(shared));
        for &column in columns {
            query.expr_as(self.shared_column(shared, column), Alias::new(column));
        }
        query
    }

    /// A row for a stand-in; what the mapping leaves out isn't written.
    pub(super) fn shared_insert<const N: usize>(&self, shared: Shared, row: [(&str, Expr); N]) -> InsertStatement {
        let named = row.into_iter().filter_map(|(column, value)| Some((self.platform.column(shared, column)?, value)));
        let (columns, values): (Vec<_>, Vec<_>) = named.map(|(column, value)| (Alias::new(column), value)).unzip();
        Query::insert().into_table(self.platform.iden(shared)).columns(columns).values_panic(values).to_owned()
    }

    /// Inserts it; the new id.
    pub(super) async fn insert_shared<const N: usize>(
        &self,
        db: &impl ConnectionTrait,
        shared: Shared,
        row: [(&str, Expr); N],
    ) -> Result<i64> {
        let id = self.platform.column(shared, "id").unwrap_or_else(|| "id".to_owned());
        let mut insert = self.shared_insert(shared, row);
        insert.returning_col(Alias::new(id.clone()));
        let row = db.query_one(&insert).await?.ok_or_else(|| Error::Broken("an insert gave no id".to_owned()))?;
        Ok(row.try_get("", &id)?)
    }
}

fn text(row: &QueryResult, column: &str) -> Result<String> {
    Ok(row.try_get::<Option<String>>("", column)?.unwrap_or_default())
}

fn content(row: &QueryResult) -> Result<Content> {
    let (id, site_id) = (row.try_get("", "id")?, row.try_get("", "site_id")?);
    Ok(Content { id, site_id, title: text(row, "title")?, url: text(row, "url")? })
}
