//! The records of `types.wit` in Rust, the only other spelling they have: the engine computes with them, the
//! component lifts and lowers them (wit-bindgen's `with`), the documents are their serde form, and with
//! feature `host` wasmtime carries them. What a field means is said once, in `types.wit`; how long it may be, in [`limits`] for programs.
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
pub use options::*;
pub use plan::*;
pub use profile::*;
pub use replacement::*;
pub use score::*;
pub use tipping_point::*;
pub use vocabulary::*;
