//! Search Console figures of pages (02C), as the tipping point needs them.

use std::collections::{BTreeMap, HashSet};

use chrono::NaiveDate;
use sea_orm::sea_query::{Alias, ExprTrait, Func, OnConflict, Order as Sorting, Query};
use sea_orm::{ConnectionTrait, QueryResult};

use super::{Digest, Pages, Store, digest, fields};
use crate::platform::Shared;
use crate::scope::Scope;
use crate::{Error, Result};

const METRICS: Shared = Shared::PageMetrics;
const COLUMNS: [&str; 7] = ["content_id", "url", "period_start", "period_end", "clicks", "impressions", "position"];

/// A page's figures over a period.
#[derive(Clone, Debug, PartialEq, serde::Serialize, utoipa::ToSchema)]
pub struct PageMetric {
    /// The page, where its URL is one of the site's.
    pub content_id: Option<i64>,
    /// At most 2,000 characters.
    pub url: String,
    /// First day.
    pub period_start: NaiveDate,
    /// Last day.
    pub period_end: NaiveDate,
    /// Clicks over the period.
    pub clicks: i64,
    /// Impressions over the period.
    pub impressions: i64,
    /// Mean position; 1 is best.
    pub position: Option<f64>,
}

/// What a site's latest period says, beside the one before: for as many pages as a site may have, only what is asked
/// of them is in memory.
#[derive(Clone, Debug, PartialEq)]
pub struct LatestMetrics {
    /// Clicks of the whole site in the latest period.
    pub clicks: i64,
    /// Impressions likewise.
    pub impressions: i64,
    /// The latest period's figures of the pages that are known, by URL.
    pub pages: Vec<PageMetric>,
    /// Clicks of each known page in the latest period that ended before that began; none where there is none.
    pub clicks_before: Option<BTreeMap<i64, i64>>,
}

/// Which figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// Of every URL.
    Urls,
    /// Of those that are pages of the site.
    Pages,
}

/// Finds the page of each figure.
pub(crate) struct PagesOfMetrics {
    pages: Pages,
    /// Those that another spelling of their address was found for.
    named: HashSet<i64>,
}

impl PagesOfMetrics {
    /// The figure with its page; `given` says of which addresses there are figures.
    pub(crate) fn found(&mut self, metric: PageMetric, given: impl Fn(Digest) -> bool) -> PageMetric {
        // A page's own address counts before another spelling of it, and of those the first.
        let exact = metric.content_id.or_else(|| self.pages.exact(&metric.url));
        let alike = || self.pages.alike(&metric.url).filter(|(_, own)| !given(*own)).map(|(id, _)| id);
        let content_id = exact.or_else(|| alike().filter(|&id| self.named.insert(id)));
        PageMetric { content_id, ..metric }
    }
}

impl Store {
    /// Keeps figures of a site's pages, each with its page where the URL is known (scheme, `www.` and the last slash don't
    /// matter). Those of the same URL and last day are replaced.
    ///
    /// # Errors
    /// `NotFound` (site), `Conflict` where the platform keeps them, `Invalid`.
    pub async fn save_page_metrics(&self, scope: &Scope, site: i64, metrics: &[PageMetric]) -> Result<()> {
        let given: HashSet<Digest> = metrics.iter().map(|row| digest(&row.url)).collect();
        let mut of_pages = self.pages_of_metrics(scope, site).await?;
        let rows: Vec<_> = metrics.iter().map(|row| of_pages.found(row.clone(), |url| given.contains(&url))).collect();
        let work = self.begin().await?;
        for rows in rows.chunks(super::BATCH) {
            self.insert_metrics(&work, scope, site, rows).await?;
        }
        work.commit().await
    }

    /// The site's pages, for figures that are to be kept.
    pub(crate) async fn pages_of_metrics(&self, scope: &Scope, site: i64) -> Result<PagesOfMetrics> {
        self.must_stand_in(METRICS)?;
        self.must_see_site(&self.db.read, scope, site).await?;
        let pages = self.pages_by_url(&self.db.read, scope, site).await?;
        Ok(PagesOfMetrics { pages, named: HashSet::new() })
    }

