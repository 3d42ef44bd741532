//! The campaign engine (R-1 to R-4, R-6 to R-8): every call is a pure function of its input. No clock, no
//! randomness, no floating point in money or apportionment, no order that depends on a hash; decimals are
//! exact and dates come in as arguments. The rules are settled number by number in the engine specification
//! (docs/engine.md); where this code does better than it, the item says `DIFFERENCE:`.
//!
//! ```
//! use linker_engine::{Planner, impact::impact};
//! use linker_types::{Blueprint, Decimal, LinkType, LostLink, PlanOptions, Tier};
//!
//! let blueprint: Blueprint = serde_json::from_str(include_str!("../../../fixtures/blueprints/questdb-io.json"))?;
//! let options: PlanOptions = serde_json::from_str(r#"{"country_code": "PK"}"#)?;
//! // Taken in once, planned as often as somebody drags a budget.
//! let planner = Planner::load(blueprint).expect("a whole blueprint");
//! let campaign = planner.plan(&options).expect("a country with a profile");
//! assert_eq!(campaign.links.len() as u32, campaign.total_links_target);
//! // What is wrong is said with its field.
//! let unknown: PlanOptions = serde_json::from_str(r#"{"country_code": "GB"}"#)?;
//! assert_eq!(planner.plan(&unknown).unwrap_err()[0].field, "country_code");
//!
//! let link = LostLink { source_dr: Decimal::parse("50"), link_type: LinkType::GuestPost, tier: Tier::T1, nofollow: true };
//! assert_eq!(impact(&link).score.unwrap().to_string(), "5.0");
//! # Ok::<(), serde_json::Error>(())
//! ```
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

mod about;
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
pub use blocklist::listed;
pub use planner::Planner;

/// Plans a campaign (R-4.1). Errors: up to 20 faults of the blueprint or the options, and no plan.
pub fn generate(blueprint: Blueprint, options: &PlanOptions) -> Result<Campaign, Vec<Error>> {
    Planner::load(blueprint)?.plan(options)
}

/// The engine's semantic version.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
