//! Placed links: alive or not (R-8.1, engine spec section 8). [`judge`] is a pure function of what a host fetched;
//! [`chain`] keeps a fetch's redirects and cookies. Two ways to fail its users shape it: to lose a link silently,
//! and to call a live one dead. So a link is called removed only where its page was read whole and does not even
//! name its host, and every match looser than equality is reported.
//!
//! DIFFERENCE: two kinds of pages that section 8 would call removed are not: those that hold nothing but a script
//! (`needs_script`, never dead) and those without a word (`http_other`, never dead, as a 204): on neither can the link
//! be seen, wherever it is.
//!
//! DIFFERENCE: redirects that lead nowhere, of which section 8 says nothing, count as no answer: dead on the third
//! look in a row.

mod body;
pub mod chain;
mod charset;
mod cookies;
mod evidence;
pub(crate) mod expectation;
mod headers;
mod html;
mod mention;
pub mod probe;
mod robots;
mod search;
mod signs;
pub mod source;
mod time;
mod turn;
mod verdict;
mod wrapped;

use linker_types::{CheckPolicy, CheckReport, Error, Observation, Placement};

pub use body::Body;
pub use evidence::BODY_LIMIT;
use expectation::Expectation;

/// The words of a rel, lower-cased, each once.
pub(crate) fn rel(text: &str) -> Vec<String> {
    search::rel(text.as_bytes())
}

/// Whether placements can be checked at `at`. Errors: every fault that a check finds before it asks for a page.
pub fn validate(placements: &[Placement], at: &str) -> Result<(), Vec<Error>> {
    source::by_source(placements, at).map(drop)
}

/// Judges what came back from a source. Errors: a URL or time of the placement, its history or the observation
/// that cannot be read, or an observation without status and failure.
pub fn judge(
    placement: &Placement,
    observation: &Observation,
    policy: &CheckPolicy,
) -> Result<CheckReport, Vec<Error>> {
    let expected = Expectation::read(placement, observation)?;
    let evidence = evidence::weigh(&expected, observation, policy.follow_redirecting_links);
    let decision = verdict::decide(&expected, &evidence, observation.status, policy.death);
    let decision = turn::held(&evidence, decision);
    let again = turn::again(&expected, &evidence, observation, decision, policy);
    Ok(CheckReport {
        backlink_id: placement.backlink_id,
        verdict: decision.verdict,
        next_check: turn::next_check(&expected, again, policy),
        again,
        change: turn::change(&expected, placement, decision),
        reasons: evidence.reasons,
        link: evidence.link,
        final_url: expected.url.to_string(),
        chain: observation.chain.clone(),
        status: observation.status,
        outbound_links: evidence.outbound,
        elapsed_ms: observation.elapsed_ms,
        follow: evidence.follow,
    })
}
