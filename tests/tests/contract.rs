//! The contract against the last one that was released (tag `contract-*`), as `wit_component` judges it: it may offer
//! more and ask for less, and everything else stays. A component is the other way round: what it exports its hosts
//! call, what it imports they must have, so for them the released world may stand in the new one's place.

use std::path::{Path, PathBuf};
use std::process::Command;

use wit_component::semver_check;
use wit_parser::{Resolve, WorldId};

const WORLD: &str = "campaign-engine";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The files of a WIT package, its own and its dependencies', by their paths below `wit/`.
type Files = Vec<(String, String)>;

fn here() -> Files {
    fn read(folder: &Path, below: &str, files: &mut Files) {
        for entry in std::fs::read_dir(folder).expect("wit/ is there") {
            let path = entry.expect("an entry").path();
            let name = format!("{below}{}", path.file_name().expect("a name").to_string_lossy());
            match path.is_dir() {
                true => read(&path, &format!("{name}/"), files),
                false if name.ends_with(".wit") => files.push((name, std::fs::read_to_string(&path).expect("text"))),
                false => {}
            }
        }
    }
    let mut files = Vec::new();
    read(&root().join("wit"), "", &mut files);
    files
}

/// The newest release's; none before the first.
fn released() -> Option<Files> {
    let git = |arguments: &[&str]| {
        let output = Command::new("git").arg("-C").arg(root()).args(arguments).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let tags = git(&["tag", "--list", "contract-*", "--sort=-version:refname"])?;
    let tag = tags.lines().next()?;
    let names = git(&["ls-tree", "-r", "--name-only", tag, "wit/"])?;
    let wit = names.lines().filter(|name| name.ends_with(".wit"));
    wit.map(|name| Some((name.strip_prefix("wit/")?.to_owned(), git(&["show", &format!("{tag}:{name}")])?))).collect()
}

/// A package of these files. Two of one version can't be in one [`Resolve`], so the older one gets another.
fn resolve(files: &Files, older: bool) -> Resolve {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        // A higher one: nothing is newer than its package.
        let version = older.then(|| text.strip_prefix("package igny8:linker@")?.split_once(';')).flatten();
        let text = version.map_or(text.clone(), |(_, rest)| format!("package igny8:linker@999.0.0;{rest}"));
        std::fs::write(path, text).expect("a file");
    }
    let mut resolve = Resolve { all_features: true, ..Resolve::default() };
    resolve.push_dir(folder.path()).expect("WIT that can be read");
    resolve
}

/// Whether hosts of the older contract can go on with the newer one.
fn compatible(old: &Files, new: &Files) -> Result<(), String> {
    let mut all = resolve(new, false);
    let renamed = |all: &mut Resolve, other: Resolve| -> WorldId {
        let world = other.worlds.iter().find(|(_, world)| world.name == WORLD).expect("the world").0;
        all.merge(other)
            .expect("one version of every dependency")
            .map_world(world, Default::default())
            .expect("in no feature")
    };
    let new = all.worlds.iter().find(|(_, world)| world.name == WORLD).expect("the world").0;
    let old = renamed(&mut all, resolve(old, true));
    semver_check(all, new, old).map_err(|error| format!("{error:#}"))
}

fn with(files: &Files, file: &str, from: &str, to: &str) -> Files {
    let mut files = files.clone();
    let (_, text) = files.iter_mut().find(|(name, _)| name == file).expect("the file");
    assert!(text.contains(from), "{file} says `{from}`");
    *text = text.replacen(from, to, 1);
    files
}

#[test]
fn what_was_released_still_holds() {
    if let Some(released) = released() {
        compatible(&released, &here()).expect("a break needs a new version and a line in the changelog");
    }
}

#[test]
fn a_break_is_caught() {
    let now = here();
    compatible(&now, &now).expect("nothing changed");
    // One more function breaks nobody.
    let vocabularies = "  @since(version = 0.1.0)\n  vocabularies: func() -> list<vocabulary>;\n";
    let without = with(&now, "generate.wit", vocabularies, "");
    compatible(&without, &now).expect("a function more");
    // One less does, as does a field, an enum's case, a parameter, an import more.
    let breaks = [
        ("generate.wit", vocabularies, ""),
        ("types.wit", "    links-low: u32,\n", ""),
        ("types.wit", "budget-floor, page-demand", "page-demand"),
        ("score.wit", "request: score-request", "requests: score-request"),
        ("world.wit", "  import diagnostics;\n", "  import diagnostics;\n  import evaluate-tipping-point;\n"),
    ];
    for (file, from, to) in breaks {
        assert!(compatible(&now, &with(&now, file, from, to)).is_err(), "{file}: `{from}` -> `{to}`");
    }
}
