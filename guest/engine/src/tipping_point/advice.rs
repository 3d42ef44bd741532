//! What follows from the indicators: maintenance and the money it frees, or what is still missing.

use linker_types::{
    Action, CampaignProgress, Decimal, Indicator, IndicatorName, MonthPlan, Phase, Recommendation, Velocity,
};

use super::TRIGGER;
use crate::quality::exact::{exact, half_even};

/// Maintenance from next month on, where a campaign runs and has a next month. `budgets` are its months' in cents.
pub(super) fn enter_maintenance(
    met: u32,
    progress: Option<(&CampaignProgress, &[i128])>,
    velocity: &Velocity,
) -> Recommendation {
    let mut message = format!("{met} of 5 indicators are met: the site now gains authority on its own. ");
    let (mut from_month, mut freed_per_month) = (None, None);
    match progress {
        None => message.push_str("Slow link building down to maintenance and put the money into content."),
        Some((campaign, budgets)) if budgets.len() as u64 <= u64::from(campaign.current_month) => {
            message.push_str("The campaign ends with this month: don't renew it, put the money into content.");
        }
        Some((campaign, budgets)) => {
            let month = campaign.current_month.saturating_add(1);
            let freed = freed_cents(campaign, budgets, velocity);
            message.push_str(&format!("Slow link building down to maintenance from month {month}"));
            let dollars = Decimal::cents(i64::try_from(freed).unwrap_or(i64::MAX));
            message.push_str(&match freed {
                0 => "; the months to come cost no more than that already.".to_owned(),
                _ => format!(" and put the ${dollars} a month that this frees into content."),
            });
            (from_month, freed_per_month) = (Some(month), Some(dollars));
        }
    }
    Recommendation {
        action: Action::EnterMaintenance,
        message,
        from_month,
        velocity_weight: Some(velocity.maintenance),
        freed_per_month,
        nearest: Vec::new(),
    }
}

/// The mean budget of the months to come less what a maintenance month costs when the plan's money follows its
/// weights: `sum(rest) / k - sum(all) * maintenance / sum(weights)`, in cents, half-even, never below 0.
///
/// 60 months of 2^63 cents with weights below 2^14 stay below 2^100.
fn freed_cents(campaign: &CampaignProgress, budgets: &[i128], velocity: &Velocity) -> i128 {
    let passed = usize::try_from(campaign.current_month).unwrap_or(usize::MAX);
    let rest: i128 = budgets.iter().skip(passed).sum();
    let months = i128::try_from(budgets.len().saturating_sub(passed)).unwrap_or(0);
    let all: i128 = budgets.iter().sum();
    let (weights, maintenance) = weights(&campaign.monthly_plan, velocity);
    let over = rest.saturating_mul(weights).saturating_sub(all.saturating_mul(maintenance).saturating_mul(months));
    half_even(over, months.saturating_mul(weights)).unwrap_or(0).max(0)
}

/// The sum of the months' weights and the weight of a maintenance month (engine spec, section 5), both times a
/// hundred and times the steps of the ramp, so that they are whole.
fn weights(plan: &[MonthPlan], velocity: &Velocity) -> (i128, i128) {
    let percent = |weight: Decimal| i128::from(weight.at_scale(2).unwrap_or(0));
    let ramp = i128::try_from(plan.iter().filter(|month| month.phase == Phase::Ramp).count()).unwrap_or(0);
    let steps = ramp.saturating_sub(1).max(1);
    let (from, to) = (percent(velocity.ramp_from), percent(velocity.ramp_to));
    let (mut sum, mut step) = (0i128, 0i128);
    for month in plan {
        let weight = match month.phase {
            Phase::Ramp if ramp == 1 => percent(velocity.ramp_single),
            Phase::Ramp => {
                let weight = from.saturating_mul(steps).saturating_add(to.saturating_sub(from).saturating_mul(step));
                step = step.saturating_add(1);
                sum = sum.saturating_add(weight);
                continue;
            }
            Phase::Peak => percent(velocity.peak),
            Phase::Cruise => percent(velocity.cruise),
            Phase::Maintenance => percent(velocity.maintenance),
        };
        sum = sum.saturating_add(weight.saturating_mul(steps));
    }
    (sum, percent(velocity.maintenance).saturating_mul(steps))
}

/// What is still missing, nearest first.
pub(super) fn continue_building(met: u32, indicators: &[Indicator]) -> Recommendation {
    // Thresholds are whole numbers, so `value / threshold` compares as `value * other threshold`.
    let share = |indicator: &Indicator, other: &Indicator| {
        indicator.value.and_then(exact).unwrap_or(0).saturating_mul(i128::from(other.threshold.units))
    };
    let mut nearest: Vec<&Indicator> = indicators.iter().filter(|found| !found.met && !found.unknown).collect();
    crate::order::sort(&mut nearest, |a, b| share(b, a).cmp(&share(a, b)));
    let mut message = format!("Keep building: {met} of 5 indicators are met, {TRIGGER} are needed");
    for (at, indicator) in nearest.iter().enumerate() {
        let (value, name) = (indicator.value.unwrap_or_default(), words(indicator.name));
        let lead = if at == 0 { "; nearest: " } else { ", " };
        message.push_str(&format!("{lead}{name} ({value} of {})", indicator.threshold));
    }
    for (at, indicator) in indicators.iter().filter(|found| found.unknown).enumerate() {
        message.push_str(if at == 0 { "; no data yet: " } else { ", " });
        message.push_str(words(indicator.name));
    }
    message.push('.');
    Recommendation {
        action: Action::ContinueBuilding,
        message,
        from_month: None,
        velocity_weight: None,
        freed_per_month: None,
        nearest: nearest.iter().map(|indicator| indicator.name).collect(),
    }
}

