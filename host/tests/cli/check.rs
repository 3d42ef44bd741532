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
    ("/head/many/200", "unverified", "too_large"),
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
    let asked = || ["/page", "/robots.txt"].map(|path| server.hits(path));
    let before = asked();
    let both = format!("source_url,target_url\n{url},{TARGET}\n{url},{TARGET}?again\n");
    let answer = run_with(&format!("check - -f csv {FLAGS}"), &both);
    assert_eq!(answer.out.lines().count(), 3, "{}", answer.out);
    assert_eq!(asked(), before.map(|hits| hits + 1));
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

/// What a site asks us not to look at is not looked at, and never dead.
#[test]
fn a_robots_txt_is_obeyed() {
    let (_runtime, server) = serve();
    let rules = "User-agent: *\nDisallow: /status/\n\nUser-agent: Other\nDisallow: /";
    server.page("/robots.txt", Page { body: rules.into(), ..Page::default() });
    let links = csv(&server, &["/status/404", "/page", "/redirect/301/to/status/410"]);
    let answer = run_with(&format!("check - -f json --policy literal {FLAGS}"), &links);
    let disallowed = ("blocked".to_owned(), "robots_disallowed".to_owned());
    let found = found(&answer);
    assert_eq!((&found["status/404"], &found["page"].0), (&disallowed, &"live".to_owned()));
    assert_eq!(found["redirect/301/to/status/410"], disallowed, "hops are asked for as well");
    assert_eq!((server.hits("/status/404"), server.hits("/status/410")), (0, 0));
}

/// Of a page that nobody asked for, since its host's robots.txt can't be read, nothing is known: it never dies of that.
#[test]
fn a_broken_robots_txt_says_nothing_of_the_page() {
    let (_runtime, server) = serve();
    let mut robots = Page::default();
    for _ in 0..150 {
        robots.headers.append("x-many", http::HeaderValue::from_static("1"));
    }
    server.page("/robots.txt", robots);
    let answer = run_with(&format!("check - -f json {FLAGS}"), &csv(&server, &["/page"]));
    assert_eq!(found(&answer)["page"], ("unverified".to_owned(), "robots_unreachable".to_owned()));
    assert_eq!(server.hits("/page"), 0);
}

/// Whatever a server's words are, they are not taken for a reason of ours.
#[test]
fn no_server_chooses_the_reason() {
    let (_runtime, server) = serve();
    let mut page = Page { body: "a page".into(), ..Page::default() };
    page.headers.insert("content-encoding", http::HeaderValue::from_static("a dns b"));
    server.page("/odd", page);
    let answer = run_with(&format!("check - -f json {FLAGS}"), &csv(&server, &["/odd"]));
    assert_eq!(found(&answer)["odd"], ("unverified".to_owned(), "undecodable".to_owned()));
}

/// A host that is busy for ever ends no run, and one that wants to be left alone for an hour makes nobody wait for it.
#[test]
fn busy_hosts_end() {
    let (_runtime, server) = serve();
    let flags = FLAGS.replace("--no-confirm ", "");
    let busy = csv(&server, &["/retry-after/429/seconds/1"]);
    let answer = run_with(&format!("check - -f json {flags}"), &busy);
    assert_eq!(found(&answer)["retry-after/429/seconds/1"], ("blocked".to_owned(), "rate_limited".to_owned()));
    assert_eq!(server.hits("/retry-after/429/seconds/1"), 3, "{}", answer.err);
    // On one host: whichever comes second is not asked for, and says when to come back.
    let busy = ["/retry-after/503/seconds/3600", "/retry-after/503/seconds/3599"];
    let url = |path: &str| format!("http://127.0.3.1:{}{path},{TARGET}\n", server.port());
    let two = format!("source_url,target_url\n{}{}", url(busy[0]), url(busy[1]));
    let begun = std::time::Instant::now();
    let answer = run_with(&format!("check - -f json {FLAGS}"), &two);
    assert!(begun.elapsed().as_secs() < 60);
    assert_eq!(busy.map(|path| server.hits(path)).iter().sum::<usize>(), 1, "{}", answer.out);
    let second = usize::from(server.hits(busy[1]) == 0);
    assert_eq!(found(&answer)[&busy[second][1..]], ("blocked".to_owned(), "rate_limited".to_owned()));
    let lines: Vec<Value> = serde_json::from_str(&answer.out).expect("JSON");
    let again = lines[second]["again"]["not_before_seconds"].as_u64();
    assert!(again.is_some_and(|seconds| (3500..=3600).contains(&seconds)), "{}", answer.out);
}

