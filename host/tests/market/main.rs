//! The marketplace through the front door: the real service before a FatGrid of the test's own.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that can't go on fails")]

use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};

const KEY: &str = "fg_live_SeCrEt0123456789";

/// What the marketplace was asked.
#[derive(Default)]
struct Seen {
    requests: AtomicU32,
    last: Mutex<Value>,
}

/// A FatGrid with three placements: numbers as numbers, as texts, and absent.
async fn fatgrid() -> (String, Arc<Seen>) {
    let seen = Arc::new(Seen::default());
    let items = || {
        json!([
            { "url": "weak.example", "dr": "12", "totalOrganicTraffic": "90", "bestPrice": 20, "linkFollow": "dofollow",
              "categories": ["gardening"], "currency": "USD" },
            { "url": "strong.example", "dr": 71, "totalOrganicTraffic": 52000, "bestPrice": "180.00",
              "linkFollow": "dofollow", "categories": ["technology", "databases"], "currency": "USD" },
            { "url": "unknown.example", "dr": null, "totalOrganicTraffic": null, "bestPrice": 50, "currency": "USD" },
        ])
    };
    let allowed = |headers: &HeaderMap| headers.get("x-api-key").is_some_and(|key| key == KEY);
    let search = move |State(seen): State<Arc<Seen>>, headers: HeaderMap, Query(query): Query<Value>| async move {
        seen.requests.fetch_add(1, Ordering::Relaxed);
        *seen.last.lock().unwrap() = query.clone();
        match (allowed(&headers), query["categories"].as_str()) {
            (false, _) => (StatusCode::UNAUTHORIZED, "bad key").into_response(),
            (_, Some("broken")) => (StatusCode::BAD_GATEWAY, "oops").into_response(),
            _ => Json(json!({ "items": items() })).into_response(),
        }
    };
    let lookup = move |State(seen): State<Arc<Seen>>, headers: HeaderMap, Json(body): Json<Value>| async move {
        seen.requests.fetch_add(1, Ordering::Relaxed);
        if !allowed(&headers) {
            return (StatusCode::UNAUTHORIZED, "bad key").into_response();
        }
        let asked = body["search"].as_str().unwrap_or_default().to_owned();
        let all = items();
        let named = |item: &&Value| asked.split(',').any(|domain| item["url"] == domain);
        let found: Vec<&Value> = all.as_array().unwrap().iter().filter(named).collect();
        Json(json!({ "items": found })).into_response()
    };
    let app = Router::new().route("/domains/list", get(search)).route("/search-domains", post(lookup));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let app = app.with_state(Arc::clone(&seen));
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    (format!("http://{address}"), seen)
}

/// The service with an account, a site, a campaign and tokens.
struct Home {
    folder: PathBuf,
    child: Child,
    root: String,
    admin: String,
    http: reqwest::Client,
}

