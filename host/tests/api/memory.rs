//! What requests may hold, and what becomes of bodies that nobody reads or nobody sends to their end.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{Client, ROOT};
use crate::home::{Home, On, link, on_both, page_of, with};
use crate::program::{PATIENCE, Program};

on_both! { long_notes_are_refused, files_are_imported_once, a_hostile_table_is_refused, }

fn open(program: &Program) -> TcpStream {
    let stream = TcpStream::connect(program.socket()).expect("it listens");
    stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
    stream
}

/// The head of a request with a body, of which `sent` bytes follow.
fn begin(stream: &mut TcpStream, path: &str, token: &str, length: usize, sent: usize) {
    let head = format!(
        "POST {ROOT}{path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\ncontent-type: application/json\r\n\
         content-length: {length}\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).expect("it reads");
    // It may have answered already.
    stream.write_all(&vec![b' '; sent]).ok();
}

/// An answer's head and body, in lower case.
fn answer(stream: &mut TcpStream) -> String {
    let (mut text, mut piece) = (String::new(), [0; 4096]);
    loop {
        let read = stream.read(&mut piece).expect("an answer");
        text.push_str(&String::from_utf8_lossy(&piece[..read]).to_lowercase());
        let length = text.split("content-length: ").nth(1).and_then(|rest| rest.split('\r').next()?.parse().ok());
        let body = text.split_once("\r\n\r\n").map(|(_, body)| body.len());
        if read == 0 || body.zip(length).is_some_and(|(have, all): (usize, usize)| have >= all) {
            return text;
        }
    }
}

/// A client that isn't told sends its next request into a connection that is closed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_left_of_a_body_does_not_meet_the_next_request() {
    let home = Home::new(On::Sqlite);
    let program = home.serve();
    for round in 0..20 {
        let mut stream = open(&program);
        // Refused for its token; the body comes later, or not at once.
        begin(&mut stream, "/backlinks/", "nobody", 100_000, 1000);
        std::thread::sleep(Duration::from_millis(round));
        stream.write_all(&vec![b' '; 99_000]).expect("it reads");
        let refused = answer(&mut stream);
        assert!(refused.starts_with("http/1.1 401"), "{refused}");
        if refused.contains("connection: close") {
            continue;
        }
        stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n").expect("it is open");
        assert!(answer(&mut stream).starts_with("http/1.1 200"), "round {round}");
    }
    // Too long to be read for nothing, or never sent: the client is told.
    for (length, sent) in [(50 << 20, 0), (50 << 20, 4000), (1000, 10)] {
        let mut stream = open(&program);
        begin(&mut stream, "/backlinks/", "nobody", length, sent);
        let refused = answer(&mut stream);
        assert!(refused.starts_with("http/1.1 401") && refused.contains("connection: close"), "{refused}");
    }
    // One that asks before it sends is answered, and not asked for the body.
    let mut stream = open(&program);
    let head =
        format!("POST {ROOT}/backlinks/ HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: 9\r\n\r\n");
    stream.write_all(head.as_bytes()).expect("it reads");
    let refused = answer(&mut stream);
    assert!(refused.starts_with("http/1.1 401") && refused.contains("connection: close"), "{refused}");
}

/// Bodies that never end held a gigabyte for two minutes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bodies_that_never_end_are_few_and_short() {
    let home = Home::new(On::Sqlite);
    let (one, two) = (home.tenant("one").await, home.tenant("two").await);
    let program = home.serve();
    let begun = Instant::now();
    let (length, sent) = (15 << 20, 14 << 20);
    let mut streams: Vec<TcpStream> = (0..20)
        .map(|_| {
            let mut stream = open(&program);
            begin(&mut stream, "/backlinks/", &one.token, length, sent);
            stream
        })
        .collect();
    // Meanwhile the other has room.
    let site = json!({"name": "another", "domain": ""});
    program.with(&two.token).post("/sites/", &site).await.is(201);
    let answers: Vec<String> = streams.iter_mut().map(answer).collect();
    let of = |status: &str| answers.iter().filter(|answer| answer.starts_with(status)).count();
    assert_eq!((of("http/1.1 408") + of("http/1.1 503"), of("http/1.1 408") > 0), (20, true), "{answers:?}");
    assert!(of("http/1.1 503") >= 10, "of 20 bodies of 14 MiB an account can't hold ten: {answers:?}");
    assert!(answers.iter().all(|answer| answer.contains("connection: close")), "{answers:?}");
    assert!(begun.elapsed() < Duration::from_secs(60), "{:?}", begun.elapsed());
    program.with(&one.token).post("/sites/", &site).await.is(201);
}

