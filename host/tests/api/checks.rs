//! pages that a server on this machine serves, looked at by the program itself.

use linker_test_server::{Page, Server};
use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{Answer, Client};
use crate::home::{Home, link, on_both, with};
use crate::program::{Program, eventually};

on_both! {
    changes_hands_and_finds_what_is_dead,
    is_asked_for_once,
    waits_for_nobody_else_s,
    silent_pages_of_one_account_keep_no_other_waiting,
}

const TARGET: &str = "https://target.example.com/";

fn serve(home: &Home) -> Program {
    home.serve_with("--rate 0 --unsafe-allow-loopback --check-spacing 0 --check-lease 6")
}

/// Live backlinks on pages of the server, each on a host of its own; their ids.
async fn links(client: &Client, server: &Server, campaign: i64, page: i64, paths: &[&str]) -> Vec<i64> {
    let mut ids = Vec::new();
    for (at, path) in paths.iter().enumerate() {
        let source = format!("http://127.0.0.{}:{}{path}", at + 1, server.port());
        let live = json!({
            "source_url": source, "target_url": TARGET, "anchor_text": "the target", "anchor_type": "generic",
            "status": "live", "date_live": "2026-01-01",
        });
        ids.push(client.post("/backlinks/", &with(link(campaign, page), live)).await.is(201).id());
    }
    ids
}

/// The check, once it is as far as this.
async fn once(client: &Client, check: i64, far: impl Fn(&Value) -> bool) -> Value {
    let path = format!("/backlinks/check/{check}/");
    let read = async || {
        let data = client.get(&path).await.is(200).data().clone();
        far(&data).then_some(data)
    };
    eventually("the check is so far", read).await
}

async fn ask(client: &Client, campaign: i64) -> Answer {
    client.post("/backlinks/check/", &json!({"campaign_id": campaign})).await.is(202)
}

/// Killed while it waits to look again at what failed; the next is told to stop; the third finishes.
async fn changes_hands_and_finds_what_is_dead(home: Home) {
    let server = Server::start().await.expect("a server");
    server.page("/without", Page { body: "<!doctype html><title>A page</title><p>No link.".into(), ..html() });
    let one = home.tenant("one").await;
    let mut program = serve(&home);
    let client = program.with(&one.token);
    let (campaign, page) = one.active(&client).await;
    let paths = ["/page", "/page/20000", "/status/410", "/without"];
    let ids = links(&client, &server, campaign, page, &paths).await;
    let asked = ask(&client, campaign).await;
    let check = asked.id();
    assert_eq!(asked.header("location"), format!("/api/v1/linker/backlinks/check/{check}/"));
    assert_eq!(asked.data()["total"], 4);
    let looked = once(&client, check, |data| data["done"] == 4).await;
    assert_eq!((&looked["status"], &looked["live"], &looked["dead"]), (&json!("running"), &json!(2), &json!(0)));
    program.kill();

    let mut program = serve(&home);
    let client = program.with(&one.token);
    let taken = once(&client, check, |data| data["started_at"] != looked["started_at"]).await;
    assert_eq!((&taken["status"], &taken["live"]), (&json!("running"), &json!(2)), "what was found stays found");
    program.stop();

    let program = serve(&home);
    let client = program.with(&one.token);
    let done = once(&client, check, |data| data["finished_at"].is_string()).await;
    assert_eq!((&done["status"], &done["error"]), (&json!("done"), &json!("")));
    let found = ["total", "done", "live", "dead", "unverified"].map(|name| done[name].as_u64());
    assert_eq!(found, [Some(4), Some(4), Some(2), Some(2), Some(0)]);
    for (at, (id, status)) in ids.iter().zip(["live", "live", "dead", "dead"]).enumerate() {
        let row = client.get(&format!("/backlinks/{id}/")).await.is(200);
        assert_eq!(row.data()["status"], status, "{}", paths[at]);
        assert!(row.data()["date_last_checked"].is_string());
        let looks = client.get(&format!("/backlinks/{id}/looks/")).await.is(200);
        assert_eq!(looks.results()[0]["verdict"], status, "{}", paths[at]);
        assert!(looks.results().iter().all(|look| look["check_id"] == check));
        match status {
            // Decided by the first host, so no other asked again.
            "live" => assert_eq!((looks.count(), server.hits(paths[at])), (1, 1), "{}", paths[at]),
            // Not called dead at first sight.
            _ => assert!(looks.count() >= 2, "{}", looks.body),
        }
    }
    let month = client.get(&format!("/campaigns/{campaign}/month/current/")).await.is(200);
    assert_eq!(month.data()["dead"], 2, "they wait for a replacement");
    let next = ask(&client, campaign).await;
    assert_ne!(next.id(), check);
    let done = once(&client, next.id(), |data| data["finished_at"].is_string()).await;
    assert_eq!((&done["total"], &done["live"]), (&json!(2), &json!(2)), "the dead are not looked at");
}

fn html() -> Page {
    let kind = reqwest::header::HeaderValue::from_static("text/html; charset=utf-8");
    Page { headers: [(reqwest::header::CONTENT_TYPE, kind)].into_iter().collect(), ..Page::default() }
}

