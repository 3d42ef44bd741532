//! The links to order in a month.

use std::collections::BTreeMap;

use linker_types::{Campaign, PlannedLink};

use super::months::sum;
use crate::cli::args::Months;
use crate::cli::text::page::Page;
use crate::cli::text::table::{Table, left, right};
use crate::cli::text::words::{clean, count, dollars, path, prices};

pub(super) fn show(page: &mut Page, campaign: &Campaign, months: Months) {
    let paths: BTreeMap<u64, String> = campaign.pages.iter().map(|page| (page.content_id, path(&page.url))).collect();
    for plan in &campaign.monthly_plan {
        if months != Months::All && months != Months::One(plan.month) {
            continue;
        }
        let links: Vec<&PlannedLink> = campaign.links.iter().filter(|link| link.month == plan.month).collect();
        let low = dollars(sum(links.iter().map(|link| link.cost_low)));
        let high = dollars(sum(links.iter().map(|link| link.cost_high)));
        let detail = match links.len() {
            0 => "nothing".to_owned(),
            links => format!("{}, {low} to {high}", count(links as u64, "link")),
        };
        page.section(&format!("Order in month {}", plan.month), &detail);
        if !links.is_empty() {
            page.table(&table(&links, &paths));
        }
    }
}

fn table(links: &[&PlannedLink], paths: &BTreeMap<u64, String>) -> Table {
    let columns = [
        left("to the page").shrinks_to(12),
        left("anchor text").shrinks_to(12),
        left("anchor type"),
        left("link type"),
        right("price"),
    ];
    let mut table = Table::new(columns);
    for link in links {
        table.row([
            paths.get(&link.content_id).cloned().unwrap_or_default(),
            clean(&link.anchor_text),
            link.anchor_type.label().to_owned(),
            link.link_type.label().to_owned(),
            prices(link.cost_low, link.cost_high),
        ]);
    }
    table
}
