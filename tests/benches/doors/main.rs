//! What the sandbox costs, as ratios within one run: `cargo bench -p linker-tests`.
//!
//! N is the native engine on the same input, its result dropped. F is the floor of a call: a fresh store, a guest
//! that takes the same input in and returns an equal result that it had ready, the store dropped. S is what the documents
//! door is held against: serde_json reads the same text natively, the engine works, serde_json writes; D is that door's
//! own code natively, which reads and writes faster. What is compared is measured in turns, and a figure is the median
//! of its turns.

mod floor;

use std::sync::Arc;
use std::time::{Duration, Instant};

use igny8_linker::engine::{COMPONENT, Engine, Limits, NoStorage};
use linker_types::{Blueprint, PlanOptions, ScoreRequest};

use floor::Floor;

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with('-')).collect();
    let bench = Bench::new();
    let mut all = Table::default();
    let mut run = |name: &str, measure: &dyn Fn(&Bench, &mut Table)| {
        if wanted.is_empty() || wanted.iter().any(|wanted| name.contains(wanted.as_str())) {
            measure(&bench, &mut all);
        }
    };
    println!("component: {} bytes\n", COMPONENT.len());
    println!("{:<44} {:>12} {:>12} {:>8} {:>8}", "", "measured", "against", "ratio", "bar");
    run("call", &empty_call);
    run("generate-1400", &|bench, table| generate(bench, table, 20, 70, 41, 2.5));
    run("generate-10000", &|bench, table| generate(bench, table, 100, 100, 15, 1.8));
    run("score-1000", &|bench, table| score(bench, table, 1_000, 41, 2.5));
    run("score-100000", &|bench, table| score(bench, table, 100_000, 5, 1.8));
    run("planner", &planner);
    run("start", &start);
    run("scale", &scale);
    if all.missed > 0 {
        println!("\n{} bars missed", all.missed);
    }
}

struct Bench {
    engine: Engine,
    floor: Floor,
}

#[derive(Default)]
struct Table {
    missed: u32,
}

impl Table {
    fn ratio(&mut self, name: &str, measured: Duration, against: Duration, bar: f64) {
        let ratio = measured.as_secs_f64() / against.as_secs_f64();
        self.missed += u32::from(ratio > bar);
        let verdict = if ratio > bar { " missed" } else { "" };
        println!("{name:<44} {:>12} {:>12} {ratio:>8.2} {bar:>8.2}{verdict}", shown(measured), shown(against));
    }

    fn limit(&mut self, name: &str, measured: Duration, bar: Duration) {
        self.missed += u32::from(measured > bar);
        let verdict = if measured > bar { " missed" } else { "" };
        println!("{name:<44} {:>12} {:>12} {:>8} {:>8}{verdict}", shown(measured), "", "", shown(bar));
    }
}

fn shown(time: Duration) -> String {
    match time.as_secs_f64() {
        s if s < 1e-3 => format!("{:.1} us", s * 1e6),
        s if s < 1.0 => format!("{:.2} ms", s * 1e3),
        s => format!("{s:.2} s"),
    }
}

impl Bench {
    fn new() -> Self {
        let limits = Limits { deadline: Duration::from_secs(600), ..Limits::default() };
        let engine = Engine::with(COMPONENT, limits, Arc::new(NoStorage)).expect("the component loads");
        let floor = Floor::new().expect("the test guest loads");
        Self { engine, floor }
    }
}

/// Medians of several things measured in turns; each returns its own time.
fn medians<const K: usize>(turns: usize, mut things: [&mut dyn FnMut() -> Duration; K]) -> [Duration; K] {
    let mut times: [Vec<Duration>; K] = std::array::from_fn(|_| Vec::new());
    for turn in 0..=turns {
        for (thing, times) in things.iter_mut().zip(&mut times) {
            let time = thing();
            // The first turn warms up.
            if turn > 0 {
                times.push(time);
            }
        }
    }
    times.map(|mut times| {
        times.sort_unstable();
        times[times.len() / 2]
    })
}

fn time<T>(work: impl FnOnce() -> T) -> Duration {
    let start = Instant::now();
    std::hint::black_box(work());
    start.elapsed()
}

