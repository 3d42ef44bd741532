//! What a plan is made under: a profile with the caller's overrides over it, checked, as whole numbers.

use linker_types::limits::NAME;
use linker_types::{
    AnchorType, Decimal, ErrorCode, Overrides, PageLimits, Profile, Tier, Velocity, Warning, WarningCode,
};

use crate::by::{ByAnchor, ByLink, ByTier};
use crate::faults::Faults;
use crate::intake::rating;

/// Shares and weights are counted in ten-thousandths.
pub(crate) const SHARE: u64 = 10_000;
const SHARE_SCALE: u8 = 4;

/// Dollars that a budget may have at most: what decimal(10,2) of R-9 leaves room for, many times over.
const MOST_BUDGET_CENTS: u64 = 100_000_000;
const MOST_PRICE_CENTS: u64 = 10_000_000;
const MOST_MONTHS: u32 = 60;
/// No tier's pages take more than this.
const MOST_PAGE_LINKS: u32 = 1_000;

/// Prices of a link type, in cents.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Price {
    pub(crate) low: u64,
    pub(crate) high: u64,
    /// The mean, rounded half-even to the cent (engine spec, section 3), so that the links of a month sum to its
    /// placements also for what-if prices an odd number of cents apart.
    pub(crate) expected: u64,
}

/// The share of links that an anchor type may take, in [`SHARE`]s.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Bounds {
    pub(crate) low: u64,
    pub(crate) high: u64,
}

#[derive(Clone, Debug)]
pub(crate) struct Terms {
    pub(crate) profile: Profile,
    pub(crate) months: u32,
    pub(crate) budget_min: u64,
    pub(crate) budget_max: u64,
    /// In [`SHARE`]s of a month's budget.
    pub(crate) reserve: u64,
    pub(crate) allocation: ByTier<u64>,
    pub(crate) limits: ByTier<(u64, u64)>,
    pub(crate) mix: ByLink<u64>,
    pub(crate) prices: ByLink<Price>,
    /// `None` for a type that the country does not use.
    pub(crate) anchors: ByAnchor<Option<Bounds>>,
    pub(crate) warnings: Vec<Warning>,
}

impl Terms {
    pub(crate) fn new(profile: Profile, overrides: &Overrides, faults: &mut Faults) -> Self {
        let mut terms = Self::of_profile(profile, faults);
        if let Some(dr) = overrides.current_dr {
            rating(faults, "overrides.current_dr", dr);
        }
        terms.override_budget(overrides, faults);
        terms.override_months(overrides, faults);
        terms.override_allocation(overrides, faults);
        terms.override_prices(overrides, faults);
        terms
    }

    /// A profile may come from a stored campaign, so it is checked as input is.
    fn of_profile(profile: Profile, faults: &mut Faults) -> Self {
        let mut wrong = |holds: bool, name: &str, must: &str| {
            if !holds {
                faults.add(ErrorCode::OutOfRange, format!("country_profile.{name}"), must);
            }
        };
        let sum = |shares: &[u64]| shares.iter().fold(0u64, |sum, &share| sum.saturating_add(share));
        let budget_min = cents(profile.budget_min).unwrap_or(0);
        let budget_max = cents(profile.budget_max).unwrap_or(0);
        wrong(
            0 < budget_min && budget_min <= budget_max && budget_max <= MOST_BUDGET_CENTS,
            "budget_max",
            "needs 0 < budget_min <= budget_max",
        );
        let reserve = share(profile.replacement_reserve).unwrap_or(SHARE);
        wrong(reserve <= SHARE / 2, "replacement_reserve", "must be a share from 0 to 0.5");
        wrong((1..=MOST_MONTHS).contains(&profile.timeline_months), "timeline_months", "must be 1 to 60");
        wrong(!crate::limits::is_longer(&profile.version, NAME), "version", "must be at most 200 characters");
        wrong(profile.target_dr_min <= 100, "target_dr_min", "must be at most 100");
        let allocation = ByTier::from_pairs(&profile.tier_allocation, |&share_of| share(share_of).unwrap_or(0));
        wrong(allocation.sum() == SHARE, "tier_allocation", "shares must sum to 1");
        let limits =
            ByTier::from_pairs(&profile.tier_limits, |limits: &PageLimits| (limits.min.into(), limits.max.into()));
        let fits = |&(min, max): &(u64, u64)| min >= 1 && min.saturating_mul(2) <= max && max <= MOST_PAGE_LINKS.into();
        wrong(limits.slots().iter().all(fits), "tier_limits", "every tier needs 1 <= min and 2 min <= max <= 1000");
        let mix = ByLink::from_pairs(&profile.link_mix, |terms| share(terms.share).unwrap_or(0));
        wrong(sum(mix.slots()) == SHARE, "link_mix", "shares must sum to 1");
        let prices = ByLink::from_pairs(&profile.link_mix, |terms| price(terms.low, terms.high).unwrap_or_default());
        wrong(prices.slots().iter().all(|price| price.low > 0), "link_mix", "every link type needs 0 < low <= high");
        let anchors = ByAnchor::from_pairs(&profile.anchor_mix, |band| {
            Some(Bounds { low: share(band.min).unwrap_or(SHARE), high: share(band.max).unwrap_or(0) })
        });
        let bands = || anchors.slots().iter().flatten();
        let (low, high) = bands()
            .fold((0u64, 0u64), |(low, high), band| (low.saturating_add(band.low), high.saturating_add(band.high)));
        let holds = low <= SHARE
            && SHARE <= high
            && bands().all(|band| band.low <= band.high && 0 < band.high && band.high <= SHARE);
        wrong(holds, "anchor_mix", "bands must leave room for shares that sum to 1");
        wrong(velocity_holds(&profile.velocity), "velocity", "percents must sum to 100 and weights be from 0.01 to 10");
        Self {
            months: profile.timeline_months,
            profile,
            budget_min,
            budget_max,
            reserve,
            allocation,
            limits,
            mix,
            prices,
            anchors,
            warnings: Vec::new(),
        }
    }

