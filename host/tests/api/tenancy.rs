//! nobody sees or changes another tenant's rows. Walks the API's own description, so that an address that is
//! added is tested or fails here.

use std::collections::BTreeSet;

use linker_store::vocabulary::Role;
use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{Answer, Client};
use crate::home::{Home, Tenant, blueprint, fixture, link, on_both, with};

on_both! { opens_no_row_of_another_tenant, asks_everybody_for_a_token, keeps_the_keys_of_sites_apart, }

/// An address of the description.
struct Operation {
    method: Method,
    path: String,
    described: Value,
}

async fn operations(client: &Client) -> Vec<Operation> {
    let document = client.get("/api/openapi.json").await.is(200).body;
    let mut all = Vec::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, described) in item.as_object().expect("operations") {
            let Ok(method) = method.to_uppercase().parse::<Method>() else { continue };
            if ["GET", "POST", "PUT", "PATCH", "DELETE"].contains(&method.as_str()) {
                all.push(Operation { method, path: path.clone(), described: described.clone() });
            }
        }
    }
    assert!(all.len() >= 20, "{}", all.len());
    all
}

/// What a tenant has, one of each kind.
struct Rows {
    site: i64,
    blueprint: i64,
    campaign: i64,
    content: i64,
    backlink: i64,
    check: i64,
    token: i64,
}

impl Rows {
    async fn of(tenant: &Tenant, client: &Client) -> Self {
        let (campaign, content) = tenant.active(client).await;
        let backlink = client.post("/backlinks/", &link(campaign, content)).await.is(201).id();
        client.post(&format!("/campaigns/{campaign}/kpi/snapshot/"), &json!({"dr": 20})).await.is(201);
        let check = client.post("/backlinks/check/", &json!({"campaign_id": campaign})).await.is(202).id();
        let token = json!({"name": "another", "role": "admin"});
        let token = client.post("/tokens/", &token).await.is(201).id();
        Self { site: tenant.site, blueprint: tenant.blueprint, campaign, content, backlink, check, token }
    }

    /// The id that an address or a field means by `{id}`; fails for one that this test doesn't know.
    fn id(&self, path: &str, name: &str) -> i64 {
        match (name, path) {
            ("site_id", _) => self.site,
            ("blueprint_id", _) => self.blueprint,
            ("campaign_id", _) => self.campaign,
            ("content_id" | "target_content_id", _) => self.content,
            ("backlink_id", _) => self.backlink,
            ("id", path) if path.contains("/backlinks/check/{id}") => self.check,
            ("id", path) if path.contains("/backlinks/{id}") => self.backlink,
            ("id", path) if path.contains("/campaigns/{id}") => self.campaign,
            ("id", path) if path.contains("/tokens/{id}") => self.token,
            ("id", path) if path.contains("/sites/{id}") => self.site,
            ("id", path) if path.contains("/blueprints/{id}") => self.blueprint,
            _ => panic!("`{name}` of {path}: say here what it is an id of"),
        }
    }
}

/// A request to an operation with the ids of these rows, in its path, its query and its body.
fn request(client: &Client, operation: &Operation, rows: &Rows) -> reqwest::RequestBuilder {
    let mut path = operation.path.clone();
    let mut query = Vec::new();
    for parameter in operation.described["parameters"].as_array().into_iter().flatten() {
        let name = parameter["name"].as_str().expect("a name");
        let id = name == "id" || name.ends_with("_id");
        match parameter["in"].as_str() {
            Some("path") if id => {
                path = path.replace(&format!("{{{name}}}"), &rows.id(&operation.path, name).to_string())
            }
            Some("path") if name == "domain" => path = path.replace("{domain}", "example.com"),
            Some("path") => path = path.replace(&format!("{{{name}}}"), "1"),
            Some("query") if name == "from" || name == "to" => query.push(format!("{name}=2026-10-01")),
            Some("query") if id => query.push(format!("{name}={}", rows.id(&operation.path, name))),
            _ => {}
        }
    }
    if !query.is_empty() {
        path = format!("{path}?{}", query.join("&"));
    }
    let request = client.request(operation.method.clone(), &path).header("if-match", "\"1\"");
    if let Some(file) = file(&operation.path) {
        return request.header("content-type", "text/csv").body(file);
    }
    match body(&operation.path, &operation.method, rows) {
        Some(body) => request.json(&body),
        None => request,
    }
}

/// A file that would be taken from who owns the rows.
fn file(path: &str) -> Option<&'static str> {
    match path.strip_prefix("/api/v1/linker").expect("the root") {
        "/backlinks/import/" => Some("source_url,target_url\nhttps://a.example/,https://questdb.io/\n"),
        "/metrics/import/" => Some("Top pages,Clicks,Impressions\nhttps://questdb.io/,1,2\n"),
        _ => None,
    }
}

