//! SIGTERM, whatever the service is at.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, Stdio};
use std::time::Duration;

use linker_store::testing::Postgres;
use reqwest::Method;
use serde_json::json;

use crate::home::{Home, On, link, on_both, with};
use crate::program::{Program, command, ended, eventually, tell_to_stop};

on_both! { ends_in_time_whatever_it_is_at, }

/// `--shutdown 3`, and what a machine with much else to do adds.
const LIMIT: Duration = Duration::from_secs(20);

fn serve(home: &Home) -> Program {
    home.serve_with("--rate 0 --shutdown 3 --unsafe-allow-loopback --check-spacing 0")
}

/// A connection with the beginning of a request on it.
fn begin(program: &Program, request: &str) -> TcpStream {
    let mut stream = TcpStream::connect(program.socket()).expect("it listens");
    stream.write_all(request.as_bytes()).expect("it is taken");
    stream
}

fn post(path: &str, token: &str, length: usize) -> String {
    format!(
        "POST /api/v1/linker{path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\n\
         content-type: text/csv\r\ncontent-length: {length}\r\n\r\n"
    )
}

async fn ends_in_time_whatever_it_is_at(home: Home) {
    let one = home.tenant("one").await;
    let mut program = serve(&home);
    let client = program.with(&one.token);
    let (campaign, page) = one.active(&client).await;
    let import = format!("/backlinks/import/?campaign_id={campaign}");

    let _head = begin(&program, "GET /healthz HTTP/1.1\r\nhost: ");
    let _body = begin(&program, &(post(&import, &one.token, 1000) + "source_url"));
    program.stop_within(LIMIT);

    // What takes much longer to read than the service may take to end.
    program = serve(&home);
    let lines = "source_url,target_url,anchor_text,status\n".to_owned() + &"a\n".repeat(12 << 20);
    let mut stream = begin(&program, &post(&import, &one.token, lines.len()));
    let sending = std::thread::spawn(move || stream.write_all(lines.as_bytes()).map(|()| stream.read(&mut [0; 1])));
    tokio::time::sleep(Duration::from_secs(1)).await;
    program.stop_within(LIMIT);
    drop(sending.join());

    // Answers that nobody reads.
    program = serve(&home);
    let _unread = begin(&program, &"GET /api/openapi.json HTTP/1.1\r\nhost: x\r\n\r\n".repeat(100));
    tokio::time::sleep(Duration::from_millis(300)).await;
    program.stop_within(LIMIT);

    // A page that never comes.
    program = serve(&home);
    let client = program.with(&one.token);
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    silent.set_nonblocking(true).expect("a socket");
    let source = format!("http://{}/", silent.local_addr().expect("bound"));
    let live = json!({"source_url": source, "target_url": "https://target.example.com/", "status": "live"});
    client.post("/backlinks/", &with(link(campaign, page), live)).await.is(201);
    let check = client.post("/backlinks/check/", &json!({"campaign_id": campaign})).await.is(202).id();
    let _page = eventually("the page is asked for", async || silent.accept().ok()).await;
    program.stop_within(LIMIT);

    // What was acknowledged is there, and the check goes on.
    program = serve(&home);
    let client = program.with(&one.token);
    assert_eq!(client.get("/campaigns/").await.is(200).count(), 1);
    let check = client.get(&format!("/backlinks/check/{check}/")).await.is(200);
    assert_eq!((&check.data()["finished_at"], &check.data()["error"]), (&json!(null), &json!("")));
    program.stop_within(LIMIT);
}

/// A database that doesn't answer keeps nobody.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ends_in_time_while_the_database_hangs() {
    let home = Home::new(On::Postgres);
    let one = home.tenant("one").await;
    let mut program = serve(&home);
    let client = program.with(&one.token);
    one.active(&client).await;
    let database = home.url.rsplit('/').next().expect("a name").to_owned();
    let hold = "BEGIN; LOCK TABLE igny8_sag_campaigns IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(60); COMMIT";
    std::thread::spawn(move || Postgres::shared().query(&database, hold));
    // Asked again until one of them hangs; those are not given up.
    let asking = async || {
        let client = client.clone();
        let asked = tokio::spawn(async move { client.try_send(client.request(Method::GET, "/campaigns/")).await.ok() });
        tokio::time::timeout(Duration::from_secs(1), asked).await.is_err().then_some(())
    };
    eventually("the database hangs", asking).await;
    program.stop_within(LIMIT);
}

/// Before it listens, and as soon as it does.
#[test]
fn ends_at_every_moment_of_its_start() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut serve = command();
    serve.args(["serve", "--listen", "127.0.0.1:0"]).current_dir(&folder).stdout(Stdio::piped()).stderr(Stdio::null());
    for millis in [0, 3, 10, 20, 40, 80, 160, 320] {
        let mut child = serve.spawn().expect("it starts");
        std::thread::sleep(Duration::from_millis(millis));
        tell_to_stop(&child);
        // The system ends a program that does not listen to signals yet.
        let status = ended(&mut child, LIMIT);
        assert!(
            status.is_some_and(|status| status.success() || status.signal() == Some(15)),
            "{status:?} after {millis} ms"
        );
    }
    // The shell's own `kill`, which takes no time to start; its status is the program's.
    let script = "mkfifo out; \"$0\" \"$@\" >out 2>/dev/null & read line <out; kill -TERM $!; wait $!";
    for _ in 0..8 {
        let folder = tempfile::tempdir().expect("a folder");
        let mut shell = Command::new("sh");
        shell.args(["-c", script]).arg(serve.get_program()).args(serve.get_args()).current_dir(&folder);
        let mut shell =
            shell.envs(serve.get_envs().filter_map(|(name, value)| Some((name, value?)))).spawn().expect("sh");
        let status = ended(&mut shell, LIMIT);
        assert!(status.is_some_and(|status| status.success()), "{status:?}");
    }
}

/// Who is told twice doesn't wait any longer.
#[test]
fn ends_at_once_when_told_twice() {
    let home = Home::new(On::Sqlite);
    let folder = home.folder().to_owned();
    let mut child = command()
        .args(["serve", "--listen", "127.0.0.1:0", "--shutdown", "600"])
        .current_dir(&folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("it starts");
    let mut said = String::new();
    BufReader::new(child.stdout.take().expect("piped")).read_line(&mut said).expect("a line");
    let address = said.split("http://").nth(1).and_then(|rest| rest.split(',').next()).expect("an address");
    let mut stream = TcpStream::connect(address).expect("it listens");
    stream.write_all(b"GET /healthz HTTP/1.1\r\n").expect("it is taken");
    std::thread::sleep(Duration::from_millis(300));
    tell_to_stop(&child);
    assert_eq!(ended(&mut child, Duration::from_secs(1)), None, "it waits for the request");
    tell_to_stop(&child);
    assert_eq!(ended(&mut child, LIMIT).and_then(|status| status.code()), Some(130));
}
