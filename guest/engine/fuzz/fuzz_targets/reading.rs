//! A document.
#![no_main]

#[path = "../laws/reading.rs"]
mod law;

libfuzzer_sys::fuzz_target!(|text: &str| {
    law::holds(text);
});
