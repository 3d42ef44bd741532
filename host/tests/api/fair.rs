//! One tenant asks for more than the machine can do, and another notices nothing.

use std::sync::Arc;

use linker_types::limits;
use reqwest::Method;
use serde_json::{Value, json};

use crate::home::{Home, Tenant, fixture, on_both, with};

on_both! { a_hog_waits_for_itself, a_text_without_end_is_refused_with_its_field, }

/// A site with many pages, each with a long title.
fn large(pages: usize) -> Value {
    let page = |at: usize| {
        json!({
            "id": at + 1, "url": format!("https://large.example/{at}/"), "title": format!("{at} {}", "word ".repeat(20)),
            "content_type": "product", "content_structure": "", "status": "published", "word_count": 1, "cluster_id": 1,
        })
    };
    let keyword = |at: usize| json!({"keyword": format!("keyword {at}"), "volume": 10, "difficulty": 50});
    json!({
        "id": 1,
        "site": {"id": 1, "name": "Large", "brand": "Large", "homepage_url": "https://large.example/"},
        "clusters": [{"id": 1, "name": "all", "keywords": (0..pages).map(keyword).collect::<Value>()}],
        "pages": (0..pages).map(page).collect::<Value>(),
    })
}

/// What a tenant does who has no part in it.
async fn a_round(client: &crate::client::Client, tenant: &Tenant, campaign: i64) {
    tenant.campaign(client).await;
    client.get(&format!("/tipping-point/?campaign_id={campaign}")).await.is(200);
    client.get(&format!("/backlinks/disavow/?campaign_id={campaign}")).await.is(200);
    client.post(&format!("/campaigns/{campaign}/kpi/snapshot/"), &json!({})).await.is(201);
    let blueprint = serde_json::from_str(&fixture("blueprints/local-business.json")).expect("JSON");
    client.post(&format!("/blueprints/import/?site_id={}", tenant.site), &blueprint).await.is(201);
}

async fn a_hog_waits_for_itself(home: Home) {
    let (one, other) = (home.tenant("hog").await, home.tenant("other").await);
    let program = home.serve();
    let (hog, other_client) = (program.with(&one.token), program.with(&other.token));
    let (campaign, _) = other.active(&other_client).await;
    let blueprint = hog.post(&format!("/blueprints/import/?site_id={}", one.site), &large(5_000)).await.is(201).id();
    // A whole plan is made before it turns out that nobody has such a site.
    let heavy = json!({"blueprint_id": blueprint, "site_id": i64::MAX, "country_code": "PK", "overrides": {
        "total_links": 10_000, "budget_max": "1000000.00", "allow_out_of_band": true, "tier_allocation": {"T3": "1"}}});
    let heavy = Arc::new(heavy);
    let mut going = Vec::new();
    for _ in 0..100 {
        let (hog, heavy) = (hog.clone(), Arc::clone(&heavy));
        going.push(tokio::spawn(async move { hog.post("/campaigns/generate/", &heavy).await }));
    }
    // They are there: more than can wait.
    while !going.iter().any(tokio::task::JoinHandle::is_finished) {
        tokio::task::yield_now().await;
    }
    a_round(&other_client, &other, campaign).await;
    assert!(going.iter().any(|call| !call.is_finished()), "the other one had to wait for all of them");
    let (mut planned, mut refused) = (0, 0);
    for call in going {
        let answer = call.await.expect("an answer");
        match answer.status {
            404 => planned += 1,
            503 => {
                refused += 1;
                assert!(!answer.header("retry-after").is_empty());
                let why = answer.body["error"].as_str().expect("why");
                assert!(why.contains("is busy"), "{why}");
            }
            _ => panic!("{answer:?}"),
        }
    }
    assert!(planned > 0 && refused >= 20, "{planned} were planned, {refused} refused");
    // It is over, and nothing is left behind.
    one.campaign(&hog).await;
}

async fn a_text_without_end_is_refused_with_its_field(home: Home) {
    let one = home.tenant("one").await;
    let program = home.serve();
    let client = program.with(&one.token);
    let mut blueprint: Value = serde_json::from_str(&fixture("blueprints/local-business.json")).expect("JSON");
    let import = |blueprint: &Value| {
        let path = format!("/blueprints/import/?site_id={}", one.site);
        client.request(Method::POST, &path).json(blueprint)
    };
    let brand = blueprint["site"]["brand"].clone();
    for length in [limits::NAME + 1, 7 << 20] {
        blueprint["site"]["brand"] = Value::String("é".repeat(length / 2) + &"x".repeat(length - length / 2));
        let answer = client.send(import(&blueprint)).await.names("site.brand");
        assert!(answer.body.to_string().len() < 1_000);
    }
    blueprint["site"]["brand"] = brand;
    client.send(import(&blueprint)).await.is(201);
    // What a caller says while planning has its limits too.
    let anchors: Value = std::iter::repeat_n(json!({"content_id": 1, "type": "lsi", "text": "x"}), 100_001).collect();
    client.post("/campaigns/generate/", &with(one.generate(), json!({"anchors": anchors}))).await.names("anchors");
    let picks: Vec<u64> = (1..=10_001).collect();
    let overrides = json!({"overrides": {"drop_pages": picks}});
    let answer = client.post("/campaigns/generate/", &with(one.generate(), overrides)).await;
    answer.names("overrides.drop_pages");
}
