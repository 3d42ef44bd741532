//! When a site gains authority on its own (R-7.1, R-7.2, engine spec section 10): five indicators, three of which
//! trigger the advice to slow link building down, and what that frees for content. Unknown never counts as met.

mod advice;

use chrono::NaiveDate;
use linker_types::limits::ROWS;
use linker_types::{
    CampaignProgress, Decimal, Error, ErrorCode, Indicator, IndicatorName, PageMetrics, TippingPoint,
    TippingPointRequest,
};

use crate::faults::Faults;
use crate::quality::exact::{exact, is_rating, whole};

/// How many indicators trigger.
const TRIGGER: u32 = 3;
/// The numbers beyond R-7.1's own: one stray click must not stop a campaign.
const PAGES_WITH_CLICKS: u32 = 2;
const PAGES_THAT_RANK: u32 = 3;
const NEW_PAGES_THAT_RANK: u32 = 2;
const MORE_IMPRESSIONS_THAN: u64 = 100;
const CLICKS: u64 = 5;
const SEEN: u64 = 10;
const NEW_DAYS: i64 = 90;
/// The longest campaign there is.
pub(crate) const MOST_MONTHS: usize = 60;
/// Page ids that an indicator names.
const MOST_EVIDENCE: usize = 20;

/// Judges a campaign's figures; the faults of the input, up to 20, if it has any.
pub fn evaluate(request: &TippingPointRequest) -> Result<TippingPoint, Vec<Error>> {
    let mut faults = Faults::default();
    let country = crate::profile::country(&request.country_code, "country_code");
    let country = country.map_err(|fault| faults.push(fault)).ok();
    let as_of = date(&request.as_of, "as_of", &mut faults);
    if let Some(dr) = request.dr.filter(|&dr| !is_rating(dr)) {
        faults.add(ErrorCode::OutOfRange, "dr", format!("`{dr}` is not a domain rating from 0 to 100"));
    }
    let rows = request.pages.as_ref().map_or(0, Vec::len);
    crate::limits::count(&mut faults, || "pages".to_owned(), rows, "pages", ROWS);
    let pages = request.pages.as_ref().map(|pages| read_pages(pages, &mut faults));
    let budgets = request.campaign.as_ref().map(|campaign| read_budgets(campaign, &mut faults));
    let (Some(country), Some(as_of)) = (country, as_of) else { return Err(faults.or(()).err().unwrap_or_default()) };
    faults.check()?;

    let profile = crate::profile::profile(country);
    let pages = pages.unwrap_or_default();
    let indicators = vec![
        figure(IndicatorName::DrTargetReached, request.dr, profile.target_dr_min),
        count(IndicatorName::UnlinkedPagesGetClicks, PAGES_WITH_CLICKS, &pages, gets_clicks),
        count(IndicatorName::UnlinkedPagesRank, PAGES_THAT_RANK, &pages, ranks_11_to_30),
        count(IndicatorName::NewContentRanks, NEW_PAGES_THAT_RANK, &pages, |page| new_and_ranks(page, as_of)),
        figure(
            IndicatorName::KeywordsInTop10,
            request.keywords_top_10.map(|keywords| Decimal::new(i64::from(keywords), 0)),
            profile.keywords_top_10,
        ),
    ];
    let met = indicators.iter().fold(0u32, |met, indicator| met.saturating_add(u32::from(indicator.met)));
    let triggered = met >= TRIGGER;
    let recommendation = if triggered {
        let progress = request.campaign.as_ref().zip(budgets.as_deref());
        advice::enter_maintenance(met, progress, &profile.velocity)
    } else {
        advice::continue_building(met, &indicators)
    };
    Ok(TippingPoint { triggered, met, indicators, recommendation })
}

/// An ISO date, `2026-11-23` and no other spelling of it.
pub(crate) fn date(text: &str, field: impl Into<String>, faults: &mut Faults) -> Option<NaiveDate> {
    let found = crate::intake::date(text);
    if found.is_none() {
        let message = format!("`{text}` is not a date: write it as 2026-11-23");
        faults.add(ErrorCode::InvalidValue, field, message);
    }
    found
}

/// An id that the platform's tables can hold.
pub(crate) fn check_id(id: u64, again: bool, field: impl FnOnce() -> String, faults: &mut Faults) {
    if !(1..=crate::intake::MOST_ID).contains(&id) {
        faults.add(ErrorCode::OutOfRange, field(), format!("`{id}` is not an id: 1 to 2^53 - 1"));
    } else if again {
        faults.add(ErrorCode::Duplicate, field(), format!("`{id}` comes twice"));
    }
}

/// A page without a link, its date and position read.
struct Unlinked<'a> {
    figures: &'a PageMetrics,
    published_on: Option<NaiveDate>,
    position: Option<i128>,
}

