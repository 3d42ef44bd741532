//! The component as a file: what a browser downloads, and that everybody gets the same one.

use std::io::Write;
use std::path::Path;

use igny8_linker::engine::COMPONENT;

/// What a page may ask its visitors to load.
#[test]
fn is_small() {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(9));
    gzip.write_all(COMPONENT).expect("memory takes it");
    let sent = gzip.finish().expect("memory takes it").len();
    assert!(COMPONENT.len() <= 1_150_000 && sent <= 420_000, "{} bytes, {sent} as gzip", COMPONENT.len());
}

/// Whoever builds these sources gets these bytes: built once more, from nothing, in another folder.
#[test]
fn is_reproducible() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("elsewhere/build/component/out");
    std::fs::create_dir_all(&out).expect("a folder");
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let again = linker_componentize::build(&workspace, "linker-component", &out).expect("it builds");
    assert!(again.stripped == COMPONENT, "{} and {} bytes, or others", again.stripped.len(), COMPONENT.len());
}
