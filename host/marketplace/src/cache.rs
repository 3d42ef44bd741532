//! Rows that were paid for.

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

/// One thing asked of the marketplace and the answer to it, as it came, so that a corrected field map reads it anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// A domain, or `search:` and a digest for a page of [`crate::FatGrid::browse`]. At most 253 characters.
    pub key: String,
    /// A JSON array of the marketplace's items; empty where there are none ("not listed").
    pub json: String,
    /// Seconds since 1970 (UTC), at which it is forgotten.
    pub expires_at: i64,
}

/// Keeps rows for the account that paid for them. The host puts them into its database.
///
/// An account must get its own rows only: another's were paid for by somebody else.
pub trait Cache: Send + Sync + 'static {
    /// The rows kept under these keys, in any order; missing and expired ones may be left out.
    ///
    /// # Errors
    /// Why they can't be read, as people can be told.
    fn get_many(&self, account: i64, keys: &[String]) -> impl Future<Output = Result<Vec<Row>, String>> + Send;

    /// Keeps rows; one with the same key is replaced.
    ///
    /// # Errors
    /// Why they can't be written, as people can be told. The caller has its answer all the same.
    fn put_many(&self, account: i64, rows: Vec<Row>) -> impl Future<Output = Result<(), String>> + Send;
}

impl<C: Cache> Cache for Arc<C> {
    fn get_many(&self, account: i64, keys: &[String]) -> impl Future<Output = Result<Vec<Row>, String>> + Send {
        C::get_many(self, account, keys)
    }

    fn put_many(&self, account: i64, rows: Vec<Row>) -> impl Future<Output = Result<(), String>> + Send {
        C::put_many(self, account, rows)
    }
}

/// Keeps rows as long as the process lives: for the command line and tests.
#[derive(Debug, Default)]
pub struct Memory(Mutex<HashMap<(i64, String), Row>>);

impl Cache for Memory {
    async fn get_many(&self, account: i64, keys: &[String]) -> Result<Vec<Row>, String> {
        let rows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(keys.iter().filter_map(|key| rows.get(&(account, key.clone())).cloned()).collect())
    }

    async fn put_many(&self, account: i64, new: Vec<Row>) -> Result<(), String> {
        let now = now();
        let mut rows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        rows.retain(|_, row| row.expires_at > now);
        rows.extend(new.into_iter().map(|row| ((account, row.key.clone()), row)));
        Ok(())
    }
}

/// Seconds since 1970.
pub(crate) fn now() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}
