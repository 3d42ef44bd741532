//! What to do about dead links (R-8.3, engine spec section 8): the greatest loss first, ask for the link back where
//! there is a chance, else order another one for the same page out of what is left of the reserve.

mod anchors;
mod lost;
mod offers;
mod reserve;

use linker_types::limits::ROWS;
use linker_types::{
    AnchorType, Candidate, Country, Decimal, Error, ErrorCode, LinkType, Overrides, RecoveryBasis, Replacement,
    ReplacementRequest,
};

use crate::by::ByLink;
use crate::faults::Faults;
use crate::limits;
use crate::quality::exact::exact;
use crate::quality::{Scorer, checked};
use crate::terms::{Price, Terms};
use crate::tipping_point::date;
use anchors::Mix;
use lost::Lost;
use offers::{Offers, Wanted};

pub use reserve::left as reserve_left;

/// An editor is asked for a link that went fewer days ago than this.
const RESTORE_DAYS: i64 = 90;

/// One recommendation for each dead link, the greatest impact first; the faults of the input, up to 20, if it has
/// any. Reserve and candidates that one takes are gone for the next.
pub fn recommend(request: &ReplacementRequest) -> Result<Vec<Replacement>, Vec<Error>> {
    let mut faults = Faults::default();
    let country = request
        .country_code
        .as_deref()
        .and_then(|code| crate::profile::country(code, "country_code").map_err(|fault| faults.push(fault)).ok());
    let as_of = date(&request.as_of, "as_of", &mut faults);
    limits::count(&mut faults, || "dead".to_owned(), request.dead.len(), "links", ROWS);
    limits::domains(&mut faults, "linked_domains", &request.linked_domains);
    limits::domains(&mut faults, "blocklist", &request.blocklist);
    let mut dead = lost::read(&request.dead, as_of, &mut faults);
    let campaign = request.campaign.as_ref();
    let planned = planned_anchors(request, campaign);
    let mut mix = Mix::read(&request.live_anchors, &planned, &mut faults);
    let mut reserve = request.reserve_left.map_or(i64::MAX, |left| read_reserve(left, &mut faults));
    let subject = match (&request.target, request.opportunities.is_empty()) {
        // Without offers nothing is compared with the target.
        (_, true) => None,
        (Some(target), false) => Some(checked(target, &request.opportunities, &mut faults)),
        (None, false) => {
            faults.add(
                ErrorCode::MissingField,
                "target",
                "say what the page is about, to compare the opportunities with",
            );
            None
        }
    };
    let terms = terms(country, campaign, &mut faults);
    let Some(as_of) = as_of else { return faults.or(Vec::new()) };
    faults.check()?;

    let scorer = terms.as_ref().zip(subject);
    let scorer = scorer.map(|(terms, subject)| Scorer::new(&terms.profile, subject, &request.blocklist));
    let mut offers = Offers::read(&request.opportunities, &request.linked_domains, scorer);
    crate::order::sort(&mut dead, |a, b| {
        b.rank().cmp(&a.rank()).then_with(|| a.link.backlink_id.cmp(&b.link.backlink_id))
    });
    let recommendations = dead.into_iter().map(|lost| {
        let days = as_of.signed_duration_since(lost.on).num_days();
        let restore = lost.page_alive && (0..RESTORE_DAYS).contains(&days);
        let order = terms.as_ref().and_then(|terms| Order::of(&lost, terms, &mut mix, &mut reserve));
        recommendation(lost, restore, order, &mut offers)
    });
    Ok(recommendations.collect())
}

/// The caller's, else the campaign's.
fn planned_anchors(request: &ReplacementRequest, campaign: Option<&RecoveryBasis>) -> Vec<(AnchorType, u32)> {
    let planned = || campaign.map(|campaign| campaign.anchor_mix.iter().map(|share| (share.anchor_type, share.links)));
    match request.planned_anchors.as_slice() {
        [] => planned().into_iter().flatten().collect(),
        given => given.to_vec(),
    }
}

/// By whose prices and minimum DR a link is replaced: the country's that was asked for, else the campaign's, with what
/// it overrides.
fn terms(country: Option<Country>, campaign: Option<&RecoveryBasis>, faults: &mut Faults) -> Option<Terms> {
    match (country, campaign) {
        (Some(country), _) => Some(Terms::new(crate::profile::profile(country), &Overrides::default(), faults)),
        (None, Some(campaign)) => {
            limits::overrides(faults, &campaign.overrides);
            Some(Terms::new(campaign.country_profile.clone(), &campaign.overrides, faults))
        }
        (None, None) => None,
    }
}

