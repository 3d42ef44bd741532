//! The host of the campaign engine: loads the sandboxed component, limits it, and gives it what it asks for.

pub mod api;
pub(crate) mod audit;
pub mod check;
pub mod cli;
pub mod engine;
pub(crate) mod replacements;
pub mod serve;
pub(crate) mod shares;
pub(crate) mod sheet;
mod stop;
mod topic;
mod walk;

/// Spam domains, one a line: 2,347 hosts; where they come from: fixtures/README.md.
pub(crate) const BLOCKLIST: &str = include_str!("../../fixtures/blocklist/referrer-spam.txt");

/// The domains of such a list, without comments and empty lines.
pub(crate) fn domains(list: &str) -> impl Iterator<Item = &str> {
    list.lines().map(|line| line.split('#').next().unwrap_or("").trim()).filter(|line| !line.is_empty())
}
