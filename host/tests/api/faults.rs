//! Processes that are killed, databases that go away, disks that are full.

use std::collections::BTreeSet;
use std::sync::Arc;

use linker_store::testing::Postgres;
use reqwest::Method;
use serde_json::json;

use crate::client::Client;
use crate::home::{Home, On, link, on_both};
use crate::program::eventually;

on_both! { keeps_what_it_acknowledged_when_killed, }

/// Every row of a list, page after page.
async fn ids(client: &Client, path: &str, name: &str) -> Vec<i64> {
    let (mut found, mut next) = (Vec::new(), format!("/api/v1/linker{path}"));
    while !next.is_empty() {
        let page = client.get(&next).await.is(200);
        found.extend(page.results().iter().filter_map(|row| row[name].as_i64()));
        next = page.body["next"].as_str().unwrap_or_default().to_owned();
    }
    found
}

async fn keeps_what_it_acknowledged_when_killed(home: Home) {
    let one = home.tenant("one").await;
    let mut program = home.serve();
    let client = program.with(&one.token);
    let (campaign, page) = one.active(&client).await;
    let before = client.get("/backlinks/").await.is(200).count();
    let turns = Arc::new(tokio::sync::Semaphore::new(32));
    let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
    let mut going = tokio::task::JoinSet::new();
    for n in 0..1000 {
        let (client, turns, tell) = (client.clone(), Arc::clone(&turns), tell.clone());
        let (path, body) = match n % 3 {
            0 => ("/campaigns/generate/", one.generate()),
            _ => ("/backlinks/", link(campaign, page)),
        };
        going.spawn(async move {
            let _turn = turns.acquire().await.expect("turns");
            if let Ok(answer) = client.try_send(client.request(Method::POST, path).json(&body)).await {
                tell.send((path, answer.is(201).id())).expect("it is heard");
            }
        });
    }
    drop(tell);
    let mut acknowledged = Vec::new();
    while let Some(answer) = told.recv().await {
        acknowledged.push(answer);
        if acknowledged.len() == 300 {
            program.kill();
        }
    }
    going.join_all().await;
    assert!((300..1000).contains(&acknowledged.len()), "it was killed in the middle: {}", acknowledged.len());

    let program = home.serve();
    let client = program.with(&one.token);
    let campaigns = ids(&client, "/campaigns/?page_size=100", "id").await;
    let links = ids(&client, &format!("/backlinks/?campaign_id={campaign}&page_size=1000"), "id").await;
    for (path, id) in &acknowledged {
        let kept = if *path == "/backlinks/" { &links } else { &campaigns };
        assert!(kept.contains(id), "{path} {id} was acknowledged and is lost");
    }
    let made = campaigns.len() + links.len() - usize::try_from(before).expect("a count") - 1;
    assert!(made <= acknowledged.len() + 32, "at most what was under way more: {made} of {}", acknowledged.len());
    // No half campaign: each has its plan and was paid for once, and nothing else was.
    for id in &campaigns {
        let plan = client.get(&format!("/campaigns/{id}/plan/")).await.is(200);
        assert!(plan.body["links"].is_array());
    }
    let mut paid = ids(&client, "/credits/?page_size=1000", "campaign_id").await;
    paid.sort_unstable();
    assert_eq!(paid, campaigns);
    let left = format!("{}.00", 1000 - 2 * campaigns.len());
    assert_eq!(client.get("/me/").await.is(200).data()["credits"], json!(left));
    assert_eq!(campaigns.iter().collect::<BTreeSet<_>>().len(), campaigns.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answers_503_while_the_database_is_away() {
    let server = Postgres::start();
    let home = Home::within(&server);
    let one = home.tenant("one").await;
    let program = home.serve();
    let client = program.with(&one.token);
    let (campaign, page) = one.active(&client).await;
    let before = client.get("/credits/").await.is(200).count();
    client.get("/readyz").await.is(200);
    server.stop();
    for path in ["/campaigns/", "/me/", &format!("/campaigns/{campaign}/month/1/")] {
        let away = client.get(path).await.is(503);
        assert!(away.header("retry-after").parse::<u64>().is_ok());
        assert!(!away.body["error"].as_str().is_some_and(|text| text.contains("postgres")), "{}", away.body);
    }
    client.post("/campaigns/generate/", &one.generate()).await.is(503);
    client.post("/backlinks/", &link(campaign, page)).await.is(503);
    client.get("/readyz").await.is(503);
    client.get("/healthz").await.is(200);
    server.restart();
    eventually("the service is ready again", async || (client.get("/readyz").await.status == 200).then_some(())).await;
    // The same process, and nothing was done by halves.
    assert_eq!(client.get("/credits/").await.is(200).count(), before);
    one.campaign(&client).await;
    client.post("/backlinks/", &link(campaign, page)).await.is(201);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answers_507_while_the_disk_is_full() {
    let home = Home::new(On::Sqlite);
    let one = home.tenant("one").await;
    let mut program = home.serve_with("--rate 0 --max-database 3");
    let client = program.with(&one.token);
    let mut made = Vec::new();
    loop {
        let answer = client.post("/campaigns/generate/", &one.generate()).await;
        match answer.status {
            201 => made.push(answer.id()),
            507 => break,
            _ => panic!("{}", answer.body),
        }
    }
    assert!(made.len() > 3, "{}", made.len());
    client.act(&format!("/campaigns/{}/activate/", made[0])).await.is(507);
    let left = format!("{}.00", 1000 - 2 * made.len());
    assert_eq!(client.get("/me/").await.is(200).data()["credits"], json!(left), "nothing was charged");
    assert_eq!(client.get("/campaigns/").await.is(200).count(), made.len() as u64);
    let unready = client.get("/readyz").await.is(503);
    assert_eq!(unready.body["why"], "the database's disk is full");
    program.stop();
    let program = home.serve_with("--rate 0 --max-database 100");
    let client = program.with(&one.token);
    for id in &made {
        client.get(&format!("/campaigns/{id}/plan/")).await.is(200);
    }
    client.act(&format!("/campaigns/{}/activate/", made[0])).await.is(200);
    one.campaign(&client).await;
}
