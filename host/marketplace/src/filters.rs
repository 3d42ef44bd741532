//! What placements are searched by.

use linker_types::{Decimal, Error, ErrorCode};
use serde_json::Value;

use crate::config::Browse;
use crate::listing::Listing;

/// The most that one search returns.
pub const MOST_LISTINGS: usize = 1000;
const MOST_NICHES: usize = 20;
const LONGEST_NICHE: usize = 100;

/// Filters of; those left out don't filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filters {
    /// Domain rating, 0-100.
    pub dr_min: Option<u8>,
    /// Organic visits a month.
    pub traffic_min: Option<u64>,
    /// Dollars.
    pub price_max: Option<Decimal>,
    /// The marketplace's categories; any of them.
    pub niches: Vec<String>,
    /// Placements returned at most, 1-1,000.
    pub limit: usize,
}

impl Default for Filters {
    fn default() -> Self {
        Self { dr_min: None, traffic_min: None, price_max: None, niches: Vec::new(), limit: 50 }
    }
}

impl Filters {
    /// Whether they can be asked for. Those that can't are still safe to send: they only find nothing.
    ///
    /// # Errors
    /// Every fault, with the parameter's name in the API: `dr_min`, `price_max`, `niche`, `limit`.
    pub fn check(&self) -> Result<(), Vec<Error>> {
        let mut faults = Vec::new();
        let mut add = |code, field: &str, message: String| faults.push(Error::new(code, field, message));
        if let Some(dr) = self.dr_min.filter(|&dr| dr > 100) {
            add(ErrorCode::OutOfRange, "dr_min", format!("`{dr}` is not a rating from 0 to 100"));
        }
        if let Some(price) = self.price_max.filter(|price| price.units < 0) {
            add(ErrorCode::OutOfRange, "price_max", format!("`{price}` is not a price: give dollars from 0"));
        }
        if self.niches.len() > MOST_NICHES {
            let message = format!("{} niches are more than {MOST_NICHES}", self.niches.len());
            add(ErrorCode::TooLarge, "niche", message);
        }
        for niche in self.niches.iter().take(MOST_NICHES) {
            if niche.trim().is_empty() || niche.chars().count() > LONGEST_NICHE || niche.chars().any(char::is_control) {
                add(ErrorCode::InvalidValue, "niche", format!("give words of 1 to {LONGEST_NICHE} characters"));
                break;
            }
        }
        if !(1..=MOST_LISTINGS).contains(&self.limit) {
            add(ErrorCode::OutOfRange, "limit", format!("`{}` is not from 1 to {MOST_LISTINGS}", self.limit));
        }
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }

    /// Names and values as the marketplace wants them, in a fixed order.
    pub(crate) fn parameters(&self, browse: &Browse, page: usize, size: usize) -> Vec<(String, Value)> {
        let niches = (!self.niches.is_empty()).then(|| self.niches.join(","));
        let named = [
            (&browse.dr_min, self.dr_min.map(Value::from)),
            (&browse.traffic_min, self.traffic_min.map(Value::from)),
            (&browse.price_max, self.price_max.and_then(|price| price.to_string().parse().map(Value::Number).ok())),
            (&browse.niches, niches.map(Value::from)),
            (&browse.limit, Some(size.into())),
            (&browse.page, Some(page.into())),
        ];
        let named = named.into_iter().filter(|(name, _)| !name.is_empty());
        let named = named.filter_map(|(name, value)| Some((name.clone(), value?)));
        let fixed = browse.fixed.iter().map(|(name, text)| (name.clone(), text.as_str().into()));
        fixed.chain(named).collect()
    }

    /// Whether the listing keeps to the numbers, as far as it tells: a marketplace that doesn't know a parameter answers
    /// as if it had not been given.
    pub(crate) fn fits(&self, listing: &Listing) -> bool {
        let offer = listing.opportunity();
        let at_least =
            |value: Option<u64>, least: Option<u64>| value.zip(least).is_none_or(|(value, least)| value >= least);
        at_least(offer.organic_traffic, self.traffic_min)
            && at_least(offer.dr.map(whole), self.dr_min.map(u64::from))
            && offer.price.zip(self.price_max).is_none_or(|(price, most)| cents(price) <= cents(most))
    }
}

/// A rating without its places.
fn whole(rating: Decimal) -> u64 {
    let whole = rating.units / 10i64.checked_pow(u32::from(rating.scale)).unwrap_or(i64::MAX);
    u64::try_from(whole).unwrap_or_default()
}

fn cents(price: Decimal) -> rust_decimal::Decimal {
    rust_decimal::Decimal::try_from_i128_with_scale(i128::from(price.units), u32::from(price.scale)).unwrap_or_default()
}