/// Nothing is asked before it is known that what is seen can be kept.
#[test]
fn files_that_cannot_be_written_are_said_at_once() {
    let (_runtime, server) = serve();
    let links = csv(&server, &["/page"]);
    for option in ["--state", "--output"] {
        let path = folder("check-unwritable").join("nowhere").join("file.json");
        let refused = run_with(&format!("check - -f csv {FLAGS} {option} {}", path.display()), &links).refused();
        assert!(refused.contains("can't write") && refused.contains("nowhere"), "{refused}");
    }
    assert_eq!(server.connections(), 0);
}

/// What another run wrote down meanwhile stays.
#[test]
fn runs_side_by_side_share_a_state() {
    let (_runtime, server) = serve();
    let state = folder("check-shared").join("state.json");
    let line = format!("check - -f csv {FLAGS} --state {}", state.display());
    std::thread::scope(|scope| {
        for path in ["/head/late/1500", "/head/late/700", "/page/1", "/page/2"] {
            let (line, links) = (&line, csv(&server, &[path]));
            scope.spawn(move || assert_eq!(run_with(line, &links).code, Some(0)));
        }
    });
    let kept: Value = serde_json::from_str(&std::fs::read_to_string(&state).expect("a state")).expect("JSON");
    assert_eq!(kept["links"].as_array().map(Vec::len), Some(4), "{kept}");
}

/// What comes out of a database has nulls; numbers, dates and words may all be absent.
#[test]
fn null_is_nothing() {
    let (_runtime, server) = serve();
    let link = serde_json::json!([{
        "backlink_id": null, "source_url": format!("http://127.0.0.1:{}/page", server.port()), "target_url": TARGET,
        "anchor": null, "rel": null, "status": null, "date_live": null, "source_dr": null, "tier": null,
    }]);
    let answer = run_with(&format!("check - -f csv {FLAGS}"), &link.to_string());
    assert_eq!(answer.code, Some(0), "{}", answer.err);
    assert!(answer.out.contains("\n1,http"), "{}", answer.out);
}

/// Ctrl-C, and the end of a service: what is known is reported, and so is what isn't.
#[cfg(unix)]
#[test]
fn a_run_that_is_stopped_leaves_no_link_out() {
    let (_runtime, server) = serve();
    let folder = folder("check-stopped");
    let (links, state) = (folder.join("links.csv"), folder.join("state.json"));
    std::fs::write(&links, csv(&server, &["/page", "/body/stall"])).expect("written");
    for (format, signal) in [("json", rustix::process::Signal::INT), ("csv", rustix::process::Signal::TERM)] {
        let line = format!("check {} -f {format} {FLAGS} --state {}", links.display(), state.display());
        let mut command = crate::program::command(&line);
        command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
        let before = server.hits("/body/stall");
        let child = command.spawn().expect("it starts");
        while server.hits("/body/stall") == before {
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        // Long enough for the other page to be judged.
        std::thread::sleep(std::time::Duration::from_millis(700));
        let pid = rustix::process::Pid::from_child(&child);
        rustix::process::kill_process(pid, signal).expect("it runs");
        let answer: Answer = child.wait_with_output().expect("it ends").into();
        assert_eq!(answer.code, Some(1), "{}", answer.err);
        assert!(answer.err.contains("what is known is reported"), "{}", answer.err);
        assert!(answer.out.contains("live") && answer.out.contains("not_checked"), "{}", answer.out);
        assert!(answer.out.contains("the run was stopped before"), "{}", answer.out);
    }
    let kept = std::fs::read_to_string(&state).expect("a state");
    assert!(kept.contains("/page") && !kept.contains("/body/stall"), "{kept}");
}

/// However few files this machine allows to be open, no host is called unreachable for it.
#[cfg(target_os = "linux")]
#[test]
fn few_open_files_make_no_host_unreachable() {
    let (_runtime, server) = serve();
    let paths = vec!["/head/late/300"; 120];
    let folder = folder("check-files");
    let links = folder.join("links.csv");
    std::fs::write(&links, csv(&server, &paths)).expect("written");
    let program = crate::program::command(&format!("check {} -f csv {FLAGS}", links.display()));
    let mut command = std::process::Command::new("sh");
    command.args(["-c", "ulimit -n 96; exec \"$@\"", "sh"]).arg(program.get_program()).args(program.get_args());
    command.envs(program.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let answer: Answer = command.output().expect("it starts").into();
    assert_eq!(answer.code, Some(0), "{} {}", answer.err, answer.out);
    assert!(answer.err.contains("ulimit -n"), "{}", answer.err);
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
