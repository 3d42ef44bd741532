//! The campaign engine: every call is a pure function of its input. No clock, no
//! randomness, no floating point in money or apportionment, no order that depends on a hash; decimals are
//! exact and dates come in as arguments. The rules are settled number by number in the engine specification
//! (docs/engine.md); where this code does better than it, the item says `DIFFERENCE:`.
#![deny(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::float_arithmetic,
    clippy::unreachable,
    clippy::todo
)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing))]

mod adjust;
mod allocation;
mod apportion;
mod assignment;
mod blocklist;
mod by;
mod campaign;
mod demand;
pub mod faults;
mod figures;
mod hash;
pub mod impact;
mod intake;
mod keywords;
mod limits;
pub mod link_check;
mod links;
mod mix;
mod money;
mod order;
mod picks;
mod planner;
mod pr;
pub mod profile;
pub mod quality;
pub mod replacement;
mod schedule;
mod selection;
mod subjects;
mod terms;
mod tier;
pub mod tipping_point;
mod topic;
mod urls;
mod velocity;

use linker_types::{Blueprint, Campaign, Error, PlanOptions};

pub use adjust::adjust;
pub use planner::Planner;

/// Plans a campaign. Errors: up to 20 faults of the blueprint or the options, and no plan.
pub fn generate(blueprint: Blueprint, options: &PlanOptions) -> Result<Campaign, Vec<Error>> {
    Planner::load(blueprint)?.plan(options)
}

/// The engine's semantic version.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
