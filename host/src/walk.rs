//! A campaign's backlinks, one after the other however many there are.

use linker_store::entity::backlink::Model;
use linker_store::vocabulary::BacklinkStatus;
use linker_store::{BacklinkFilter, Scope, Store};

/// Rows read at once: some hundred kilobytes.
const BATCH: u64 = 500;

/// Bytes that they take at most, each with the longest notes and names.
pub(crate) const MOST: usize = 12 << 20;

/// Backlinks in the order of their ids, read as they are needed.
pub(crate) struct Walk {
    store: Store,
    scope: Scope,
    filter: BacklinkFilter,
    after: i64,
}

impl Walk {
    /// Over all of them; `NotFound` for a campaign that the caller may not see.
    pub(crate) async fn new(store: &Store, scope: &Scope, campaign: i64) -> linker_store::Result<Self> {
        Self::over(store, scope, campaign, None).await
    }

    /// Over those that are live.
    pub(crate) async fn live(store: &Store, scope: &Scope, campaign: i64) -> linker_store::Result<Self> {
        Self::over(store, scope, campaign, Some(BacklinkStatus::Live)).await
    }

    async fn over(
        store: &Store,
        scope: &Scope,
        campaign: i64,
        status: Option<BacklinkStatus>,
    ) -> linker_store::Result<Self> {
        store.campaign_row(scope, campaign).await?;
        let filter = BacklinkFilter { campaign: Some(campaign), status, ..BacklinkFilter::default() };
        Ok(Self { store: store.clone(), scope: scope.clone(), filter, after: 0 })
    }

    /// The next rows; none at the end.
    pub(crate) async fn next(&mut self) -> linker_store::Result<Option<Vec<Model>>> {
        let rows = self.store.backlinks_after(&self.scope, self.filter, self.after, BATCH).await?;
        let Some(last) = rows.last() else { return Ok(None) };
        self.after = last.id;
        Ok(Some(rows))
    }
}
