//! Numbers that people add up and compare.

use proptest::prelude::*;

use crate::checks;
use crate::input::{case, plain};

proptest! {
    #![proptest_config(crate::config())]

    /// A plan that is a link off somewhere is a plan nobody can order by: every view counts the same links.
    #[test]
    fn every_view_counts_the_same_links(case in case()) {
        if let Ok(plan) = case.plan() { checks::units(&plan)? }
    }

    /// Invoices are checked against these to the cent.
    #[test]
    fn money_sums_to_the_cent(case in case()) {
        if let Ok(plan) = case.plan() { checks::money(&plan)? }
    }

    /// what a month sets aside for lost links.
    #[test]
    fn each_month_reserves_its_share(case in case()) {
        if let Ok(plan) = case.plan() { checks::reserve(&plan)? }
    }

    /// the budget is enforced, not only shown.
    #[test]
    fn the_expected_budget_stays_within_the_maximum(case in case()) {
        if let Ok(plan) = case.plan() { checks::budget(&plan)? }
    }

    /// The same with the country's own prices, where no what-if bends the mix.
    #[test]
    fn the_expected_budget_stays_within_the_country(case in plain()) {
        if let Ok(plan) = case.plan() { checks::budget(&plan)? }
    }

    /// The number of links and the reason for it are what the plan says they are.
    #[test]
    fn the_number_of_links_follows_from_the_five_numbers(case in case()) {
        use linker_types::Binding;
        let Ok(plan) = case.plan() else { return Ok(()) };
        let d = plan.referring_domains;
        let total = case.options.overrides.total_links;
        let wanted = total.unwrap_or(d.for_dr.max(d.links_low).max(d.page_demand));
        prop_assert_eq!(d.needed, wanted.min(d.links_high).min(d.capacity));
        let mut order = vec![(Binding::PageCapacity, d.capacity), (Binding::BudgetCeiling, d.links_high)];
        match total {
            Some(total) => order.push((Binding::Override, total)),
            None => order.extend([(Binding::DrGap, d.for_dr), (Binding::BudgetFloor, d.links_low), (Binding::PageDemand, d.page_demand)]),
        }
        let binding = order.iter().find(|&&(_, number)| number == d.needed).map(|&(binding, _)| binding);
        prop_assert_eq!(Some(d.binding), binding);
    }

    /// A site pays for the mix of link types that its country was calibrated with, to within a link.
    #[test]
    fn link_types_keep_the_mix(case in case()) {
        let Ok(plan) = case.plan() else { return Ok(()) };
        let n = u64::from(plan.total_links_target);
        for &(link_type, terms) in &plan.country_profile.link_mix {
            let links = plan.links.iter().filter(|link| link.link_type == link_type).count() as u64;
            let exact = n * checks::share(terms.share);
            prop_assert!((links * 10_000).abs_diff(exact) < 10_000, "{}: {} of {}", link_type, links, n);
        }
    }
}
