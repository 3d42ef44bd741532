//! Every vector of fixtures/vectors through every door of the Rust host, and natively: equal byte for byte, equal to
//! what the vector expects, equal to what was worked out by hand. The hashes of the answers go to
//! `target/tmp/vectors-rust.json`, where tests/run compares them with those of Node and Python.

mod doors;
mod vectors;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use igny8_linker::engine::Engine;
use serde_json::Value;
use sha2::{Digest, Sha256};

use doors::Answer;
use vectors::{Vector, Vectors};

#[test]
fn every_vector_through_every_door() {
    let vectors = Vectors::read();
    let engine = Engine::new().expect("the component loads");
    let mut hashes = BTreeMap::new();
    let mut wrong = Vec::new();
    let mut typed = 0;
    for (name, vector) in &vectors.all {
        let texts = vectors.texts(vector);
        let native = doors::native(&vector.call, &texts);
        let sandboxed = doors::documents(&engine, &vector.call, &texts);
        if native != sandboxed {
            wrong.push(format!("{name}: native and documents door differ"));
        }
        // Where a document has a fault of shape there is no record to hand over.
        if let Some(answer) = doors::typed(&engine, &vector.call, &texts) {
            typed += 1;
            if answer != sandboxed {
                wrong.push(format!("{name}: typed and documents door differ"));
            }
        }
        wrong.extend(compare(name, vector, &sandboxed));
        let text = sandboxed.unwrap_or_else(|error| error);
        hashes.insert(name.clone(), hex(&Sha256::digest(text.as_bytes())));
    }
    assert!(wrong.is_empty(), "{} of {} vectors:\n{}", wrong.len(), vectors.all.len(), wrong.join("\n"));
    assert!(vectors.all.len() >= 200 && typed >= 190, "{} vectors, {typed} typed", vectors.all.len());
    let out = format!("{}/vectors-rust.json", env!("CARGO_TARGET_TMPDIR"));
    let mut text = String::new();
    for (name, hash) in &hashes {
        write!(text, "{} \"{name}\": \"{hash}\"", if text.is_empty() { "" } else { ",\n" }).expect("a string takes it");
    }
    std::fs::write(out, format!("{{\n{text}\n}}\n")).expect("target/tmp is writable");
}

/// What the vector expects of the answer, and what was worked out by hand.
fn compare(name: &str, vector: &Vector, answer: &Answer) -> Option<String> {
    let (text, wanted) = match answer {
        Ok(text) => (text, &vector.expected),
        Err(text) => (text, &vector.error),
    };
    let Some(wanted) = wanted else { return Some(format!("{name}: the answer is of the other kind: {text:.300}")) };
    let got: Value = serde_json::from_str(text).expect("answers are JSON");
    if got != *wanted {
        return Some(format!("{name}: not what is expected; tests/hosts/python names the place"));
    }
    vector.hand_checked.iter().find_map(|(path, wanted)| {
        let got = vectors::pick(&got, path);
        (got.as_ref() != Some(wanted)).then(|| format!("{name}: by hand, {path}: expected {wanted}, got {got:?}"))
    })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a string takes it");
        text
    })
}

/// Blueprints taken in once give the same plans through both of the planner's doors.
#[test]
fn planners_plan_what_generate_plans() {
    let vectors = Vectors::read();
    let engine = Engine::new().expect("the component loads");
    let mut planned = 0;
    for (name, vector) in
        vectors.all.iter().filter(|(_, vector)| vector.call == "generate" && vector.expected.is_some())
    {
        let texts = vectors.texts(vector);
        let generated = doors::documents(&engine, "generate", &texts).expect("the vector has a plan");
        let mut planner = engine.document_planner(&texts[0]).expect("answers").expect("loads");
        for _ in 0..2 {
            assert_eq!(planner.plan(&texts[1]).expect("answers").as_ref(), Ok(&generated), "{name}");
        }
        let blueprint = serde_json::from_str(&texts[0]).expect("a blueprint");
        let options = serde_json::from_str(&texts[1]).expect("options");
        let plan = engine.planner(&blueprint).expect("loads").plan(&options).expect("plans");
        // A campaign that nothing is changed of comes out as it was.
        let adjusted = planner.adjust(&generated, "{}").expect("answers");
        assert_eq!(
            adjusted,
            doors::documents(&engine, "adjust", &[generated.clone(), texts[0].clone(), "{}".to_owned()]),
            "{name}"
        );
        assert_eq!(serde_json::to_string(&plan).expect("writes"), generated, "{name}");
        planned += 1;
    }
    assert!(planned > 20, "{planned} plans");
}
