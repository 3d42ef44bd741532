//! and the month.

use linker_store::Money;
use serde_json::json;

use crate::home::{Home, fixture, on_both, with};

on_both! {
    is_planned_listed_and_read, is_found_by_filters, goes_through_its_states, makes_planned_backlinks_once,
    is_adjusted_under_its_rules, planned_backlinks_follow_an_adjusted_plan, keeps_the_faster_editor_s_change, is_made_once_by_a_repeated_request,
}

fn cents(value: &serde_json::Value) -> i64 {
    Money::parse(value.as_str().expect("an amount is text")).expect("an amount").as_cents()
}

async fn is_planned_listed_and_read(home: Home) {
    let one = home.tenant("one").await;
    let program = home.serve();
    let client = program.with(&one.token);
    let made = one.campaign(&client).await;
    let id = made.id();
    assert_eq!(made.header("location"), format!("/api/v1/linker/campaigns/{id}/"));
    assert_eq!((&made.data()["status"], &made.data()["status_label"]), (&json!("draft"), &json!("Draft")));
    assert_eq!(made.data()["started_at"], json!(null));
    assert!(made.data()["warnings"].is_array());
    // The engine's own numbers for this blueprint, as the vectors have them.
    let vector: serde_json::Value =
        serde_json::from_str(&fixture("vectors/generate/local-business-pk.json")).expect("JSON");
    for field in ["total_links_target", "budget_estimate_min", "budget_estimate_max", "budget_expected", "country_code"]
    {
        assert_eq!(made.data()[field], vector["expected"][field], "{field}");
    }
    let read = client.get(made.header("location")).await.is(200);
    assert_eq!(read.etag(), made.etag());
    for (name, value) in read.data().as_object().expect("an object") {
        assert_eq!(value, &made.data()[name], "{name}");
    }
    let plan = client.get(&format!("/campaigns/{id}/plan/")).await.is(200).body;
    assert_eq!(plan["total_links_target"], read.data()["total_links_target"]);
    let list = client.get(&format!("/campaigns/?site_id={}", one.site)).await.is(200);
    assert_eq!((list.count(), list.results()[0]["id"].as_i64()), (1, Some(id)));

    // A month's numbers are the plan's, and sum up to the campaign's.
    let (mut links, mut budget) = (0, 0);
    for n in 1..=8 {
        let month = client.get(&format!("/campaigns/{id}/month/{n}/")).await.is(200);
        let month = month.data();
        let (shown, expected) = (month["links"].as_array().expect("links"), &plan["monthly_plan"][n - 1]);
        assert_eq!(json!(shown.len()), month["links_target"]);
        let costs: i64 = shown.iter().map(|link| cents(&link["cost_expected"])).sum();
        assert_eq!(costs, cents(&month["placements"]));
        assert_eq!(cents(&month["placements"]) + cents(&month["reserve"]), cents(&month["budget"]));
        let low: i64 = shown.iter().map(|link| cents(&link["cost_low"])).sum();
        let high: i64 = shown.iter().map(|link| cents(&link["cost_high"])).sum();
        assert_eq!((low, high), (cents(&month["price_low"]), cents(&month["price_high"])));
        assert!(shown.iter().all(|link| link["backlink_id"].is_null() && link["status"].is_null()), "not started");
        assert!(shown.iter().all(|link| link["url"].as_str().is_some_and(|url| url.starts_with("http"))));
        for field in ["month", "phase", "links_target", "placements", "reserve", "budget"] {
            assert_eq!(month[field], expected[field], "{field} of {n}");
        }
        assert_eq!((&month["current"], &month["starts_on"]), (&json!(false), &json!(null)), "not started");
        links += shown.len();
        budget += cents(&month["budget"]);
    }
    assert_eq!(json!(links), read.data()["total_links_target"]);
    assert_eq!(budget, cents(&read.data()["budget_expected"]));
    assert_eq!(client.get(&format!("/campaigns/{id}/month/current/")).await.is(200).data()["month"], 1);
    for n in ["0", "9", "-1", "x", "4294967297"] {
        client.get(&format!("/campaigns/{id}/month/{n}/")).await.is(404);
    }

    // Started, the month knows its days and what was ordered in it.
    client.act(&format!("/campaigns/{id}/activate/")).await.is(200);
    let first = client.get(&format!("/backlinks/?campaign_id={id}&page_size=1")).await.is(200);
    let first = client.get(&format!("/backlinks/{}/", first.results()[0]["id"])).await.is(200);
    let order = json!({"status": "ordered", "cost": "61.50"});
    let ordered = client.put(&format!("/backlinks/{}/", first.id()), &first.etag(), &order).await.is(200);
    assert!(ordered.data()["date_ordered"].is_string());
    let month = client.get(&format!("/campaigns/{id}/month/current/")).await.is(200);
    let month = month.data();
    assert_eq!((&month["current"], &month["ordered"], &month["spent"]), (&json!(true), &json!(1), &json!("61.50")));
    assert_eq!((&month["backlinks"]["ordered"], &month["backlinks"]["planned"]), (&json!(1), &json!(links - 1)));
    assert!(month["starts_on"].is_string() && month["ends_on"].is_string());

    // Each link of each month names its backlink, one each.
    let mut named = Vec::new();
    for n in 1..=8 {
        let month = client.get(&format!("/campaigns/{id}/month/{n}/")).await.is(200);
        for link in month.data()["links"].as_array().expect("links") {
            let row = client.get(&format!("/backlinks/{}/", link["backlink_id"])).await.is(200);
            for (field, of_row) in [("anchor_text", "anchor_text"), ("url", "target_url"), ("status", "status")] {
                assert_eq!(link[field], row.data()[of_row], "{link}");
            }
            assert_eq!(row.data()["notes"], format!("planned for month {n}"), "{link}");
            named.push(row.id());
        }
    }
    named.sort_unstable();
    named.dedup();
    assert_eq!(named.len(), links);
}

