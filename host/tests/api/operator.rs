//! What an operator is told, and needn't think of.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::Stdio;
use std::time::Duration;

use linker_store::testing::Postgres;

use crate::home::{Home, On};
use crate::program::{PATIENCE, command, eventually};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn is_told_what_is_missing() {
    let home = Home::new(On::Sqlite);
    let program = home.serve();
    eventually("a hint", async || program.out().contains("`igny8-linker init --site NAME`").then_some(())).await;
    home.tenant("one").await;
    let program = home.serve();
    program.with("x").get("/me/").await.is(401);
    assert!(!program.out().contains("igny8-linker init"), "{}", program.out());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keeps_no_key_for_ever() {
    let home = Home::new(On::Postgres);
    let one = home.tenant("one").await;
    let mut program = home.serve();
    let client = program.with(&one.token);
    let first = client.post_once("/campaigns/generate/", "old", &one.generate()).await.is(201).id();
    client.post_once("/campaigns/generate/", "new", &one.generate()).await.is(201);
    program.stop();
    let database = home.url.rsplit('/').next().expect("a name");
    let ask = |sql: &str| Postgres::shared().query(database, sql);
    let old = "UPDATE igny8_idempotency_keys SET created_at = now() - interval '31 days' WHERE key = 'old'";
    ask(old);
    let program = home.serve();
    eventually("the old key is gone", async || {
        (ask("SELECT key FROM igny8_idempotency_keys").trim() == "new").then_some(())
    })
    .await;
    let client = program.with(&one.token);
    assert_ne!(client.post_once("/campaigns/generate/", "old", &one.generate()).await.is(201).id(), first);
    client.post_once("/campaigns/generate/", "new", &one.generate()).await.is(200);
}

/// A flag wins over the environment, that over the file.
#[test]
fn sets_it_up_in_three_ways() {
    let home = Home::new(On::Sqlite);
    let file = home.folder().join("linker.toml");
    std::fs::write(&file, format!("listen = \"127.0.0.2:0\"\ndatabase_url = \"{}\"\n", home.url)).expect("a file");
    let listens = |environment: Option<&str>, flag: Option<&str>| {
        let mut serve = command();
        serve.args(["serve", "--config"]).arg(&file).stdout(Stdio::piped()).stderr(Stdio::null());
        serve.envs(environment.map(|address| ("IGNY8_LINKER_LISTEN", address)));
        serve.args(flag.iter().flat_map(|address| ["--listen", address]));
        let mut child = serve.spawn().expect("it starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("piped")).read_line(&mut line).expect("it speaks");
        child.kill().expect("it runs");
        child.wait().expect("it ends");
        line
    };
    let (of_environment, of_flag) = (Some("127.0.0.3:0"), Some("127.0.0.4:0"));
    assert!(listens(None, None).starts_with("listening at http://127.0.0.2:"));
    assert!(listens(of_environment, None).starts_with("listening at http://127.0.0.3:"));
    assert!(listens(None, of_flag).starts_with("listening at http://127.0.0.4:"));
    assert!(listens(of_environment, of_flag).starts_with("listening at http://127.0.0.4:"));

    // Each flag is a setting of the file, and nothing else is.
    let refused = |setting: &str| {
        std::fs::write(&file, format!("{setting} = []\n")).expect("a file");
        let done = command().args(["serve", "--config"]).arg(&file).output().expect("it starts");
        assert!(!done.status.success(), "{setting}");
        String::from_utf8_lossy(&done.stderr).into_owned()
    };
    let help = command().args(["serve", "--help"]).output().expect("it starts").stdout;
    let help = String::from_utf8(help).expect("UTF-8");
    let flags = help.lines().filter_map(|line| line.trim().strip_prefix("--")?.split_once(' '));
    let flags: Vec<_> = flags.map(|(flag, _)| flag.replace('-', "_")).filter(|flag| flag != "config").collect();
    assert!(flags.len() >= 15, "{flags:?}");
    for flag in flags {
        let why = refused(&flag);
        assert!(why.contains(&flag) && !why.contains("there is no setting"), "{why}");
    }
    assert!(refused("lisen").contains("there is no setting `lisen`"));
}

/// What was begun is finished, and nothing new is taken.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stops_without_cutting_anybody_off() {
    let home = Home::new(On::Sqlite);
    let one = home.tenant("one").await;
    let mut program = home.serve();
    let body = format!("{{\"name\": \"made while it stopped\", \"domain\": \"{}.example\"}}", "x".repeat(200));
    let (first, rest) = body.split_at(20);
    let mut slow = TcpStream::connect(program.socket()).expect("a connection");
    write!(
        slow,
        "POST /api/v1/linker/sites/ HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\ncontent-type: application/json\r\n\
         content-length: {}\r\nconnection: close\r\n\r\n{first}",
        one.token,
        body.len()
    )
    .expect("it is sent");
    // Until it has begun to read: a request that it doesn't know of is nothing to finish.
    std::thread::sleep(Duration::from_secs(1));
    program.tell_to_stop();
    eventually("nothing new is taken", async || TcpStream::connect(program.socket()).is_err().then_some(())).await;
    slow.write_all(rest.as_bytes()).expect("it still listens to this one");
    let mut answer = String::new();
    slow.read_to_string(&mut answer).expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    program.ends_within(PATIENCE);
}

/// Whoever says half a request and no more is let go, and with him who says nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn waits_for_nobody_for_ever() {
    let home = Home::new(On::Sqlite);
    let program = home.serve();
    let begun = std::time::Instant::now();
    let connect = |said: &str| {
        let mut stream = TcpStream::connect(program.socket()).expect("a connection");
        stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
        stream.write_all(said.as_bytes()).expect("it is sent");
        stream
    };
    for mut stream in [connect("GET /healthz HTTP/1.1\r\nhost: x\r\nx-a: "), connect(""), connect("P")] {
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("the end, and not this test's patience");
    }
    assert!(begun.elapsed() > Duration::from_secs(60), "proxies keep idle ones for a minute");
    program.client().get("/healthz").await.is(200);
}

