//! Quality of placements, 0-11 (R-6.1, R-6.2, engine spec section 9): eleven factors that pass, fail or are
//! unknown. A score counts what passed; what is unknown is work for a reviewer, never a point.

pub(crate) mod exact;

use std::cmp::Ordering;

use linker_types::limits::{DOMAIN, KEYWORD, MONTHS, ROWS, TITLE, TOPIC_KEYWORDS, WORD};
use linker_types::{
    Decimal, Error, ErrorCode, Factor, FactorName, Measure, Opportunity, Outcome, Profile, QualityScore, ScoreRequest,
    Topic, Warning, WarningCode,
};

use crate::blocklist::Blocklist;
use crate::faults::Faults;
use crate::limits;
use crate::topic::{PLACES, Relevance, Subject};
use exact::{PLACES_MOST, against, is_rating, ratio};

/// Fewer outbound links than this.
const OUTBOUND_LINKS: u32 = 100;
/// Percent of the three months before that the last three must reach.
const TREND: u32 = 95;
/// The least cosine, in ten-thousandths: 0.2.
const RELEVANT: u32 = PLACES / 5;
const PAID_DOFOLLOW: &str = "a paid link that passes credit: search engines ask for rel=sponsored";
const BLOCKLISTED: &str = "on the blocklist of spam domains: never buy here, whatever the score";

/// Scores each placement, in the order given; the faults of the input, up to 20, if it has any.
pub fn score(request: &ScoreRequest) -> Result<Vec<QualityScore>, Vec<Error>> {
    scores(request).map(Iterator::collect)
}

/// The same, each when it is asked for: many of them at once are a lot of memory.
pub fn scores(request: &ScoreRequest) -> Result<impl ExactSizeIterator<Item = QualityScore> + '_, Vec<Error>> {
    let mut faults = Faults::default();
    let country = crate::profile::country(&request.country_code, "country_code");
    if let Err(fault) = &country {
        faults.push(fault.clone());
    }
    limits::domains(&mut faults, "blocklist", &request.blocklist);
    let subject = checked(&request.target, &request.opportunities, &mut faults);
    faults.check()?;
    let country = country.map_err(|fault| vec![fault])?;
    let mut scorer = Scorer::new(&crate::profile::profile(country), subject, &request.blocklist);
    Ok(request.opportunities.iter().map(move |opportunity| scorer.score(opportunity)))
}

/// Looks for faults in what is to be scored, and reads what the target is about.
pub(crate) fn checked(target: &Topic, opportunities: &[Opportunity], faults: &mut Faults) -> Subject {
    limits::text(faults, || "target.title".to_owned(), &target.title, TITLE);
    limits::niches(faults, || "target.niches".to_owned(), &target.niches);
    let keywords = || "target.keywords".to_owned();
    limits::texts(faults, keywords, &target.keywords, "keywords", (TOPIC_KEYWORDS, KEYWORD));
    limits::count(faults, || "opportunities".to_owned(), opportunities.len(), "placements", ROWS);
    let subject = Subject::of(target);
    if subject.is_empty() {
        faults.add(ErrorCode::Empty, "target", "give a title, niches or keywords that say what the page is about");
    }
    for (at, opportunity) in opportunities.iter().enumerate() {
        if faults.full() {
            break;
        }
        if let Err((code, message)) = check_host(&opportunity.domain) {
            faults.add(code, format!("opportunities[{at}].domain"), message);
        }
        let field = |name: &str| format!("opportunities[{at}].{name}");
        limits::text(faults, || field("title"), opportunity.title.as_deref().unwrap_or_default(), TITLE);
        limits::niches(faults, || field("niches"), &opportunity.niches);
        limits::text(faults, || field("trend"), opportunity.trend.as_deref().unwrap_or_default(), WORD);
        limits::count(faults, || field("traffic_months"), opportunity.traffic_months.len(), "months", MONTHS);
        for (name, rating) in [("dr", opportunity.dr), ("da", opportunity.da)] {
            if let Some(rating) = rating.filter(|&rating| !is_rating(rating)) {
                let message = format!("`{rating}` is not a rating from 0 to 100");
                faults.add(ErrorCode::OutOfRange, format!("opportunities[{at}].{name}"), message);
            }
        }
        if let Some(price) = opportunity.price.filter(|price| price.units < 0 || price.scale > PLACES_MOST) {
            let message = format!("`{price}` is not a price: dollars from 0, at most 18 places");
            faults.add(ErrorCode::OutOfRange, format!("opportunities[{at}].price"), message);
        }
    }
    subject
}

