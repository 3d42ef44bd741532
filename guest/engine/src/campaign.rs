//! A campaign plan, step by step.

use linker_anchors::Suggestions;
use linker_anchors::text::counted;
use linker_types::{
    AnchorShare, Campaign, Decimal, Error, ErrorCode, LinkType, Overrides, Profile, QualityRequirements,
    ReferringDomains, Tier, Warning, WarningCode,
};

use crate::allocation::{allocate, pool};
use crate::by::{ByAnchor, ByLink};
use crate::demand::{Room, TARGET_PAGES, referring_domains};
use crate::faults::Faults;
use crate::figures::divide_half_even;
use crate::links::Links;
use crate::mix::{anchor_counts, cost};
use crate::picks::Picks;
use crate::planner::Planner;
use crate::selection::select;
use crate::terms::{SHARE, Terms, money, used};
use crate::{assignment, schedule};

pub(crate) fn plan(
    planner: &Planner,
    profile: Profile,
    overrides: &Overrides,
    suggestions: Suggestions<'_>,
) -> Result<Campaign, Vec<Error>> {
    let mut faults = Faults::default();
    let mut terms = Terms::new(profile, overrides, &mut faults);
    faults.check()?;
    let picks = Picks::new(planner, &terms, overrides)?;
    let room = picks.room(planner, &terms);
    let dr = overrides.current_dr.or(planner.blueprint.site.current_dr);
    let domains = referring_domains(dr, overrides.total_links, &terms, &room);
    check_size(&domains, overrides, &mut terms, &mut faults);
    faults.check()?;

    let needed = u64::from(domains.needed);
    let allocation = allocate(needed, &terms, &room.capacity);
    let mut warnings = std::mem::take(&mut terms.warnings);
    if !planner.has_homepage() {
        warnings.push(warning(
            WarningCode::NoHomepage,
            "no published page is the homepage, so T1's links went to T2 and T3: publish it, or correct `homepage_url`",
        ));
    }
    if allocation.crossed > 0 {
        let message = format!(
            "{} crossed between T1-T3 and T4-T5, because one group's pages are full: publish more of them",
            counted(allocation.crossed, "link")
        );
        warnings.push(warning(WarningCode::GroupShareBroken, message));
    }
    let targets = select(planner, &terms, &picks, &allocation.links, &mut faults, &mut warnings);
    let schedule = schedule::schedule(planner, &terms, &targets, overrides, &mut faults);
    faults.check()?;
    few_pages(targets.len(), &room, &domains, &mut warnings);

    let tiers: Vec<Tier> =
        schedule.links.iter().filter_map(|link| Some(planner.ranked(link.page)?.page.tier)).collect();
    let (anchor_totals, whole) = anchor_counts(needed, &terms.anchors);
    if !whole {
        warnings.push(warning(
            WarningCode::AnchorBandRounded,
            format!(
                "{} can't be split into whole counts within every anchor band; exact match keeps its ceiling",
                counted(needed, "link")
            ),
        ));
    }
    let mix = anchor_mix(&anchor_totals, needed, &terms);
    let (anchors, bent) = assignment::anchors(&tiers, anchor_totals);
    if bent {
        warnings.push(warning(
            WarningCode::AnchorTierBent,
            "some anchors went to tiers that do not take their type: the site has too few pages of T2 to T5",
        ));
    }
    let totals = terms.mix.apportion(needed);
    let magnets = pool(allocation.magnets(), &totals);
    let hubs = ByLink::of(|link| totals[link].saturating_sub(magnets[link]));
    let press = totals[LinkType::PrDistribution];
    budget_share(&magnets, &totals, &terms, &mut warnings);
    let link_types = assignment::link_types(&tiers, hubs, magnets);

    let links = Links {
        planner,
        terms: &terms,
        targets: &targets,
        schedule: &schedule,
        anchors: &anchors,
        link_types: &link_types,
    };
    let (texts, planned) = links.with_texts(suggestions, &mut warnings);
    let months = links.months();
    let budget_of = |price: fn(&crate::terms::Price) -> u64| {
        crate::money::with_reserve(cost(&totals, &terms.prices, price), terms.reserve)
    };
    let (low, high) = (budget_of(|price| price.low), budget_of(|price| price.high));
    let expected =
        months.iter().fold(0u64, |sum, month| sum.saturating_add(crate::terms::cents(month.budget).unwrap_or(0)));
    // DIFFERENCE: against the maximum in force. Section 6 says the profile's; a caller who lowered the budget
    // wants to hear about that one.
    if high > terms.budget_max {
        let message = format!(
            "at the high end of prices the plan costs ${}, over the budget of ${}: keep to prices near the expected ones, or plan fewer links",
            money(high),
            money(terms.budget_max)
        );
        warnings.push(warning(WarningCode::HighPriceOverBudget, message));
    }
    let press_price = terms.prices[LinkType::PrDistribution].expected;
    Ok(Campaign {
        engine_version: crate::VERSION.to_owned(),
        profile_version: terms.profile.version.clone(),
        country_code: terms.profile.country_code,
        timeline_months: terms.months,
        total_links_target: domains.needed,
        tier_assignments: planner.assignments.clone(),
        referring_domains: domains,
        links_by_tier: allocation
            .links
            .iter()
            .map(|(tier, &links)| (tier, u32::try_from(links).unwrap_or(u32::MAX)))
            .collect(),
        pages: links.pages(),
        links: planned,
        monthly_plan: months,
        anchor_text_plan: texts,
        anchor_mix: mix,
        budget_estimate_min: money(low),
        budget_estimate_max: money(high),
        budget_expected: money(expected),
        quality_requirements: QualityRequirements {
            min_score: terms.profile.quality_threshold,
            min_source_dr: terms.profile.min_source_dr,
            min_organic_traffic: terms.profile.min_organic_traffic,
            dofollow: true,
        },
        pr_options: crate::pr::options(press, press_price, expected, terms.reserve),
        overrides: overrides.clone(),
        country_profile: terms.profile,
        warnings,
    })
}

