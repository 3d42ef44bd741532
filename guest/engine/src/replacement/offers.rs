//! Placements that could replace a dead link (engine spec, section 8): they meet the country's threshold, are on the
//! topic and not on the blocklist, and don't link to the site yet; ranked by score, then DR per dollar.

use std::cmp::Ordering;

use linker_types::limits::DOMAIN;
use linker_types::{Candidate, Decimal, Factor, FactorName, Opportunity, Outcome, QualityScore, WarningCode};

use crate::blocklist::{Blocklist, host};
use crate::quality::Scorer;
use crate::quality::exact::{cmp_ratios, exact, ratio};

/// Candidates for one dead link.
const MOST: usize = 5;
/// A cent in parts of 10^-18.
const CENT: i128 = 10_000_000_000_000_000;

/// The placements worth offering, best first.
pub(super) struct Offers<'a> {
    ranked: Vec<Offer<'a>>,
    /// By `Offer::site`: whether it was somebody's best offer.
    taken: Vec<bool>,
}

struct Offer<'a> {
    placement: &'a Opportunity,
    host: String,
    /// A number that offers of one host share.
    site: usize,
    score: u32,
    /// In parts of 10^-18.
    dr: i128,
    price: Option<i128>,
}

/// What a replacement needs.
pub(super) struct Wanted {
    pub(super) min_source_dr: Decimal,
    /// Cents; `None`: only what costs nothing.
    pub(super) ceiling: Option<i64>,
}

impl<'a> Offers<'a> {
    /// Scores each placement once; without a scorer there are none.
    pub(super) fn read(placements: &'a [Opportunity], linked: &[String], scorer: Option<Scorer>) -> Self {
        let mut ranked = Vec::new();
        if let Some(mut scorer) = scorer {
            let linked = Linked::new(linked);
            for placement in placements {
                // Whatever has no known rating can't be compared with the lost link's.
                let Some(dr) = placement.dr.and_then(exact) else { continue };
                let host = name(&placement.domain);
                if linked.related(&host) {
                    continue;
                }
                let quality = scorer.score(placement);
                if quality.meets_threshold && is_fit(&quality) {
                    let price = placement.price.and_then(exact);
                    ranked.push(Offer { placement, host, site: 0, score: quality.score, dr, price });
                }
            }
        }
        crate::order::sort(&mut ranked, |a, b| a.host.cmp(&b.host));
        for (site, offers) in ranked.chunk_by_mut(|a, b| a.host == b.host).enumerate() {
            offers.iter_mut().for_each(|offer| offer.site = site);
        }
        crate::order::sort(&mut ranked, Offer::rank);
        Self { taken: vec![false; ranked.len()], ranked }
    }

    /// The best ones that fit. The first of them is not offered again.
    pub(super) fn best(&mut self, wanted: &Wanted) -> Vec<Candidate> {
        let min_dr = exact(wanted.min_source_dr).unwrap_or(i128::MAX);
        let mut sites: Vec<usize> = Vec::with_capacity(MOST);
        let mut candidates = Vec::new();
        for offer in &self.ranked {
            let fits = offer.dr >= min_dr && offer.affordable(wanted.ceiling);
            let taken = self.taken.get(offer.site).is_none_or(|&taken| taken);
            if !fits || taken || sites.contains(&offer.site) {
                continue;
            }
            sites.push(offer.site);
            candidates.push(offer.candidate());
            if candidates.len() == MOST {
                break;
            }
        }
        if let Some(taken) = sites.first().and_then(|&first| self.taken.get_mut(first)) {
            *taken = true;
        }
        candidates
    }
}

/// DIFFERENCE: section 8 asks for the threshold alone, which a casino with good figures meets; a placement off the
/// site's topic or on the blocklist is offered to nobody.
fn is_fit(quality: &QualityScore) -> bool {
    let off_topic = |factor: &Factor| factor.name == FactorName::NicheRelevance && factor.outcome == Outcome::Fail;
    let blocklisted = quality.notes.iter().any(|note| note.code == WarningCode::Blocklisted);
    !blocklisted && !quality.factors.iter().any(off_topic)
}

impl Offer<'_> {
    /// Higher score, then more DR per dollar, then name; free before all prices, unknown prices last.
    fn rank(&self, other: &Self) -> Ordering {
        let value = match (self.price, other.price) {
            (Some(0), Some(0)) | (None, None) => Ordering::Equal,
            (Some(0), _) | (Some(_), None) => Ordering::Less,
            (_, Some(0)) | (None, Some(_)) => Ordering::Greater,
            (Some(own), Some(others)) => cmp_ratios((other.dr, others), (self.dr, own)),
        };
        other.score.cmp(&self.score).then(value).then_with(|| self.placement.domain.cmp(&other.placement.domain))
    }

    /// Unknown prices can be asked for while there is money.
    fn affordable(&self, ceiling: Option<i64>) -> bool {
        match (self.price, ceiling) {
            (Some(price), Some(cents)) => price <= i128::from(cents).saturating_mul(CENT),
            (Some(price), None) => price == 0,
            (None, Some(_)) => true,
            (None, None) => self.placement.paid == Some(false),
        }
    }

    fn candidate(&self) -> Candidate {
        let per_dollar = |price: i128| ratio(self.dr.unsigned_abs(), price.unsigned_abs(), 4);
        Candidate {
            domain: self.placement.domain.clone(),
            score: self.score,
            dr: self.placement.dr,
            price: self.placement.price,
            dr_per_dollar: self.price.and_then(per_dollar),
        }
    }
}

/// A host without `www.`, which is the same site.
fn name(domain: &str) -> String {
    let host = host(domain);
    host.strip_prefix("www.").unwrap_or(&host).to_owned()
}

/// The domains that link to the site already.
struct Linked {
    domains: Blocklist,
    /// Their names read backwards, in order: what lies below a host begins as the host does.
    backwards: Vec<String>,
}

impl Linked {
    fn new(domains: &[String]) -> Self {
        // Longer ones are no names in DNS.
        let names = domains.iter().map(|domain| name(domain)).filter(|name| name.len() <= DOMAIN);
        let names: Vec<String> = names.collect();
        let mut backwards: Vec<String> = names.iter().map(|name| name.chars().rev().collect()).collect();
        crate::order::sort(&mut backwards, Ord::cmp);
        Self { domains: Blocklist::new(&names), backwards }
    }

    /// The same host as a linked one, above it or below it: search engines count them as one site.
    fn related(&self, host: &str) -> bool {
        let below: String = host.chars().rev().chain(['.']).collect();
        let first = self.backwards.partition_point(|name| *name < below);
        self.domains.listed(host).is_some() || self.backwards.get(first).is_some_and(|name| name.starts_with(&below))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relatives_link_already() {
        let linked = Linked::new(&["www.Blog.one.example".to_owned(), "two.example".to_owned(), String::new()]);
        for (domain, related) in [
            ("blog.one.example", true),
            ("www.blog.one.example", true),
            ("one.example", true),
            ("shop.one.example", false),
            ("deep.two.example", true),
            ("WWW.Two.example.", true),
            ("nottwo.example", false),
        ] {
            assert_eq!(linked.related(&name(domain)), related, "{domain}");
        }
    }
}
