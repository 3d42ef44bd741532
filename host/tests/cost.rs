//! What a plan costs: instructions, which the sandbox counts, so that no clock is needed.

use serde_json::{Value, json};
use wasmtime::component::{Component, Linker};
use wasmtime::{Config, Engine, Store};

/// Instructions of one plan.
fn cost(engine: &Engine, component: &Component, blueprint: &Value, options: &Value) -> u64 {
    let mut store = Store::new(engine, ());
    store.set_fuel(u64::MAX).expect("fuel is counted");
    let mut linker = Linker::new(engine);
    linker.define_unknown_imports_as_traps(component).expect("a linker");
    let instance = linker.instantiate(&mut store, component).expect("an instance");
    let door = instance.get_export_index(&mut store, None, "igny8:linker/documents@0.1.0").expect("the door");
    let generate = instance.get_export_index(&mut store, Some(&door), "generate").expect("the call");
    let generate =
        instance.get_typed_func::<(&str, &str), (Result<String, String>,)>(&mut store, generate).expect("its type");
    let before = store.get_fuel().expect("fuel");
    let (answer,) = generate.call(&mut store, (&blueprint.to_string(), &options.to_string())).expect("no trap");
    let plan: Value = serde_json::from_str(&answer.expect("a plan")).expect("JSON");
    let links = plan["links"].as_array().expect("links").len() as u64;
    assert_eq!(Some(links), options["overrides"]["total_links"].as_u64(), "the plan grows with the site");
    before - store.get_fuel().expect("fuel")
}

/// A site whose pages share one cluster with as many keywords, all searched alike; its texts are as long as they may be.
fn site(pages: usize) -> (Value, Value) {
    let keyword = |at: usize| json!({"keyword": format!("keyword number {at}"), "volume": 100, "difficulty": 50});
    let page = |at: usize| {
        json!({
            "id": at + 1, "url": format!("https://www.example.com/{at}/"), "title": "the ".repeat(300), "cluster_id": 1,
            "content_type": "product", "content_structure": "", "status": "published", "word_count": 100,
        })
    };
    let anchor = |at: usize| json!({"content_id": at + 1, "type": "generic", "text": format!("have a look {at}")});
    let blueprint = json!({
        "id": 1,
        "site": {"id": 1, "name": "n", "brand": "b é".repeat(60), "homepage_url": "https://www.example.com/", "niches": ["n é".repeat(60)]},
        "clusters": [{"id": 1, "name": "c", "keywords": (0..pages).map(keyword).collect::<Value>()}],
        "pages": (0..pages).map(page).collect::<Value>(),
    });
    let overrides = json!({"total_links": 2 * pages, "budget_max": "1000000.00", "allow_out_of_band": true,
        "tier_allocation": {"T3": "1"}});
    (
        blueprint,
        json!({"country_code": "PK", "overrides": overrides, "anchors": (0..pages).map(anchor).collect::<Value>()}),
    )
}

#[test]
fn a_site_of_twice_the_pages_costs_twice() {
    let mut config = Config::new();
    config.consume_fuel(true).concurrency_support(false);
    let engine = Engine::new(&config).expect("an engine");
    let component = Component::new(&engine, igny8_linker::engine::COMPONENT).expect("the component");
    let of = |pages: usize| {
        let (blueprint, options) = site(pages);
        cost(&engine, &component, &blueprint, &options)
    };
    let (small, large) = (of(1_000), of(2_000));
    // A square would be four times; sorting is a little more than twice.
    assert!(large < small / 2 * 5, "{small} and {large} instructions");
}