/// One tenant's check that waits a minute for its dead link doesn't keep another's waiting.
async fn waits_for_nobody_else_s(home: Home) {
    let server = Server::start().await.expect("a server");
    let (one, two) = (home.tenant("one").await, home.tenant("two").await);
    let program = serve(&home);
    let (slow, quick) = (program.with(&one.token), program.with(&two.token));
    let (campaign, page) = one.active(&slow).await;
    links(&slow, &server, campaign, page, &["/status/404"]).await;
    let waiting = ask(&slow, campaign).await.id();
    once(&slow, waiting, |data| data["done"] == 1).await;
    let (campaign, page) = two.active(&quick).await;
    links(&quick, &server, campaign, page, &["/page"]).await;
    let done = ask(&quick, campaign).await.id();
    let done = once(&quick, done, |data| data["finished_at"].is_string()).await;
    assert_eq!((&done["status"], &done["live"]), (&json!("done"), &json!(1)));
    assert_eq!(once(&slow, waiting, |_| true).await["status"], "running", "it was quicker than a minute");
}

/// One tenant has more silent pages than places, in more campaigns than run at once; another's good pages are looked at
/// all the same. Of sixteen places, in the order of asking, it would have had one when nine of the first had ended.
async fn silent_pages_of_one_account_keep_no_other_waiting(home: Home) {
    let server = Server::start().await.expect("a server");
    // Takes every connection and says nothing.
    let silent = tokio::net::TcpListener::bind("0.0.0.0:0").await.expect("a port");
    let port = silent.local_addr().expect("bound").port();
    let taking = tokio::spawn(async move {
        let mut taken = Vec::new();
        while let Ok((stream, _)) = silent.accept().await {
            taken.push(stream);
        }
    });
    let (one, two) = (home.tenant("one").await, home.tenant("two").await);
    let program = serve(&home);
    let (hog, other) = (program.with(&one.token), program.with(&two.token));
    let (good, page) = two.active(&other).await;
    links(&other, &server, good, page, &["/page"; 5]).await;
    let mut silent = Vec::new();
    for at in 0..24 {
        let (campaign, _) = one.active(&hog).await;
        let month = hog.get(&format!("/campaigns/{campaign}/month/current/")).await.is(200);
        let ours = month.data()["links"][0]["url"].as_str().expect("a page");
        let line = |link| format!("http://127.1.{at}.{link}:{port}/,{ours},a text,live,2026-01-01\n");
        let file =
            "source_url,target_url,anchor_text,status,date_live\n".to_owned() + &(1..30).map(line).collect::<String>();
        let path = format!("/backlinks/import/?campaign_id={campaign}");
        hog.send(hog.request(Method::POST, &path).header("content-type", "text/csv").body(file)).await.is(200);
        silent.push(campaign);
    }
    let mut asked = Vec::new();
    for campaign in silent {
        let check = ask(&hog, campaign).await;
        assert_eq!(check.data()["total"], 29);
        asked.push(check.id());
    }
    let check = ask(&other, good).await.id();
    let done = once(&other, check, |data| data["finished_at"].is_string()).await;
    assert_eq!((&done["status"], &done["live"]), (&json!("done"), &json!(5)));
    let mut before = 0;
    for check in asked {
        before += usize::from(once(&hog, check, |_| true).await["finished_at"].is_string());
    }
    assert!(before < 9, "it waited for {before} of them");
    taking.abort();
}

/// A check that waits or runs is given again, and paid once.
async fn is_asked_for_once(home: Home) {
    let server = Server::start().await.expect("a server");
    let one = home.tenant("one").await;
    let program = serve(&home);
    let client = program.with(&one.token);
    let (campaign, page) = one.active(&client).await;
    // Waits for a minute before it decides: it runs as long as this test.
    links(&client, &server, campaign, page, &["/status/404"]).await;
    let mut going = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let client = client.clone();
        going.spawn(async move { ask(&client, campaign).await.id() });
    }
    let checks = going.join_all().await;
    assert!(checks.iter().all(|check| *check == checks[0]), "{checks:?}");
    assert_eq!(client.get("/me/").await.is(200).data()["credits"], "997.00");
    client.get("/backlinks/check/999999/").await.is(404);
    client.post("/backlinks/check/", &json!({"campaign_id": 999_999})).await.is(404);
    client.post("/backlinks/check/", &json!({})).await.names("campaign_id");
    // Without the flag for tests nobody fetches from this machine, whatever a tenant names.
    drop(program);
    let program = home.serve_with("--rate 0 --check-spacing 0 --check-lease 6");
    let client = program.with(&one.token);
    let (campaign, page) = one.active(&client).await;
    let inside = links(&client, &server, campaign, page, &["/page"]).await[0];
    let check = ask(&client, campaign).await.id();
    once(&client, check, |data| data["done"] == 1).await;
    let looks = client.get(&format!("/backlinks/{inside}/looks/")).await.is(200);
    assert_eq!(looks.results()[0]["reasons"], json!(["address_refused"]), "{}", looks.body);
    assert_eq!(server.hits("/page"), 0);
}
