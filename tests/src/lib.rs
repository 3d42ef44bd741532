//! What tests and benchmarks share: sites of any size, and the guest that misbehaves.

mod sites;

pub use sites::{opportunities, site};

/// The guest of tests/guest: the floor of a call, and every way to go wrong.
pub const TEST_GUEST: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/test-guest.wasm"));
