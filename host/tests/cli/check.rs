//! `check` against a server on this machine, one host a case: 127.0.0.N are as many hosts as are needed.

use std::collections::BTreeMap;

use linker_test_server::{Page, Server};
use serde_json::Value;

use crate::program::{Answer, folder, run, run_with};

pub(crate) const FLAGS: &str = "--unsafe-allow-loopback --no-confirm --spacing 0";
const TARGET: &str = "https://target.example.com/";

/// The server lives as long as its runtime.
pub(crate) fn serve() -> (tokio::runtime::Runtime, Server) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let server = runtime.block_on(Server::start()).expect("it starts");
    (runtime, server)
}

fn csv(server: &Server, paths: &[&str]) -> String {
    let rows = paths.iter().enumerate().map(|(at, path)| {
        let url = if path.contains("://") {
            (*path).to_owned()
        } else {
            format!("http://127.0.0.{}:{}{path}", at + 1, server.port())
        };
        format!("{url},{TARGET}\n")
    });
    std::iter::once("Source URL,target_url\n".to_owned()).chain(rows).collect()
}

/// Verdict, reasons and status by path.
fn found(answer: &Answer) -> BTreeMap<String, (String, String)> {
    let lines: Vec<Value> = serde_json::from_str(&answer.out).unwrap_or_else(|error| panic!("{error}: {answer:?}"));
    let path = |url: &str| url.splitn(4, '/').nth(3).unwrap_or_default().to_owned();
    let reasons = |line: &Value| {
        let reasons = line["reasons"].as_array().expect("reasons").iter().filter_map(Value::as_str);
        reasons.collect::<Vec<_>>().join(" ")
    };
    let entry = |line: &Value| {
        let verdict = line["verdict"].as_str().expect("a verdict").to_owned();
        (path(line["source_url"].as_str().expect("a source")), (verdict, reasons(line)))
    };
    lines.iter().map(entry).collect()
}

/// Each case's truth was written down from what the server does, not from what the program says.
const CASES: &[(&str, &str, &str)] = &[
    ("/page", "live", ""),
    ("/page/400000", "live", ""),
    ("/status/404", "unverified", "http_404"),
    ("/status/410", "unverified", "http_410"),
    ("/status/403", "unverified", "http_403"),
    ("/status/401", "blocked", "auth_required"),
    ("/status/500", "unverified", "http_5xx"),
    ("/status/999", "blocked", "bot_wall"),
    ("/retry-after/429/seconds/30", "blocked", "rate_limited"),
    ("/retry-after/429/date/30", "blocked", "rate_limited"),
    ("/retry-after/503/seconds/30", "unverified", "http_5xx"),
    ("/retry-after/503/date/30", "unverified", "http_5xx"),
    ("/redirect/301/to/page", "degraded", "redirected_source"),
    ("/redirect/hops/3", "degraded", "redirected_source"),
    ("/redirect/hops/30", "unverified", "too_many_redirects"),
    ("/redirect/loop", "unverified", "redirect_loop"),
    ("/redirect/ring/1", "unverified", "redirect_loop"),
    ("/redirect/no-location", "unverified", "bad_redirect"),
    ("/redirect/cookie", "live", ""),
    ("/redirect/host/127.0.1.1/page", "degraded", "redirected_source"),
    ("/redirect/host/127.0.1.2/status/404", "unverified", "http_404"),
    ("/redirect/host/10.0.0.1/page", "blocked", "address_refused"),
    ("/redirect/301/to/", "unverified", "soft_404"),
    ("/trap/agent", "live", ""),
    ("/trap/accept", "live", ""),
    ("/trap/head", "live", ""),
    ("/head/many/200", "unverified", "broken_response"),
    ("/head/late/300", "live", ""),
    ("/head/closing", "live", ""),
    ("/encoded/gzip/50000", "live", ""),
    ("/encoded/br/50000", "live", ""),
    ("/encoded/zstd/50000", "live", ""),
    ("/encoded/deflate/50000", "live", ""),
    ("/body/drip", "unverified", "timeout"),
    ("/body/stall", "unverified", "timeout"),
    ("/body/bad-gzip", "unverified", "undecodable"),
    ("/body/cut-gzip", "unverified", "undecodable"),
    ("/body/cut", "unverified", "broken_response"),
    ("/body/cut-chunked", "unverified", "broken_response"),
    ("/body/bomb/gzip", "unverified", "too_large"),
    ("/body/bomb/deflate", "unverified", "too_large"),
    ("/body/bomb/zstd", "unverified", "too_large"),
    ("/body/bomb/br", "unverified", "too_large"),
    ("/body/endless", "unverified", "too_large"),
    ("/body/late-link", "unverified", "too_large"),
    ("http://10.0.0.1/inside", "blocked", "address_refused"),
    ("http://[::ffff:169.254.169.254]/metadata", "blocked", "address_refused"),
    ("http://0x7f.1:22/port", "blocked", "address_refused"),
];

