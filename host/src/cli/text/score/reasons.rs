//! Why a factor failed, in words.

use linker_types::{Decimal, Factor, FactorName, Measure, Opportunity, Outcome, QualityScore};

use crate::cli::text::words::{percent, plain, thousands};

/// What failed and what is unknown.
pub(super) fn of(score: &QualityScore, offer: &Opportunity) -> (Vec<String>, Vec<&'static str>) {
    let with = |outcome| score.factors.iter().filter(move |factor| factor.outcome == outcome);
    let failed = with(Outcome::Fail).map(|factor| reason(factor, offer)).collect();
    (failed, with(Outcome::Unknown).map(|factor| factor.name.label()).collect())
}

fn reason(factor: &Factor, offer: &Opportunity) -> String {
    let threshold = factor.threshold.map(plain).unwrap_or_default();
    match (factor.name, &factor.seen) {
        (FactorName::OrganicTraffic, Some(Measure::Count(visits))) => {
            format!("{} visits a month are not above {threshold}", thousands(*visits))
        }
        (FactorName::Authority, _) => authority(offer, &threshold),
        (FactorName::Indexed, _) => "not indexed in Google".to_owned(),
        (FactorName::NotBlocklisted, Some(Measure::Text(host))) => format!("{host} is on the blocklist"),
        (FactorName::TrafficTrend, Some(seen)) => match (ratio(seen), seen) {
            (Some(ratio), _) => {
                let needed = factor.threshold.map(percent).unwrap_or_default();
                format!("traffic falls: the last 3 months are {} of the 3 before, {needed} needed", percent(ratio))
            }
            (None, Measure::Text(word)) => format!("traffic trend is `{word}`, not stable or growing"),
            _ => "traffic falls".to_owned(),
        },
        (FactorName::NicheRelevance, Some(seen)) => match ratio(seen) {
            Some(ratio) => format!("niche unrelated: similarity {}, {threshold} needed", plain(ratio)),
            None => "niche does not fit".to_owned(),
        },
        (FactorName::OutboundLinks, Some(Measure::Count(links))) => {
            format!("{} outbound links on the page, fewer than {threshold} needed", thousands(*links))
        }
        (FactorName::Dofollow, _) => "links are not dofollow".to_owned(),
        (FactorName::NicheEditorial, _) => "the reviewer says that the niche does not fit".to_owned(),
        (FactorName::EditorialQuality, _) => "the reviewer says that the content is poor".to_owned(),
        (FactorName::DofollowConfirmed, _) => "the reviewer found no dofollow".to_owned(),
        (other, _) => format!("{} failed", other.label()),
    }
}

/// The document writes a ratio as decimal text, so it comes back as text.
fn ratio(seen: &Measure) -> Option<Decimal> {
    match seen {
        Measure::Ratio(ratio) => Some(*ratio),
        Measure::Text(text) => Decimal::parse(text),
        _ => None,
    }
}

fn authority(offer: &Opportunity, threshold: &str) -> String {
    let rated = [("DR", offer.dr), ("DA", offer.da)];
    let known: Vec<String> =
        rated.iter().filter_map(|(name, rating)| Some(format!("{name} {}", plain((*rating)?)))).collect();
    let are = if known.len() == 1 { "is" } else { "are" };
    format!("{} {are} not above {threshold}", known.join(" and "))
}