/// A host name alone: no scheme, port, path, user or blank, no empty label.
fn check_host(domain: &str) -> Result<(), (ErrorCode, String)> {
    if domain.is_empty() {
        return Err((ErrorCode::Empty, "the domain is empty".to_owned()));
    }
    if limits::is_longer(domain, DOMAIN) {
        return Err((ErrorCode::OutOfRange, format!("the domain is longer than {DOMAIN} characters")));
    }
    let punctuation = |c: char| matches!(c, '/' | '\\' | ':' | '@' | '?' | '#' | '[' | ']' | '%');
    let strange = |c: char| c.is_whitespace() || c.is_control() || punctuation(c);
    let mut labels = domain.strip_suffix('.').unwrap_or(domain).split('.');
    if labels.any(|label| label.is_empty() || label.contains(strange)) {
        return Err((ErrorCode::InvalidValue, format!("`{domain}` is not a domain: give the host name alone")));
    }
    Ok(())
}

/// What a country and a target page ask of placements. Takes input that [`checked`] found no fault with.
pub(crate) struct Scorer {
    threshold: u32,
    min_traffic: u32,
    min_source_dr: u32,
    subject: Subject,
    blocklist: Blocklist,
}

impl Scorer {
    pub(crate) fn new(profile: &Profile, subject: Subject, blocklist: &[String]) -> Self {
        Self {
            threshold: profile.quality_threshold,
            min_traffic: profile.min_organic_traffic,
            min_source_dr: profile.min_source_dr,
            subject,
            blocklist: Blocklist::new(blocklist),
        }
    }

    pub(crate) fn score(&mut self, offer: &Opportunity) -> QualityScore {
        let listed = self.blocklist.listed(&offer.domain).map(str::to_owned);
        let mut notes = Vec::new();
        if offer.paid == Some(true) && [offer.dofollow, offer.dofollow_confirmed].contains(&Some(true)) {
            notes.push(note(WarningCode::PaidDofollow, PAID_DOFOLLOW));
        }
        if listed.is_some() {
            notes.push(note(WarningCode::Blocklisted, BLOCKLISTED));
        }
        let factors = vec![
            self.organic_traffic(offer),
            self.authority(offer),
            answer(FactorName::Indexed, offer.indexed),
            self.not_blocklisted(listed),
            traffic_trend(offer),
            self.niche_relevance(offer),
            answer(FactorName::Dofollow, offer.dofollow),
            outbound_links(offer),
            answer(FactorName::NicheEditorial, offer.niche_editorial),
            answer(FactorName::EditorialQuality, offer.editorial_quality),
            answer(FactorName::DofollowConfirmed, offer.dofollow_confirmed),
        ];
        let (mut score, mut best_possible) = (0u32, 0u32);
        for factor in &factors {
            score = score.saturating_add(u32::from(factor.outcome == Outcome::Pass));
            best_possible = best_possible.saturating_add(u32::from(factor.outcome != Outcome::Fail));
        }
        QualityScore {
            domain: offer.domain.clone(),
            score,
            threshold: self.threshold,
            meets_threshold: score >= self.threshold,
            best_possible,
            needs_review: score < self.threshold && self.threshold <= best_possible,
            factors,
            notes,
        }
    }

    fn organic_traffic(&self, offer: &Opportunity) -> Factor {
        Factor {
            name: FactorName::OrganicTraffic,
            outcome: outcome(offer.organic_traffic.map(|visits| visits > u64::from(self.min_traffic))),
            seen: offer.organic_traffic.map(Measure::Count),
            threshold: Some(Decimal::new(i64::from(self.min_traffic), 0)),
        }
    }