fn options() -> PlanOptions {
    serde_json::from_str(r#"{"country_code": "UK"}"#).expect("options")
}

fn empty_call(bench: &Bench, table: &mut Table) {
    let [call] = medians(2_001, [&mut || time(|| bench.engine.engine_version().expect("answers"))]);
    table.limit("store + instantiate + empty call", call, Duration::from_micros(60));
}

fn generate(bench: &Bench, table: &mut Table, clusters: usize, pages: usize, turns: usize, bar: f64) {
    let blueprint = linker_tests::site(clusters, pages);
    let options = options();
    let plan = linker_engine::generate(blueprint.clone(), &options).expect("plans");
    let blueprint_text = serde_json::to_string(&blueprint).expect("writes");
    let options_text = serde_json::to_string(&options).expect("writes");
    let native = |blueprint: &Blueprint| {
        let own = blueprint.clone();
        time(|| linker_engine::generate(own, &options))
    };
    let by_serde = || -> serde_json::Result<String> {
        let (blueprint, options): (Blueprint, PlanOptions) =
            (serde_json::from_str(&blueprint_text)?, serde_json::from_str(&options_text)?);
        serde_json::to_string(&linker_engine::generate(blueprint, &options).expect("plans"))
    };
    let [n, f, typed, s, d, documents] = medians(
        turns,
        [
            &mut || native(&blueprint),
            &mut || bench.floor.generate(&plan, &blueprint, &options),
            &mut || time(|| bench.engine.generate(&blueprint, &options).expect("plans")),
            &mut || time(|| by_serde().expect("reads and writes")),
            &mut || time(|| linker_documents::generate(&blueprint_text, &options_text).expect("plans")),
            &mut || {
                time(|| {
                    bench.engine.documents().generate(&blueprint_text, &options_text).expect("answers").expect("plans")
                })
            },
        ],
    );
    let size = clusters * pages;
    println!("  {size} pages: N {} F {} D {}", shown(n), shown(f), shown(d));
    table.ratio(&format!("generate {size} pages, typed / (N + F)"), typed, n + f, bar);
    table.ratio(&format!("generate {size} pages, documents / S"), documents, s, 1.8);
}

fn score(bench: &Bench, table: &mut Table, count: usize, turns: usize, bar: f64) {
    let request: ScoreRequest = linker_tests::opportunities(count);
    let scores = linker_engine::quality::score(&request).expect("scores");
    let text = serde_json::to_string(&request).expect("writes");
    let by_serde = || -> serde_json::Result<String> {
        let request: ScoreRequest = serde_json::from_str(&text)?;
        serde_json::to_string(&linker_engine::quality::score(&request).expect("scores"))
    };
    let [n, f, typed, s, d, documents] = medians(
        turns,
        [
            &mut || time(|| linker_engine::quality::score(&request).expect("scores")),
            &mut || bench.floor.score(&scores, &request),
            &mut || time(|| bench.engine.score(&request).expect("scores")),
            &mut || time(|| by_serde().expect("reads and writes")),
            &mut || time(|| linker_documents::score(&text).expect("scores")),
            &mut || time(|| bench.engine.documents().score(&text).expect("answers").expect("scores")),
        ],
    );
    println!("  {count} opportunities: N {} F {} D {}", shown(n), shown(f), shown(d));
    table.ratio(&format!("score {count} opportunities, typed / (N + F)"), typed, n + f, bar);
    table.ratio(&format!("score {count} opportunities, documents / S"), documents, s, 1.8);
}

fn planner(bench: &Bench, table: &mut Table) {
    let blueprint = linker_tests::site(100, 100);
    let options = options();
    let native = linker_engine::Planner::load(blueprint.clone()).expect("loads");
    let mut sandboxed = bench.engine.planner(&blueprint).expect("loads");
    let (plan, small) = (native.plan(&options).expect("plans"), linker_tests::site(1, 1));
    let [native, f, sandboxed] = medians(
        301,
        [
            &mut || time(|| native.plan(&options).expect("plans")),
            &mut || bench.floor.plan(&plan, &small, &options),
            &mut || time(|| sandboxed.plan(&options).expect("plans")),
        ],
    );
    println!("  planner: N {} F {}", shown(native), shown(f));
    table.ratio("planner.plan, 10,000 pages / native", sandboxed, native, 1.8);
    table.limit("planner.plan, 10,000 pages", sandboxed, Duration::from_millis(10));
}

fn start(_: &Bench, table: &mut Table) {
    let [start] = medians(21, [&mut || time(|| Engine::new().expect("loads"))]);
    table.limit("start from the cache", start, Duration::from_millis(5));
}

fn scale(bench: &Bench, table: &mut Table) {
    let options = options();
    let whole = |clusters: usize| {
        let blueprint = linker_tests::site(clusters, 1_000);
        let [time] = medians(3, [&mut || time(|| bench.engine.generate(&blueprint, &options).expect("plans"))]);
        time
    };
    let (small, large) = (whole(100), whole(999));
    table.ratio("generate 1,000,000 / 100,000 pages, typed", large, small, 12.0);
    let (small, large) = (memory(100), memory(999));
    let ratio = large as f64 / small as f64;
    table.missed += u32::from(ratio > 12.0);
    println!("memory, documents of 1,000,000 / 100,000 pages {large:>8} MiB {small:>8} MiB {ratio:>8.2}    12.00");
}

/// The least memory, in steps of 16 MiB, in which a document of so many thousand pages is planned.
fn memory(thousands: usize) -> usize {
    let text = serde_json::to_string(&linker_tests::site(thousands, 1_000)).expect("writes");
    let suffices = |steps: usize| {
        let limits = Limits { deadline: Duration::from_secs(600), memory: steps << 24, ..Limits::default() };
        let engine = Engine::with(COMPONENT, limits, Arc::new(NoStorage)).expect("loads");
        engine.documents().generate(&text, r#"{"country_code":"UK"}"#).is_ok()
    };
    let (mut short, mut enough) = (0, 256);
    while enough - short > 1 {
        let middle = (short + enough) / 2;
        if suffices(middle) { enough = middle } else { short = middle }
    }
    enough << 4
}