/// A body that would be taken from who owns the rows.
fn body(path: &str, method: &Method, rows: &Rows) -> Option<Value> {
    let name = path.strip_prefix("/api/v1/linker").expect("the root");
    match (method.as_str(), name) {
        ("POST", "/campaigns/generate/") => {
            Some(json!({"site_id": rows.site, "blueprint_id": rows.blueprint, "country_code": "PK"}))
        }
        ("PUT", "/campaigns/{id}/" | "/backlinks/{id}/") | ("POST", "/campaigns/{id}/kpi/snapshot/") => Some(json!({})),
        ("POST", "/backlinks/") => Some(link(rows.campaign, rows.content)),
        ("POST", "/backlinks/check/") => Some(json!({"campaign_id": rows.campaign})),
        ("POST", "/tokens/") => Some(json!({"name": "x", "role": "read", "site_ids": [rows.site]})),
        ("POST", "/marketplace/lookup/") => {
            Some(json!({"domains": ["example.com"], "campaign_id": rows.campaign, "site_id": rows.site}))
        }
        ("PUT", "/settings/fatgrid/") => Some(json!({"key": "fg_live_0123456789", "site_id": rows.site})),
        ("POST", "/backlinks/audit/") => Some(json!({"campaign_id": rows.campaign})),
        ("POST", "/backlinks/{id}/replace/") => Some(json!({})),
        ("POST", "/blueprints/import/") => {
            Some(serde_json::from_str(&fixture("blueprints/questdb-io.json")).expect("a blueprint"))
        }
        // Belongs to nobody yet.
        ("POST", "/sites/") => Some(json!({"name": "mine"})),
        ("POST" | "PUT", "/campaigns/{id}/activate/" | "/campaigns/{id}/pause/" | "/campaigns/{id}/complete/") => None,
        // Files: see `file`.
        ("POST", "/backlinks/import/" | "/metrics/import/") => None,
        ("POST" | "PUT" | "PATCH", other) => panic!("{method} {other}: say here what its body is"),
        _ => None,
    }
}

/// The rows that an answer shows: nothing in it may be another tenant's.
fn shows_nothing(operation: &Operation, answer: &Answer, foreign: &Rows) {
    let what = format!("{} {}: {}", operation.method, operation.path, answer.body);
    if answer.status == 404 {
        return;
    }
    // Lists of one's own rows, filtered by another's id or not at all.
    let mine =
        ["/me/", "/sites/", "/credits/", "/tokens/", "/profiles/"].iter().any(|end| operation.path.ends_with(end));
    let list = answer.body.get("results").is_some();
    assert!(matches!(answer.status, 200 | 201) && (list || mine), "{what}");
    assert!(mine || answer.results().is_empty(), "{what}");
    let mut shown = BTreeSet::new();
    ids("", &answer.body, &mut shown);
    for (name, id) in
        [("site_id", foreign.site), ("campaign_id", foreign.campaign), ("blueprint_id", foreign.blueprint)]
    {
        assert!(!shown.contains(&(name.to_owned(), id)), "{name} {id}: {what}");
    }
    if operation.path.ends_with("/sites/") {
        assert!(!shown.contains(&("id".to_owned(), foreign.site)), "{what}");
    }
    if operation.path.ends_with("/tokens/") {
        assert!(!shown.contains(&("id".to_owned(), foreign.token)), "{what}");
    }
}

fn ids(name: &str, value: &Value, found: &mut BTreeSet<(String, i64)>) {
    match value {
        Value::Object(fields) => fields.iter().for_each(|(name, value)| ids(name, value, found)),
        Value::Array(values) => values.iter().for_each(|value| ids(name, value, found)),
        Value::Number(number) => {
            found.extend(number.as_i64().map(|id| (name.to_owned(), id)));
        }
        _ => {}
    }
}