#[test]
fn every_case_is_judged_right() {
    let (_runtime, server) = serve();
    // The front page, where sites send those who ask for what is gone.
    server.page("/", Page { body: "<!doctype html><title>Home</title><p>Welcome.".into(), ..Page::default() });
    let paths: Vec<&str> = CASES.iter().map(|(path, ..)| *path).collect();
    let answer = run_with(&format!("check - --format json {FLAGS}"), &csv(&server, &paths));
    assert_eq!(answer.code, Some(1), "{}", answer.err);
    let found = found(&answer);
    let wrong: Vec<String> = CASES
        .iter()
        .filter_map(|&(path, verdict, reason)| {
            let path = if path.contains("://") { path.splitn(4, '/').nth(3).unwrap_or_default() } else { &path[1..] };
            let (got, reasons) = found.get(path)?;
            let right = got == verdict && reasons.split(' ').any(|got| got == reason);
            (!right).then(|| format!("{path}: expected {verdict} {reason}, got {got} {reasons}"))
        })
        .collect();
    assert!(
        wrong.is_empty() && found.len() == CASES.len(),
        "{} of {}:\n{}",
        wrong.len(),
        found.len(),
        wrong.join("\n")
    );
}

/// The first look asks for another; the state file tells the second run of the first, which is more than a minute old.
#[test]
fn a_second_run_knows_of_the_first() {
    let (_runtime, server) = serve();
    let folder = folder("check-state");
    let state = folder.join("state.json");
    let line = format!("check - --format json --state {} {FLAGS}", state.display());
    let links = csv(&server, &["/status/404", "/page"]);
    let first = found(&run_with(&line, &links));
    assert_eq!(first["status/404"].0, "unverified");
    let text = std::fs::read_to_string(&state).expect("a state");
    let year = text.find("\"at\": \"20").map(|at| text[at + 7..at + 11].to_owned()).expect("a look");
    std::fs::write(&state, text.replace(&format!("\"at\": \"{year}"), "\"at\": \"2024")).expect("written");
    let second = run_with(&line, &links);
    assert_eq!(second.code, Some(1));
    assert_eq!(found(&second)["status/404"].0, "dead");
    assert_eq!(found(&second)["page"].0, "live");
    let kept: Value = serde_json::from_str(&std::fs::read_to_string(&state).expect("a state")).expect("JSON");
    assert_eq!(kept["links"].as_array().map(Vec::len), Some(2));
    assert!(
        kept["links"].as_array().expect("links").iter().all(|link| link["history"].as_array().map(Vec::len) == Some(2))
    );
}

