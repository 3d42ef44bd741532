//! FatGrid.

use std::collections::BTreeSet;
use std::fmt;
use std::future::Future;
use std::sync::Arc;

use linker_types::Error as Fault;
use serde_json::Value;
use tracing::Instrument as _;

use crate::breaker::Circuit;
use crate::cache::{Cache, Row};
use crate::config::Config;
use crate::error::Error;
use crate::fields::find;
use crate::number;
use crate::transport::Transport;

/// The marketplaces behind FatGrid. Made once; clones share connections, circuit and cache.
pub struct FatGrid<C> {
    pub(crate) inner: Arc<Inner<C>>,
}

pub(crate) struct Inner<C> {
    pub(crate) config: Arc<Config>,
    pub(crate) transport: Transport,
    pub(crate) cache: C,
}

impl<C: Cache> FatGrid<C> {
    /// Nothing is sent yet.
    ///
    /// # Errors
    /// What is wrong with the configuration, by field ([`Config::check`]).
    pub fn new(config: Config, cache: C) -> Result<Self, Vec<Fault>> {
        config.check()?;
        let config = Arc::new(config);
        let transport = Transport::new(Arc::clone(&config)).map_err(|fault| vec![fault])?;
        Ok(Self { inner: Arc::new(Inner { config, transport, cache }) })
    }

    /// Whether the marketplace is asked at present; open, it failed repeatedly.
    #[must_use]
    pub fn circuit(&self) -> Circuit {
        self.inner.transport.circuit()
    }

    /// Begins work at once that goes on if the caller goes away: an answer is paid for once it was asked.
    pub(crate) fn to_the_end<T: Send + 'static>(
        work: impl Future<Output = Result<T, Error>> + Send + 'static,
    ) -> impl Future<Output = Result<T, Error>> + Send {
        let work = tokio::spawn(work.in_current_span());
        async { work.await.unwrap_or_else(|_| Err(Error::BrokenOff("the program is shutting down".to_owned()))) }
    }
}

impl<C: Cache> Inner<C> {
    /// Keeps what came. A failure costs money, not the answer.
    pub(crate) async fn keep(&self, account: i64, rows: Vec<Row>) {
        if rows.is_empty() {
            return;
        }
        let count = rows.len();
        if let Err(error) = self.cache.put_many(account, rows).await {
            tracing::warn!(error, count, "rows of the marketplace can't be kept: they will be paid for again");
        }
    }

    /// A row to keep; none where the configuration keeps nothing.
    pub(crate) fn row(&self, key: String, items: &[Value], now: i64) -> Option<Row> {
        let expires_at = self.config.expiry(!items.is_empty(), now)?;
        Some(Row { key, json: serde_json::to_string(items).ok()?, expires_at })
    }

    /// The items of a row that still holds.
    pub(crate) fn items(row: &Row, now: i64) -> Option<Vec<Value>> {
        (row.expires_at > now).then(|| serde_json::from_str(&row.json).ok()).flatten()
    }

    /// The items of an answer and how many there are in all, as far as it tells.
    pub(crate) fn page(&self, body: &[u8]) -> Result<(Vec<Value>, Option<u64>), Error> {
        let answer: Value = serde_json::from_slice(body).map_err(|error| {
            Error::Unreadable(format!("no JSON from line {}, column {}", error.line(), error.column()))
        })?;
        let fields = &self.config.fields;
        let items = find(&answer, &fields.items).and_then(Value::as_array).cloned();
        let items =
            items.ok_or_else(|| Error::Unreadable(format!("it has no array `{}`", fields.items.join("`, `"))))?;
        let total = find(&answer, &fields.total).and_then(|total| number::count(total).ok().flatten());
        Ok((items, total))
    }
}

/// Tells the operator which entries of the field map to look at. The names are ours, the values stay out of the log.
pub(crate) fn note_unread(fields: &BTreeSet<&'static str>) {
    if !fields.is_empty() {
        let fields = fields.iter().copied().collect::<Vec<_>>().join(", ");
        tracing::warn!(fields, "the marketplace's items hold something unexpected in these fields: see `fields`");
    }
}

impl<C> Clone for FatGrid<C> {
    fn clone(&self) -> Self {
        Self { inner: Arc::clone(&self.inner) }
    }
}

impl<C> fmt::Debug for FatGrid<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FatGrid").field("circuit", &self.inner.transport.circuit()).finish_non_exhaustive()
    }
}
