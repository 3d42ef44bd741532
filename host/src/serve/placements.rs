//! What a check looks at: a campaign's live backlinks, as the engine takes them.

use linker_store::entity::{backlink, look};
use linker_store::{Moment, Scope, Store};
use linker_types::Placement;

use crate::check::HISTORY;
use crate::walk::Walk;

/// Each with what earlier checks saw. Those whose page is unknown can't be looked at.
pub(super) async fn placements(store: &Store, scope: &Scope, campaign: i64) -> linker_store::Result<Vec<Placement>> {
    let since = Moment::of(chrono::Utc::now() - chrono::TimeDelta::days(HISTORY));
    let (mut placements, mut walk) = (Vec::new(), Walk::live(store, scope, campaign).await?);
    while let Some(rows) = walk.next().await? {
        let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
        let mut histories = store.histories(scope, &ids, since).await?;
        let rows = rows.into_iter().filter(|row| !row.source_url.is_empty());
        placements.extend(rows.map(|row| {
            let history = histories.remove(&row.id).unwrap_or_default();
            placement(row, &history)
        }));
    }
    Ok(placements)
}

fn placement(row: backlink::Model, history: &[look::Model]) -> Placement {
    Placement {
        backlink_id: u64::try_from(row.id).unwrap_or_default(),
        source_url: row.source_url,
        target_url: row.target_url,
        anchor_text: row.anchor_text,
        rel: String::new(),
        status: Some(linker_types::BacklinkStatus::Live),
        date_live: row.date_live.map(|day| day.to_string()),
        history: history.iter().filter_map(crate::check::remembered).collect(),
    }
}