    /// One rating above the minimum is enough; one known rating is enough to fail.
    fn authority(&self, offer: &Opportunity) -> Factor {
        let above = |&rating: &Decimal| against(rating, self.min_source_dr) == Some(Ordering::Greater);
        let passing = offer.dr.filter(above).or(offer.da.filter(above));
        let seen = passing.or(offer.dr).or(offer.da);
        Factor {
            name: FactorName::Authority,
            outcome: outcome(seen.map(|_| passing.is_some())),
            seen: seen.map(Measure::Ratio),
            threshold: Some(Decimal::new(i64::from(self.min_source_dr), 0)),
        }
    }

    /// Without a list nobody knows.
    fn not_blocklisted(&self, listed: Option<String>) -> Factor {
        let known = (!self.blocklist.is_empty()).then_some(listed.is_none());
        let seen = listed.map(Measure::Text);
        Factor { name: FactorName::NotBlocklisted, outcome: outcome(known), seen, threshold: None }
    }

    fn niche_relevance(&mut self, offer: &Opportunity) -> Factor {
        let (outcome, seen) = match self.subject.relevance(offer.title.as_deref(), &offer.niches) {
            Relevance::Unknown => (Outcome::Unknown, None),
            Relevance::SharedNiche(niche) => (Outcome::Pass, Some(Measure::Text(niche.to_owned()))),
            Relevance::Cosine(cosine) => {
                (outcome(Some(cosine >= RELEVANT)), Some(Measure::Ratio(Decimal::new(i64::from(cosine), 4))))
            }
        };
        Factor { name: FactorName::NicheRelevance, outcome, seen, threshold: Some(Decimal::new(20, 2)) }
    }
}

/// From months where there are six, else from the word for them.
fn traffic_trend(offer: &Opportunity) -> Factor {
    let sum = |months: &[u64]| months.iter().fold(0u128, |sum, &visits| sum.saturating_add(u128::from(visits)));
    let mut latest = offer.traffic_months.rchunks_exact(3).map(sum);
    let word = offer.trend.as_deref().map(str::trim).filter(|word| !word.is_empty());
    let (known, seen) = match (latest.next(), latest.next(), word) {
        (Some(last), Some(before), _) => {
            let holds =
                last.saturating_mul(100) >= before.saturating_mul(u128::from(TREND)) && (last, before) != (0, 0);
            (Some(holds), ratio(last, before, 4).map(Measure::Ratio))
        }
        (_, _, Some(word)) => {
            let holds = ["stable", "growing"].iter().any(|good| word.eq_ignore_ascii_case(good));
            (Some(holds), Some(Measure::Text(word.to_owned())))
        }
        _ => (None, None),
    };
    let threshold = Some(Decimal::new(i64::from(TREND), 2));
    Factor { name: FactorName::TrafficTrend, outcome: outcome(known), seen, threshold }
}

fn outbound_links(offer: &Opportunity) -> Factor {
    Factor {
        name: FactorName::OutboundLinks,
        outcome: outcome(offer.outbound_links.map(|links| links < OUTBOUND_LINKS)),
        seen: offer.outbound_links.map(|links| Measure::Count(u64::from(links))),
        threshold: Some(Decimal::new(i64::from(OUTBOUND_LINKS), 0)),
    }
}

/// A factor that somebody answers with yes or no.
fn answer(name: FactorName, known: Option<bool>) -> Factor {
    Factor { name, outcome: outcome(known), seen: known.map(Measure::Flag), threshold: None }
}

fn outcome(known: Option<bool>) -> Outcome {
    match known {
        Some(true) => Outcome::Pass,
        Some(false) => Outcome::Fail,
        None => Outcome::Unknown,
    }
}

fn note(code: WarningCode, message: &str) -> Warning {
    Warning { code, message: message.to_owned(), subject: None }
}

#[cfg(test)]
mod tests;
