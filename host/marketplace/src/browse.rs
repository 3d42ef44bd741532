//! Placements by what they are.

use std::collections::HashSet;
use std::sync::Arc;

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::cache::{Cache, now};
use crate::client::{FatGrid, Inner, note_unread};
use crate::config::Method;
use crate::error::Error;
use crate::fields::Reader;
use crate::filters::{Filters, MOST_LISTINGS};
use crate::key::ApiKey;
use crate::listing::Listing;
use crate::transport::Ask;

/// Placements found.
#[derive(Debug, Clone, PartialEq)]
pub struct Search {
    /// In the marketplace's order; at most as many as asked for.
    pub listings: Vec<Listing>,
    /// Rows that the marketplace sent, which is what it bills; 0 where the same search was kept.
    pub rows_fetched: u64,
    /// Why a later page is missing.
    pub stopped: Option<Error>,
}

impl<C: Cache> FatGrid<C> {
    /// Searches placements. Pages kept for this account are not asked for again; filters in numbers are applied once more
    /// to what comes. Filters that [`Filters::check`] refuses find less, never more, than they say.
    ///
    /// # Errors
    /// Why there is no first page; a later one that fails is in [`Search::stopped`], since what came is paid for.
    pub async fn browse(&self, account: i64, key: &ApiKey, filters: &Filters) -> Result<Search, Error> {
        let limit = filters.limit.min(MOST_LISTINGS);
        let size = self.inner.config.browse.page_size.min(limit.max(1));
        let mut reader = Reader::new(&self.inner.config.fields);
        let mut search = Search { listings: Vec::new(), rows_fetched: 0, stopped: None };
        let mut seen = HashSet::new();
        for number in 1..=limit.div_ceil(size) {
            let ask = self.inner.asking(filters, number, size);
            let (inner, key) = (Arc::clone(&self.inner), key.clone());
            let page = Self::to_the_end(async move { inner.search_page(account, &key, &ask).await }).await;
            let (items, fetched) = match page {
                Ok(page) => page,
                Err(error) if number == 1 => return Err(error),
                Err(error) => {
                    search.stopped = Some(error);
                    break;
                }
            };
            search.rows_fetched += fetched;
            // A marketplace that knows no pages sends the first one again, and bills it.
            let fresh: Vec<&Value> = items.iter().filter(|item| seen.insert(item.to_string())).collect();
            let found = fresh.iter().filter_map(|item| reader.listing(item)).filter(|listing| filters.fits(listing));
            search.listings.extend(found.take(limit - search.listings.len()));
            if fresh.is_empty() || items.len() < size || search.listings.len() == limit {
                break;
            }
        }
        note_unread(&reader.unread);
        Ok(search)
    }
}

impl<C: Cache> Inner<C> {
    fn asking(&self, filters: &Filters, page: usize, size: usize) -> Ask {
        let browse = &self.config.browse;
        let parameters = filters.parameters(browse, page, size);
        let path = browse.path.clone();
        match browse.method {
            Method::Get => {
                let text = |value: Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                let query = parameters.into_iter().map(|(name, value)| (name, text(value))).collect();
                Ask { path, query, body: None }
            }
            Method::Post => {
                let body: Map<String, Value> = parameters.into_iter().collect();
                Ask { path, query: Vec::new(), body: Some(body.into()) }
            }
        }
    }

    /// The items of a page, and how many of them came now.
    async fn search_page(&self, account: i64, key: &ApiKey, ask: &Ask) -> Result<(Vec<Value>, u64), Error> {
        let name = digest(ask);
        let kept = self.cache.get_many(account, std::slice::from_ref(&name)).await.map_err(Error::Cache)?;
        let time = now();
        if let Some(items) = kept.iter().find_map(|row| Self::items(row, time)) {
            return Ok((items, 0));
        }
        let (items, _) = self.page(&self.transport.send(key, ask).await?)?;
        self.keep(account, self.row(name, &items, now()).into_iter().collect()).await;
        let count = items.len() as u64;
        Ok((items, count))
    }
}

/// A short name for a question.
fn digest(ask: &Ask) -> String {
    let digest = Sha256::digest(format!("{ask:?}"));
    digest.iter().fold("search:".to_owned(), |name, byte| format!("{name}{byte:02x}"))
}