async fn opens_no_row_of_another_tenant(home: Home) {
    let (one, two) = (home.tenant("one").await, home.tenant("two").await);
    let program = home.serve();
    let (first, second) = (program.with(&one.token), program.with(&two.token));
    let theirs = Rows::of(&one, &first).await;
    let mine = Rows::of(&two, &second).await;
    // A third party: the same account, another site, all that a token of one site may be.
    let site = second.post("/sites/", &json!({"name": "elsewhere"})).await.is(201).id();
    let beside = program.with(&home.token(&two, Role::Admin, Some(&[site])).await);
    // What is of its own site it does see.
    let here = program.with(&home.token(&two, Role::Admin, Some(&[two.site])).await);
    assert_eq!(here.get("/credits/").await.is(200).count(), 3, "all but the grant");
    assert_eq!(here.get("/tokens/").await.is(200).count(), 1, "itself");
    assert_eq!(here.get("/campaigns/").await.is(200).count(), 1);
    let before = snapshot(&first, &theirs).await;
    let own = snapshot(&second, &mine).await;
    for operation in operations(&first).await {
        let answer = second.send(request(&second, &operation, &theirs)).await;
        shows_nothing(&operation, &answer, &theirs);
        let answer = beside.send(request(&beside, &operation, &mine)).await;
        shows_nothing(&operation, &answer, &mine);
    }
    assert_eq!(snapshot(&first, &theirs).await, before, "somebody else changed something");
    assert_eq!(snapshot(&second, &mine).await, own, "a token of another site changed something");
}

/// All that a tenant could see changed.
async fn snapshot(client: &Client, rows: &Rows) -> Vec<Value> {
    let mut all = Vec::new();
    for path in [
        format!("/campaigns/{}/", rows.campaign),
        format!("/backlinks/?campaign_id={}&page_size=1000", rows.campaign),
        format!("/campaigns/{}/kpi/", rows.campaign),
        "/credits/".to_owned(),
    ] {
        let body = client.get(&path).await.is(200).body;
        all.push(body.get("data").or(body.get("results")).cloned().expect("data"));
    }
    let tokens = client.get("/tokens/").await.is(200);
    let token = tokens.results().iter().find(|token| token["id"] == rows.token).cloned();
    all.push(token.expect("its token"));
    all
}

async fn asks_everybody_for_a_token(home: Home) {
    let one = home.tenant("one").await;
    let program = home.serve();
    let client = program.with(&one.token);
    let rows = Rows::of(&one, &client).await;
    let before = snapshot(&client, &rows).await;
    for operation in operations(&client).await {
        let answer = program.client().send(request(&program.client(), &operation, &rows)).await;
        assert_eq!(answer.status, 401, "{} {}: {}", operation.method, operation.path, answer.body);
        assert_eq!(operation.described["security"].as_array().map(Vec::len).unwrap_or(1), 1, "{}", operation.path);
    }
    assert_eq!(snapshot(&client, &rows).await, before);
}

/// What a site's token learns of keys is of its own site: not that others of the account used one.
async fn keeps_the_keys_of_sites_apart(home: Home) {
    let one = home.tenant("one").await;
    let store = home.store().await;
    let scope = linker_store::Scope::account(one.account);
    let site = store.create_site(&scope, "two", "").await.expect("a site").id;
    let blueprint = blueprint(&store, &scope, site).await;
    store.close().await.expect("it closes");
    let two = Tenant { account: one.account, site, blueprint, token: one.token.clone() };
    let program = home.serve();
    let (mut clients, mut campaigns) = (Vec::new(), Vec::new());
    for sites in [Some(vec![one.site]), Some(vec![site]), Some(vec![one.site, site]), None] {
        clients.push(program.with(&home.token(&one, Role::Write, sites.as_deref()).await));
    }
    for (client, tenant) in clients.iter().zip([&one, &two, &one, &two]) {
        campaigns.push(client.post_once("/campaigns/generate/", "same", &tenant.generate()).await.is(201).id());
    }
    // Each finds its own, also with another token for the same sites, in whatever order; and no other.
    let again = Some(vec![site, one.site, site]);
    clients[2] = program.with(&home.token(&one, Role::Write, again.as_deref()).await);
    for ((client, tenant), id) in clients.iter().zip([&one, &two, &one, &two]).zip(&campaigns) {
        let answer = client.post_once("/campaigns/generate/", "same", &tenant.generate()).await.is(200);
        assert_eq!(answer.id(), *id);
        let other = with(tenant.generate(), json!({"country_code": "USA"}));
        client.post_once("/campaigns/generate/", "same", &other).await.is(409);
    }
    // The same request word for word, of a site that isn't theirs: as if nobody had sent it.
    for (client, tenant) in [(&clients[0], &two), (&clients[1], &one)] {
        client.post_once("/campaigns/generate/", "of nobody", &tenant.generate()).await.is(404);
    }
    clients[0].post_once("/campaigns/generate/", "mine", &one.generate()).await.is(201);
    let theirs = clients[1].post_once("/campaigns/generate/", "mine", &one.generate()).await.is(404);
    let nobodys = clients[1].post_once("/campaigns/generate/", "new", &one.generate()).await.is(404);
    assert_eq!(theirs.body["error"], nobodys.body["error"]);
}
