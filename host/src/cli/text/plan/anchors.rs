//! The anchor mix against the country's bands.

use linker_types::{AnchorShare, Campaign};

use crate::cli::text::bars::Scale;
use crate::cli::text::page::Page;
use crate::cli::text::table::{Table, left, right};
use crate::cli::text::words::{approximate, percent, percent_column, thousands};

pub(super) fn show(page: &mut Page, campaign: &Campaign) {
    let highest = campaign.anchor_mix.iter().map(|mix| approximate(mix.max).max(approximate(mix.share)));
    let scale = Scale { most: highest.fold(0.01, f64::max), room: page.width.saturating_sub(58).clamp(20, 41) };
    let columns = [left("type"), right("links"), right("share"), right("band"), left(""), left("")];
    let mut table = Table::new(columns);
    for mix in &campaign.anchor_mix {
        let (low, high, share) = (approximate(mix.min), approximate(mix.max), approximate(mix.share));
        table.row([
            mix.anchor_type.label().to_owned(),
            thousands(mix.links.into()),
            percent_column(share),
            format!("{}–{}", percent(mix.min).trim_end_matches(" %"), percent(mix.max)),
            scale.draw(low, high, '━', ('┣', '┫'), Some((share, '◆'))),
            verdict(mix, campaign.total_links_target).to_owned(),
        ]);
    }
    page.section("Anchor texts", "share of the links ◆ in the country's band ┣━┫");
    page.table(&table);
}

/// By whole links, where the share is rounded.
fn verdict(mix: &AnchorShare, total: u32) -> &'static str {
    let scaled = |share: linker_types::Decimal| i128::from(share.units) * i128::from(total);
    let links = |scale: u8| i128::from(mix.links) * 10i128.pow(scale.into());
    if links(mix.min.scale) < scaled(mix.min) {
        "▼ under"
    } else if links(mix.max.scale) > scaled(mix.max) {
        "▲ over"
    } else {
        "✓ ok"
    }
}
