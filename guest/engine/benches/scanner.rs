//! The scanner against html5ever's tokenizer, on the real pages of fixtures/pages.
//! `cargo bench -p linker-engine --bench scanner`

use std::cell::Cell;
use std::fs;

use divan::counter::BytesCount;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{BufferQueue, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};

fn main() {
    divan::main();
}

fn pages() -> Vec<String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/pages");
    let files = fs::read_dir(folder).expect("the pages").map(|entry| entry.expect("an entry").path());
    let pages = files.filter(|path| path.extension().is_some_and(|extension| extension == "html"));
    pages.map(|path| String::from_utf8_lossy(&fs::read(path).expect("a page")).into_owned()).collect()
}

#[divan::bench]
fn scanner(bencher: divan::Bencher<'_, '_>) {
    let pages = pages();
    bencher
        .counter(BytesCount::new(pages.iter().map(String::len).sum::<usize>()))
        .bench(|| pages.iter().map(|page| linker_engine::link_check::probe::count(page.as_bytes())).sum::<usize>());
}

/// Everything: decode, scan, search, judge; the link is the last one of its page.
#[divan::bench]
fn judge(bencher: divan::Bencher<'_, '_>) {
    use linker_types::{CheckPolicy, Observation, Placement};
    let placement = Placement {
        backlink_id: 1,
        source_url: "https://source.example/page".to_owned(),
        target_url: "https://target.example/page".to_owned(),
        anchor_text: "target".to_owned(),
        rel: String::new(),
        status: None,
        date_live: None,
        history: Vec::new(),
    };
    let observation = |page: &String| Observation {
        at: "2026-11-23T08:30:00Z".to_owned(),
        final_url: String::new(),
        chain: Vec::new(),
        status: Some(200),
        headers: Vec::new(),
        body: format!("{page}<a href=https://target.example/page>target</a>").into_bytes(),
        whole: true,
        failure: None,
        elapsed_ms: None,
        followed: Vec::new(),
    };
    let looks: Vec<Observation> = pages().iter().map(observation).collect();
    bencher.counter(BytesCount::new(looks.iter().map(|look| look.body.len()).sum::<usize>())).bench(|| {
        looks
            .iter()
            .filter(|look| {
                linker_engine::link_check::judge(&placement, look, &CheckPolicy::default())
                    .is_ok_and(|report| report.link.is_some())
            })
            .count()
    });
}

struct Count(Cell<usize>);

impl TokenSink for Count {
    type Handle = ();

    fn process_token(&self, token: Token, _: u64) -> TokenSinkResult<()> {
        if let Token::TagToken(tag) = token
            && tag.name == html5ever::local_name!("a")
        {
            self.0.set(self.0.get() + 1);
        }
        TokenSinkResult::Continue
    }
}

#[divan::bench]
fn html5ever_tokenizer(bencher: divan::Bencher<'_, '_>) {
    let pages: Vec<StrTendril> = pages().iter().map(|page| StrTendril::from_slice(page)).collect();
    let bytes: usize = pages.iter().map(|page| page.len()).sum();
    bencher.counter(BytesCount::new(bytes)).bench_local(|| {
        let mut links = 0;
        for page in &pages {
            let tokenizer = Tokenizer::new(Count(Cell::new(0)), TokenizerOpts::default());
            let input = BufferQueue::default();
            input.push_back(page.clone());
            let _ = tokenizer.feed(&input);
            tokenizer.end();
            links += tokenizer.sink.0.get();
        }
        links
    });
}