    /// Keeps some, [`super::BATCH`] at most, whose pages are known.
    pub(crate) async fn insert_metrics(
        &self,
        work: &impl ConnectionTrait,
        scope: &Scope,
        site: i64,
        rows: &[PageMetric],
    ) -> Result<()> {
        let name = |column: &str| self.platform.column(METRICS, column).unwrap_or_else(|| column.to_owned());
        let columns = ["account_id", "site_id"].into_iter().chain(COLUMNS).map(|column| Alias::new(name(column)));
        let mut insert = Query::insert().into_table(self.platform.iden(METRICS)).columns(columns).to_owned();
        for row in rows {
            fields::some_text("url", &row.url, 2000)?;
            fields::day("period_start", Some(row.period_start))?;
            fields::day("period_end", Some(row.period_end))?;
            insert.values_panic([
                scope.account.into(),
                site.into(),
                row.content_id.into(),
                row.url.as_str().into(),
                row.period_start.into(),
                row.period_end.into(),
                row.clicks.into(),
                row.impressions.into(),
                row.position.into(),
            ]);
        }
        let same = OnConflict::columns(["site_id", "period_end", "url"].map(name))
            .update_columns(["content_id", "period_start", "clicks", "impressions", "position"].map(name))
            .to_owned();
        work.execute(insert.on_conflict(same)).await?;
        Ok(())
    }

    /// The latest of a site's periods that ended in `from..=to`; none where there is none.
    ///
    /// # Errors
    /// `NotFound` (site).
    pub async fn latest_metrics(
        &self,
        scope: &Scope,
        site: i64,
        from: NaiveDate,
        to: NaiveDate,
    ) -> Result<Option<LatestMetrics>> {
        self.must_see_site(&self.db.read, scope, site).await?;
        let column = |name: &str| self.shared_column(METRICS, name);
        // Exact as far as any site's figures go; the platform may have written some that no integer could hold together.
        let sum = |name: &str| Func::sum(column(name).cast_as("FLOAT"));
        let mut query = Query::select();
        query
            .from(self.platform.iden(METRICS))
            .expr_as(column("period_end"), "period_end")
            .expr_as(Func::max(column("period_start")), "period_start")
            .expr_as(sum("clicks"), "clicks")
            .expr_as(sum("impressions"), "impressions")
            .cond_where(scope.shared(METRICS, &self.platform))
            .and_where(column("site_id").eq(site))
            .and_where(column("period_end").between(from, to))
            .add_group_by([column("period_end")])
            .order_by_expr(column("period_end"), Sorting::Desc);
        let periods = self.db.read.query_all(&query).await?;
        let Some(latest) = periods.first() else { return Ok(None) };
        let day = |row: &QueryResult, name: &str| row.try_get::<NaiveDate>("", name);
        let (start, end) = (day(latest, "period_start")?, day(latest, "period_end")?);
        let ends: Vec<NaiveDate> = periods.iter().map(|row| day(row, "period_end")).collect::<Result<_, _>>()?;
        // Not the same days counted twice.
        let clicks_before = match ends.into_iter().find(|&end| end < start) {
            None => None,
            Some(end) => {
                let rows = self.page_metrics(scope, site, (end, end), Of::Pages).await?;
                Some(rows.into_iter().filter_map(|row| Some((row.content_id?, row.clicks))).collect())
            }
        };
        let pages = self.page_metrics(scope, site, (end, end), Of::Pages).await?;
        #[expect(clippy::cast_possible_truncation, reason = "the largest integer for more than that")]
        let whole = |name: &str| latest.try_get::<f64>("", name).map(|sum| sum as i64);
        Ok(Some(LatestMetrics { clicks: whole("clicks")?, impressions: whole("impressions")?, pages, clicks_before }))
    }

    /// A site's figures of periods that ended in these days, by last day and URL.
    ///
    /// # Errors
    /// `NotFound` (site).
    pub async fn page_metrics(
        &self,
        scope: &Scope,
        site: i64,
        (from, to): (NaiveDate, NaiveDate),
        of: Of,
    ) -> Result<Vec<PageMetric>> {
        self.must_see_site(&self.db.read, scope, site).await?;
        let column = |name: &str| self.shared_column(METRICS, name);
        let mut query = self.shared_select(METRICS, &COLUMNS);
        query
            .cond_where(scope.shared(METRICS, &self.platform))
            .and_where(column("site_id").eq(site))
            .and_where(column("period_end").between(from, to))
            .order_by_expr(column("period_end"), Sorting::Asc)
            .order_by_expr(column("url"), Sorting::Asc);
        if of == Of::Pages {
            query.and_where(column("content_id").is_not_null());
        }
        self.db.read.query_all(&query).await?.iter().map(metric).collect()
    }
}

fn metric(row: &QueryResult) -> Result<PageMetric> {
    let read = || -> Result<PageMetric, sea_orm::DbErr> {
        Ok(PageMetric {
            content_id: row.try_get("", "content_id")?,
            url: row.try_get("", "url")?,
            period_start: row.try_get("", "period_start")?,
            period_end: row.try_get("", "period_end")?,
            clicks: row.try_get("", "clicks")?,
            impressions: row.try_get("", "impressions")?,
            position: row.try_get("", "position")?,
        })
    };
    read().map_err(Error::from)
}
