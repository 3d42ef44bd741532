//! The API's description: complete, and the same as yesterday unless somebody means it.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::home::{Home, On};

async fn document() -> Value {
    let home = Home::new(On::Sqlite);
    let program = home.serve();
    let page = program.client().get("/api/docs/").await.is(200);
    assert!(page.body.as_str().is_some_and(|page| page.contains("swagger-ui")));
    program.client().get("/api/openapi.json").await.is(200).body
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn is_as_it_was() {
    insta::assert_snapshot!("openapi", serde_json::to_string_pretty(&document().await).expect("JSON"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn says_all_of_every_operation() {
    let document = document().await;
    assert!(document["openapi"].as_str().is_some_and(|version| version.starts_with("3.1")));
    let tags: BTreeSet<&str> =
        document["tags"].as_array().expect("tags").iter().filter_map(|tag| tag["name"].as_str()).collect();
    let (mut ids, mut operations) = (BTreeSet::new(), 0);
    for (path, item) in document["paths"].as_object().expect("paths") {
        assert!(path.ends_with('/'), "{path}");
        for (method, operation) in item.as_object().expect("operations") {
            let what = format!("{method} {path}");
            operations += 1;
            let text = |name: &str| operation[name].as_str().filter(|text| !text.trim().is_empty());
            assert!(text("summary").is_some_and(|summary| !summary.ends_with('.')), "{what}: summary");
            assert!(ids.insert(text("operationId").unwrap_or_else(|| panic!("{what}: operationId"))), "{what}: twice");
            let tagged: Vec<&str> =
                operation["tags"].as_array().expect("tags").iter().filter_map(Value::as_str).collect();
            assert!(tagged.len() == 1 && tags.contains(tagged[0]), "{what}: {tagged:?}");
            let responses = operation["responses"].as_object().expect("responses");
            assert!(responses.keys().any(|status| status.starts_with('2')), "{what}");
            let mut faults = vec!["400", "401", "404", "429", "500", "503", "504"];
            if method != "get" {
                faults.extend(["403", "409", "507"]);
            }
            if operation["requestBody"].is_object() {
                faults.extend(["413", "415"]);
            }
            // A key is written over blindly: nobody can have read it.
            if method == "put" && !path.ends_with("/settings/fatgrid/") {
                faults.extend(["412", "428"]);
            }
            for status in faults {
                let fault = &responses.get(status).unwrap_or_else(|| panic!("{what}: {status}"));
                let schema = &fault["content"]["application/json"]["schema"]["$ref"];
                assert_eq!(schema, "#/components/schemas/FaultBody", "{what}: {status}");
            }
            for (status, response) in responses.iter().filter(|(status, _)| !matches!(status.as_str(), "204")) {
                let content = response["content"].as_object().unwrap_or_else(|| panic!("{what}: {status}"));
                assert!(content.values().all(|kind| kind["schema"].is_object()), "{what}: {status}");
            }
            let body = &operation["requestBody"]["content"];
            assert!(
                body.is_null()
                    || body.as_object().is_some_and(|kinds| kinds.values().all(|kind| kind["schema"].is_object())),
                "{what}"
            );
            for (kind, body) in body.as_object().into_iter().flatten() {
                assert!(is_shown(body, &document, 3), "{what}: no example of {kind}");
            }
            for parameter in operation["parameters"].as_array().into_iter().flatten() {
                assert!(parameter["schema"].is_object(), "{what}: {parameter}");
                let asked = parameter["in"] == "query" && parameter["required"] == true;
                assert!(!asked || is_shown(parameter, &document, 0), "{what}: no example: {parameter}");
            }
        }
    }
    assert!(operations >= 20, "{operations}");
    references(&document, &document);
}

/// Whether there is an example of the whole, or of what a schema requires.
fn is_shown(described: &Value, document: &Value, depth: u32) -> bool {
    if ["example", "examples", "enum"].iter().any(|name| described.get(name).is_some()) {
        return true;
    }
    if let Some(schema) = described.get("schema") {
        return is_shown(schema, document, depth);
    }
    if let Some(Value::String(reference)) = described.get("$ref") {
        return document.pointer(&reference[1..]).is_some_and(|schema| is_shown(schema, document, depth));
    }
    let required = described["required"].as_array().filter(|_| depth > 0);
    required.is_some_and(|names| {
        let field = |name: &Value| &described["properties"][name.as_str().expect("a name")];
        !names.is_empty() && names.iter().all(|name| is_shown(field(name), document, depth - 1))
    })
}

/// Whatever is referred to is there.
fn references(value: &Value, document: &Value) {
    match value {
        Value::Object(fields) => {
            if let Some(Value::String(reference)) = fields.get("$ref") {
                let pointer = reference.strip_prefix('#').unwrap_or_else(|| panic!("{reference} is elsewhere"));
                assert!(document.pointer(pointer).is_some(), "{reference} is nowhere");
            }
            fields.values().for_each(|value| references(value, document));
        }
        Value::Array(values) => values.iter().for_each(|value| references(value, document)),
        _ => {}
    }
}