/// The number of links against what the country and the pages allow.
fn check_size(domains: &ReferringDomains, overrides: &Overrides, terms: &mut Terms, faults: &mut Faults) {
    if domains.capacity == 0 {
        return faults.add(
            ErrorCode::NoTargetPages,
            "overrides.drop_pages",
            "every page of T1 to T5 is dropped; keep at least one",
        );
    }
    if domains.links_high == 0 {
        let message = format!(
            "`{}` buys no link at all with the reserve on top; raise it or lower the prices",
            money(terms.budget_max)
        );
        return faults.add(ErrorCode::OutOfRange, "overrides.budget_max", message);
    }
    let Some(total) = overrides.total_links else { return };
    if total == 0 {
        return faults.add(
            ErrorCode::OutOfRange,
            "overrides.total_links",
            "`0` links are no campaign; ask for 1 or more",
        );
    }
    let (low, high) = (domains.links_low, domains.links_high);
    let band = format!(
        "the budget of ${} to ${} buys {low} to {high} links",
        money(terms.budget_min),
        money(terms.budget_max)
    );
    // Within this band the budget keeps to the country's range (R-3.2; engine spec, section 4).
    terms.band((low..=high).contains(&total), overrides, faults, "total_links", &counted(total.into(), "link"), &band);
}

fn warning(code: WarningCode, message: impl Into<String>) -> Warning {
    Warning { code, message: message.into(), subject: None }
}

fn few_pages(targets: usize, room: &Room, domains: &ReferringDomains, warnings: &mut Vec<Warning>) {
    let wanted = TARGET_PAGES.min(room.pages.sum());
    if (targets as u64) < wanted {
        let message = format!(
            "{}, where {wanted} are usual: {} reach no more; raise the budget",
            counted(targets as u64, "target page"),
            counted(domains.needed.into(), "link")
        );
        warnings.push(warning(WarningCode::FewTargetPages, message));
    }
}

/// The budget's half of, which whole links can't always meet.
fn budget_share(magnets: &ByLink<u64>, totals: &ByLink<u64>, terms: &Terms, warnings: &mut Vec<Warning>) {
    let spent = cost(magnets, &terms.prices, |price| price.expected).saturating_mul(100);
    let all = cost(totals, &terms.prices, |price| price.expected);
    if spent < all.saturating_mul(15) || spent > all.saturating_mul(30) {
        let percent = divide_half_even(spent.into(), all.into());
        let message = format!("T4 and T5 take {percent} % of the expected budget, 15 to 30 % is usual");
        warnings.push(warning(WarningCode::BudgetShareBroken, message));
    }
}

fn anchor_mix(counts: &ByAnchor<u64>, n: u64, terms: &Terms) -> Vec<AnchorShare> {
    let fraction = |units: u64| Decimal::new(i64::try_from(units).unwrap_or(0), 4);
    let bands = terms.profile.anchor_mix.iter();
    let band = |anchor| bands.clone().find(|(name, _)| *name == anchor).map(|&(_, band)| band);
    used(&terms.anchors)
        .map(|(anchor, bounds)| {
            let share = divide_half_even(i128::from(counts[anchor].saturating_mul(SHARE)), n.into());
            AnchorShare {
                anchor_type: anchor,
                links: u32::try_from(counts[anchor]).unwrap_or(u32::MAX),
                share: fraction(u64::try_from(share).unwrap_or(0)),
                min: band(anchor).map_or(fraction(bounds.low), |band| band.min),
                max: band(anchor).map_or(fraction(bounds.high), |band| band.max),
            }
        })
        .collect()
}
