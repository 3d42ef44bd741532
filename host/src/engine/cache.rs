//! Compiled components, kept between runs: compiling takes a quarter of a second, mapping the result well under
//! a millisecond.
//!
//! The threat: machine code from a file runs as it is. So the file lies in the user's own cache folder, and one
//! that somebody else owns or could write to is not used.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;
use wasmtime::Engine;
use wasmtime::component::Component;

/// The component, from the cache where it is there; a cache that can't be used is no error.
pub(super) fn load(engine: &Engine, component: &[u8]) -> wasmtime::Result<Component> {
    let Some(path) = path(engine, component) else { return Component::new(engine, component) };
    if let Some(cached) = read(engine, &path) {
        return Ok(cached);
    }
    let compiled = Component::new(engine, component)?;
    write(&path, &compiled);
    Ok(compiled)
}

/// `IGNY8_CACHE_DIR`, else the system's folder for caches; named by the component and what compiled it.
fn path(engine: &Engine, component: &[u8]) -> Option<PathBuf> {
    let folder = match std::env::var_os("IGNY8_CACHE_DIR") {
        Some(folder) => PathBuf::from(folder),
        None => etcetera::choose_base_strategy().ok()?.cache_dir().join("igny8-linker"),
    };
    let mut hasher = DefaultHasher::new();
    component.hash(&mut hasher);
    engine.precompile_compatibility_hash().hash(&mut hasher);
    Some(folder.join(format!("{:016x}.cwasm", hasher.finish())))
}

fn read(engine: &Engine, path: &Path) -> Option<Component> {
    if !is_ours(path) {
        return None;
    }
    // SAFETY: only this module writes files of that name, in a folder that is the user's alone (`is_ours`), whole
    // (`write` renames), from what wasmtime compiled; wasmtime refuses what another version of it compiled.
    #[allow(unsafe_code, reason = "the only way to use what was compiled before")]
    unsafe { Component::deserialize_file(engine, path) }.ok()
}

#[cfg(unix)]
fn is_ours(path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let safe = |path: &Path| {
        let own = fs::metadata("/proc/self").map(|own| own.uid());
        fs::symlink_metadata(path).is_ok_and(|found| {
            !found.is_symlink() && found.mode() & 0o022 == 0 && own.is_ok_and(|own| own == found.uid())
        })
    };
    safe(path) && path.parent().is_some_and(safe)
}

#[cfg(not(unix))]
fn is_ours(path: &Path) -> bool {
    path.is_file()
}

/// Whole or not at all: another process may read while this one writes.
fn write(path: &Path, compiled: &Component) {
    let Some(folder) = path.parent() else { return };
    let Ok(bytes) = compiled.serialize() else { return };
    let partial = path.with_extension(format!("{}.tmp", std::process::id()));
    let written =
        make_folder(folder).and_then(|()| fs::write(&partial, bytes)).and_then(|()| fs::rename(&partial, path));
    if written.is_err() {
        fs::remove_file(&partial).ok();
    }
}

#[cfg(unix)]
fn make_folder(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

#[cfg(not(unix))]
fn make_folder(folder: &Path) -> std::io::Result<()> {
    fs::create_dir_all(folder)
}
