//!

use serde_json::{Value, json};

use crate::client::{Answer, Client};
use crate::home::{Home, link, on_both, with};

on_both! {
    is_added_read_and_changed, is_refused_with_its_field, goes_through_its_states, is_found_by_filters,
    keeps_the_faster_editor_s_change, is_added_once_by_a_repeated_request,
}

async fn change(client: &Client, id: i64, change: Value) -> Answer {
    let path = format!("/backlinks/{id}/");
    let etag = client.get(&path).await.is(200).etag();
    client.put(&path, &etag, &change).await
}

async fn is_added_read_and_changed(home: Home) {
    let one = home.tenant("one").await;
    let program = home.serve();
    let client = program.with(&one.token);
    let (campaign, page) = one.active(&client).await;
    let body = with(
        link(campaign, page),
        json!({"source_url": "https://www.news.example/a", "source_dr": 41, "cost": "61.5", "quality_score": 7.5}),
    );
    let added = client.post("/backlinks/", &body).await.is(201);
    let row = added.data();
    assert_eq!(row["source_domain"], "news.example");
    assert_eq!(
        (&row["cost"], &row["quality_score"], &row["status"]),
        (&json!("61.50"), &json!(7.5), &json!("planned"))
    );
    assert!(row["target_url"].as_str().is_some_and(|url| url.starts_with("https://")), "{row}");
    assert!(row["target_tier"].as_str().is_some_and(|tier| tier.starts_with('T')), "{row}");
    let read = client.get(added.header("location")).await.is(200);
    assert_eq!((read.data(), read.etag()), (row, added.etag()));
    let changed = change(&client, added.id(), json!({"notes": "paid", "source_dr": null, "status": "ordered"})).await;
    let changed = changed.is(200);
    assert_eq!((&changed.data()["source_dr"], &changed.data()["cost"]), (&json!(null), &json!("61.50")));
    assert!(changed.data()["date_ordered"].is_string());
    assert_eq!(client.get(&format!("/backlinks/{}/looks/", added.id())).await.is(200).count(), 0);
}

async fn is_refused_with_its_field(home: Home) {
    let one = home.tenant("one").await;
    let program = home.serve();
    let client = program.with(&one.token);
    let (campaign, page) = one.active(&client).await;
    let before = client.get("/backlinks/").await.is(200).count();
    let cases = [
        ("source_url", json!("ftp://x.example/")),
        ("source_url", json!("javascript:alert(1)")),
        ("source_dr", json!(101)),
        ("source_dr", json!(-1)),
        ("source_dr", json!("many")),
        ("source_dr", json!(1.5)),
        ("source_traffic", json!(-1)),
        ("source_traffic", json!(2_147_483_648_i64)),
        ("anchor_text", json!("")),
        ("anchor_text", json!("x".repeat(201))),
        ("anchor_text", json!("nul\0")),
        ("anchor_type", json!("shouted")),
        ("link_type", json!("bought")),
        ("marketplace", json!("ebay")),
        ("cost", json!("-1.00")),
        ("cost", json!("1.234")),
        ("cost", json!("100000000.00")),
        ("quality_score", json!(11.5)),
        ("quality_score", json!(4)),
        ("status", json!("sold")),
        ("date_live", json!("2026-02-30")),
        ("target_url", json!("/relative")),
        ("target_url", json!(format!("https://x.example/{}", "x".repeat(200)))),
        ("target_tier", json!("T6")),
        ("campaign_id", json!("one")),
        ("campaign_id", json!(9_223_372_036_854_775_808_u64)),
        ("surprise", json!(1)),
    ];
    for (field, value) in cases {
        client.post("/backlinks/", &with(link(campaign, page), json!({field: value}))).await.names(field);
    }
    let mut missing = link(campaign, page);
    missing.as_object_mut().expect("an object").remove("anchor_text");
    client.post("/backlinks/", &missing).await.names("anchor_text");
    client.post("/backlinks/", &link(campaign, 999_999)).await.is(404);
    client.post("/backlinks/", &link(999_999, page)).await.is(404);
    client.post("/backlinks/", &json!([])).await.is(400);
    assert_eq!(client.get("/backlinks/").await.is(200).count(), before);
    let id = client.post("/backlinks/", &link(campaign, page)).await.is(201).id();
    for (field, value) in [
        ("source_dr", json!(101)),
        ("anchor_text", json!(" ")),
        ("anchor_text", json!("x".repeat(201))),
        ("cost", json!("free")),
        ("quality_score", json!(4.9)),
        ("status", json!("sold")),
        ("campaign_id", json!(campaign)),
    ] {
        change(&client, id, json!({field: value})).await.names(field);
    }
}