/// The reserve in cents; a fraction of a cent buys nothing.
fn read_reserve(left: Decimal, faults: &mut Faults) -> i64 {
    const CENT: i128 = 10_000_000_000_000_000;
    match exact(left).filter(|&left| left >= 0) {
        Some(left) => i64::try_from(left / CENT).unwrap_or(i64::MAX),
        None => {
            let message = format!("`{left}` is not a sum of money: dollars from 0, at most 18 places");
            faults.add(ErrorCode::OutOfRange, "reserve_left", message);
            0
        }
    }
}

/// What to order in a link's place.
struct Order {
    anchor_type: AnchorType,
    link_type: LinkType,
    min_source_dr: Decimal,
    /// Cents; `None`: the reserve is spent.
    ceiling: Option<i64>,
}

impl Order {
    /// None where what kind of link it was is unknown.
    fn of(lost: &Lost<'_>, terms: &Terms, mix: &mut Mix, reserve: &mut i64) -> Option<Self> {
        let link = lost.link;
        let (link_type, tier, anchor_type) = (link.link_type?, link.tier?, link.anchor_type?);
        let (link_type, ceiling) = affordable(&terms.prices, link_type, reserve);
        let minimum = Decimal::new(i64::from(terms.profile.min_source_dr), 0);
        let min_source_dr = link.source_dr.unwrap_or(minimum);
        Some(Self { anchor_type: mix.choose(tier, anchor_type), link_type, min_source_dr, ceiling })
    }
}

/// The link type to order and the most to pay for it, in cents: the lost type, else the next ones of the mix, the
/// first whose expected cost the reserve still holds; that much is then gone. `None`: the reserve is spent.
fn affordable(prices: &ByLink<Price>, lost: LinkType, reserve: &mut i64) -> (LinkType, Option<i64>) {
    let from = LinkType::ALL.iter().position(|&own| own == lost).unwrap_or(0);
    for &link_type in LinkType::ALL.iter().cycle().skip(from).take(LinkType::ALL.len()) {
        let price = prices[link_type];
        let (Ok(expected), Ok(high)) = (i64::try_from(price.expected), i64::try_from(price.high)) else { continue };
        if expected <= *reserve {
            let ceiling = high.min(*reserve);
            *reserve = reserve.saturating_sub(expected);
            return (link_type, Some(ceiling));
        }
    }
    (lost, None)
}

fn recommendation(lost: Lost<'_>, restore: bool, order: Option<Order>, offers: &mut Offers<'_>) -> Replacement {
    let link = lost.link;
    let (candidates, advice) = match &order {
        Some(order) => {
            let wanted = Wanted { min_source_dr: order.min_source_dr, ceiling: order.ceiling };
            let candidates = offers.best(&wanted);
            let advice = advice(order, candidates.first());
            (candidates, advice)
        }
        None => {
            let like = link.source_dr.map(|dr| format!(", DR {dr} or more")).unwrap_or_default();
            (Vec::new(), format!("order another link to the same page{like}"))
        }
    };
    let ask = match (restore, link.source_domain.as_str()) {
        (false, _) => String::new(),
        (true, "") => "ask the editor to restore the link first; else ".to_owned(),
        (true, domain) => format!("ask {domain} to restore the link first; else "),
    };
    Replacement {
        backlink_id: link.backlink_id,
        content_id: link.content_id,
        impact: lost.impact,
        restore,
        anchor_type: order.as_ref().map(|order| order.anchor_type),
        link_type: order.as_ref().map(|order| order.link_type),
        min_source_dr: order.as_ref().map(|order| order.min_source_dr),
        cost_ceiling: order.and_then(|order| order.ceiling).map(Decimal::cents),
        candidates,
        message: ask + &advice,
    }
}

/// What a person acts on.
fn advice(order: &Order, best: Option<&Candidate>) -> String {
    let (anchor, link) = (order.anchor_type.phrase(), order.link_type.phrase());
    let article = if order.anchor_type == AnchorType::ExactMatch { "an" } else { "a" };
    let like = format!("{link} with {article} {anchor} anchor, DR {} or more", order.min_source_dr);
    let mut text = match (order.ceiling, best) {
        (Some(ceiling), _) => format!("order a {like}, up to ${}", Decimal::cents(ceiling)),
        (None, Some(_)) => format!("the reserve is spent: take a free {like}"),
        (None, None) => {
            format!("wait, as the reserve is spent: no {link} can be ordered before more money is set aside")
        }
    };
    if let Some(best) = best {
        text.push_str(&format!("; best offer: {}", best.domain));
        if let Some(price) = best.price {
            text.push_str(&format!(" at ${price}"));
        }
    }
    text
}

#[cfg(test)]
mod tests;