/// The pages that never had a link: all indicators are about them.
fn read_pages<'a>(pages: &'a [PageMetrics], faults: &mut Faults) -> Vec<Unlinked<'a>> {
    let repeated = crate::intake::repeated(pages.iter().map(|page| page.content_id));
    let mut unlinked = Vec::new();
    for (at, figures) in pages.iter().enumerate() {
        if faults.full() {
            break;
        }
        let again = repeated.binary_search(&at).is_ok();
        check_id(figures.content_id, again, || format!("pages[{at}].content_id"), faults);
        let text = figures.published_on.as_deref();
        let published_on = text.and_then(|text| date(text, format!("pages[{at}].published_on"), faults));
        let position = figures.position.and_then(exact).filter(|&position| position >= whole(1));
        if let Some(given) = figures.position.filter(|_| position.is_none()) {
            let message = format!("`{given}` is not a mean position: 1 is the best there is");
            faults.add(ErrorCode::OutOfRange, format!("pages[{at}].position"), message);
        }
        if !figures.had_live_backlink {
            unlinked.push(Unlinked { figures, published_on, position });
        }
    }
    unlinked
}

/// The budgets of the plan's months in cents.
fn read_budgets(campaign: &CampaignProgress, faults: &mut Faults) -> Vec<i128> {
    let months = campaign.monthly_plan.len();
    if months > MOST_MONTHS {
        let message = format!("{months} months are more than the {MOST_MONTHS} of the longest campaign");
        faults.add(ErrorCode::TooLarge, "campaign.monthly_plan", message);
        return Vec::new();
    }
    if !usize::try_from(campaign.current_month).is_ok_and(|month| (1..=months).contains(&month)) {
        let message = format!("`{}` is not a month of the plan: 1 to {months}", campaign.current_month);
        faults.add(ErrorCode::OutOfRange, "campaign.current_month", message);
    }
    let mut budgets = Vec::with_capacity(months);
    for (at, (month, number)) in campaign.monthly_plan.iter().zip(1u32..).enumerate() {
        if month.month != number {
            let message = format!("`{}` stands where month {number} belongs", month.month);
            faults.add(ErrorCode::InvalidValue, format!("campaign.monthly_plan[{at}].month"), message);
        }
        match month.budget.at_scale(2).filter(|&cents| cents >= 0) {
            Some(cents) => budgets.push(i128::from(cents)),
            None => {
                let message = format!("`{}` is not a budget: dollars from 0, in whole cents", month.budget);
                faults.add(ErrorCode::OutOfRange, format!("campaign.monthly_plan[{at}].budget"), message);
            }
        }
    }
    budgets
}

/// Whether a page counts for (b); `None` where its data is missing.
fn gets_clicks(page: &Unlinked) -> Option<bool> {
    let (impressions, clicks) = (page.figures.impressions?, page.figures.clicks?);
    let before = page.figures.clicks_before?;
    Some(impressions > MORE_IMPRESSIONS_THAN && clicks >= CLICKS && clicks > before)
}

/// The same for (c).
fn ranks_11_to_30(page: &Unlinked) -> Option<bool> {
    let (position, impressions) = (page.position?, page.figures.impressions?);
    Some((whole(11)..=whole(30)).contains(&position) && impressions >= SEEN)
}

/// The same for (d).
fn new_and_ranks(page: &Unlinked, as_of: NaiveDate) -> Option<bool> {
    let (published_on, position) = (page.published_on?, page.position?);
    let age = as_of.signed_duration_since(published_on).num_days();
    Some((0..=NEW_DAYS).contains(&age) && position <= whole(30) && page.figures.impressions? >= SEEN)
}

/// An indicator that is a figure of the site.
fn figure(name: IndicatorName, value: Option<Decimal>, threshold: u32) -> Indicator {
    let met = value.and_then(exact).is_some_and(|value| value >= whole(threshold));
    let threshold = Decimal::new(i64::from(threshold), 0);
    Indicator { name, met, unknown: value.is_none(), value, threshold, evidence: Vec::new() }
}

/// An indicator that counts pages.
fn count(
    name: IndicatorName,
    threshold: u32,
    pages: &[Unlinked],
    counts: impl Fn(&Unlinked) -> Option<bool>,
) -> Indicator {
    let mut unknown = true;
    let mut evidence = Vec::new();
    for page in pages {
        let Some(counted) = counts(page) else { continue };
        unknown = false;
        if counted {
            evidence.push(page.figures.content_id);
        }
    }
    let value = i64::try_from(evidence.len()).unwrap_or(i64::MAX);
    crate::order::sort(&mut evidence, Ord::cmp);
    evidence.truncate(MOST_EVIDENCE);
    Indicator {
        name,
        met: value >= i64::from(threshold),
        unknown,
        value: (!unknown).then_some(Decimal::new(value, 0)),
        threshold: Decimal::new(i64::from(threshold), 0),
        evidence,
    }
}

#[cfg(test)]
mod tests;
