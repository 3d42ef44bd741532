//! A campaign as a plan that a person reads from top to bottom: what and why, when, what to order first, where
//! it goes, with which anchors, for how much, and what to look at before ordering.

mod anchors;
mod budget;
mod links;
mod months;
mod summary;
mod targets;

use linker_types::{Campaign, Decimal};
use serde::Deserialize;

use super::page::Page;
use super::words::{clean, count};
use crate::cli::args::Months;

/// What the blueprint says of the site.
#[derive(Deserialize)]
pub(in crate::cli) struct Site {
    brand: String,
    current_dr: Option<Decimal>,
}

pub(in crate::cli) fn show(campaign: &Campaign, site: &Site, months: Months, width: usize) -> String {
    let title = format!(
        "{} · link building in {} over {}",
        clean(&site.brand),
        campaign.country_code,
        count(campaign.timeline_months.into(), "month"),
    );
    let mut page = Page::new(width, &title);
    page.blank();
    summary::show(&mut page, campaign, site);
    months::show(&mut page, campaign);
    links::show(&mut page, campaign, months);
    targets::show(&mut page, campaign);
    anchors::show(&mut page, campaign);
    budget::show(&mut page, campaign);
    warnings(&mut page, campaign);
    page.finish()
}

/// Those that differ only in their page are told once.
fn warnings(page: &mut Page, campaign: &Campaign) {
    if campaign.warnings.is_empty() {
        return;
    }
    page.section("Before you order", "where the plan had to bend, and what to do");
    let mut told: Vec<(String, &str, Vec<&str>)> = Vec::new();
    for warning in &campaign.warnings {
        let subject = warning.subject.as_deref().unwrap_or_default();
        let pattern = if subject.is_empty() { warning.message.clone() } else { warning.message.replace(subject, "#") };
        match told.iter_mut().find(|(known, ..)| *known == pattern) {
            Some((_, _, others)) => others.push(subject),
            None => told.push((pattern, &warning.message, Vec::new())),
        }
    }
    for (_, message, others) in told {
        page.paragraph("  ⚠ ", &clean(message));
        if !others.is_empty() {
            page.paragraph("    ", &format!("the same for {}", clean(&others.join(", "))));
        }
    }
}
