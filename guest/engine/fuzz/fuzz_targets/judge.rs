//! Hostile pages.
#![no_main]

#[path = "../laws/judge.rs"]
mod law;

libfuzzer_sys::fuzz_target!(|data: &[u8]| law::holds(data));
