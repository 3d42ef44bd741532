//! Answers that have nothing to do with what is asked for: ids, limits, methods, kinds of bodies.

use reqwest::Method;
use serde_json::json;

use crate::home::{Home, On, on_both, with};

on_both! { names_every_request, refuses_what_is_no_request, }

async fn names_every_request(home: Home) {
    let one = home.tenant("one").await;
    let program = home.serve();
    let client = program.with(&one.token);
    let named = |id: &str| client.request(Method::GET, "/me/").header("x-request-id", id);
    assert_eq!(client.send(named("mine-1.a_B")).await.is(200).header("x-request-id"), "mine-1.a_B");
    for bad in ["with space", &"x".repeat(65), "semi;colon", ""] {
        let answer = client.send(named(bad)).await.is(200);
        assert_ne!(answer.header("x-request-id"), bad);
        assert_eq!(answer.header("x-request-id").len(), 32);
    }
    let log = program.log();
    let line = log.lines().find(|line| line.contains("mine-1.a_B")).expect("the log names it");
    let line: serde_json::Value = serde_json::from_str(line).expect("a JSON line");
    assert_eq!((&line["path"], &line["status"]), (&json!("/api/v1/linker/me/"), &json!(200)));
    let metrics = client.get("/metrics").await.is(200).body;
    let metrics = metrics.as_str().expect("text");
    assert!(
        metrics.contains("igny8_linker_requests_total{method=\"GET\",path=\"/api/v1/linker/me/\",status=\"200\"} 5")
    );
    client.get("/healthz").await.is(200);
    client.get("/readyz").await.is(200);
    // A series is kept for ever: methods that strangers make up are all one.
    for made_up in ["FROBNICATE", "X1"] {
        client.send(client.request(made_up.parse().expect("a method"), "/me/")).await.is(405);
    }
    let metrics = client.get("/metrics").await.is(200).body.to_string();
    assert!(
        metrics.contains("method=\\\"other\\\",path=\\\"/api/v1/linker/me/\\\",status=\\\"405\\\"} 2"),
        "{metrics}"
    );
    assert!(!metrics.contains("FROBNICATE"));
}

async fn refuses_what_is_no_request(home: Home) {
    let one = home.tenant("one").await;
    let program = home.serve_with("--rate 0 --max-body 1");
    let client = program.with(&one.token);
    client.get("/nowhere/").await.is(404);
    client.get("/campaigns").await.is(404);
    client.get("/campaigns/x/").await.is(404);
    client.get("/campaigns/9223372036854775808/").await.is(404);
    client.get("/campaigns/x/month/1/").await.is(404);
    client.get("/campaigns/x/kpi/").await.is(404);
    client.get("/backlinks/check/x/").await.is(404);
    client.get("/campaigns/generate/").await.is(405);
    client.send(client.request(Method::DELETE, "/me/")).await.is(405);
    client.send(client.request(Method::PATCH, "/campaigns/")).await.is(405);
    client.send(client.request(Method::PUT, "/backlinks/check/")).await.is(405);
    let post = |kind: &str, body: String| {
        client.request(Method::POST, "/campaigns/generate/").header("content-type", kind).body(body)
    };
    client.send(post("text/plain", one.generate().to_string())).await.is(415);
    client.send(client.request(Method::POST, "/campaigns/generate/")).await.is(415);
    client.send(post("application/json", "{\"site_id\": 1,".to_owned())).await.is(400);
    client.send(post("application/json", "{} {}".to_owned())).await.is(400);
    client.send(post("application/json", String::new())).await.is(400);
    client.send(post("application/json", "[".repeat(100_000))).await.is(400);
    client.send(post("application/json", format!("\"{}\"", "x".repeat(1 << 20)))).await.is(413);
    client.send(post("application/json; charset=utf-8", one.generate().to_string())).await.is(201);
    client.send(post("application/vnd.api+json", one.generate().to_string())).await.is(201);
    let name = json!({"site_id": one.site, "blueprint_id": one.blueprint, "country_code": "Atlantis"});
    client.post("/campaigns/generate/", &name).await.names("country_code");
    client.post("/campaigns/generate/", &json!({})).await.names("site_id");
    client.get("/contents/?site_id=1&site_id=2").await.names("site_id");
    client.get("/contents/").await.names("site_id");
    client.get("/marketplace/domain/%FF/").await.names("domain");
    // A record's fields one after the other are no object, and a mark of Windows is no fault.
    client.post("/campaigns/generate/", &json!([one.site, one.blueprint, "PK"])).await.is(400);
    client.send(post("application/json", format!("\u{feff}{}", one.generate()))).await.is(201);
    let said = async |field: &str, value: serde_json::Value| {
        let answer =
            client.post("/campaigns/generate/", &with(one.generate(), json!({field: value}))).await.names(field);
        answer.body["errors"][field][0].as_str().expect("a message").to_owned()
    };
    assert_eq!(said("site_id", json!("1")).await, "must be a whole number, not string \"1\"");
    assert_eq!(said("overrides", json!(1)).await, "must be an object, not integer `1`");
    // Nobody gets a megabyte of his own back.
    assert!(said("site_id", json!("x".repeat(1 << 19))).await.len() < 1000);
    let page = client.get("/campaigns/?page=first").await.names("page").body;
    assert_eq!(page["errors"]["page"][0], "must be a whole number");
    let form = client.request(Method::POST, "/metrics/import/?site_id=1&from=2026-10-01&to=2026-10-31");
    let form = form.header("content-type", "multipart/form-data; boundary=x").body("--x\r\n\r\n--x--");
    let form = client.send(form).await.is(415);
    assert!(form.body["error"].as_str().is_some_and(|text| text.contains("--data-binary")), "{}", form.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn asks_for_patience_of_one_token_only() {
    let home = Home::new(On::Sqlite);
    let (one, two) = (home.tenant("one").await, home.tenant("two").await);
    // So slow that no machine is too slow to be refused.
    let program = home.serve_with("--rate 1 --burst 3");
    let client = program.with(&one.token);
    let mut going = tokio::task::JoinSet::new();
    for _ in 0..200 {
        let client = client.clone();
        going.spawn(async move { client.get("/me/").await });
    }
    let answers = going.join_all().await;
    let refused: Vec<_> = answers.iter().filter(|answer| answer.status == 429).collect();
    assert!(!refused.is_empty());
    assert!(answers.iter().filter(|answer| answer.status == 200).count() >= 3);
    assert!(refused.iter().all(|answer| answer.header("retry-after").parse::<u64>().is_ok_and(|wait| wait >= 1)));
    program.with(&two.token).get("/me/").await.is(200);
}
