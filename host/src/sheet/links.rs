//! A plan's links, one a row in schedule order.

use std::collections::BTreeMap;

use linker_types::Campaign;

use super::xlsx::Book;
use super::{Cell, Columns, Form, SheetError, csv};

const COLUMNS: Columns = &[
    ("month", 7),
    ("phase", 12),
    ("content_id", 11),
    ("url", 50),
    ("tier", 6),
    ("link_type", 16),
    ("anchor_type", 14),
    ("anchor_text", 40),
    ("cost_low", 11),
    ("cost_expected", 14),
    ("cost_high", 11),
];

/// As CSV.
pub(crate) fn csv(campaign: &Campaign) -> String {
    csv::header(COLUMNS) + &csv::lines(rows(campaign))
}

/// In a form.
pub(crate) fn file(campaign: &Campaign, form: Form) -> Result<Vec<u8>, SheetError> {
    match form {
        Form::Csv => Ok(csv(campaign).into_bytes()),
        Form::Xlsx => {
            let mut book = Book::new("links", COLUMNS)?;
            book.add(rows(campaign))?;
            Ok(book.finish()?)
        }
    }
}

fn rows(campaign: &Campaign) -> impl Iterator<Item = Vec<Cell>> {
    let urls: BTreeMap<u64, &str> = campaign.pages.iter().map(|page| (page.content_id, page.url.as_str())).collect();
    let phases: BTreeMap<u32, &str> =
        campaign.monthly_plan.iter().map(|plan| (plan.month, plan.phase.as_str())).collect();
    campaign.links.iter().map(move |link| {
        vec![
            Cell::number(link.month),
            Cell::text(phases.get(&link.month).copied().unwrap_or_default()),
            Cell::number(link.content_id),
            Cell::text(urls.get(&link.content_id).copied().unwrap_or_default()),
            Cell::text(link.tier),
            Cell::text(link.link_type),
            Cell::text(link.anchor_type),
            Cell::text(&link.anchor_text),
            Cell::amount(link.cost_low),
            Cell::amount(link.cost_expected),
            Cell::amount(link.cost_high),
        ]
    })
}
