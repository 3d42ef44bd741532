//! Answers that have nothing to do with what is asked for: ids, limits, methods, kinds of bodies.

use linker_store::vocabulary::Role;
use reqwest::Method;
use serde_json::json;

use crate::client::ROOT;
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
async fn asks_for_patience_of_one_account_only() {
    let home = Home::new(On::Sqlite);
    let (one, two) = (home.tenant("one").await, home.tenant("two").await);
    // So slow that no machine is too slow to be refused.
    let program = home.serve_with("--rate 1 --burst 3");
    let (mut going, begun) = (tokio::task::JoinSet::new(), std::time::Instant::now());
    let mut tokens = vec![one.token.clone()];
    for _ in 0..9 {
        tokens.push(home.token(&one, Role::Read, Some(&[one.site])).await);
    }
    for number in 0..200 {
        let client = program.with(&tokens[number % tokens.len()]);
        going.spawn(async move { client.get("/me/").await });
    }
    let answers = going.join_all().await;
    let refused: Vec<_> = answers.iter().filter(|answer| answer.status == 429).collect();
    assert!(!refused.is_empty());
    let taken = answers.iter().filter(|answer| answer.status == 200).count();
    assert!(taken >= 3);
    // However many tokens: each of these alone would have had three.
    let seconds = usize::try_from(begun.elapsed().as_secs()).expect("few");
    assert!(taken <= 3 + 1 + seconds, "{taken} in {seconds} s");
    assert!(refused.iter().all(|answer| answer.header("retry-after").parse::<u64>().is_ok_and(|wait| wait >= 1)));
    program.with(&two.token).get("/me/").await.is(200);
}

/// Whoever guesses is told to come later; nobody else is, not even at the same address.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn slows_whoever_guesses_tokens() {
    let home = Home::new(On::Sqlite);
    let one = home.tenant("one").await;
    let known = home.token(&one, Role::Admin, None).await;
    let program = home.serve();
    program.with(&known).get("/me/").await.is(200);
    let mut going = tokio::task::JoinSet::new();
    for number in 0..300 {
        let client = program.with(&format!("igl_guess_{number}"));
        going.spawn(async move { client.get("/me/").await });
    }
    // One that was used before, and one that nobody knows yet.
    for _ in 0..20 {
        program.with(&known).get("/me/").await.is(200);
        program.with(&one.token).get("/me/").await.is(200);
    }
    let (mut told, mut slowed) = (0, 0);
    for answer in going.join_all().await {
        match answer.status {
            401 => told += 1,
            429 => {
                assert!(answer.header("retry-after").parse::<u64>().is_ok_and(|wait| wait >= 1), "{answer:?}");
                slowed += 1;
            }
            _ => panic!("{answer:?}"),
        }
    }
    assert!(told >= 50 && slowed >= 1, "{told} {slowed}");
    // Revoked is unknown at once, also at an address that is slowed.
    let id = program.with(&known).get("/tokens/").await.is(200).results()[1]["id"].to_string();
    let revoke = program.client().request(reqwest::Method::DELETE, &format!("/tokens/{id}/")).bearer_auth(&one.token);
    program.client().send(revoke).await.is(204);
    assert!([401, 429].contains(&program.with(&known).get("/me/").await.status));
    // Another address has a burst of its own.
    let elsewhere = reqwest::Client::builder().local_address(std::net::IpAddr::from([127, 0, 0, 9])).no_proxy();
    let ask = elsewhere.build().expect("a client").get(format!("http://{}{ROOT}/me/", program.socket()));
    assert_eq!(ask.bearer_auth("igl_guess").send().await.expect("an answer").status(), 401);
    let metrics = program.client().get("/metrics").await.is(200);
    let metrics = metrics.body.as_str().expect("text");
    assert!(metrics.contains("igny8_linker_unknown_tokens_total{status=\"429\"}"), "{metrics}");
}
