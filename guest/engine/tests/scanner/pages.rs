use std::fs;
use std::path::PathBuf;

use linker_engine::link_check::probe;

use crate::oracle;

/// The parser opens an anchor again in each block that its text runs on into; the scanner sees one. Its text is the
/// text of all of them.
fn joined(links: Vec<probe::Link>, ours: &[probe::Link]) -> Vec<probe::Link> {
    let mut joined: Vec<probe::Link> = Vec::new();
    for link in links {
        let at = joined.len();
        match joined.last_mut() {
            Some(last)
                if (&last.href, &last.rel) == (&link.href, &link.rel)
                    && ours.get(at).is_none_or(|next| (&next.href, &next.rel) != (&link.href, &link.rel))
                    && ours.get(at - 1).is_some_and(|one| one.text != last.text) =>
            {
                last.text = oracle::collapsed(&format!("{} {}", last.text, link.text));
            }
            _ => joined.push(link),
        }
    }
    joined
}

#[test]
fn every_link_of_the_real_pages() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/pages");
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).expect("the pages").map(|entry| entry.expect("an entry").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "html"));
    paths.sort();
    assert_eq!(paths.len(), 43);
    let (mut links, mut wrong) = (0, Vec::new());
    for path in paths {
        let source = String::from_utf8(fs::read(&path).expect("a page")).expect("UTF-8");
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let ours = probe::links(source.as_bytes());
        let theirs = joined(oracle::links(&source), &ours);
        links += theirs.len();
        if ours.len() != theirs.len() {
            wrong.push(format!("{name}: {} links, not {}", ours.len(), theirs.len()));
        }
        wrong.extend(
            ours.iter()
                .zip(&theirs)
                .filter(|(ours, theirs)| ours != theirs)
                .take(3)
                .map(|(ours, theirs)| format!("{name}: {ours:?}\n  not {theirs:?}")),
        );
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(links > 4_500, "{links} links");
}
