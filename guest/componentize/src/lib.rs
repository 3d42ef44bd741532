//! Builds a guest crate for `wasm32-unknown-unknown` and wraps the module as a component. For build scripts.
//!
//! That target and not a WASI one: the component then imports exactly what its world names, and is half the size.

mod merge;
mod number;
mod shrink;

use std::path::{Path, PathBuf};
use std::process::Command;

use merge::merge;
use shrink::shrink;

const TARGET: &str = "wasm32-unknown-unknown";

/// A component in its two forms.
pub struct Component {
    /// What ships: no names, no producers.
    pub stripped: Vec<u8>,
    /// The same code with function names, for reading a trap's backtrace.
    pub named: Vec<u8>,
}

/// Compiles crate `package` of the workspace with profile `guest`, and encodes it. `out` is the build script's folder.
///
/// Call it from a build script; the message of an error is for a person to read.
pub fn build(workspace: &Path, package: &str, out: &Path) -> Result<Component, String> {
    add_target()?;
    let module = compile(workspace, package, out)?;
    let module = std::fs::read(&module).map_err(|error| format!("{}: {error}", module.display()))?;
    let module = merge(&module)?;
    Ok(Component { named: encode(&module)?, stripped: shrink(&encode(&shrink(&module)?)?)? })
}

/// rustup installs the target by itself from rust-toolchain.toml, unless it was told not to.
fn add_target() -> Result<(), String> {
    let sysroot = output(Command::new(env("RUSTC", "rustc")).args(["--print", "sysroot"]))?;
    if Path::new(sysroot.trim()).join("lib/rustlib").join(TARGET).is_dir() {
        return Ok(());
    }
    println!("cargo::warning=installing the {TARGET} target with rustup, once");
    output(Command::new("rustup").args(["target", "add", TARGET]))
        .map(drop)
        .map_err(|error| format!("the {TARGET} target is missing; run `rustup target add {TARGET}` ({error})"))
}

fn compile(workspace: &Path, package: &str, out: &Path) -> Result<PathBuf, String> {
    // `PROFILE/build/CRATE/out`: guests share a folder beside it, as they share most of what they are made of.
    let target_dir = out.ancestors().nth(3).unwrap_or(out).join("guest");
    let mut cargo = Command::new(env("CARGO", "cargo"));
    cargo
        .current_dir(workspace)
        .args(["rustc", "--package", package, "--lib", "--profile", "guest", "--target", TARGET, "--target-dir"])
        .arg(&target_dir)
        .args(["--crate-type", "cdylib"])
        // Flags and jobs meant for the host's build would change the guest's.
        .env_remove("RUSTFLAGS")
        .env_remove("CARGO_MAKEFLAGS")
        .env_remove("RUSTC_WORKSPACE_WRAPPER")
        .env("CARGO_ENCODED_RUSTFLAGS", flags().join("\x1f"));
    output(&mut cargo)?;
    Ok(target_dir.join(TARGET).join("guest").join(format!("{}.wasm", package.replace('-', "_"))))
}

/// One component wherever it is built: where this machine keeps its crates is in no panic's place.
fn flags() -> Vec<String> {
    let home = std::env::var_os("CARGO_HOME").filter(|home| !home.is_empty()).map(PathBuf::from);
    let home = home.or_else(|| std::env::home_dir().map(|home| home.join(".cargo")));
    let registries = home.and_then(|home| std::fs::read_dir(home.join("registry/src")).ok());
    let sources = registries.into_iter().flatten().flatten().map(|registry| registry.path());
    let remapped = sources.map(|crates| format!("--remap-path-prefix={}/=", crates.display()));
    ["-Ctarget-feature=+simd128,+bulk-memory".to_owned()].into_iter().chain(remapped).collect()
}

fn encode(module: &[u8]) -> Result<Vec<u8>, String> {
    wit_component::ComponentEncoder::default()
        .validate(true)
        .module(module)
        .and_then(|mut encoder| encoder.encode())
        .map_err(|error| format!("can't wrap the module as a component: {error:#}"))
}

fn env(name: &str, otherwise: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| otherwise.to_owned())
}

fn output(command: &mut Command) -> Result<String, String> {
    let output = command.output().map_err(|error| format!("{command:?}: {error}"))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    Err(format!("{command:?}\n{}", String::from_utf8_lossy(&output.stderr)))
}
