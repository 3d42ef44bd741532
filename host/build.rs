//! Builds the component from the guest's sources and hands it to the binary to embed.

use std::path::PathBuf;

fn main() {
    let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo sets it"));
    for path in ["../guest", "../wit", "../Cargo.toml", "../Cargo.lock"] {
        println!("cargo::rerun-if-changed={path}");
    }
    let component = linker_componentize::build("..".as_ref(), "linker-component", &out)
        .unwrap_or_else(|error| panic!("the component: {error}"));
    std::fs::write(out.join("component.wasm"), component.stripped).expect("OUT_DIR is writable");
    std::fs::write(out.join("component-named.wasm"), component.named).expect("OUT_DIR is writable");
}
