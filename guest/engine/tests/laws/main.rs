//! Laws that every plan keeps, whatever the site: random blueprints of odd but allowed shapes, random
//! overrides, edits and suggested anchors, and input that is simply wrong.
//!
//! `PROPTEST_CASES=5000 cargo test -p linker-engine --test laws` looks harder.

mod anchors;
mod changes;
mod checks;
mod found;
mod hostile;
mod input;
mod limits;
mod sums;
mod tiers;
mod timing;

use proptest::test_runner::Config;

/// At least 256 cases a law. Counterexamples become named tests, not files of seeds.
fn config() -> Config {
    let config = Config::default();
    Config { cases: config.cases.max(256), failure_persistence: None, ..config }
}
