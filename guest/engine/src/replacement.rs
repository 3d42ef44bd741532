//! What to do about dead links (R-8.3, engine spec section 8): the greatest loss first, ask for the link back where
//! there is a chance, else order another one for the same page out of what is left of the reserve.

mod anchors;
mod offers;

use chrono::NaiveDate;
use linker_types::limits::{LINE, ROWS};
use linker_types::{
    AnchorType, DeadLink, Decimal, Error, ErrorCode, Impact, LinkType, LostLink, Profile, Replacement,
    ReplacementRequest,
};

use crate::faults::Faults;
use crate::impact::impact;
use crate::limits;
use crate::quality::exact::{exact, is_rating};
use crate::quality::{Scorer, checked};
use crate::tipping_point::{check_id, date};
use anchors::Mix;
use offers::{Offers, Wanted};

/// An editor is asked for a link that went fewer days ago than this.
const RESTORE_DAYS: i64 = 90;

/// One recommendation for each dead link, the greatest impact first; the faults of the input, up to 20, if it has
/// any. Reserve and candidates that one takes are gone for the next.
pub fn recommend(request: &ReplacementRequest) -> Result<Vec<Replacement>, Vec<Error>> {
    let mut faults = Faults::default();
    let country = crate::profile::country(&request.country_code, "country_code");
    let country = country.map_err(|fault| faults.push(fault)).ok();
    let as_of = date(&request.as_of, "as_of", &mut faults);
    limits::count(&mut faults, || "dead".to_owned(), request.dead.len(), "links", ROWS);
    limits::domains(&mut faults, "linked_domains", &request.linked_domains);
    limits::domains(&mut faults, "blocklist", &request.blocklist);
    let mut dead = read_dead(&request.dead, &mut faults);
    let mut mix = Mix::read(&request.live_anchors, &request.planned_anchors, &mut faults);
    let mut reserve = read_reserve(request.reserve_left, &mut faults);
    // Without offers nothing is compared with the target, which may then be empty.
    let offered = !request.opportunities.is_empty();
    let subject = offered.then(|| checked(&request.target, &request.opportunities, &mut faults));
    let (Some(country), Some(as_of)) = (country, as_of) else { return faults.or(Vec::new()) };
    faults.check()?;

    let profile = crate::profile::profile(country);
    let scorer = subject.map(|subject| Scorer::new(&profile, subject, &request.blocklist));
    let mut offers = Offers::read(&request.opportunities, &request.linked_domains, scorer);
    crate::order::sort(&mut dead, |a, b| {
        b.rank().cmp(&a.rank()).then_with(|| a.link.backlink_id.cmp(&b.link.backlink_id))
    });
    let recommendations = dead.into_iter().map(|lost| {
        let link = lost.link;
        let days = as_of.signed_duration_since(lost.on).num_days();
        let restore = link.page_alive && (0..RESTORE_DAYS).contains(&days);
        let anchor_type = mix.choose(link.tier, link.anchor_type);
        let (link_type, ceiling) = order(&profile, link.link_type, &mut reserve);
        let minimum = Decimal::new(i64::from(profile.min_source_dr), 0);
        let min_source_dr = link.source_dr.unwrap_or(minimum);
        let candidates = offers.best(&Wanted { min_source_dr, ceiling });
        let mut recommendation = Replacement {
            backlink_id: link.backlink_id,
            content_id: link.content_id,
            impact: lost.impact,
            restore,
            anchor_type,
            link_type,
            min_source_dr,
            cost_ceiling: ceiling.map(Decimal::cents),
            candidates,
            message: String::new(),
        };
        recommendation.message = message(&recommendation, &link.source_domain);
        recommendation
    });
    Ok(recommendations.collect())
}

/// A dead link, its date read and its impact known.
struct Lost<'a> {
    link: &'a DeadLink,
    on: NaiveDate,
    impact: Impact,
}

impl Lost<'_> {
    /// Unknown comes after everything known.
    fn rank(&self) -> Option<i64> {
        self.impact.score.map(|score| score.units)
    }
}

fn read_dead<'a>(dead: &'a [DeadLink], faults: &mut Faults) -> Vec<Lost<'a>> {
    let repeated = crate::intake::repeated(dead.iter().map(|link| link.backlink_id));
    let mut lost = Vec::with_capacity(dead.len());
    for (at, link) in dead.iter().enumerate() {
        if faults.full() {
            break;
        }
        let again = repeated.binary_search(&at).is_ok();
        check_id(link.backlink_id, again, || format!("dead[{at}].backlink_id"), faults);
        limits::text(faults, || format!("dead[{at}].source_domain"), &link.source_domain, LINE);
        check_id(link.content_id, false, || format!("dead[{at}].content_id"), faults);
        if let Some(dr) = link.source_dr.filter(|&dr| !is_rating(dr)) {
            let message = format!("`{dr}` is not a domain rating from 0 to 100");
            faults.add(ErrorCode::OutOfRange, format!("dead[{at}].source_dr"), message);
        }
        if let Some(on) = date(&link.lost_on, format!("dead[{at}].lost_on"), faults) {
            let DeadLink { source_dr, link_type, tier, nofollow, .. } = *link;
            lost.push(Lost { link, on, impact: impact(&LostLink { source_dr, link_type, tier, nofollow }) });
        }
    }
    lost
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

/// The link type to order and the most to pay for it, in cents: the lost type, else the next ones of the mix, the
/// first whose expected cost the reserve still holds; that much is then gone. `None`: the reserve is spent.
fn order(profile: &Profile, lost: LinkType, reserve: &mut i64) -> (LinkType, Option<i64>) {
    let from = LinkType::ALL.iter().position(|&own| own == lost).unwrap_or(0);
    for &link_type in LinkType::ALL.iter().cycle().skip(from).take(LinkType::ALL.len()) {
        let Some((_, terms)) = profile.link_mix.iter().find(|(own, _)| *own == link_type) else { continue };
        let (Some(low), Some(high)) = (terms.low.at_scale(2), terms.high.at_scale(2)) else { continue };
        let expected = low.saturating_add(high) / 2;
        if expected <= *reserve {
            let ceiling = high.min(*reserve);
            *reserve = reserve.saturating_sub(expected);
            return (link_type, Some(ceiling));
        }
    }
    (lost, None)
}

/// One sentence that a person acts on.
fn message(of: &Replacement, source_domain: &str) -> String {
    let editor = if source_domain.is_empty() { "the editor" } else { source_domain };
    let (anchor, link) = (of.anchor_type.phrase(), of.link_type.phrase());
    let article = if of.anchor_type == AnchorType::ExactMatch { "an" } else { "a" };
    let mut text = if of.restore { format!("ask {editor} to restore the link first; else ") } else { String::new() };
    match (of.cost_ceiling, of.candidates.first()) {
        (Some(ceiling), _) => text.push_str(&format!(
            "order a {link} with {article} {anchor} anchor, DR {} or more, up to ${ceiling}",
            of.min_source_dr
        )),
        (None, Some(_)) => text.push_str(&format!(
            "the reserve is spent: take a free {link} with {article} {anchor} anchor, DR {} or more",
            of.min_source_dr
        )),
        (None, None) => text.push_str(&format!(
            "wait, as the reserve is spent: no {link} can be ordered before more money is set aside"
        )),
    }
    if let Some(first) = of.candidates.first() {
        text.push_str(&format!("; best offer: {}", first.domain));
        if let Some(price) = first.price {
            text.push_str(&format!(" at ${price}"));
        }
    }
    text
}

#[cfg(test)]
mod tests;