async fn is_found_by_filters(home: Home) {
    let one = home.tenant("one").await;
    let program = home.serve();
    let client = program.with(&one.token);
    let mut ids = Vec::new();
    for country in ["PK", "USA", "PK", "UK", "PK"] {
        let body = with(one.generate(), json!({"country_code": country}));
        ids.push(client.post("/campaigns/generate/", &body).await.is(201).id());
    }
    client.act(&format!("/campaigns/{}/activate/", ids[2])).await.is(200);
    let found = async |query: &str| -> Vec<i64> {
        let list = client.get(&format!("/campaigns/{query}")).await.is(200);
        list.results().iter().map(|row| row["id"].as_i64().expect("an id")).collect()
    };
    assert_eq!(found("").await, ids);
    assert_eq!(found("?country_code=PK").await, [ids[0], ids[2], ids[4]]);
    assert_eq!(found("?country_code=PK&status=draft").await, [ids[0], ids[4]]);
    assert_eq!(found("?status=active").await, [ids[2]]);
    assert_eq!(found("?status=&country_code=UK").await, [ids[3]]);
    assert_eq!(found("?site_id=999999").await, [0; 0]);
    assert_eq!(found("?ordering=-id").await, ids.iter().rev().copied().collect::<Vec<_>>());
    assert_eq!(found("?ordering=-updated_at").await[0], ids[2], "it was changed last");
    let links = client.get("/campaigns/?ordering=-total_links_target").await.is(200);
    let links: Vec<_> = links.results().iter().map(|row| row["total_links_target"].as_u64()).collect();
    assert!(links.is_sorted_by(|a, b| a >= b), "{links:?}");
    let budgets = client.get("/campaigns/?ordering=budget_estimate_max").await.is(200);
    let budgets: Vec<_> = budgets.results().iter().map(|row| cents(&row["budget_estimate_max"])).collect();
    assert!(budgets.is_sorted(), "{budgets:?}");

    // Pages, by the URLs that the answers give.
    let (mut seen, mut next) = (Vec::new(), "/api/v1/linker/campaigns/?page_size=2&ordering=-id".to_owned());
    let mut last = String::new();
    while !next.is_empty() {
        let page = client.get(&next).await.is(200);
        assert_eq!(page.count(), 5);
        seen.extend(page.results().iter().map(|row| row["id"].as_i64().expect("an id")));
        last = page.body["previous"].as_str().unwrap_or_default().to_owned();
        next = page.body["next"].as_str().unwrap_or_default().to_owned();
    }
    assert_eq!(seen, ids.iter().rev().copied().collect::<Vec<_>>());
    let back = client.get(&last).await.is(200);
    assert_eq!(back.results()[0]["id"], json!(seen[2]));
    assert_eq!(client.get("/campaigns/?page=18446744073709551615").await.is(200).results().len(), 0);
    client.get("/campaigns/?page=0").await.names("page");
    client.get("/campaigns/?page_size=1001").await.names("page_size");
    client.get("/campaigns/?page_size=many").await.names("page_size");
    client.get("/campaigns/?status=asleep").await.names("status");
    client.get("/campaigns/?country_code=DE").await.names("country_code");
    client.get("/campaigns/?site_id=x").await.names("site_id");
    client.get("/campaigns/?ordering=-account_id").await.names("ordering");
}

