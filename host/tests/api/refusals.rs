//! Who may not: no token, the wrong role.

use linker_store::vocabulary::Role;
use reqwest::Method;
use serde_json::json;

use crate::home::{Home, link, on_both};

on_both! { looks_at_the_role, knows_no_other_token, }

async fn looks_at_the_role(home: Home) {
    let one = home.tenant("one").await;
    let (reader, writer) = (home.token(&one, Role::Read, None).await, home.token(&one, Role::Write, None).await);
    let program = home.serve();
    let (reader, writer) = (program.with(&reader), program.with(&writer));
    let (campaign, page) = one.active(&writer).await;
    let backlink = writer.post("/backlinks/", &link(campaign, page)).await.is(201);
    reader.get(&format!("/campaigns/{campaign}/")).await.is(200);
    reader.post("/campaigns/generate/", &one.generate()).await.is(403);
    for step in ["activate", "pause", "complete"] {
        reader.act(&format!("/campaigns/{campaign}/{step}/")).await.is(403);
    }
    let etag = reader.get(&format!("/campaigns/{campaign}/")).await.is(200).etag();
    reader.put(&format!("/campaigns/{campaign}/"), &etag, &json!({})).await.is(403);
    reader.post(&format!("/campaigns/{campaign}/kpi/snapshot/"), &json!({})).await.is(403);
    reader.post("/backlinks/", &link(campaign, page)).await.is(403);
    reader.put(&format!("/backlinks/{}/", backlink.id()), &backlink.etag(), &json!({"notes": "x"})).await.is(403);
    reader.post("/backlinks/check/", &json!({"campaign_id": campaign})).await.is(403);
    for client in [&reader, &writer] {
        client.get("/tokens/").await.is(403);
        client.post("/tokens/", &json!({"name": "more", "role": "admin"})).await.is(403);
        client.send(client.request(Method::DELETE, "/tokens/1/")).await.is(403);
        client.post("/sites/", &json!({"name": "another"})).await.is(403);
    }
}

async fn knows_no_other_token(home: Home) {
    let one = home.tenant("one").await;
    let program = home.serve();
    let client = program.client();
    let bare = client.get("/me/").await.is(401);
    assert_eq!(bare.header("www-authenticate"), "Bearer");
    for token in ["nonsense", &one.token.to_uppercase(), &format!("{}x", one.token), "' OR 1=1 --"] {
        program.with(token).get("/me/").await.is(401);
    }
    for header in ["Basic eDp5", "Bearer", "Bearer ", &one.token] {
        client.send(client.request(Method::GET, "/me/").header("authorization", header)).await.is(401);
    }
    let lower = format!("bearer {}", one.token);
    client.send(client.request(Method::GET, "/me/").header("authorization", lower)).await.is(200);
}
