//! Nothing that the program writes has a secret in it: not its log at its most talkative, not an answer, not a fault.

use linker_store::testing::Postgres;
use reqwest::Method;
use serde_json::json;

use crate::home::{Home, On, link};
use crate::program::{command, eventually};

const PASSWORD: &str = "pa55-of-the-database";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn are_never_written() {
    let server = Postgres::start();
    let mut home = Home::within(&server);
    // The server trusts everybody; the program doesn't know that.
    home.url = home.url.replace("postgres@", &format!("postgres:{PASSWORD}@"));
    assert!(home.url.contains(PASSWORD));
    let one = home.tenant("one").await;
    let mut program = home.serve_with("--rate 50 --burst 50 --log trace");
    let client = program.with(&one.token);
    let made = json!({"name": "another", "role": "write"});
    // The one answer that shows a secret is not recorded: another client asks.
    let made = program.with(&one.token).post("/tokens/", &made).await.is(201);
    let second = made.data()["secret"].as_str().expect("a secret").to_owned();
    let other = client.with(&second);
    let (campaign, page) = one.active(&other).await;
    other.post("/backlinks/", &link(campaign, page)).await.is(201);
    client.get("/tokens/").await.is(200);
    client.get("/me/").await.is(200);
    other.post("/campaigns/generate/", &json!({"site_id": "x"})).await.is(400);
    other.get("/tokens/").await.is(403);
    // A token where none belongs.
    client.get(&format!("/campaigns/?ordering={second}x")).await.is(400);
    let wrong = format!("{second}wrong");
    client.with(&wrong).get("/me/").await.is(401);
    client.get("/metrics").await.is(200);
    client.get("/api/openapi.json").await.is(200);
    server.stop();
    other.get("/campaigns/").await.is(503);
    client.get("/readyz").await.is(503);
    server.restart();
    eventually("it is ready", async || (client.get("/readyz").await.status == 200).then_some(())).await;
    for _ in 0..300 {
        client.send(client.request(Method::GET, "/me/")).await;
    }
    program.stop();

    let answers = client.record.lock().expect("no test panicked here").clone();
    let log = program.log();
    assert!(log.contains("TRACE") && log.contains("/api/v1/linker/campaigns/generate/"), "the log is not empty");
    for (name, text) in [("log", &log), ("standard output", &program.out())] {
        for secret in [&one.token, &second, &wrong, PASSWORD] {
            assert!(!text.contains(secret), "{secret} is in the {name}: {}", around(text, secret));
        }
    }
    // What the caller wrote into an address comes back to the caller alone.
    let answers = answers.replace(&format!("{second}x"), "");
    for secret in [&one.token, &second, &wrong, PASSWORD] {
        assert!(!answers.contains(secret), "{secret} is in an answer: {}", around(&answers, secret));
    }
}

#[test]
fn are_not_in_the_faults_of_a_start() {
    let home = Home::new(On::Sqlite);
    let file = home.folder().join("config.toml");
    let closed = format!("postgres://somebody:{PASSWORD}@127.0.0.1:1/nothing");
    for url in [closed.as_str(), &format!("mysql://x:{PASSWORD}@h/n"), &format!("postgres://x:{PASSWORD}@h:port/n")] {
        std::fs::write(&file, format!("database_url = \"{url}\"\nlisten = \"127.0.0.1:0\"\n")).expect("a file");
        let by_file = ["serve", "--config", file.to_str().expect("UTF-8"), "--log", "trace"];
        for line in
            [&by_file[..], &["serve", "--database-url", url, "--log", "trace"], &["migrate", "--database-url", url]]
        {
            let done = command().args(line).output().expect("it starts");
            let said = format!("{}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
            assert!(!done.status.success() && !said.is_empty(), "{said}");
            assert!(!said.contains(PASSWORD), "{said}");
        }
    }
    let help =
        command().args(["serve", "--help"]).env("IGNY8_LINKER_DATABASE_URL", &closed).output().expect("it starts");
    assert!(!String::from_utf8_lossy(&help.stdout).contains(PASSWORD));
}

/// A secret's place, for who has to find out where it came from.
fn around(text: &str, secret: &str) -> String {
    text.lines().find(|line| line.contains(secret)).unwrap_or_default().to_owned()
}
