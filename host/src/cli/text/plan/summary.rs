//! The plan in a few lines, and which number decided its size.

use linker_types::{Binding, Campaign};

use super::Site;
use crate::cli::set;
use crate::cli::text::page::Page;
use crate::cli::text::words::{count, dollars, money, percent, plain, thousands};

pub(super) fn show(page: &mut Page, campaign: &Campaign, site: &Site) {
    let profile = &campaign.country_profile;
    let needs = &campaign.quality_requirements;
    let links = campaign.total_links_target;
    let why = format!("Why {}", thousands(links.into()));
    let placement = format!(
        "{} of 11 quality points, DR or DA above {}, more than {} organic visits a month{}",
        needs.min_score,
        needs.min_source_dr,
        thousands(needs.min_organic_traffic.into()),
        if needs.dofollow { ", dofollow" } else { "" },
    );
    let mut facts = vec![
        ("Links", format!("{} to {}", count(links.into(), "referring domain"), targets(campaign))),
        (why.as_str(), reason(campaign, site)),
        (
            "Budget",
            format!(
                "{} expected; {} to {} at the low and high end of prices",
                money(campaign.budget_expected),
                money(campaign.budget_estimate_min),
                money(campaign.budget_estimate_max),
            ),
        ),
        ("", format!("{} of it stays in reserve for replacing lost links", percent(profile.replacement_reserve))),
        ("A link needs", placement),
    ];
    let changed = set::shown(&campaign.overrides);
    if !changed.is_empty() {
        facts.push(("You set", changed.join(" ")));
    }
    match campaign.warnings.len() {
        0 => {}
        warnings => facts.push(("Look at", format!("{} at the end", count(warnings as u64, "warning")))),
    }
    page.facts(&facts);
}

fn targets(campaign: &Campaign) -> String {
    count(campaign.pages.len() as u64, "target page")
}

/// The least target pages of a usual campaign.
const USUAL_TARGETS: usize = 20;

/// Which number was binding, and what the next one would have been.
fn reason(campaign: &Campaign, site: &Site) -> String {
    let (profile, domains) = (&campaign.country_profile, &campaign.referring_domains);
    let links = |number: u32| count(number.into(), "link");
    let ceiling = dollars(campaign.overrides.budget_max.unwrap_or(profile.budget_max));
    let wanted = domains.for_dr.max(domains.links_low).max(domains.page_demand);
    let allows = format!("the budget of {ceiling} allows {}", domains.links_high);
    match domains.binding {
        Binding::PageDemand => {
            let wanted = campaign
                .pages
                .len()
                .max(USUAL_TARGETS.min(campaign.tier_assignments.iter().map(|(_, ids)| ids.len()).sum()));
            format!("{} need {}; {allows}", count(wanted as u64, "target page"), links(domains.needed))
        }
        Binding::BudgetFloor => {
            let floor = dollars(profile.budget_min);
            format!("{} spend {}'s least budget of {floor}; {allows}", links(domains.needed), profile.country_code)
        }
        Binding::BudgetCeiling if wanted > domains.needed => {
            format!("the budget of {ceiling} buys no more; {} were wanted", links(wanted))
        }
        Binding::BudgetCeiling => format!("the budget of {ceiling} buys no more"),
        Binding::PageCapacity => {
            format!("the site's pages take no more; {allows}: publish more pages to use it")
        }
        Binding::DrGap => {
            let needed = count(domains.needed.into(), "referring domain");
            match campaign.overrides.current_dr.or(site.current_dr) {
                Some(dr) => format!("from DR {} to {} takes {needed}; {allows}", plain(dr), profile.target_dr_min),
                None => format!("{needed} is where {} starts while the DR is unknown; {allows}", profile.country_code),
            }
        }
        Binding::Override => {
            format!(
                "you set it; the computed need is {}, and {allows}",
                wanted.min(domains.links_high).min(domains.capacity)
            )
        }
    }
}