impl Home {
    async fn new(name: &str, fatgrid: &str) -> Self {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("market-{name}"));
        std::fs::remove_dir_all(&folder).ok();
        std::fs::create_dir_all(&folder).unwrap();
        let config = format!(
            "log = \"debug\"\nrate = 0\n[fatgrid]\nbase_url = \"{fatgrid}\"\nretries = 0\nbreaker_failures = 100\n"
        );
        std::fs::write(folder.join("linker.toml"), config).unwrap();
        let admin = said(&folder, "init --site QuestDB --domain questdb.io");
        said(&folder, "import blueprint --site 1 fixtures/blueprints/questdb-io.json");
        let mut serving = program(&folder, "serve --listen 127.0.0.1:0");
        let log = std::fs::File::create(folder.join("log")).unwrap();
        let mut child = serving.stdout(Stdio::piped()).stderr(log).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.split("http://").nth(1).and_then(|rest| rest.split(',').next()).expect("an address");
        let root = format!("http://{address}/api/v1/linker");
        // reqwest wants one even for plain http.
        tokio_rustls::rustls::crypto::ring::default_provider().install_default().ok();
        let home = Self { folder, child, root, admin, http: reqwest::Client::new() };
        let body = json!({ "site_id": 1, "blueprint_id": 1, "country_code": "USA" });
        assert_eq!(home.send("POST", "/campaigns/generate/", &home.admin, Some(body)).await.0, 201);
        home
    }

    async fn send(&self, method: &str, path: &str, token: &str, body: Option<Value>) -> (u16, Value) {
        let request = self.http.request(method.parse().unwrap(), format!("{}{path}", self.root)).bearer_auth(token);
        let request = match body {
            Some(body) => request.json(&body),
            None => request,
        };
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        let text = answer.text().await.unwrap();
        assert!(!text.to_lowercase().contains(&KEY.to_lowercase()), "{method} {path} gave the key away: {text}");
        (status, serde_json::from_str(&text).unwrap_or_default())
    }

    async fn get(&self, path: &str) -> (u16, Value) {
        self.send("GET", path, &self.admin, None).await
    }

    async fn keep(&self, key: &str) {
        let (status, answer) = self.send("PUT", "/settings/fatgrid/", &self.admin, Some(json!({ "key": key }))).await;
        assert_eq!((status, &answer["data"]), (200, &json!({ "configured": true })));
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn program(folder: &std::path::Path, line: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_igny8-linker"));
    command.args(line.split_whitespace()).current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).stdin(Stdio::null());
    command.env("IGNY8_CACHE_DIR", PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("cache"));
    command.env("IGNY8_LINKER_DATABASE_URL", format!("sqlite:{}", folder.join("linker.db").display()));
    command.env("IGNY8_LINKER_CONFIG", folder.join("linker.toml"));
    // 32 bytes, for tests.
    command.env("IGNY8_LINKER_SECRET_KEY", "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=");
    command
}

