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

/// Settings whose every line has a secret in it.
const SECRET: &str = "s3cr3t";
const LINES: [&str; 14] = [
    "database_url = \"postgres://u:s3cr3t@127.0.0.1:1/n\"",
    "platform = \"/s3cr3t/platform.toml\"",
    "blocklist = '/s3cr3t/domains'",
    "log = \"s3cr3t=info\"",
    "secret_key_file = \"s3cr3t\"",
    "listen = \"127.0.0.1:0\" # s3cr3t",
    "rate = 3 # s3cr3t",
    "[fatgrid] # s3cr3t",
    "base_url = \"https://u:s3cr3t@market.example\"",
    "key_header = \"s3cr3t: of mine\"",
    "proxy = \"http://u:s3cr3t@proxy.example\"",
    "chunk = 7 # s3cr3t",
    "browse = { path = \"s3cr3t\", fixed = { key = \"s3cr3t\" } }",
    "fields.dr = [\"s3cr3t\"]",
];

/// The line, broken in ways that are no TOML: these first, for they are the line's own; then those that reach beyond it;
/// then values of the wrong kind.
fn broken(line: &str) -> [Vec<String>; 3] {
    let (name, value) = line.split_once(" = ").unwrap_or(("[fatgrid]", "'s3cr3t'"));
    let within = vec![
        format!("{name} = \"s3cr3t"),
        format!("{name} = s3cr3t"),
        format!("{name} = s3cr3t://s3cr3t = 3"),
        format!("{name} = \"a\\s3cr3t\""),
        format!("{name} = \"s3cr3t\" s3cr3t"),
        format!("{name} = 1979-05-27T07:32:00Zs3cr3t"),
        format!("{name} = 0xs3cr3t"),
        format!("{name}: s3cr3t"),
        format!("{name} s3cr3t"),
        format!("{name} = {{ s3cr3t = \"s3cr3t\", s3cr3t = \"s3cr3t\" }}"),
        "s3cr3t0MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=".to_owned(),
        "s3cr3t".to_owned(),
        "[s3cr3t".to_owned(),
        "[\"s3cr3t\"".to_owned(),
        "= \"s3cr3t\"".to_owned(),
        "\u{1}s3cr3t".to_owned(),
    ];
    let beyond = vec![
        format!("{name} = \"\"\"s3cr3t\ns3cr3t"),
        format!("{name} = '''s3cr3t\ns3cr3t"),
        format!("{name} = [\"s3cr3t\",\n\"s3cr3t\" \"s3cr3t\"]"),
        format!("{name} = [\"s3cr3t\",\n\"s3cr3t\""),
        format!("{name} = {value}\n{name} = {value}"),
    ];
    let wrong = vec![
        "\"igl s3cr3t\" = \"s3cr3t\"".to_owned(),
        "nonsense = \"s3cr3t\"".to_owned(),
        format!("{name} = {{ a = \"s3cr3t\", b = {{ c = [\"s3cr3t\"] }} }}"),
        format!("{name} = [[\"s3cr3t\"]]"),
        format!("{name} = 1979-05-27T07:32:00Z # s3cr3t"),
        format!("{name} = -123456789"),
    ];
    [within, beyond, wrong]
}

