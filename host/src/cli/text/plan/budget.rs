//! The budget against the country's range, what it buys, and press release packages.

use linker_types::{Campaign, Decimal, LinkType, PlannedLink};

use super::months::sum;
use crate::cli::text::bars::Scale;
use crate::cli::text::page::Page;
use crate::cli::text::table::{Table, left, right};
use crate::cli::text::words::{approximate, clean, count, dollars, money, percent, percent_column, prices, thousands};

pub(super) fn show(page: &mut Page, campaign: &Campaign) {
    let profile = &campaign.country_profile;
    let (floor, ceiling) = (profile.budget_min, profile.budget_max);
    page.section(
        "Budget",
        &format!(
            "{} expected, {} allows {} to {}",
            money(campaign.budget_expected),
            profile.country_code,
            dollars(floor),
            dollars(ceiling)
        ),
    );
    range(page, campaign);
    let reserve = sum(campaign.monthly_plan.iter().map(|month| month.reserve));
    let links = sum(campaign.monthly_plan.iter().map(|month| month.placements));
    let share = percent(profile.replacement_reserve);
    page.paragraph(
        "  ",
        &format!("{} for links and {} ({share}) in reserve for replacing lost ones", money(links), money(reserve)),
    );
    page.blank();
    page.table(&bought(campaign));
    if let Some(option) = campaign.pr_options.first().filter(|option| option.links > 0) {
        let releases = count(option.links.into(), "press release");
        page.section(
            "Press release packages",
            &format!("for the plan's {releases}; the plan is made with {}", clean(&option.name)),
        );
        page.table(&packages(campaign));
    }
}

/// Two lines on one scale: what the country allows, and where the plan lies.
fn range(page: &mut Page, campaign: &Campaign) {
    let profile = &campaign.country_profile;
    let (low, expected, high) = (campaign.budget_estimate_min, campaign.budget_expected, campaign.budget_estimate_max);
    let most = [profile.budget_max, high, expected].map(approximate).into_iter().fold(1.0, f64::max);
    let scale = Scale { most, room: page.width.saturating_sub(49).clamp(24, 60) };
    let line = |name: &str, drawn: String, legend: String| format!("  {name:<10} {drawn}  {legend}");
    let allowed = scale.draw(approximate(profile.budget_min), approximate(profile.budget_max), '━', ('┣', '┫'), None);
    let legend = format!("{} to {}", dollars(profile.budget_min), dollars(profile.budget_max));
    page.line(&line(&format!("{} allows", profile.country_code), allowed, legend));
    let mark = Some((approximate(expected), '◆'));
    let plan = scale.draw(approximate(low), approximate(high), '▒', ('▒', '▒'), mark);
    page.line(&line("this plan", plan, format!("{} to {}", money(low), money(high))));
}

fn bought(campaign: &Campaign) -> Table {
    let mut table = Table::new([
        left("link type"),
        right("links"),
        right("share").optional(),
        right("price each"),
        right("low"),
        right("expected"),
        right("high"),
    ]);
    for &link_type in LinkType::ALL {
        let links: Vec<&PlannedLink> = campaign.links.iter().filter(|link| link.link_type == link_type).collect();
        let Some(first) = links.first() else { continue };
        let cost = |of: fn(&PlannedLink) -> Decimal| money(sum(links.iter().map(|link| of(link))));
        let share = links.len() as f64 / campaign.links.len().max(1) as f64;
        table.row([
            link_type.label().to_owned(),
            thousands(links.len() as u64),
            percent_column(share),
            prices(first.cost_low, first.cost_high),
            cost(|link| link.cost_low),
            cost(|link| link.cost_expected),
            cost(|link| link.cost_high),
        ]);
    }
    table
}

fn packages(campaign: &Campaign) -> Table {
    let mut table = Table::new([
        left("package"),
        left("provider"),
        left("reach").shrinks_to(10),
        right("price each"),
        right("plan total"),
        right("change"),
    ]);
    for option in &campaign.pr_options {
        let more = if option.budget_change.units > 0 { "+" } else { "" };
        table.row([
            clean(&option.name),
            clean(&option.provider),
            clean(&option.reach),
            prices(option.low, option.high),
            money(option.budget_expected),
            if option.budget_change.units == 0 {
                "–".to_owned()
            } else {
                format!("{more}{}", money(option.budget_change))
            },
        ]);
    }
    table
}
