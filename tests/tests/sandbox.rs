//! The sandbox: what the component may ask for, and what happens when a guest misbehaves.

use std::sync::Arc;
use std::time::Duration;

use igny8_linker::engine::{COMPONENT, Engine, EngineError, Failure, Limits, NoStorage, Storage};
use linker_types::{Blueprint, Error, PlanOptions};
use wasmtime::component::Component;
use wasmtime::component::types::ComponentItem;

fn options() -> PlanOptions {
    serde_json::from_str(r#"{"country_code": "PK"}"#).expect("options")
}

fn blueprint(id: u64) -> Blueprint {
    Blueprint { id, ..linker_tests::site(2, 10) }
}

fn misbehaving() -> Engine {
    let limits = Limits { deadline: Duration::from_millis(300), memory: 64 << 20, ..Limits::default() };
    Engine::with(linker_tests::TEST_GUEST, limits, Arc::new(NoStorage)).expect("the test guest loads")
}

/// The contract: the component touches nothing but what its world names.
#[test]
fn the_component_imports_exactly_what_its_world_names() {
    let engine = wasmtime::Engine::default();
    let component = Component::new(&engine, COMPONENT).expect("a component");
    let types = component.component_type();
    let mut imports: Vec<String> = types.imports(&engine).map(|(name, _)| name.to_owned()).collect();
    imports.sort();
    let named = ["diagnostics", "storage", "types"].map(|name| format!("igny8:linker/{name}@0.1.0"));
    // No clock: the host's scheduler waits, never the guest.
    let wasi = ["http/outgoing-handler", "http/types", "io/error", "io/poll", "io/streams"];
    let wasi = wasi.map(|name| format!("wasi:{name}@0.2.12"));
    assert_eq!(imports, named.into_iter().chain(wasi).collect::<Vec<_>>());
    let mut exports: Vec<String> = types.exports(&engine).map(|(name, _)| name.to_owned()).collect();
    exports.sort();
    let named = ["check-link", "documents", "evaluate-tipping-point", "generate", "score"];
    assert_eq!(exports, named.map(|name| format!("igny8:linker/{name}@0.1.0")));
    let functions = types.imports(&engine).filter_map(|(_, item)| match item.ty {
        ComponentItem::ComponentInstance(instance) => {
            Some(instance.exports(&engine).map(|(name, _)| name.to_owned()).collect::<Vec<_>>())
        }
        _ => None,
    });
    let functions: Vec<String> =
        functions.flatten().filter(|name| ["load-blueprint", "panicked", "now"].contains(&name.as_str())).collect();
    assert_eq!(functions, ["load-blueprint", "panicked"]);
}

/// A page that plans in the browser loads it.
#[test]
fn the_component_stays_small() {
    assert!(COMPONENT.len() <= 900_000, "{} bytes", COMPONENT.len());
}

/// Where it was built is nobody's business, and would make it another component on every machine.
#[test]
fn the_component_names_no_folder_of_this_machine() {
    let text = String::from_utf8_lossy(COMPONENT);
    let workspace = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("a workspace");
    for folder in ["registry/src", &workspace.to_string_lossy()] {
        assert!(!text.contains(folder), "{folder}");
    }
}

#[test]
fn a_panic_says_what_happened_and_the_next_call_works() {
    let engine = misbehaving();
    match engine.generate(&blueprint(666_001), &options()) {
        Err(Failure::Engine(EngineError::Trap { message })) => panic!("the message was lost: {message}"),
        Err(Failure::Engine(EngineError::Panicked { message })) => {
            assert!(message.contains("asked to panic by blueprint 666001"), "{message}");
        }
        other => panic!("{other:?}"),
    }
    assert!(
        matches!(engine.generate(&blueprint(1), &options()), Err(Failure::Input(errors)) if errors[0].message == "not primed")
    );
}

#[test]
fn an_endless_call_ends_at_its_deadline() {
    let engine = misbehaving();
    let begun = std::time::Instant::now();
    let outcome = engine.generate(&blueprint(666_002), &options());
    assert!(matches!(outcome, Err(Failure::Engine(EngineError::Deadline { .. }))), "{outcome:?}");
    assert!(begun.elapsed() >= Duration::from_millis(290));
    assert!(matches!(engine.generate(&blueprint(1), &options()), Err(Failure::Input(_))));
}

#[test]
fn a_hoarder_hits_its_memory_limit() {
    let engine = misbehaving();
    let outcome = engine.generate(&blueprint(666_003), &options());
    assert!(matches!(outcome, Err(Failure::Engine(EngineError::Memory { bytes })) if bytes == 64 << 20), "{outcome:?}");
    assert!(matches!(engine.generate(&blueprint(1), &options()), Err(Failure::Input(_))));
}

#[test]
fn a_planner_that_trapped_is_gone() {
    let engine = misbehaving();
    let mut planner = engine.planner(&blueprint(1)).expect("loads");
    let ask = |code: &str| PlanOptions { country_code: code.to_owned(), ..options() };
    assert!(matches!(planner.plan(&ask("PK")), Err(Failure::Input(_))));
    assert!(matches!(planner.plan(&ask("SPIN")), Err(Failure::Engine(EngineError::Deadline { .. }))));
    assert!(matches!(planner.plan(&ask("PK")), Err(Failure::Engine(EngineError::Gone))));
}

/// Each call's clock starts anew: a planner may live longer than one call may last.
#[test]
fn a_planner_outlives_the_deadline_of_a_call() {
    let limits = Limits { deadline: Duration::from_millis(200), ..Limits::default() };
    let engine = Engine::with(COMPONENT, limits, Arc::new(NoStorage)).expect("loads");
    let mut planner = engine.planner(&linker_tests::site(3, 20)).expect("loads");
    for _ in 0..5 {
        std::thread::sleep(Duration::from_millis(80));
        planner.plan(&options()).expect("plans");
    }
}

#[test]
fn calls_run_side_by_side() {
    let engine = Engine::new().expect("loads");
    let site = linker_tests::site(4, 30);
    let alone = engine.generate(&site, &options()).expect("plans");
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| assert_eq!(engine.generate(&site, &options()).expect("plans"), alone));
        }
    });
}

#[test]
fn stored_blueprints_come_from_the_storage() {
    struct One(Blueprint);
    impl Storage for One {
        fn load_blueprint(&self, id: u64) -> Result<Blueprint, Error> {
            if id == 7 { Ok(self.0.clone()) } else { NoStorage.load_blueprint(id) }
        }
    }
    let site = linker_tests::site(3, 20);
    let engine = Engine::with(COMPONENT, Limits::default(), Arc::new(One(site.clone()))).expect("loads");
    assert_eq!(
        engine.generate_stored(7, &options()).expect("plans"),
        engine.generate(&site, &options()).expect("plans")
    );
    match engine.generate_stored(8, &options()) {
        Err(Failure::Input(errors)) => assert_eq!(errors[0].to_string(), "blueprint_id: there is no blueprint `8`"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_no_component_is_refused() {
    let refused = Engine::with(b"not a component", Limits::default(), Arc::new(NoStorage)).err();
    assert!(matches!(refused, Some(EngineError::Load { .. })));
}