fn said(folder: &std::path::Path, line: &str) -> String {
    let done = program(folder, line).output().unwrap();
    assert!(done.status.success(), "{line}: {}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).unwrap().trim().to_owned()
}

///
#[tokio::test]
async fn placements_come_scored_best_first_and_are_paid_once() {
    let (address, seen) = fatgrid().await;
    let home = Home::new("search", &address).await;
    let (status, answer) = home.get("/marketplace/search/").await;
    assert_eq!(status, 409, "no key yet: {answer}");
    home.keep(KEY).await;

    let (status, answer) =
        home.get("/marketplace/search/?campaign_id=1&dr_min=10&price_max=200.5&niche=technology").await;
    assert_eq!(status, 200, "{answer}");
    let sent = seen.last.lock().unwrap().clone();
    assert_eq!((&sent["minDr"], &sent["maxPrice"]), (&json!("10"), &json!("200.5")));
    let placements = answer["data"]["placements"].as_array().unwrap();
    let domains: Vec<_> = placements.iter().map(|placement| placement["domain"].as_str().unwrap()).collect();
    // Weak has two sure points (dofollow, not on the blocklist), unknown only the latter.
    assert_eq!(domains, ["strong.example", "weak.example", "unknown.example"]);
    let best = &placements[0]["score"];
    // Traffic, DR, not on the blocklist, dofollow; the rest is unknown or not its niche.
    assert!(best["score"].as_u64().unwrap() >= 4, "{best}");
    assert_eq!(best["threshold"], 7);
    assert_eq!(best["factors"].as_array().unwrap().len(), 11);
    assert_eq!(answer["data"]["rows_fetched"], 3);

    let before = seen.requests.load(Ordering::Relaxed);
    let (_, again) = home.get("/marketplace/search/?campaign_id=1&dr_min=10&price_max=200.5&niche=technology").await;
    assert_eq!(again["data"]["rows_fetched"], 0);
    assert_eq!(again["data"]["placements"], answer["data"]["placements"]);
    assert_eq!(seen.requests.load(Ordering::Relaxed), before, "it was kept");

    let (status, answer) =
        home.get("/marketplace/search/?country_code=PK&dr_min=10&price_max=200.5&niche=technology").await;
    let best = &answer["data"]["placements"][0];
    assert_eq!((status, &best["domain"], &best["score"]["threshold"]), (200, &json!("strong.example"), &json!(5)));
    assert_eq!(answer["data"]["rows_fetched"], 0, "the same search, for another country");
    assert_eq!(home.get("/marketplace/search/?country_code=US").await.0, 400);

    let (status, fault) = home.get("/marketplace/search/?dr_min=101&limit=0").await;
    assert_eq!(status, 400);
    assert!(fault["errors"]["dr_min"].is_array() && fault["errors"]["limit"].is_array(), "{fault}");
    let (status, _) = home.get("/marketplace/search/?niche=broken").await;
    assert_eq!(status, 502);
}

/// and the same of many.
#[tokio::test]
async fn domains_are_listed_not_listed_or_unknown() {
    let (address, _) = fatgrid().await;
    let home = Home::new("lookup", &address).await;
    home.keep(KEY).await;
    let (status, answer) = home.get("/marketplace/domain/www.Strong.example/?campaign_id=1").await;
    let data = &answer["data"];
    assert_eq!(
        (status, &data["state"], &data["domain"]),
        (200, &json!("listed"), &json!("strong.example")),
        "{answer}"
    );
    let placement = &data["placements"][0];
    assert_eq!((&placement["dr"], &placement["organic_traffic"]), (&json!("71"), &json!(52000)));
    assert_eq!(placement["niches"], json!(["technology", "databases"]));
    assert!(placement["score"]["score"].is_number());

    let body = json!({ "domains": ["https://weak.example/about", "absent.example"] });
    let (status, answer) = home.send("POST", "/marketplace/lookup/", &home.admin, Some(body)).await;
    let states: Vec<_> = answer["data"]["results"].as_array().unwrap().iter().map(|one| &one["state"]).collect();
    assert_eq!((status, states), (200, vec![&json!("listed"), &json!("not_listed")]), "{answer}");
    let (_, known) = home.get("/marketplace/domain/absent.example/").await;
    assert_eq!((&known["data"]["state"], &known["data"]["cached"]), (&json!("not_listed"), &json!(true)));
    let (status, fault) = home.get("/marketplace/domain/127.0.0.1/").await;
    assert_eq!(status, 400, "{fault}");
    let many: Vec<String> = (0..1001).map(|n| format!("site{n}.example")).collect();
    let (status, fault) =
        home.send("POST", "/marketplace/lookup/", &home.admin, Some(json!({ "domains": many }))).await;
    assert_eq!((status, fault["errors"]["domains"].is_array()), (400, true));
}

/// neither the log nor the database has it.
#[tokio::test]
async fn the_key_goes_in_and_never_comes_out() {
    let (address, _) = fatgrid().await;
    let home = Home::new("key", &address).await;
    let reader = said(&home.folder, "token create --name reader --role write");
    let (status, _) = home.send("PUT", "/settings/fatgrid/", &reader, Some(json!({ "key": KEY }))).await;
    assert_eq!(status, 403, "an admin's business");
    for bad in [json!({ "key": "short" }), json!({ "key": 12345678 }), json!({ "key": KEY, "url": "http://x.example" })]
    {
        let (status, _) = home.send("PUT", "/settings/fatgrid/", &home.admin, Some(bad)).await;
        assert_eq!(status, 400);
    }
    home.keep(KEY).await;
    // A key that the marketplace refuses, a site's own key, and the account's once that is forgotten.
    let other = "fg_live_another0000";
    let body = json!({ "key": other, "site_id": 1 });
    assert_eq!(home.send("PUT", "/settings/fatgrid/", &home.admin, Some(body)).await.0, 200);
    let (status, fault) = home.get("/marketplace/search/?site_id=1").await;
    assert_eq!(status, 409, "{fault}");
    assert_eq!(home.send("DELETE", "/settings/fatgrid/?site_id=1", &home.admin, None).await.0, 204);
    assert_eq!(home.get("/marketplace/search/?site_id=1").await.0, 200);
    assert_eq!(home.send("DELETE", "/settings/fatgrid/", &home.admin, None).await.0, 204);
    assert_eq!(home.get("/settings/fatgrid/").await.1["data"]["configured"], false);
    home.keep(KEY).await;

    let mut written = Vec::new();
    for file in std::fs::read_dir(&home.folder).unwrap() {
        std::fs::File::open(file.unwrap().path()).unwrap().read_to_end(&mut written).unwrap();
    }
    assert!(written.windows(8).any(|part| part == b"answered"), "the log is among it");
    for secret in [KEY, other, home.admin.as_str(), reader.as_str()] {
        let shown = written.windows(secret.len()).any(|part| part.eq_ignore_ascii_case(secret.as_bytes()));
        assert!(!shown, "`{secret}` stands in the log or the database");
    }
}
