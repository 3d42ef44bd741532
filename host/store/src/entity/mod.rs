//! Rows as Rust sees them. One entity a table; both databases read and write the same one.
//! The fields are R-9's, said there.
#![allow(missing_docs)]

pub mod backlink;
pub mod blueprint_snapshot;
pub mod campaign;
pub mod check;
pub mod idempotency;
pub mod look;
pub mod marketplace_row;
pub mod plan;
pub mod replacement;
pub mod snapshot;
