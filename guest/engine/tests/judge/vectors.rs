//! `fixtures/vectors/judge`: each has a truth written by hand, and the whole answer. `UPDATE_VECTORS=1` writes the
//! answers of those whose truth holds.

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

fn vectors() -> Vec<(PathBuf, Value)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/vectors/judge");
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).expect("the vectors").map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    paths
        .into_iter()
        .map(|path| {
            let text = fs::read_to_string(&path).expect("a vector");
            let vector = serde_json::from_str(&text).expect("JSON");
            (path, vector)
        })
        .collect()
}

/// What the answer says, by the truth's names.
fn told(answer: &Value, name: &str) -> Value {
    let change = &answer["change"];
    match name {
        "verdict" | "reasons" | "next_check" | "follow" => answer[name].clone(),
        "href" | "relaxations" | "placement" | "anchor" | "rel" => answer["link"][name].clone(),
        "again" => answer["again"]["why"].clone(),
        "not_before" => answer["again"]["not_before_seconds"].clone(),
        "outbound" => answer["outbound_links"].clone(),
        "change" => change["status"].clone(),
        "date_live" | "lost_on" => change[name].clone(),
        "error" => answer["errors"].as_array().into_iter().flatten().map(|error| error["field"].clone()).collect(),
        other => panic!("no such truth: {other}"),
    }
}

#[test]
fn every_vector() {
    let mut wrong = Vec::new();
    let vectors = vectors();
    assert!(vectors.len() >= 100, "{}", vectors.len());
    for (path, mut vector) in vectors {
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let request = &vector["inputs"]["request"];
        if let Some(page) = vector["page"].as_str() {
            let body = request["observation"]["body"].as_str().expect("a body");
            assert_eq!(linker_types::base64::decode(body.as_bytes()).as_deref(), Some(page.as_bytes()), "{name}");
        }
        let answer = linker_documents::judge(&request.to_string());
        let kind = if answer.is_ok() { "expected" } else { "error" };
        let answer: Value = serde_json::from_str(&answer.unwrap_or_else(|errors| errors)).expect("JSON");
        let truth = vector["truth"].as_object().expect("a truth");
        let lies: Vec<String> = (truth.iter().filter(|(name, truth)| told(&answer, name) != **truth))
            .map(|(field, truth)| format!("{name}: {field} is {}, not {truth}", told(&answer, field)))
            .collect();
        if !lies.is_empty() {
            wrong.extend(lies);
        } else if std::env::var_os("UPDATE_VECTORS").is_some() {
            vector[kind] = answer;
            let text = serde_json::to_string_pretty(&vector).expect("JSON");
            fs::write(path, text + "\n").expect("written");
        } else if vector[kind] != answer {
            wrong.push(format!("{name}: {answer}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_request_needs_little_and_names_its_faults() {
    let least = json!({
        "placement": {"backlink_id": 1, "source_url": "https://a.example/", "target_url": "https://b.example/"},
        "observation": {"at": "2026-11-23T08:30:00Z", "failure": "dns"},
    });
    assert!(linker_documents::judge(&least.to_string()).is_ok());
    let wrong =
        r#"{"placement": {"backlink_id": 1, "source": ""}, "observation": {"at": "", "body": "?", "failure": "dsn"}}"#;
    let errors: Value = serde_json::from_str(&linker_documents::judge(wrong).unwrap_err()).expect("JSON");
    let fields: Vec<&str> =
        errors["errors"].as_array().expect("errors").iter().map(|e| e["field"].as_str().expect("a field")).collect();
    for field in
        ["placement.source", "placement.source_url", "placement.target_url", "observation.body", "observation.failure"]
    {
        assert!(fields.contains(&field), "{field}: {errors}");
    }
}
