//! The target pages, by tier.

use linker_types::{Campaign, PageTarget, Tier};

use super::months::sum;
use crate::cli::text::page::Page;
use crate::cli::text::table::{Table, left, right};
use crate::cli::text::words::{approximate, count, money, path, thousands};

pub(super) fn show(page: &mut Page, campaign: &Campaign) {
    let columns = [
        right("id"),
        left("page").shrinks_to(26),
        right("links"),
        right("cost"),
        right("month"),
        right("volume"),
        right("difficulty"),
        right("priority").optional(),
    ];
    let mut table = Table::new(columns);
    for &tier in Tier::ALL {
        let pages: Vec<&PageTarget> = campaign.pages.iter().filter(|page| page.tier == tier).collect();
        if pages.is_empty() {
            continue;
        }
        let links: u64 = pages.iter().map(|page| u64::from(page.links_target)).sum();
        let cost = money(sum(pages.iter().map(|page| page.expected_cost)));
        table.across(format!(
            "{}: {} to {}, {cost}",
            tier.label(),
            count(links, "link"),
            count(pages.len() as u64, "page")
        ));
        for target in pages {
            table.row([
                target.content_id.to_string(),
                path(&target.url),
                thousands(target.links_target.into()),
                money(target.expected_cost),
                target.first_month.to_string(),
                thousands(target.volume),
                target.difficulty.to_string(),
                format!("{:.2}", approximate(target.priority)),
            ]);
        }
    }
    page.section(
        "Target pages",
        "most important first; month of the first link, volume in searches a month, cost without the reserve",
    );
    page.table(&table);
}