/// What a busy host asks for, in both forms, is when to look again; what failed once and then answers is live.
#[test]
fn busy_hosts_are_asked_again_when_they_say() {
    let (_runtime, server) = serve();
    let paths = [
        "/retry-after/429/seconds/40000",
        "/retry-after/429/date/40000",
        // Over the cap of a day, which is also when a failing site is looked at again.
        "/retry-after/503/seconds/172800",
        "/retry-after/503/date/172800",
    ];
    let answer = run_with(&format!("check - -f json {FLAGS}"), &csv(&server, &paths));
    let lines: Vec<Value> = serde_json::from_str(&answer.out).expect("JSON");
    let seconds: Vec<u64> = lines.iter().filter_map(|line| line["again"]["not_before_seconds"].as_u64()).collect();
    assert!(lines.iter().all(|line| line["again"]["why"] == "retry_after"), "{}", answer.out);
    assert!(matches!(seconds[..], [40_000, 39_900..=40_000, 86_400, 86_400]), "{seconds:?}");
    let state = folder("check-retry").join("state.json");
    let line = format!("check - -f json --state {} {FLAGS}", state.display());
    let links = csv(&server, &["/retry/503/once"]);
    assert_eq!(found(&run_with(&line, &links))["retry/503/once"].1, "http_5xx");
    assert_eq!(found(&run_with(&line, &links))["retry/503/once"], ("live".to_owned(), String::new()));
}

#[test]
fn literal_kills_at_once_and_live_links_are_exit_code_0() {
    let (_runtime, server) = serve();
    let answer = run_with(&format!("check - -f json --policy literal {FLAGS}"), &csv(&server, &["/status/404"]));
    assert_eq!(found(&answer)["status/404"].0, "dead");
    let url = format!("http://127.0.0.1:{}/page", server.port());
    let live = run(&format!("check --source {url} --target {TARGET} --format csv {FLAGS}"));
    assert_eq!(live.code, Some(0), "{}", live.err);
    assert!(
        live.out.starts_with("backlink_id,source_url,target_url,verdict,") && live.out.contains(",live,"),
        "{}",
        live.out
    );
    // One page with two links on it is fetched once, and robots.txt once.
    let before = server.connections();
    let both = format!("source_url,target_url\n{url},{TARGET}\n{url},{TARGET}?again\n");
    let answer = run_with(&format!("check - -f csv {FLAGS}"), &both);
    assert_eq!(answer.out.lines().count(), 3, "{}", answer.out);
    assert!(server.connections() - before <= 2);
}

/// Without the flag that says so nothing on this machine is ever asked.
#[test]
fn this_machine_is_out_of_bounds() {
    let (_runtime, server) = serve();
    let url = format!("http://127.0.0.1:{}/page", server.port());
    let answer = run(&format!("check --source {url} --target {TARGET} -f json --no-confirm"));
    assert_eq!(answer.code, Some(1));
    assert_eq!(found(&answer)["page"], ("blocked".to_owned(), "address_refused".to_owned()));
    assert_eq!(server.connections(), 0);
}

#[test]
fn bad_input_is_refused_with_every_fault() {
    let refused = run_with(
        &format!("check - {FLAGS}"),
        "source_url,target_url\nnot a url,https://a.example/\nhttps://b.example/,x\n",
    );
    let faults = refused.refused();
    assert!(faults.contains("placements[0].source_url") && faults.contains("placements[1].target_url"), "{faults}");
    assert!(run_with("check -", "[{\"source_url\": 1}]").refused().contains("placements[0]"));
    assert!(run_with("check -", "a,b\n1,2\n").refused().contains("source_url"));
    assert!(run_with("check -", "[]").refused().contains("no link"));
    run("check --source https://a.example/").refused();
    run("check").refused();
    assert!(
        run("check --source https://a.example/ --target https://b.example/ --user-agent MyLinkBot")
            .refused()
            .contains("link")
    );
}

#[test]
fn the_text_says_what_to_do() {
    let (_runtime, server) = serve();
    let answer =
        run_with(&format!("check - --policy literal {FLAGS}"), &csv(&server, &["/page", "/status/410", "/status/401"]));
    for wanted in ["3 links checked: 2 dead, 1 live", "Dead", "page gone (410)", "What to do", "order another link"] {
        assert!(answer.out.contains(wanted), "{wanted}: {}", answer.out);
    }
}
