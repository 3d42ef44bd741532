//! The tipping point: five rows and what follows from them.

use linker_types::{Indicator, TippingPoint, TippingPointRequest};

use super::page::Page;
use super::table::{Table, left, right};
use super::words::{clean, count, money, plain};

pub(in crate::cli) fn show(request: &TippingPointRequest, point: &TippingPoint, width: usize) -> String {
    let answer = if point.triggered { "reached" } else { "not reached yet" };
    let country = request.country_code.trim().to_uppercase();
    let title = format!("Tipping point {answer}: {} of 5 indicators met, 3 needed", point.met);
    let mut page = Page::new(width, &title);
    page.section(&format!("{country} on {}", clean(request.as_of.trim())), "");
    let mut table = Table::new([
        left(""),
        left("indicator"),
        right("value"),
        right("needed"),
        left("pages").shrinks_to(8).optional(),
    ]);
    for indicator in &point.indicators {
        table.row([
            mark(indicator).to_owned(),
            indicator.name.label().to_owned(),
            indicator.value.map_or("?".to_owned(), plain),
            plain(indicator.threshold),
            indicator.evidence.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
        ]);
    }
    page.table(&table);
    page.section("What to do", "");
    page.paragraph("  ", &clean(&point.recommendation.message));
    facts(&mut page, point);
    page.finish()
}

fn facts(page: &mut Page, point: &TippingPoint) {
    let advice = &point.recommendation;
    let mut facts = Vec::new();
    if let Some(month) = advice.from_month {
        facts.push(("From month", month.to_string()));
    }
    if let Some(weight) = advice.velocity_weight {
        facts.push(("Velocity", format!("weight {}, the country's pace of maintenance", plain(weight))));
    }
    if let Some(freed) = advice.freed_per_month {
        facts.push(("Frees", format!("{} a month for content", money(freed))));
    }
    let unknown = point.indicators.iter().filter(|indicator| indicator.unknown).count();
    if unknown > 0 {
        facts.push((
            "Unknown",
            format!("{} for lack of data; unknown never counts as met", count(unknown as u64, "indicator")),
        ));
    }
    if !facts.is_empty() {
        page.blank();
        page.facts(&facts);
    }
}

fn mark(indicator: &Indicator) -> &'static str {
    match (indicator.met, indicator.unknown) {
        (true, _) => "✓ met",
        (_, true) => "? unknown",
        _ => "✗ not met",
    }
}
