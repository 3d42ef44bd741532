//! The pages of a site by their URLs: by digests of them, of which there is room for a million.

use std::collections::HashMap;

use sea_orm::sea_query::{ExprTrait, Order as Sorting};
use sea_orm::{ConnectionTrait, QueryResult};
use sha2::{Digest as _, Sha256};

use super::{Store, fields};
use crate::Result;
use crate::platform::Shared;
use crate::scope::Scope;

/// Stands for a text: no two texts have the same, whoever chose them.
pub(crate) type Digest = [u8; 16];

/// The first half of SHA-256.
pub(crate) fn digest(text: &str) -> Digest {
    let whole: [u8; 32] = Sha256::digest(text.as_bytes()).into();
    std::array::from_fn(|at| whole[at])
}

/// Rows read at once.
const STEP: u64 = 5000;

/// The ids of a site's pages.
#[derive(Debug, Default)]
pub(crate) struct Pages {
    by_url: HashMap<Digest, i64>,
    /// With the page's own URL.
    alike: HashMap<Digest, (i64, Digest)>,
}

impl Pages {
    /// The page that has exactly this URL.
    pub(crate) fn exact(&self, url: &str) -> Option<i64> {
        self.by_url.get(&digest(url)).copied()
    }

    /// One whose URL differs in nothing but the scheme, `www.` and the last slash, and its own URL.
    pub(crate) fn alike(&self, url: &str) -> Option<(i64, Digest)> {
        self.alike.get(&digest(&fields::loosely(url))).copied()
    }

    fn add(&mut self, row: &QueryResult) -> Result<i64> {
        let id = row.try_get("", "id")?;
        let url = row.try_get::<Option<String>>("", "url")?.unwrap_or_default();
        let own = digest(&url);
        self.by_url.insert(own, id);
        self.alike.insert(digest(&fields::loosely(&url)), (id, own));
        Ok(id)
    }
}

impl Store {
    /// The pages of a site.
    pub(crate) async fn pages_by_url(&self, db: &impl ConnectionTrait, scope: &Scope, site: i64) -> Result<Pages> {
        let column = |name: &str| self.shared_column(Shared::Contents, name);
        let mut pages = Pages::default();
        let mut after = i64::MIN;
        loop {
            let mut query = self.shared_select(Shared::Contents, &["id", "url"]);
            query
                .cond_where(scope.shared(Shared::Contents, &self.platform))
                .and_where(column("site_id").eq(site))
                .and_where(column("id").gt(after))
                .order_by_expr(column("id"), Sorting::Asc)
                .limit(STEP);
            let rows = db.query_all(&query).await?;
            for row in &rows {
                after = pages.add(row)?;
            }
            if (rows.len() as u64) < STEP {
                return Ok(pages);
            }
        }
    }
}