async fn long_notes_are_refused(home: Home) {
    let one = home.tenant("one").await;
    let program = home.serve();
    let client = program.with(&one.token);
    let campaign = one.campaign(&client).await;
    let body = |notes: usize| with(link(campaign.id(), page_of(&campaign)), json!({"notes": "é".repeat(notes)}));
    client.post("/backlinks/", &body(5001)).await.names("notes");
    let kept = client.post("/backlinks/", &body(5000)).await.is(201);
    let path = format!("/backlinks/{}/", kept.id());
    client.put(&path, &kept.etag(), &json!({"notes": "x".repeat(14 << 20)})).await.names("notes");
}

async fn upload(client: &Client, path: &str, key: Option<&str>, file: &str) -> crate::client::Answer {
    let request = client.request(Method::POST, path).header("content-type", "text/csv").body(file.to_owned());
    client.send(key.into_iter().fold(request, |request, key| request.header("idempotency-key", key))).await
}

async fn files_are_imported_once(home: Home) {
    let one = home.tenant("one").await;
    let program = home.serve();
    let client = program.with(&one.token);
    let campaign = one.campaign(&client).await;
    let page = client.get(&format!("/contents/?site_id={}", one.site)).await.is(200).results()[0]["url"].clone();
    let line = |n: usize| format!("https://s{n}.example/,{},tea,live\n", page.as_str().expect("a URL"));
    let file =
        "source_url,target_url,anchor_text,status\n".to_owned() + &(0..3).map(line).collect::<String>() + "x,y,z,\n";
    let path = format!("/backlinks/import/?campaign_id={}", campaign.id());
    let first = upload(&client, &path, Some("k1"), &file).await.is(200);
    assert_eq!((&first.data()["imported"], &first.data()["refused"][0]["line"]), (&json!(3), &json!(5)));
    assert_eq!(upload(&client, &path, Some("k1"), &file).await.is(200).data(), first.data());
    upload(&client, &path, Some("k1"), &(file.clone() + &line(4))).await.is(409);
    upload(&client, &format!("{path}&link_type=haro"), Some("k1"), &file).await.is(409);
    let again = upload(&client, &path, None, &file).await.is(200);
    assert_eq!((&again.data()["imported"], again.data()["refused"].as_array().map(Vec::len)), (&json!(0), Some(4)));
    let listed = client.get(&format!("/backlinks/?campaign_id={}&status=live", campaign.id())).await.is(200);
    assert_eq!(listed.count(), 3);
    // Search Console's figures, and a blueprint.
    let path = format!("/metrics/import/?site_id={}&from=2026-10-01&to=2026-10-31", one.site);
    let file = format!("Top pages,Clicks,Impressions\n{},12,3400\nnowhere,1,2\n", page.as_str().expect("a URL"));
    let first = upload(&client, &path, Some("k2"), &file).await.is(200);
    assert_eq!(upload(&client, &path, Some("k2"), &file).await.is(200).data(), first.data());
    let blueprint: Value = serde_json::from_str(&crate::home::fixture("blueprints/local-business.json")).expect("JSON");
    let path = format!("/blueprints/import/?site_id={}", one.site);
    let first = client.post_once(&path, "k3", &blueprint).await.is(201);
    let second = client.post_once(&path, "k3", &blueprint).await.is(200);
    assert_eq!(second.data(), first.data());
    client.post_once(&format!("/blueprints/import/?site_id={}", one.site + 1000), "k3", &blueprint).await.is(409);
}

/// Two bytes of it became a hundred, and half a minute of a core after everybody had gone.
async fn a_hostile_table_is_refused(home: Home) {
    let one = home.tenant("one").await;
    let program = home.serve();
    let client = program.with(&one.token);
    let id = one.campaign(&client).await.id();
    let path = format!("/backlinks/import/?campaign_id={id}");
    let header = "source_url,target_url\n";
    let many = upload(&client, &path, None, &(header.to_owned() + &"x\n".repeat(4 << 20))).await.names("file");
    assert_eq!(many.body["errors"]["file"], json!(["more than 1048576 lines: split it"]));
    let endless = format!("{header}\"{}", ",".repeat(4 << 20));
    upload(&client, &path, None, &endless).await.names("file");
    let refused = upload(&client, &path, None, &(header.to_owned() + &"x,y\n".repeat(30_000))).await.is(200);
    let listed = refused.data()["refused"].as_array().map(Vec::len);
    assert_eq!(
        (&refused.data()["imported"], listed, &refused.data()["refused_more"]),
        (&json!(0), Some(1000), &json!(29_000))
    );
}
