//! Months: phases, weights, targets (R-4.1 step 6; engine spec, section 5).

use linker_types::{Decimal, Phase, Velocity};

use crate::apportion::apportion;
use crate::terms::share;

/// The phase of each of `months` months.
pub(crate) fn phases(months: u32, velocity: &Velocity) -> Vec<Phase> {
    let percents =
        [velocity.ramp_percent, velocity.peak_percent, velocity.cruise_percent, velocity.maintenance_percent];
    let counts = apportion(months.into(), &percents.map(u64::from));
    let runs = Phase::ALL.iter().zip(counts);
    runs.flat_map(|(&phase, count)| std::iter::repeat_n(phase, usize::try_from(count).unwrap_or(0))).collect()
}

/// The weight of each month, in units of 1 / 10,000 / (ramp months - 1), so that an even rise stays whole.
pub(crate) fn weights(phases: &[Phase], velocity: &Velocity) -> Vec<u64> {
    let units = |weight: Decimal| share(weight).unwrap_or(0);
    let ramp = phases.iter().filter(|&&phase| phase == Phase::Ramp).count() as u64;
    let steps = ramp.saturating_sub(1).max(1);
    let rise = units(velocity.ramp_to).saturating_sub(units(velocity.ramp_from));
    let mut climbed: u64 = 0;
    let weight = |&phase: &Phase| match phase {
        Phase::Ramp if ramp == 1 => units(velocity.ramp_single),
        Phase::Ramp => {
            let weight = units(velocity.ramp_from).saturating_mul(steps).saturating_add(rise.saturating_mul(climbed));
            climbed = climbed.saturating_add(1);
            weight
        }
        Phase::Peak => units(velocity.peak).saturating_mul(steps),
        Phase::Cruise => units(velocity.cruise).saturating_mul(steps),
        Phase::Maintenance => units(velocity.maintenance).saturating_mul(steps),
    };
    phases.iter().map(weight).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use linker_types::Country;

    fn runs(months: u32) -> [usize; 4] {
        let phases = phases(months, &crate::profile::profile(Country::Uk).velocity);
        [Phase::Ramp, Phase::Peak, Phase::Cruise, Phase::Maintenance]
            .map(|p| phases.iter().filter(|&&q| q == p).count())
    }

    #[test]
    fn the_countries_timelines() {
        assert_eq!([8, 12, 14, 18].map(runs), [[2, 3, 2, 1], [3, 4, 3, 2], [4, 4, 4, 2], [5, 5, 5, 3]]);
    }

    #[test]
    fn every_phase_has_a_month_from_four_on() {
        for months in 4..=60 {
            assert!(runs(months).iter().all(|&run| run >= 1), "{months}");
        }
    }

    #[test]
    fn the_ramp_rises_evenly() {
        let velocity = crate::profile::profile(Country::Usa).velocity;
        // Five ramp months: .4 .55 .7 .85 1.0, in quarters of ten-thousandths.
        let weights = weights(&phases(18, &velocity), &velocity);
        assert_eq!(weights[..6], [16_000, 22_000, 28_000, 34_000, 40_000, 50_000]);
    }
}