async fn goes_through_its_states(home: Home) {
    let one = home.tenant("one").await;
    let program = home.serve();
    let client = program.with(&one.token);
    let (campaign, page) = one.active(&client).await;
    const STATES: [&str; 6] = ["planned", "ordered", "live", "dead", "replaced", "rejected"];
    // written down by hand.
    let allowed = |from: &str, to: &str| match from {
        "planned" => ["planned", "ordered", "live", "rejected"].contains(&to),
        "ordered" => ["ordered", "live", "rejected", "planned"].contains(&to),
        "live" => ["live", "dead"].contains(&to),
        "dead" => ["dead", "live", "replaced"].contains(&to),
        "rejected" => ["rejected", "planned"].contains(&to),
        _ => to == "replaced",
    };
    for from in STATES {
        for to in STATES {
            let body = with(link(campaign, page), json!({"status": from}));
            let id = client.post("/backlinks/", &body).await.is(201).id();
            let answer = change(&client, id, json!({"status": to})).await;
            assert_eq!(answer.status, if allowed(from, to) { 200 } else { 409 }, "{from} to {to}: {}", answer.body);
            let now = client.get(&format!("/backlinks/{id}/")).await.is(200);
            assert_eq!(now.data()["status"], if allowed(from, to) { to } else { from });
        }
    }
}

