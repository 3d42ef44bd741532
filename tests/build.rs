//! Builds the misbehaving guest.

use std::path::PathBuf;

fn main() {
    let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo sets it"));
    for path in ["guest", "../guest/heap", "../wit"] {
        println!("cargo::rerun-if-changed={path}");
    }
    let guest = linker_componentize::build("..".as_ref(), "linker-test-guest", &out)
        .unwrap_or_else(|error| panic!("test guest: {error}"));
    std::fs::write(out.join("test-guest.wasm"), guest.stripped).expect("OUT_DIR is writable");
}