/// However many begin at once, on a database that isn't made yet: one account, with its site and its token.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn begins_once() {
    for on in [On::Sqlite, On::Postgres] {
        let home = Home::new(on);
        let begin = |number: usize| {
            let mut init = command();
            init.args(["init", "--site", &format!("site {number}")]).env("IGNY8_LINKER_DATABASE_URL", &home.url);
            init.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts")
        };
        let started: Vec<_> = (0..20).map(begin).collect();
        let mut tokens = Vec::new();
        for child in started {
            let done = child.wait_with_output().expect("it ends");
            let said = String::from_utf8_lossy(&done.stderr);
            if done.status.success() {
                tokens.push(String::from_utf8(done.stdout).expect("UTF-8").trim().to_owned());
            } else {
                assert_eq!((done.status.code(), done.stdout.len()), (Some(2), 0), "{on:?}: {said}");
                assert!(said.contains("there is an account already (1, `Own account`)"), "{on:?}: {said}");
            }
        }
        assert_eq!(tokens.len(), 1, "{on:?}");
        let store = home.store().await;
        assert_eq!(store.accounts().await.expect("accounts").len(), 1, "{on:?}");
        store.close().await.expect("it closes");
        let program = home.serve();
        let client = program.with(&tokens[0]);
        assert_eq!(client.get("/sites/").await.is(200).count(), 1, "{on:?}");
        assert_eq!(client.get("/tokens/").await.is(200).count(), 1, "{on:?}");
        // What can't be made whole is not begun.
        let mut another = command();
        another.args(["init", "--another", "--site", " "]).env("IGNY8_LINKER_DATABASE_URL", &home.url);
        assert_eq!(another.output().expect("it starts").status.code(), Some(2));
        let store = home.store().await;
        assert_eq!(store.accounts().await.expect("accounts").len(), 1, "{on:?}");
    }
}