async fn is_found_by_filters(home: Home) {
    let one = home.tenant("one").await;
    let program = home.serve();
    let client = program.with(&one.token);
    let (campaign, page) = one.active(&client).await;
    let (other, _) = one.active(&client).await;
    for (dr, cost) in [(30, Some("20.00")), (50, None), (40, Some("9.99"))] {
        let body = with(link(campaign, page), json!({"source_dr": dr, "cost": cost, "status": "live"}));
        client.post("/backlinks/", &body).await.is(201);
    }
    let all = client.get(&format!("/backlinks/?campaign_id={campaign}&page_size=1000")).await.is(200);
    assert!(all.results().iter().all(|row| row["campaign_id"] == campaign));
    let tiers = ["T1", "T2", "T3", "T4", "T5"];
    let kinds = ["branded", "naked_url", "generic", "partial_match", "exact_match", "lsi", "brand_keyword"];
    let filters = tiers.map(|tier| ("tier", "target_tier", tier)).into_iter();
    let filters = filters.chain(kinds.map(|kind| ("anchor_type", "anchor_type", kind)));
    let filters = filters.chain(["planned", "live", "dead"].map(|status| ("status", "status", status)));
    for (name, column, value) in filters {
        let query = format!("/backlinks/?campaign_id={campaign}&{name}={value}&page_size=1000");
        let found = client.get(&query).await.is(200);
        let expected: Vec<_> = all.results().iter().filter(|row| row[column] == value).collect();
        assert_eq!(found.results().iter().collect::<Vec<_>>(), expected, "{query}");
        assert_eq!(found.count(), expected.len() as u64);
        client.get(&format!("/backlinks/?{name}={value}x")).await.names(name);
    }
    let both = client.get("/backlinks/?page_size=1000").await.is(200).count();
    let theirs = client.get(&format!("/backlinks/?campaign_id={other}")).await.is(200).count();
    assert_eq!(both, all.count() + theirs);
    let to_page = client.get(&format!("/backlinks/?campaign_id={campaign}&target_content_id={page}")).await.is(200);
    assert!(to_page.results().iter().all(|row| row["target_content_id"] == page) && to_page.count() >= 3);
    let column = async |ordering: &str, name: &str| -> Vec<Value> {
        let query = format!("/backlinks/?campaign_id={campaign}&status=live&ordering={ordering}");
        client.get(&query).await.is(200).results().iter().map(|row| row[name].clone()).collect()
    };
    assert_eq!(column("-source_dr", "source_dr").await, [json!(50), json!(40), json!(30)]);
    assert_eq!(column("source_dr", "source_dr").await, [json!(30), json!(40), json!(50)]);
    assert_eq!(column("cost", "cost").await, [json!("9.99"), json!("20.00"), json!(null)], "unknown last");
    assert_eq!(column("-cost", "cost").await, [json!("20.00"), json!("9.99"), json!(null)], "unknown last");
    client.get("/backlinks/?ordering=notes").await.names("ordering");
    // Every page once, by the URLs that the answers give, filters kept.
    let mut next = format!("/api/v1/linker/backlinks/?campaign_id={campaign}&status=planned&page_size=10");
    let mut seen = std::collections::BTreeSet::new();
    while !next.is_empty() {
        let page = client.get(&next).await.is(200);
        for row in page.results() {
            assert_eq!((&row["campaign_id"], &row["status"]), (&json!(campaign), &json!("planned")));
            assert!(seen.insert(row["id"].as_i64()), "twice: {row}");
        }
        next = page.body["next"].as_str().unwrap_or_default().to_owned();
    }
    assert_eq!(seen.len() as u64, all.count() - 3);
}

async fn keeps_the_faster_editor_s_change(home: Home) {
    let one = home.tenant("one").await;
    let program = home.serve();
    let client = program.with(&one.token);
    let (campaign, page) = one.active(&client).await;
    let added = client.post("/backlinks/", &link(campaign, page)).await.is(201);
    let path = format!("/backlinks/{}/", added.id());
    let mut going = tokio::task::JoinSet::new();
    for editor in 0..8 {
        let (client, path, etag) = (client.clone(), path.clone(), added.etag());
        going.spawn(async move {
            let notes = format!("editor {editor}");
            (client.put(&path, &etag, &json!({"notes": notes})).await.status, notes)
        });
    }
    let answers = going.join_all().await;
    let won: Vec<_> = answers.iter().filter(|(status, _)| *status == 200).collect();
    assert_eq!(won.len(), 1, "{answers:?}");
    assert!(answers.iter().all(|(status, _)| matches!(status, 200 | 412)), "{answers:?}");
    assert_eq!(client.get(&path).await.is(200).data()["notes"], json!(won[0].1));
    client.send(client.request(reqwest::Method::PUT, &path).json(&json!({"notes": "x"}))).await.is(428);
}

async fn is_added_once_by_a_repeated_request(home: Home) {
    let one = home.tenant("one").await;
    let program = home.serve();
    let client = program.with(&one.token);
    let (campaign, page) = one.active(&client).await;
    let before = client.get("/backlinks/").await.is(200).count();
    let mut going = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let (client, body) = (client.clone(), link(campaign, page));
        going.spawn(async move { client.post_once("/backlinks/", "once", &body).await.is(201).id() });
    }
    let ids = going.join_all().await;
    assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    assert_eq!(client.get("/backlinks/").await.is(200).count(), before + 1);
    let other = with(link(campaign, page), json!({"notes": "another"}));
    client.post_once("/backlinks/", "once", &other).await.is(409);
    // A key belongs to one operation.
    client.post_once("/campaigns/generate/", "once", &one.generate()).await.is(409);
}
