//! what is charged, what is refused, and what an operator sees of it.

use serde_json::json;

use crate::home::{Home, fixture, on_both};
use crate::program::run;

on_both! { pays_from_a_limited_account, begins_with_the_command_line, }

async fn pays_from_a_limited_account(home: Home) {
    let secret = run(&home.url, &["init", "--site", "Sard Hawa", "--limited"]);
    let program = home.serve();
    let client = program.with(&secret);
    let site = client.get("/sites/").await.is(200).results()[0]["id"].clone();
    let file = home.folder().join("blueprint.json");
    std::fs::write(&file, fixture("blueprints/local-business.json")).expect("a file");
    let (site_id, path) = (site.to_string(), file.display().to_string());
    run(&home.url, &["import", "blueprint", "--site", &site_id, &path]);
    let blueprint = client.get("/blueprints/").await.is(200).results()[0]["id"].clone();
    let body = json!({"site_id": site, "blueprint_id": blueprint, "country_code": "PK"});
    client.post("/campaigns/generate/", &body).await.is(402);
    run(&home.url, &["credits", "grant", "3.5", "--note", "a gift"]);
    let id = client.post("/campaigns/generate/", &body).await.is(201).id();
    client.post("/campaigns/generate/", &body).await.is(402);
    client.post(&format!("/campaigns/{id}/kpi/snapshot/"), &json!({})).await.is(201);
    let check = json!({"campaign_id": id});
    client.post("/backlinks/check/", &check).await.is(202);
    client.post(&format!("/campaigns/{id}/kpi/snapshot/"), &json!({})).await.is(402);
    assert_eq!(client.get("/campaigns/").await.is(200).count(), 1, "what was refused left nothing");
    assert_eq!(client.get(&format!("/campaigns/{id}/kpi/")).await.is(200).count(), 1);
    let me = client.get("/me/").await.is(200);
    assert_eq!((&me.data()["credits"], &me.data()["unlimited"]), (&json!("0.00"), &json!(false)));
    let ledger = client.get("/credits/").await.is(200);
    let moves = ledger.results().iter().map(|row| (&row["operation"], &row["amount"], &row["balance_after"]));
    let moves: Vec<_> = moves.collect();
    let (a, b, c, d) =
        (json!("dead_link_detection"), json!("kpi_snapshot"), json!("campaign_generation"), json!("grant"));
    assert_eq!(
        moves,
        [
            (&a, &json!("-1.00"), &json!("0.00")),
            (&b, &json!("-0.50"), &json!("1.00")),
            (&c, &json!("-2.00"), &json!("1.50")),
            (&d, &json!("3.50"), &json!("3.50")),
        ]
    );
    assert_eq!(ledger.results()[3]["note"], "a gift");
    assert_eq!(ledger.results()[2]["campaign_id"], id);
}

async fn begins_with_the_command_line(home: Home) {
    let secret = run(&home.url, &["init", "--site", "One", "--domain", "one.example"]);
    let program = home.serve();
    let client = program.with(&secret);
    let me = client.get("/me/").await.is(200);
    assert_eq!((&me.data()["role"], &me.data()["site_ids"]), (&json!("admin"), &json!(null)));
    assert_eq!(me.data()["unlimited"], true);
    let reader = run(&home.url, &["token", "create", "--name", "a reader", "--role", "read"]);
    let tokens = client.get("/tokens/").await.is(200);
    assert_eq!(tokens.count(), 2);
    assert!(!tokens.body.to_string().contains(&reader), "{}", tokens.body);
    let id = tokens.results()[1]["id"].to_string();
    let reading = program.with(&reader);
    reading.get("/me/").await.is(200);
    run(&home.url, &["token", "revoke", &id]);
    reading.get("/me/").await.is(401);
    // An unlimited account is never refused, and all the same recorded.
    let site = client.post("/sites/", &json!({"name": "Two", "domain": "two.example"})).await.is(201).id();
    let made = json!({"name": "for two", "role": "write", "site_ids": [site], "expires_at": "2026-01-01T00:00:00Z"});
    let made = client.post("/tokens/", &made).await.is(201);
    let expired = made.data()["secret"].as_str().expect("a secret").to_owned();
    program.with(&expired).get("/me/").await.is(401);
    let made = client.post("/tokens/", &json!({"name": "for two", "role": "write", "site_ids": [site]})).await.is(201);
    let secret = made.data()["secret"].as_str().expect("a secret").to_owned();
    let two = program.with(&secret);
    assert_eq!(two.get("/me/").await.is(200).data()["site_ids"], json!([site]));
    assert_eq!((&made.data()["site_ids"], &made.data()["account_id"]), (&json!([site]), &me.data()["account_id"]));
    assert_eq!(two.get("/sites/").await.is(200).count(), 1);
    client.send(client.request(reqwest::Method::DELETE, &format!("/tokens/{}/", made.id()))).await.is(204);
    two.get("/me/").await.is(401);
    client.post("/tokens/", &json!({"name": "none", "role": "write", "site_ids": []})).await.names("site_ids");
    client.post("/tokens/", &json!({"name": " ", "role": "write"})).await.names("name");
    client.post("/tokens/", &json!({"name": "x", "role": "god"})).await.names("role");
    client.post("/tokens/", &json!({"name": "x", "role": "read", "site_ids": [999_999]})).await.is(404);
    client.post("/sites/", &json!({"name": ""})).await.names("name");
}
