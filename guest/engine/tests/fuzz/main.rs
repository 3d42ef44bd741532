//! What the fuzz targets hold, without a fuzzer: on everything they ever found (`fuzz/kept`), on the judge's vectors and
//! real pages, and on these with random wounds. The targets themselves need a nightly compiler; their laws are these.

#[path = "../../fuzz/laws/judge.rs"]
mod judge;
#[path = "../../fuzz/laws/reading.rs"]
mod reading;
#[path = "../scanner/tags.rs"]
mod tags;
#[path = "../../fuzz/laws/urls.rs"]
mod urls;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use proptest::prelude::*;

fn files(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut files: Vec<_> = fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.expect("an entry").path())
        .collect();
    files.sort();
    files
}

fn kept(target: &str) -> Vec<Vec<u8>> {
    files(&format!("fuzz/kept/{target}")).iter().map(|file| fs::read(file).expect("a file")).collect()
}

/// Pages of the judge's vectors and the smaller real ones.
static PAGES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let vector = |file: &PathBuf| {
        let text = fs::read_to_string(file).expect("a vector");
        serde_json::from_str::<serde_json::Value>(&text).expect("JSON")["page"].as_str().map(str::to_owned)
    };
    let small = |file: &PathBuf| fs::read_to_string(file).ok().filter(|page| page.len() < 20_000);
    let vectors = files("../../fixtures/vectors/judge");
    let pages = files("../../fixtures/pages");
    vectors.iter().filter_map(vector).chain(pages.iter().filter_map(small)).collect()
});

/// Small documents of each kind that is read quickly.
static DOCUMENTS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let kept = kept("reading").into_iter().map(|text| String::from_utf8(text).expect("UTF-8"));
    let blueprint = |file: &PathBuf| fs::read_to_string(file).ok().filter(|text| text.len() < 20_000);
    kept.chain(files("../../fixtures/blueprints").iter().filter_map(blueprint)).collect()
});

/// A text with parts doubled, lost, moved and written over.
fn wounded(texts: &'static LazyLock<Vec<String>>) -> impl Strategy<Value = Vec<u8>> {
    let wound = (any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0..64usize, 0..5u8, any::<u8>());
    (any::<prop::sample::Index>(), prop::collection::vec(wound, 1..12)).prop_map(|(page, wounds)| {
        let mut page = page.get(texts).clone().into_bytes();
        for (at, from, length, kind, byte) in wounds {
            if page.is_empty() {
                break;
            }
            let (at, from) = (at.index(page.len()), from.index(page.len()));
            let part: Vec<u8> = page.iter().skip(from).take(length).copied().collect();
            match kind {
                0 => page[at] = byte,
                1 => drop(page.splice(at..at, part)),
                2 => drop(page.splice(at..(at + length).min(page.len()), part)),
                3 => drop(page.drain(at..(at + length).min(page.len()))),
                _ => page.insert(at, b"<>\"'=/&;!-\0 ,:[]{}\\09e."[usize::from(byte) % 23]),
            }
        }
        page
    })
}

fn request(kind: u8, status: u8, page: &[u8]) -> Vec<u8> {
    [&[kind, status][..], b"text/html\n", page].concat()
}

#[test]
fn what_was_found_and_what_is_known() {
    for data in kept("judge").into_iter().chain(PAGES.iter().map(|page| request(8, 0, page.as_bytes()))) {
        judge::holds(&data);
    }
    let found = kept("scanner").into_iter().map(|data| String::from_utf8_lossy(&data).into_owned());
    for page in found.chain(PAGES.iter().cloned()) {
        tags::compare(&page);
    }
    for data in kept("urls") {
        urls::holds(&String::from_utf8_lossy(&data));
    }
    for text in DOCUMENTS.iter() {
        assert!(reading::holds(text), "{text}");
    }
    assert!(PAGES.len() > 80, "{}", PAGES.len());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_048.max(ProptestConfig::default().cases), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn wounded_pages_are_judged(kind in any::<u8>(), status in any::<u8>(), page in wounded(&PAGES)) {
        judge::holds(&request(kind, status, &page));
    }

    #[test]
    fn wounded_pages_have_the_same_tags(page in wounded(&PAGES)) {
        tags::compare(&String::from_utf8_lossy(&page));
    }

    #[test]
    fn wounded_documents_are_read_alike(text in wounded(&DOCUMENTS)) {
        reading::holds(&String::from_utf8_lossy(&text));
    }

    #[test]
    fn documents_of_other_tokens_are_read_alike(
        text in any::<prop::sample::Index>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), prop::sample::select(TOKENS), any::<bool>()), 1..4),
    ) {
        let document: &String = text.get(&DOCUMENTS);
        let mut tokens = tokens(document);
        for (at, token, instead) in changes {
            let at = at.index(tokens.len());
            tokens.splice(at..at + usize::from(instead), [token.to_owned()]);
        }
        reading::holds(&tokens.concat());
    }

    #[test]
    fn urls_are_equal_or_not(one in URL, other in URL) {
        urls::holds(&format!("{one}\n{other}"));
        urls::holds(&format!("{one}\n{one}"));
    }
}

/// What may stand in a document, in its place or out of it.
const TOKENS: &[&str] = &[
    "0",
    "-0",
    "00",
    "01",
    "1",
    "-1",
    "1.0",
    "1.50",
    "1e5",
    "1E+2",
    "1e-2",
    "1e400",
    "0.1e1",
    ".5",
    "1.",
    "+1",
    "65535",
    "65536",
    "4294967295",
    "4294967296",
    "999999999999999999",
    "1000000000000000000",
    "9223372036854775807",
    "9223372036854775808",
    "18446744073709551615",
    "18446744073709551616",
    "\"\"",
    "\"0\"",
    "\"-0.50\"",
    "\"1e5\"",
    "\"0.123456789012345678\"",
    "\"0.1234567890123456789\"",
    "\"12345678901234567890\"",
    "\"\\u00e9\"",
    "\"\\ud83d\\ude00\"",
    "\"\\ud83d\"",
    "\"\\x\"",
    "\"\t\"",
    "\"\\\"\"",
    "\"\u{7f}é😀\"",
    "\"\\u0069d\"",
    "\"id\"",
    "\"url\"",
    "\"domain\"",
    "\"dr\"",
    "\"cpc\"",
    "\"about\"",
    "null",
    "true",
    "false",
    "nul",
    "True",
    "[]",
    "{}",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    " ",
    "\n\t\r ",
    "\u{b}",
    "\u{a0}",
    "\u{feff}",
    "",
];

/// A document's tokens, with what is between them.
fn tokens(text: &str) -> Vec<String> {
    let (mut tokens, mut string, mut escaped) = (Vec::<String>::new(), false, false);
    let mut last = ' ';
    for letter in text.chars() {
        let word = |letter: char| letter.is_ascii_alphanumeric() || "+-.".contains(letter);
        let goes_on = string || (word(letter) && word(last));
        match tokens.last_mut() {
            Some(token) if goes_on => token.push(letter),
            _ => tokens.push(letter.to_string()),
        }
        string ^= letter == '"' && !escaped;
        escaped = string && letter == '\\' && !escaped;
        last = letter;
    }
    tokens
}

const URL: &str = "(www\\.)?[a-cA-C]{1,3}\\.example(:443|:80|:8080)?(/[a-b%./]{0,6}){0,3}/?(\\?[a-b&=%]{0,8}(utm_source=x)?)?(#[a-b]{0,3})?";
