//! Dead links, the worst loss first, and what to do about each.

use linker_types::{Replacement, ReplacementRequest};

use super::page::Page;
use super::table::{Table, left, right};
use super::words::{clean, count, dollars, money, plain};

const VAGUE: &str =
    "What to order is said of links with a link_type, tier and anchor_type, and with --country or a campaign.";

pub(in crate::cli) fn show(request: &ReplacementRequest, found: &[Replacement], width: usize) -> String {
    let mut page = Page::new(width, &format!("{} to replace", count(found.len() as u64, "dead link")));
    if found.is_empty() {
        return page.finish();
    }
    page.blank();
    if let Some(left) = request.reserve_left {
        page.facts(&[("Reserve", format!("{} left", money(left)))]);
    }
    page.section("Dead links", "the worst loss first; impact 0 to 100");
    page.table(&table(request, found));
    page.section("What to do", "");
    for (at, replacement) in found.iter().enumerate() {
        page.paragraph(&format!("  {:>2}  ", at + 1), &clean(&replacement.message));
        for candidate in &replacement.candidates {
            page.paragraph("      ", &offer(candidate));
        }
    }
    if found.iter().any(|replacement| replacement.link_type.is_none()) {
        page.blank();
        page.paragraph("  ", VAGUE);
    }
    page.finish()
}

fn table(request: &ReplacementRequest, found: &[Replacement]) -> Table {
    let mut table = Table::new([
        right("#"),
        right("backlink"),
        right("page"),
        left("was on").shrinks_to(12),
        right("impact"),
        left("first"),
        left("anchor type"),
        left("link type"),
        right("DR from"),
        right("up to"),
    ]);
    for (at, lost) in found.iter().enumerate() {
        let was_on = request.dead.iter().find(|dead| dead.backlink_id == lost.backlink_id);
        table.row([
            (at + 1).to_string(),
            lost.backlink_id.to_string(),
            lost.content_id.to_string(),
            was_on.map(|dead| clean(&dead.source_domain)).unwrap_or_default(),
            lost.impact.score.map_or("?".to_owned(), |score| score.to_string()),
            if lost.restore { "restore" } else { "replace" }.to_owned(),
            lost.anchor_type.map_or("?", |anchor| anchor.label()).to_owned(),
            lost.link_type.map_or("?", |link| link.label()).to_owned(),
            lost.min_source_dr.map_or("?".to_owned(), plain),
            lost.cost_ceiling.map_or("–".to_owned(), dollars),
        ]);
    }
    table
}

fn offer(candidate: &linker_types::Candidate) -> String {
    let known = |number: Option<linker_types::Decimal>| number.map_or("unknown".to_owned(), plain);
    let price = candidate.price.map_or("price unknown".to_owned(), dollars);
    format!("· {}: {}/11, DR {}, {price}", clean(&candidate.domain), candidate.score, known(candidate.dr))
}
