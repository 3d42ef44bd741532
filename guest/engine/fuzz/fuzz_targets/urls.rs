//! Two URLs.
#![no_main]

#[path = "../laws/urls.rs"]
mod law;

libfuzzer_sys::fuzz_target!(|urls: &str| law::holds(urls));