async fn goes_through_its_states(home: Home) {
    let one = home.tenant("one").await;
    let program = home.serve();
    let client = program.with(&one.token);
    let id = one.campaign(&client).await.id();
    let go = async |step: &str| client.act(&format!("/campaigns/{id}/{step}/")).await;
    go("pause").await.is(409);
    go("complete").await.is(409);
    let active = go("activate").await.is(200);
    assert_eq!(active.data()["status"], "active");
    let started = active.data()["started_at"].clone();
    assert!(started.is_string());
    go("activate").await.is(409);
    let paused = go("pause").await.is(200);
    assert_eq!((&paused.data()["status"], &paused.data()["started_at"]), (&json!("paused"), &started));
    go("pause").await.is(409);
    assert_eq!(go("activate").await.is(200).data()["started_at"], started, "the first time counts");
    let done = go("complete").await.is(200);
    assert_eq!(done.data()["status"], "completed");
    for step in ["activate", "pause", "complete"] {
        go(step).await.is(409);
    }
    let edits = json!({"overrides": {"budget_max": "3000.00"}});
    client.put(&format!("/campaigns/{id}/"), &done.etag(), &edits).await.is(409);
}

async fn makes_planned_backlinks_once(home: Home) {
    let one = home.tenant("one").await;
    let program = home.serve();
    let client = program.with(&one.token);
    let campaign = one.campaign(&client).await;
    let id = campaign.id();
    let all = format!("/backlinks/?campaign_id={id}&page_size=1000");
    assert_eq!(client.get(&all).await.is(200).count(), 0, "planning makes none");
    let mut going = tokio::task::JoinSet::new();
    for _ in 0..12 {
        let client = client.clone();
        going.spawn(async move { client.act(&format!("/campaigns/{id}/activate/")).await.status });
    }
    let mut statuses = going.join_all().await;
    statuses.sort_unstable();
    assert_eq!(statuses, [[200].as_slice(), [409; 11].as_slice()].concat());
    client.act(&format!("/campaigns/{id}/pause/")).await.is(200);
    client.act(&format!("/campaigns/{id}/activate/")).await.is(200);
    let links = client.get(&all).await.is(200);
    assert_eq!(json!(links.count()), campaign.data()["total_links_target"]);
    let plan = client.get(&format!("/campaigns/{id}/plan/")).await.is(200).body;
    for (row, link) in links.results().iter().zip(plan["links"].as_array().expect("links")) {
        assert_eq!(row["status"], "planned");
        for (mine, theirs) in [
            ("target_content_id", "content_id"),
            ("target_tier", "tier"),
            ("anchor_text", "anchor_text"),
            ("anchor_type", "anchor_type"),
            ("link_type", "link_type"),
        ] {
            assert_eq!(row[mine], link[theirs], "{mine}");
        }
    }
}