/// An indicator in a client's words.
const fn words(name: IndicatorName) -> &'static str {
    match name {
        IndicatorName::DrTargetReached => "domain rating",
        IndicatorName::UnlinkedPagesGetClicks => "pages without links that gain clicks",
        IndicatorName::UnlinkedPagesRank => "pages without links in positions 11-30",
        IndicatorName::NewContentRanks => "new pages that rank without links",
        IndicatorName::KeywordsInTop10 => "keywords in the top 10",
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use Phase::{Cruise, Maintenance, Peak, Ramp};

    fn advice(current_month: u32, months: &[(Phase, i64)]) -> Recommendation {
        let plan = months.iter().zip(1..).map(|(&(phase, cents), month)| MonthPlan {
            month,
            phase,
            links_target: 1,
            pages: Vec::new(),
            placements: Decimal::cents(0),
            reserve: Decimal::cents(0),
            budget: Decimal::cents(cents),
        });
        let campaign = CampaignProgress { current_month, monthly_plan: plan.collect() };
        let budgets: Vec<i128> = months.iter().map(|&(_, cents)| i128::from(cents)).collect();
        let velocity = crate::profile::profile(linker_types::Country::Usa).velocity;
        enter_maintenance(3, Some((&campaign, &budgets)), &velocity)
    }

    fn freed(current_month: u32, months: &[(Phase, i64)]) -> String {
        advice(current_month, months).freed_per_month.unwrap().to_string()
    }

    #[test]
    fn freed_money_by_hand() {
        // Weights .7 1.25 .9 .4, together 3.25; a maintenance month costs 3250 * .4 / 3.25 = 400.
        let plan = [(Ramp, 70_000), (Peak, 125_000), (Cruise, 90_000), (Maintenance, 40_000)];
        // (1250 + 900 + 400) / 3 - 400 = 450; (900 + 400) / 2 - 400 = 250; 400 - 400 = 0.
        assert_eq!([freed(1, &plan), freed(2, &plan), freed(3, &plan)], ["450.00", "250.00", "0.00"]);
        // A ramp of three: .4 .7 1.0, with the peak 3.35; 3350 * .4 / 3.35 = 400; (1000 + 1250) / 2 - 400 = 725.
        let plan = [(Ramp, 40_000), (Ramp, 70_000), (Ramp, 100_000), (Peak, 125_000)];
        assert_eq!(freed(2, &plan), "725.00");
    }

    #[test]
    fn half_cents_go_to_the_even_one_and_losses_are_none() {
        // Equal weights: the second budget less the mean of both, (0.05 - 0) / 2 = 0.025, (0.07 - 0) / 2 = 0.035.
        assert_eq!(freed(1, &[(Maintenance, 0), (Maintenance, 5)]), "0.02");
        assert_eq!(freed(1, &[(Maintenance, 0), (Maintenance, 7)]), "0.04");
        assert_eq!(freed(1, &[(Maintenance, 900), (Maintenance, 100)]), "0.00");
    }

    #[test]
    fn messages() {
        let plan = [(Ramp, 70_000), (Peak, 125_000), (Cruise, 90_000), (Maintenance, 40_000)];
        let next = advice(1, &plan);
        assert_eq!(next.from_month, Some(2));
        assert_eq!(
            next.message,
            "3 of 5 indicators are met: the site now gains authority on its own. Slow link building down to \
             maintenance from month 2 and put the $450.00 a month that this frees into content."
        );
        assert!(advice(3, &plan).message.ends_with("from month 4; the months to come cost no more than that already."));
        let last = advice(4, &plan);
        assert_eq!((last.from_month, last.freed_per_month), (None, None));
        assert!(last.message.contains("The campaign ends with this month"), "{}", last.message);
    }

    proptest! {
        #[test]
        fn never_negative_and_never_a_panic(
            months in prop::collection::vec((0usize..4, prop_oneof![0..=i64::MAX, 0i64..500_000]), 1..=60),
            current in 1u32..=60,
        ) {
            let months: Vec<(Phase, i64)> = months.into_iter().map(|(phase, cents)| (Phase::ALL[phase], cents)).collect();
            let found = advice(current, &months);
            prop_assert!(found.freed_per_month.is_none_or(|freed| freed.units >= 0));
            prop_assert_eq!(found.from_month.is_some(), (current as usize) < months.len());
        }
    }
}
