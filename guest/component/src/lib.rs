//! The engine behind its WIT world: exports hand records and text to the engine and back, nothing more.
//! `wit_bindgen` maps the contract's records to `linker-types`, so there is nothing to convert.
#![allow(missing_docs, unsafe_code, reason = "wit-bindgen's generated code")]

mod check;
mod documents;
mod transport;
mod typed;

wit_bindgen::generate!({
    path: "../../wit",
    world: "campaign-engine",
    with: { "igny8:linker/types@0.1.0": linker_types },
    generate_all,
});

#[global_allocator]
static HEAP: linker_heap::Heap = linker_heap::Heap::new();

struct Component;

/// Before anything can panic: a trap alone would not say why (the message has to be out before it).
fn report_panics() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        std::panic::set_hook(Box::new(|info| igny8::linker::diagnostics::panicked(&info.to_string())));
    });
}

export!(Component);