async fn is_adjusted_under_its_rules(home: Home) {
    let one = home.tenant("one").await;
    let program = home.serve();
    let client = program.with(&one.token);
    let made = one.campaign(&client).await;
    let path = format!("/campaigns/{}/", made.id());
    let edits = json!({"overrides": {"budget_max": "3000.00"}});
    let adjusted = client.put(&path, &made.etag(), &edits).await.is(200);
    assert_ne!(adjusted.etag(), made.etag());
    assert_ne!(adjusted.data()["total_links_target"], made.data()["total_links_target"]);
    let plan = client.get(&format!("{path}plan/")).await.is(200).body;
    assert_eq!(adjusted.data()["total_links_target"], plan["total_links_target"]);
    assert!(cents(&plan["budget_expected"]) <= 300_000, "{}", plan["budget_expected"]);
    for month in plan["monthly_plan"].as_array().expect("months") {
        // to the cent.
        let (budget, reserve) = (cents(&month["budget"]), cents(&month["reserve"]));
        assert!(budget * 10 <= reserve * 100 + 100 && reserve * 100 <= budget * 15 + 100, "{month}");
    }
    let tiers = &plan["links_by_tier"];
    let count = |tier: &str| tiers[tier].as_u64().unwrap_or(0);
    let (top, all) = (count("T1") + count("T2") + count("T3"), plan["total_links_target"].as_u64().expect("a count"));
    assert!(top * 100 >= all * 70 && top * 100 <= all * 85, "R-1.2: {tiers}");
    let still = client.get(&path).await.is(200);
    assert_eq!((still.etag(), &still.data()["monthly_plan"]), (adjusted.etag(), &adjusted.data()["monthly_plan"]));

    // What breaks a rule changes nothing, and is told field by field.
    let broken = client.put(&path, &still.etag(), &json!({"overrides": {"add_pages": [999_999]}})).await.is(400);
    let errors = broken.body["errors"].as_object().expect("errors");
    assert!(errors.keys().all(|field| field.starts_with("overrides.add_pages")), "{errors:?}");
    client
        .put(&path, &still.etag(), &json!({"overrides": {"budget_max": "a lot"}}))
        .await
        .names("overrides.budget_max");
    client.put(&path, &still.etag(), &json!({"status": "active"})).await.names("status");
    assert_eq!(client.get(&path).await.is(200).data(), still.data());
}

async fn keeps_the_faster_editor_s_change(home: Home) {
    let one = home.tenant("one").await;
    let program = home.serve();
    let client = program.with(&one.token);
    let made = one.campaign(&client).await;
    let path = format!("/campaigns/{}/", made.id());
    let mut going = tokio::task::JoinSet::new();
    for editor in 0..6 {
        let (client, path, etag) = (client.clone(), path.clone(), made.etag());
        going.spawn(async move {
            let edits = json!({"overrides": {"budget_max": format!("{}.00", 3000 + editor * 100)}});
            let answer = client.put(&path, &etag, &edits).await;
            (answer.status, answer.body)
        });
    }
    let answers = going.join_all().await;
    let won: Vec<_> = answers.iter().filter(|(status, _)| *status == 200).collect();
    assert_eq!(won.len(), 1, "{answers:?}");
    assert!(answers.iter().all(|(status, _)| matches!(status, 200 | 412)));
    let now = client.get(&path).await.is(200);
    assert_eq!(now.data()["budget_expected"], won[0].1["data"]["budget_expected"]);
    // As a proxy that compresses makes it.
    let weak = format!("W/{}", now.etag());
    let now = client.put(&path, &weak, &json!({})).await.is(200);
    client.put(&path, &weak, &json!({})).await.is(412);
    assert_eq!(now.body.get("message"), None);
    client.act(&format!("{path}activate/")).await.is(200);
    let started = client.get(&path).await.is(200).etag();
    client.put(&path, &started, &json!({"overrides": {"budget_max": "2500.00"}})).await.is(200);
    let edits = json!({"overrides": {"budget_max": "3000.00"}});
    client.put(&path, &made.etag(), &edits).await.is(412);
    client.put(&path, "\"nonsense\"", &edits).await.is(412);
    client.send(client.request(reqwest::Method::PUT, &path).json(&edits)).await.is(428);
}