    fn override_budget(&mut self, overrides: &Overrides, faults: &mut Faults) {
        let Some(asked) = overrides.budget_max else { return };
        let Some(most) = cents(asked).filter(|&most| 0 < most && most <= MOST_BUDGET_CENTS) else {
            let message = format!("`{asked}` is not a budget in dollars and cents, up to 1000000");
            return faults.add(ErrorCode::OutOfRange, "overrides.budget_max", message);
        };
        let (min, max) = (self.profile.budget_min, self.profile.budget_max);
        let band = format!("{} plans between ${min} and ${max}", self.profile.country_code);
        self.band(
            (self.budget_min..=self.budget_max).contains(&most),
            overrides,
            faults,
            "budget_max",
            &format!("${asked}"),
            &band,
        );
        self.budget_max = most;
    }

    /// enforces the timeline, so its band is one number: the country's (engine spec, section 4).
    fn override_months(&mut self, overrides: &Overrides, faults: &mut Faults) {
        let Some(months) = overrides.timeline_months else { return };
        if !(1..=MOST_MONTHS).contains(&months) {
            let message = format!("`{months}` is not a number of months from 1 to {MOST_MONTHS}");
            return faults.add(ErrorCode::OutOfRange, "overrides.timeline_months", message);
        }
        let band = format!("{} runs {} months", self.profile.country_code, self.profile.timeline_months);
        self.band(
            months == self.profile.timeline_months,
            overrides,
            faults,
            "timeline_months",
            &months.to_string(),
            &band,
        );
        self.months = months;
    }

    fn override_allocation(&mut self, overrides: &Overrides, faults: &mut Faults) {
        let asked = &overrides.tier_allocation;
        if asked.is_empty() {
            return;
        }
        let field = "overrides.tier_allocation";
        let mut allocation = ByTier::default();
        for &(tier, asked_share) in asked {
            match share(asked_share) {
                Some(share) if share <= SHARE => allocation[tier] = share,
                _ => {
                    let message = format!("`{asked_share}` is not a share from 0 to 1 with at most 4 places");
                    faults.add(ErrorCode::OutOfRange, format!("{field}.{tier}"), message);
                }
            }
        }
        repeated(faults, field, asked.iter().map(|(tier, _)| *tier));
        if allocation.sum() != SHARE {
            let sum = Decimal::new(i64::try_from(allocation.sum()).unwrap_or(i64::MAX), SHARE_SCALE);
            return faults.add(ErrorCode::OutOfRange, field, format!("the shares sum to `{sum}`, they must sum to 1"));
        }
        let magnets = allocation[Tier::T4].saturating_add(allocation[Tier::T5]);
        let shown = Decimal::new(i64::try_from(magnets).unwrap_or(0), SHARE_SCALE);
        let asked = format!("{shown} for T4 and T5");
        self.band(
            (1_500..=3_000).contains(&magnets),
            overrides,
            faults,
            "tier_allocation",
            &asked,
            "T4 and T5 together take 0.15 to 0.30",
        );
        self.allocation = allocation;
    }

