//! Which domains a search engine is asked to ignore.

use std::collections::{BTreeMap, BTreeSet};

use linker_store::entity::campaign::Model;
use linker_types::{Factor, FactorName, ListingRequest, Outcome};

use crate::engine::{Answer, Engine};

/// The file for a campaign's domains (see [`linker_store::Store::source_domains`]): those of rejected backlinks, and
/// those that the engine finds on the blocklist. The inner fault: more than a disavow file holds.
pub(crate) fn disavow(
    engine: &Engine,
    campaign: &Model,
    domains: &BTreeMap<String, bool>,
    blocklist: &[String],
) -> Answer<linker_store::Result<String>> {
    let request = ListingRequest { domains: domains.keys().cloned().collect(), blocklist: blocklist.to_vec() };
    let listed = engine.listed(&request)?;
    let named = domains.iter().zip(listed).filter(|((_, rejected), entry)| **rejected || entry.is_some());
    let named: BTreeSet<&str> = named.map(|((domain, _), _)| domain.as_str()).collect();
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
