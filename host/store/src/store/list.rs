//! Pages of lists.

use sea_orm::sea_query::{Asterisk, Expr, Func, SelectStatement};
use sea_orm::{ConnectionTrait, EntityTrait, FromQueryResult, QuerySelect, QueryTrait, Select};

use crate::Result;

/// Which page of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paging {
    /// From 1; 0 is taken for 1.
    pub page: u64,
    /// Rows a page, 1 to 1,000: more or less is brought into that.
    pub size: u64,
}

impl Default for Paging {
    fn default() -> Self {
        Self { page: 1, size: 100 }
    }
}

impl Paging {
    pub(crate) fn limit(self) -> u64 {
        self.size.clamp(1, 1000)
    }

    pub(crate) fn offset(self) -> u64 {
        // Both databases count rows in 63 bits.
        let most = i64::MAX.unsigned_abs();
        self.page.saturating_sub(1).saturating_mul(self.limit()).min(most)
    }
}

/// Which way a list is sorted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// Smallest, oldest first.
    Ascending,
    /// Largest, newest first.
    #[default]
    Descending,
}

impl From<Order> for sea_orm::Order {
    fn from(order: Order) -> Self {
        match order {
            Order::Ascending => Self::Asc,
            Order::Descending => Self::Desc,
        }
    }
}

/// A page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// Rows of the whole list.
    pub count: u64,
    /// This page's, in order.
    pub rows: Vec<T>,
}

/// The rows that a query would give. Not SeaORM's `count`, which selects every column in a subquery.
pub(crate) async fn count<E: EntityTrait>(db: &impl ConnectionTrait, select: &Select<E>) -> Result<u64> {
    let query = select.clone().select_only().expr_as(Func::count(Expr::col(Asterisk)), "rows").into_query();
    count_of(db, &query).await
}

/// The number that a query's column `rows` gives.
pub(crate) async fn count_of(db: &impl ConnectionTrait, query: &SelectStatement) -> Result<u64> {
    let row = db.query_one(query).await?;
    let rows: i64 = row.map(|row| row.try_get("", "rows")).transpose()?.unwrap_or(0);
    Ok(u64::try_from(rows).unwrap_or(0))
}

/// One page of a query that is already sorted.
pub(crate) async fn page<E>(
    db: &impl ConnectionTrait,
    select: Select<E>,
    sorted: Select<E>,
    paging: Paging,
) -> Result<Page<E::Model>>
where
    E: EntityTrait,
    E::Model: FromQueryResult,
{
    let count = count(db, &select).await?;
    if paging.offset() >= count {
        return Ok(Page { count, rows: Vec::new() });
    }
    let rows = sorted.limit(paging.limit()).offset(paging.offset()).all(db).await?;
    Ok(Page { count, rows })
}
