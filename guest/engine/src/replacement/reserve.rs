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

#[cfg(test)]
mod tests {
    use linker_types::{
        AcceptedReplacement, AnchorType, Blueprint, LinkType, Overrides, PlanOptions, PriceRange, RecoveryBasis,
        ReplacementRequest, Tier,
    };

    use super::super::recommend;
    use super::super::tests::{dead, request};
    use super::*;

    fn campaign(overrides: Overrides) -> RecoveryBasis {
        let blueprint: Blueprint =
            serde_json::from_str(include_str!("../../../../fixtures/blueprints/questdb-io.json")).unwrap();
        let options = PlanOptions { country_code: "PK".to_owned(), overrides, anchors: Vec::new() };
        (&crate::generate(blueprint, &options).unwrap()).into()
    }

    /// PK: a guest post costs 40 to 90, expected 65.
    #[test]
    fn a_campaign_says_its_prices() {
        let price = |low, high| PriceRange { low: Decimal::cents(low), high: Decimal::cents(high) };
        // Half a cent, to the even one: (40.00 + 89.99) / 2 = 64.995.
        let odd = Overrides { unit_costs: vec![(LinkType::GuestPost, price(40_00, 89_99))], ..Overrides::default() };
        for (overrides, expected, ceiling) in [(Overrides::default(), "65.00", "90.00"), (odd, "65.00", "89.99")] {
            let basis = campaign(overrides);
            let reserves: Vec<i64> = basis.monthly_plan.iter().map(|month| month.reserve.units).collect();
            let accepted = vec![
                AcceptedReplacement { link_type: LinkType::GuestPost, cost: None },
                AcceptedReplacement { link_type: LinkType::Haro, cost: Some(Decimal::cents(1_01)) },
            ];
            let mut asked = ReserveRequest { campaign: basis.clone(), current_month: Some(3), accepted };
            let expected = Decimal::parse(expected).unwrap();
            assert_eq!(left(&asked).unwrap().units, reserves[..3].iter().sum::<i64>() - expected.units - 1_01);
            asked.current_month = None;
            assert_eq!(left(&asked).unwrap(), Decimal::cents(0));

            let lost = vec![dead(1, "50", LinkType::GuestPost, Tier::T1)];
            let request = ReplacementRequest {
                country_code: None,
                campaign: Some(basis),
                planned_anchors: Vec::new(),
                ..request(lost, "1000")
            };
            let found = recommend(&request).unwrap().remove(0);
            assert_eq!(found.cost_ceiling.unwrap().to_string(), ceiling);
            assert_eq!((found.link_type, found.anchor_type), (Some(LinkType::GuestPost), Some(AnchorType::Branded)));
        }
    }

    #[test]
    fn a_reserve_that_does_not_hold() {
        let mut asked =
            ReserveRequest { campaign: campaign(Overrides::default()), current_month: Some(1), accepted: Vec::new() };
        asked.campaign.monthly_plan[1].reserve = Decimal::cents(-1);
        asked.campaign.country_profile.replacement_reserve = Decimal::new(9, 1);
        asked.accepted = vec![AcceptedReplacement { link_type: LinkType::Haro, cost: Some(Decimal::new(1, 3)) }];
        let faults = left(&asked).unwrap_err();
        let fields: Vec<&str> = faults.iter().map(|fault| fault.field.as_str()).collect();
        assert_eq!(
            fields,
            ["country_profile.replacement_reserve", "campaign.monthly_plan[1].reserve", "accepted[0].cost"]
        );
    }
}
