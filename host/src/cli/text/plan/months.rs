//! The months: how fast, and what each costs.

use linker_types::{Campaign, Decimal};

use crate::cli::text::bars::bar;
use crate::cli::text::page::Page;
use crate::cli::text::table::{Table, left, right};
use crate::cli::text::words::{money, thousands};

pub(super) fn show(page: &mut Page, campaign: &Campaign) {
    let plan = &campaign.monthly_plan;
    let most = plan.iter().map(|month| month.links_target).max().unwrap_or(0);
    let room = page.width.saturating_sub(72).clamp(6, 30);
    let columns = [
        right("month"),
        left("phase"),
        right("links"),
        left("").optional(),
        right("pages"),
        right("placements"),
        right("reserve"),
        right("budget"),
    ];
    let mut table = Table::new(columns);
    for month in plan {
        table.row([
            month.month.to_string(),
            month.phase.to_string(),
            thousands(month.links_target.into()),
            bar(month.links_target.into(), most.into(), room),
            thousands(month.pages.len() as u64),
            money(month.placements),
            money(month.reserve),
            money(month.budget),
        ]);
    }
    table.rule();
    table.row([
        "all".to_owned(),
        String::new(),
        thousands(campaign.total_links_target.into()),
        String::new(),
        thousands(campaign.pages.len() as u64),
        money(sum(plan.iter().map(|month| month.placements))),
        money(sum(plan.iter().map(|month| month.reserve))),
        money(campaign.budget_expected),
    ]);
    page.section("Months", "links to place, pages that get them, and what to set aside");
    page.table(&table);
}

/// Of amounts in whole cents.
pub(super) fn sum(amounts: impl Iterator<Item = Decimal>) -> Decimal {
    Decimal::cents(amounts.filter_map(|amount| amount.at_scale(2)).fold(0i64, i64::saturating_add))
}