#[test]
fn are_not_in_the_faults_of_a_file() {
    let home = Home::new(On::Sqlite);
    let file = home.folder().join("config.toml");
    let said = |line: &[&str]| {
        let done = command().args(line).arg(&file).output().expect("it starts");
        assert!(!done.status.success() && done.stdout.is_empty(), "{line:?}");
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        assert!(said.starts_with("error: ") && !said.contains(SECRET), "{line:?}: {said}");
        said
    };
    for (at, line) in LINES.iter().enumerate() {
        for (reach, broken) in broken(line).iter().enumerate() {
            for broken in broken {
                let mut lines = LINES.map(str::to_owned);
                lines[at].clone_from(broken);
                std::fs::write(&file, lines.join("\n")).expect("a file");
                let said = said(&["serve", "--config"]);
                let place =
                    if reach == 0 { format!("config.toml: line {}, column ", at + 1) } else { "line ".to_owned() };
                assert!(said.contains(&place), "{broken}: {said}");
            }
        }
    }
    // The mapping of names, which somebody takes another file for.
    let mapping = ["migrate", "--database-url", &home.url, "--platform"];
    for at in 0..LINES.len() {
        std::fs::write(&file, LINES[at..].join("\n")).expect("a file");
        assert!(said(&mapping).contains("line "));
    }
    for names in ["table = \"s3cr3t !\"", "table = \"x\"\ncolumns = { id = \"s3cr3t !\" }"] {
        std::fs::write(&file, format!("[sites]\n{names}")).expect("a file");
        assert!(said(&mapping).contains("sites: "));
    }
}

/// A secret that stands where another setting belongs, each in turn: of the file, of the environment, of an argument.
#[test]
fn are_not_repeated_where_they_do_not_belong() {
    let home = Home::new(On::Sqlite);
    let file = home.folder().join("config.toml");
    let help = command().args(["serve", "--help"]).output().expect("it starts").stdout;
    let help = String::from_utf8(help).expect("UTF-8");
    let flags = help.lines().filter_map(|line| line.trim().strip_prefix("--")?.split_once(' ')).map(|(flag, _)| flag);
    let mut names: Vec<_> = flags.map(|flag| flag.replace('-', "_")).filter(|name| name != "config").collect();
    assert!(names.len() >= 15, "{names:?}");
    names
        .extend(["base_url", "key_header", "proxy", "chunk", "browse", "fields"].map(|name| format!("fatgrid.{name}")));
    for name in names {
        for secret in ["postgres://u:s3cr3t@127.0.0.1:1/n", "s3cr3t[x=", "MDEys3cr3t="] {
            // Whatever it makes of the secret, it can't listen at an address that isn't this machine's.
            let mut lines = vec![format!("{name} = '{secret}'")];
            lines.extend((name != "listen").then(|| "listen = '203.0.113.1:1'".to_owned()));
            lines.extend((name != "database_url").then(|| format!("database_url = '{}'", home.url)));
            std::fs::write(&file, lines.join("\n")).expect("a file");
            let by_file = command().args(["serve", "--config"]).arg(&file).output().expect("it starts");
            let mut by_environment = command();
            by_environment.arg("serve").env("IGNY8_LINKER_LISTEN", "203.0.113.1:1");
            by_environment.env("IGNY8_LINKER_DATABASE_URL", &home.url);
            by_environment.env(format!("IGNY8_LINKER_{}", name.to_uppercase()), secret);
            for (by, done) in [("file", by_file), ("environment", by_environment.output().expect("it starts"))] {
                let said =
                    format!("{}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
                assert!(!done.status.success() && !said.is_empty(), "{name} by {by}: {said}");
                assert!(!said.contains(SECRET), "{name} by {by}: {said}");
            }
        }
    }
    let url = "postgres://u:s3cr3t@127.0.0.1:1/n";
    for line in [&["serve", url][..], &["serve", "--listen", url], &["serve", &format!("--database={url}")], &[url]] {
        let done = command().args(line).output().expect("it starts");
        let said = String::from_utf8_lossy(&done.stderr);
        assert!(!done.status.success() && !said.contains(SECRET), "{line:?}: {said}");
    }
    // What belongs to no secret is said again, as everywhere.
    let done = command().args(["serve", "--rate", "many"]).output().expect("it starts");
    assert!(String::from_utf8_lossy(&done.stderr).contains("'many'"));
}

/// A secret's place, for who has to find out where it came from.
fn around(text: &str, secret: &str) -> String {
    text.lines().find(|line| line.contains(secret)).unwrap_or_default().to_owned()
}
