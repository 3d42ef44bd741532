//! The scanner against html5ever's tokenizer.
#![no_main]

#[path = "../../tests/scanner/tags.rs"]
mod tags;

libfuzzer_sys::fuzz_target!(|source: &str| tags::compare(source));