    fn override_prices(&mut self, overrides: &Overrides, faults: &mut Faults) {
        repeated(faults, "overrides.unit_costs", overrides.unit_costs.iter().map(|(link, _)| *link));
        for &(link, range) in &overrides.unit_costs {
            let name = format!("unit_costs.{link}");
            let Some(asked) = price(range.low, range.high).filter(|price| price.high <= MOST_PRICE_CENTS) else {
                let message = "needs 0.01 <= low <= high <= 100000, in dollars and cents";
                faults.add(ErrorCode::OutOfRange, format!("overrides.{name}"), message);
                continue;
            };
            let usual = self.prices[link];
            let label = link.phrase();
            let band = format!(
                "a {label} costs ${} to ${} in {}",
                money(usual.low),
                money(usual.high),
                self.profile.country_code
            );
            let shown = format!("${} to ${}", range.low, range.high);
            self.band(usual.low <= asked.low && asked.high <= usual.high, overrides, faults, &name, &shown, &band);
            self.prices[link] = asked;
        }
    }

    /// Refuses what lies outside the country's band, or warns where the caller wants it all the same.
    pub(crate) fn band(
        &mut self,
        inside: bool,
        overrides: &Overrides,
        faults: &mut Faults,
        name: &str,
        asked: &str,
        band: &str,
    ) {
        if inside {
            return;
        }
        let field = format!("overrides.{name}");
        if overrides.allow_out_of_band {
            let message = format!("{asked} is outside the country's band: {band}");
            self.warnings.push(Warning { code: WarningCode::OutOfBand, message, subject: Some(field) });
        } else {
            let message = format!(
                "`{asked}` is outside the country's band: {band}; set `allow_out_of_band` to plan it all the same"
            );
            faults.add(ErrorCode::OutOfBand, field, message);
        }
    }
}

fn velocity_holds(velocity: &Velocity) -> bool {
    let percents =
        [velocity.ramp_percent, velocity.peak_percent, velocity.cruise_percent, velocity.maintenance_percent];
    let weights = [
        velocity.ramp_from,
        velocity.ramp_to,
        velocity.ramp_single,
        velocity.peak,
        velocity.cruise,
        velocity.maintenance,
    ];
    percents.iter().fold(0u32, |sum, &percent| sum.saturating_add(percent)) == 100
        && weights.iter().all(|&weight| share(weight).is_some_and(|weight| (100..=10 * SHARE).contains(&weight)))
        && velocity.ramp_to.at_scale(SHARE_SCALE) >= velocity.ramp_from.at_scale(SHARE_SCALE)
}

fn repeated<K: Eq + std::fmt::Display>(faults: &mut Faults, field: &str, keys: impl Iterator<Item = K>) {
    let mut seen = Vec::new();
    for key in keys {
        if seen.contains(&key) {
            faults.add(ErrorCode::Duplicate, format!("{field}.{key}"), format!("`{key}` is there twice"));
        }
        seen.push(key);
    }
}

/// Whole cents, 0 or more.
pub(crate) fn cents(dollars: Decimal) -> Option<u64> {
    dollars.at_scale(2).and_then(|cents| u64::try_from(cents).ok())
}

/// A share or weight in ten-thousandths.
pub(crate) fn share(share: Decimal) -> Option<u64> {
    share.at_scale(SHARE_SCALE).and_then(|units| u64::try_from(units).ok())
}

pub(crate) fn money(cents: u64) -> Decimal {
    Decimal::cents(i64::try_from(cents).unwrap_or(i64::MAX))
}

fn price(low: Decimal, high: Decimal) -> Option<Price> {
    let (low, high) = (cents(low)?, cents(high)?);
    let twice = low.saturating_add(high);
    let expected = u64::try_from(crate::figures::divide_half_even(twice.into(), 2)).ok()?;
    (0 < low && low <= high).then_some(Price { low, high, expected })
}

/// The anchor types that the country uses, with their bands.
pub(crate) fn used(anchors: &ByAnchor<Option<Bounds>>) -> impl Iterator<Item = (AnchorType, Bounds)> + '_ {
    anchors.iter().filter_map(|(anchor, bounds)| bounds.map(|bounds| (anchor, bounds)))
}
