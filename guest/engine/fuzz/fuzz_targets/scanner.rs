//! The scanner against html5ever's tokenizer.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../tests/scanner/tags.rs"]
mod tags;

fuzz_target!(|source: &str| tags::compare(source));
