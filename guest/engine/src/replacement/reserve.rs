//! What is left of a campaign's reserve.

use linker_types::limits::ROWS;
use linker_types::{Decimal, Error, ErrorCode, ReserveRequest};

use crate::faults::Faults;
use crate::limits;
use crate::terms::{Terms, cents};
use crate::tipping_point::MOST_MONTHS;

/// Dollars, never below 0: what the months up to the running one set aside, without what accepted replacements take:
/// their price, or their type's expected cost while none is agreed on. Errors: up to 20 faults of the request.
pub fn left(request: &ReserveRequest) -> Result<Decimal, Vec<Error>> {
    let mut faults = Faults::default();
    limits::overrides(&mut faults, &request.campaign.overrides);
    limits::count(&mut faults, || "accepted".to_owned(), request.accepted.len(), "replacements", ROWS);
    let months = &request.campaign.monthly_plan;
    limits::count(&mut faults, || "campaign.monthly_plan".to_owned(), months.len(), "months", MOST_MONTHS);
    faults.check()?;
    let terms = Terms::new(request.campaign.country_profile.clone(), &request.campaign.overrides, &mut faults);
    let until = request.current_month.unwrap_or(0);
    let mut left = 0u64;
    for (at, month) in months.iter().enumerate() {
        match cents(month.reserve) {
            Some(reserve) if month.month <= until => left = left.saturating_add(reserve),
            Some(_) => {}
            None => {
                let message = format!("`{}` is not a reserve: dollars from 0, in whole cents", month.reserve);
                faults.add(ErrorCode::OutOfRange, format!("campaign.monthly_plan[{at}].reserve"), message);
            }
        }
    }
    for (at, accepted) in request.accepted.iter().enumerate() {
        let expected = terms.prices[accepted.link_type].expected;
        match accepted.cost.map_or(Ok(expected), |cost| cents(cost).ok_or(cost)) {
            Ok(price) => left = left.saturating_sub(price),
            Err(cost) => {
                let message = format!("`{cost}` is not a price: dollars from 0, in whole cents");
                faults.add(ErrorCode::OutOfRange, format!("accepted[{at}].cost"), message);
            }
        }
        if faults.full() {
            break;
        }
    }
    faults.check()?;
    Ok(Decimal::cents(i64::try_from(left).unwrap_or(i64::MAX)))
}
