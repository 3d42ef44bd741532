//! Which domains a search engine is asked to ignore.

use std::collections::{BTreeMap, BTreeSet};

use linker_store::entity::campaign::Model;
use linker_types::{Factor, FactorName, Outcome, ScoreRequest, Topic};

use super::{is_domain, unknown};
use crate::engine::{Answer, Engine};

/// The file for a campaign's domains (see [`linker_store::Store::source_domains`]): those of rejected backlinks, and
/// those that the engine finds on the blocklist. The inner fault: more than a disavow file holds.
pub(crate) fn disavow(
    engine: &Engine,
    campaign: &Model,
    domains: &BTreeMap<String, bool>,
    blocklist: &[String],
) -> Answer<linker_store::Result<String>> {
    let doubtful = domains.keys().filter(|domain| is_domain(domain)).cloned().map(unknown);
    let request = ScoreRequest {
        country_code: campaign.country_code.0.to_string(),
        // Whatever it is: what a page is about says nothing of the list.
        target: Topic { title: "link building".to_owned(), niches: Vec::new(), keywords: Vec::new() },
        blocklist: blocklist.to_vec(),
        opportunities: doubtful.collect(),
    };
    let scores = engine.score(&request)?;
    let listed = scores.iter().filter(|score| score.factors.iter().any(is_listed));
    let mut named: BTreeSet<&str> = listed.map(|score| score.domain.as_str()).collect();
    named.extend(domains.iter().filter(|(_, rejected)| **rejected).map(|(domain, _)| domain.as_str()));
    let comment = format!(
        "campaign {}: domains of rejected backlinks, and of those on the blocklist\n\
         read it before you hand it to a search engine: what it names counts for nothing any more",
        campaign.id
    );
    Ok(linker_store::export::disavow(named, &comment))
}

/// Whether a factor says that the domain is on the blocklist.
pub(super) fn is_listed(factor: &Factor) -> bool {
    factor.name == FactorName::NotBlocklisted && factor.outcome == Outcome::Fail
}