/// What was planned and touched by nobody is what the new plan says; what somebody works on is theirs.
async fn planned_backlinks_follow_an_adjusted_plan(home: Home) {
    let one = home.tenant("one").await;
    let program = home.serve();
    let client = program.with(&one.token);
    let id = one.campaign(&client).await.id();
    let path = format!("/campaigns/{id}/");
    client.act(&format!("{path}activate/")).await.is(200);
    let all = async || client.get(&format!("/backlinks/?campaign_id={id}&page_size=200")).await.is(200);
    let before = all().await;
    let mut theirs = Vec::new();
    let changes = [
        json!({"status": "ordered", "cost": "61.50"}),
        json!({"notes": "asked the editor on Monday"}),
        json!({"anchor_text": "by another editor"}),
        json!({"status": "rejected"}),
    ];
    for (row, change) in before.results().iter().step_by(7).zip(changes) {
        let row = client.get(&format!("/backlinks/{}/", row["id"])).await.is(200);
        theirs.push(client.put(&format!("/backlinks/{}/", row.id()), &row.etag(), &change).await.is(200));
    }
    for (budget, nothing) in [("2000.00", " 0 removed"), ("3000.00", " 0 added")] {
        let etag = client.get(&path).await.is(200).etag();
        let edits = json!({"overrides": {"budget_max": budget, "total_links": null}});
        let adjusted = client.put(&path, &etag, &edits).await.is(200);
        let message = adjusted.body["message"].as_str().unwrap_or_default();
        assert!(message.starts_with("planned backlinks follow the plan:"), "{}", adjusted.body);
        assert!(!message.contains(nothing), "{message}");
        for row in &theirs {
            assert_eq!(client.get(&format!("/backlinks/{}/", row.id())).await.is(200).data(), row.data());
        }
        let mut named = Vec::new();
        for n in 1..=8 {
            let month = client.get(&format!("/campaigns/{id}/month/{n}/")).await.is(200);
            named.extend(
                month.data()["links"].as_array().expect("links").iter().map(|link| link["backlink_id"].as_i64()),
            );
        }
        assert_eq!(json!(named.len()), adjusted.data()["total_links_target"]);
        let mut named: Vec<i64> = named.into_iter().map(|id| id.expect("each has its backlink")).collect();
        named.sort_unstable();
        named.dedup();
        assert_eq!(json!(named.len()), adjusted.data()["total_links_target"], "one each");
        // Nothing of the old plan is left over, but for what somebody worked on.
        let now = all().await;
        let left = now.results().iter().filter_map(|row| row["id"].as_i64()).filter(|id| !named.contains(id));
        let left: Vec<i64> = left.collect();
        assert!(left.iter().all(|id| theirs.iter().any(|row| row.id() == *id)), "{left:?}");
    }
    let etag = client.get(&path).await.is(200).etag();
    let same = client.put(&path, &etag, &json!({})).await.is(200);
    assert_eq!(same.body.get("message"), None, "{}", same.body);
}

async fn is_made_once_by_a_repeated_request(home: Home) {
    let one = home.tenant("one").await;
    let program = home.serve();
    let client = program.with(&one.token);
    let mut going = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let (client, body) = (client.clone(), one.generate());
        going.spawn(async move {
            let answer = client.post_once("/campaigns/generate/", "the same", &body).await;
            assert!(matches!(answer.status, 200 | 201), "{}", answer.body);
            (answer.status, answer.id())
        });
    }
    let answers = going.join_all().await;
    assert_eq!(answers.iter().filter(|(status, _)| *status == 201).count(), 1, "{answers:?}");
    assert!(answers.iter().all(|(_, id)| *id == answers[0].1), "{answers:?}");
    assert_eq!(client.get("/campaigns/").await.is(200).count(), 1);
    assert_eq!(client.get("/me/").await.is(200).data()["credits"], "998.00");
    let other = with(one.generate(), json!({"country_code": "UK"}));
    client.post_once("/campaigns/generate/", "the same", &other).await.is(409);
    client.post_once("/campaigns/generate/", "another", &other).await.is(201);
    client.post_once("/campaigns/generate/", &"x".repeat(256), &other).await.names("idempotency-key");
    assert_eq!(client.get("/me/").await.is(200).data()["credits"], "996.00");
}
