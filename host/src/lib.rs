//! The host of the campaign engine: loads the sandboxed component, limits it, and gives it what it asks for.
//!
//! ```no_run
//! use igny8_linker::engine::{Engine, Failure};
//!
//! let engine = Engine::new()?; // compiled once a machine, then from a cache
//! let blueprint = serde_json::from_str(&std::fs::read_to_string("fixtures/blueprints/questdb-io.json")?)?;
//! let mut planner = engine.planner(&blueprint)?;
//! for budget in ["3000", "4000", "5000"] {
//!     let options = format!(r#"{{"country_code": "PK", "overrides": {{"budget_max": "{budget}"}}}}"#);
//!     match planner.plan(&serde_json::from_str(&options)?) {
//!         Ok(campaign) => println!("${budget}: {} links", campaign.total_links_target),
//!         Err(Failure::Input(faults)) => println!("${budget}: {}", faults[0]),
//!         Err(failure) => return Err(failure.into()),
//!     }
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

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
mod walk;

/// Spam domains, one a line: 2,347 hosts; where they come from: fixtures/README.md.
pub(crate) const BLOCKLIST: &str = include_str!("../../fixtures/blocklist/referrer-spam.txt");

/// The domains of such a list, without comments and empty lines.
pub(crate) fn domains(list: &str) -> impl Iterator<Item = &str> {
    list.lines().map(|line| line.split('#').next().unwrap_or("").trim()).filter(|line| !line.is_empty())
}
