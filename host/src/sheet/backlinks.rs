//! Backlinks by R-9.2's names, which the importer reads back.

use std::fs::File;
use std::io::Seek;

use linker_store::entity::backlink::Model;
use linker_store::word::Vocabulary;
use tokio::sync::mpsc;

use super::xlsx::Book;
use super::{Cell, Columns, SheetError, csv};
use crate::walk::Walk;

const COLUMNS: Columns = &[
    ("id", 9),
    ("campaign_id", 12),
    ("target_url", 50),
    ("target_tier", 11),
    ("source_url", 50),
    ("source_domain", 28),
    ("source_dr", 10),
    ("source_traffic", 14),
    ("anchor_text", 40),
    ("anchor_type", 14),
    ("link_type", 16),
    ("marketplace", 13),
    ("cost", 11),
    ("quality_score", 13),
    ("country_relevant", 16),
    ("date_ordered", 13),
    ("date_live", 13),
    ("date_last_checked", 17),
    ("status", 10),
    ("notes", 40),
];

fn row(row: Model) -> Vec<Cell> {
    vec![
        Cell::number(row.id),
        Cell::number(row.campaign_id),
        Cell::Text(row.target_url),
        Cell::text(row.target_tier.0.word()),
        Cell::Text(row.source_url),
        Cell::Text(row.source_domain),
        Cell::known(row.source_dr, Cell::number),
        Cell::known(row.source_traffic, Cell::number),
        Cell::Text(row.anchor_text),
        Cell::text(row.anchor_type.0.word()),
        Cell::text(row.link_type.0.word()),
        Cell::text(row.marketplace.0.word()),
        Cell::known(row.cost, Cell::amount),
        Cell::known(row.quality_score, Cell::number),
        Cell::Flag(row.country_relevant),
        Cell::known(row.date_ordered, Cell::Day),
        Cell::known(row.date_live, Cell::Day),
        Cell::known(row.date_last_checked, Cell::Day),
        Cell::text(row.status.0.word()),
        Cell::Text(row.notes),
    ]
}

/// The first line of the CSV.
pub(crate) fn header() -> String {
    csv::header(COLUMNS)
}

/// The next rows as CSV; none at the end.
pub(crate) async fn lines(walk: &mut Walk) -> linker_store::Result<Option<String>> {
    Ok(walk.next().await?.map(|rows| csv::lines(rows.into_iter().map(row))))
}

/// The whole as XLSX, in a file that is gone when it is closed, from its beginning: made on a thread that may be busy for long; `held` is kept until that is done.
pub(crate) async fn xlsx(mut walk: Walk, held: impl Send + 'static) -> Result<File, SheetError> {
    let (tell, mut told) = mpsc::channel::<Vec<Model>>(1);
    let making = tokio::task::spawn_blocking(move || {
        let _held = held;
        let mut book = Book::new("backlinks", COLUMNS)?;
        while let Some(rows) = told.blocking_recv() {
            book.add(rows.into_iter().map(row))?;
        }
        let mut file = tempfile::tempfile()?;
        book.save(&file)?;
        file.rewind()?;
        Ok(file)
    });
    while let Some(rows) = walk.next().await? {
        // Where nobody listens any more, the maker's own fault says why.
        if tell.send(rows).await.is_err() {
            break;
        }
    }
    drop(tell);
    making.await.map_err(|error| SheetError::Cut(error.to_string()))?
}
