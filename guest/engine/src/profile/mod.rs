//! Country profiles: versioned constants, so nobody changes a number by accident. Any change of one
//! bumps [`VERSION`]; a campaign keeps the copy that it was planned with.

mod ca;
mod pk;
mod uk;
mod usa;

use linker_types::{
    AnchorType, Band, Country, Decimal, Error, ErrorCode, LinkTerms, LinkType, PageLimits, Profile, Tier, Velocity,
};

/// Semantic version of the profiles together.
pub const VERSION: &str = "1.0.0";

/// The profile of a country.
pub fn profile(country: Country) -> Profile {
    match country {
        Country::Pk => pk::profile(),
        Country::Ca => ca::profile(),
        Country::Uk => uk::profile(),
        Country::Usa => usa::profile(),
    }
}

/// The profiles in force, in the order PK, CA, UK, USA.
pub fn profiles() -> Vec<Profile> {
    Country::ALL.iter().map(|&country| profile(country)).collect()
}

/// The profile of a code in any case. Errors: no such country, as field `country_code`.
pub fn of_code(code: &str) -> Result<Profile, Vec<Error>> {
    country(code, "country_code").map(profile).map_err(|fault| vec![fault])
}

/// The country of a code in any case; the error suggests what was probably meant.
pub fn country(code: &str, field: &str) -> Result<Country, Error> {
    let found = Country::ALL.iter().find(|country| country.as_str().eq_ignore_ascii_case(code));
    found.copied().ok_or_else(|| {
        let hint = match code.trim().to_ascii_lowercase().as_str() {
            "us" | "america" | "united states" => "; did you mean `USA`?",
            "gb" | "gbr" | "england" | "united kingdom" => "; did you mean `UK`?",
            "pak" | "pakistan" => "; did you mean `PK`?",
            "can" | "canada" => "; did you mean `CA`?",
            _ => "",
        };
        let message = format!("`{code}` is not a country with a profile: use PK, CA, UK or USA{hint}");
        Error::new(ErrorCode::UnknownCountry, field, message)
    })
}

const fn percent(whole: i64) -> Decimal {
    Decimal::new(whole, 2)
}

const fn dollars(whole: i64) -> Decimal {
    Decimal::cents(whole.saturating_mul(100))
}

const fn band(min: i64, max: i64) -> Band {
    Band { min: percent(min), max: percent(max) }
}

fn tiers(shares: [i64; 5]) -> Vec<(Tier, Decimal)> {
    Tier::ALL.iter().copied().zip(shares.map(percent)).collect()
}

/// Links per page of a tier, the same in every country.
fn limits() -> Vec<(Tier, PageLimits)> {
    let bounds = [(10, 30), (5, 15), (3, 10), (1, 4), (2, 6)];
    Tier::ALL.iter().copied().zip(bounds.map(|(min, max)| PageLimits { min, max })).collect()
}

fn anchors(bands: &[(AnchorType, Band)]) -> Vec<(AnchorType, Band)> {
    bands.to_vec()
}

/// Share in percent, low and high price in dollars, in the order of [`LinkType::ALL`].
fn links(terms: [(i64, i64, i64); 7]) -> Vec<(LinkType, LinkTerms)> {
    let terms =
        terms.map(|(share, low, high)| LinkTerms { share: percent(share), low: dollars(low), high: dollars(high) });
    LinkType::ALL.iter().copied().zip(terms).collect()
}

/// Ramp, peak, cruise, maintenance (engine spec, section 5), the same in every country.
const fn velocity() -> Velocity {
    Velocity {
        ramp_percent: 25,
        peak_percent: 30,
        cruise_percent: 30,
        maintenance_percent: 15,
        ramp_from: percent(40),
        ramp_to: percent(100),
        ramp_single: percent(70),
        peak: percent(125),
        cruise: percent(90),
        maintenance: percent(40),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_sum_to_one_and_bands_leave_room() {
        for profile in profiles() {
            let tiers: i64 = profile.tier_allocation.iter().map(|(_, share)| share.units).sum();
            let links: i64 = profile.link_mix.iter().map(|(_, terms)| terms.share.units).sum();
            let low: i64 = profile.anchor_mix.iter().map(|(_, band)| band.min.units).sum();
            let high: i64 = profile.anchor_mix.iter().map(|(_, band)| band.max.units).sum();
            assert_eq!((tiers, links), (100, 100), "{}", profile.country_code);
            assert!(low <= 100 && 100 <= high, "{}", profile.country_code);
        }
    }

    #[test]
    fn codes_ignore_case_and_suggest() {
        assert_eq!(country("usa", "c"), Ok(Country::Usa));
        let fault = country("US", "country_code").unwrap_err();
        assert_eq!(fault.code, ErrorCode::UnknownCountry);
        assert!(fault.message.ends_with("did you mean `USA`?"), "{}", fault.message);
    }
}
