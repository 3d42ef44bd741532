//! The records of `types.wit` in Rust, the only other spelling they have: the engine computes with them, the
//! component lifts and lowers them (wit-bindgen's `with`), the documents are their serde form, and with
//! feature `host` wasmtime carries them. What a field means is said once, in `types.wit`; how long it may be, in [`limits`] for programs.
//!
//! ```
//! use linker_types::{Decimal, Errors, PlanOptions, Tier};
//!
//! // A document is a record's serde form; money is exact, and text.
//! let options: PlanOptions = serde_json::from_str(
//!     r#"{"country_code": "PK", "overrides": {"budget_max": "3000.00", "add_pages": [92]}}"#,
//! )?;
//! assert_eq!(options.overrides.budget_max, Some(Decimal::cents(300_000)));
//! // A field that nobody knows is a fault, not a silence.
//! assert!(serde_json::from_str::<PlanOptions>(r#"{"country_code": "PK", "budget": 1}"#).is_err());
//! // Words have labels for people.
//! assert_eq!((Tier::T2.as_str(), Tier::T2.label()), ("T2", "Tier 2 — Top Hubs"));
//! # Ok::<(), serde_json::Error>(())
//! ```
#![allow(missing_docs)]

#[macro_use]
mod macros;
pub mod base64;
mod blueprint;
mod check_link;
mod decimal;
mod faults;
mod fields;
pub mod json;
mod labels;
pub mod limits;
pub mod map;
mod options;
mod out;
mod plan;
mod profile;
mod quick;
mod replacement;
mod score;
pub mod tiers;
mod tipping_point;
mod vocabulary;
mod word;
mod write;

pub use blueprint::*;
pub use check_link::*;
pub use decimal::Decimal;
pub use faults::*;
pub use labels::vocabularies;
pub use options::*;
pub use plan::*;
pub use profile::*;
pub use replacement::*;
pub use score::*;
pub use tipping_point::*;
pub use vocabulary::*;
