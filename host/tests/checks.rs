//! Runs of checks as a service calls them: what one link does to the others, stopping, and the order of answers.

use std::sync::Arc;

use igny8_linker::check::{Checked, Courier, NoReport, Progress, Run, Web};
use igny8_linker::engine::{COMPONENT, Engine, Limits, NoStorage};
use linker_egress::address::{Loopback, Policy, Ports};
use linker_egress::{Config, Sender, politeness};
use linker_test_server::Server;
use linker_types::{CheckPolicy, Placement, Verdict};

const TARGET: &str = "https://target.example.com/";

fn web() -> Arc<Web> {
    let policy = Policy { ports: Ports::AlsoAbove1023, loopback: Loopback::AllowedForTests };
    let sender = Sender::system(Config { policy, ..Config::default() }).expect("a sender");
    let zero = std::time::Duration::ZERO;
    let pace = politeness::Settings { spacing: zero, address_floor: zero, ..politeness::Settings::default() };
    Web::new(sender, None, pace, 64)
}

fn placement(source: String) -> Placement {
    let link = serde_json::json!({"backlink_id": 1, "source_url": source, "target_url": TARGET});
    serde_json::from_value(link).expect("a placement")
}

/// One host a page.
fn placements(server: &Server, paths: &[&str]) -> Vec<Placement> {
    let url = |(at, path): (usize, &&str)| match path.starts_with('/') {
        true => format!("http://127.0.0.{}:{}{path}", at + 1, server.port()),
        false => (*path).to_owned(),
    };
    paths.iter().enumerate().map(url).map(placement).collect()
}

async fn check(
    engine: Engine,
    courier: &Arc<Courier>,
    placements: Vec<Placement>,
    tell: impl FnMut(Progress<'_>),
) -> Vec<Checked> {
    let run = Run { policy: CheckPolicy::default(), confirm: false };
    run.check(&Arc::new(engine), courier, placements, tell).await.expect("the sandbox runs")
}

fn verdict(checked: &Checked) -> Option<Verdict> {
    checked.report.as_ref().ok().map(|report| report.verdict)
}

/// A page that takes the sandbox's memory away, a link that is none: the others have their reports, in their order.
#[tokio::test]
async fn no_link_keeps_another_from_its_report() {
    let server = Server::start().await.expect("it starts");
    let paths = ["/page", "/page/1900000", "not a url", "/status/404", "/page", "ftp://127.0.0.9/x", "/page/1900001"];
    let limits = Limits { memory: 3 << 20, ..Limits::default() };
    let engine = Engine::with(COMPONENT, limits, Arc::new(NoStorage)).expect("it loads");
    let mut told = Vec::new();
    let checked = check(engine, &Courier::new(&web()), placements(&server, &paths), |progress| {
        if let Progress::Report(position, report) = progress {
            told.push((position, report.verdict));
        }
    })
    .await;
    told.sort_unstable_by_key(|(position, _)| *position);
    assert_eq!(told, [(0, Verdict::Live), (3, Verdict::Unverified), (4, Verdict::Live)]);
    for at in [2, 5] {
        let Err(NoReport::Faults(faults)) = &checked[at].report else { panic!("{:?}", checked[at]) };
        assert!(faults.iter().all(|fault| fault.field == "source_url"), "{faults:?}");
    }
    for at in [1, 6] {
        let Err(NoReport::Failed(why)) = &checked[at].report else { panic!("{:?}", checked[at]) };
        assert!(why.contains("memory"), "{why}");
        assert!(checked[at].placement.history.is_empty());
    }
    assert!(checked.iter().zip(&paths).all(|(checked, path)| checked.placement.source_url.ends_with(path)));
}

#[tokio::test]
async fn a_stopped_run_tells_what_is_known() {
    let server = Server::start().await.expect("it starts");
    let mut paths = vec!["/page"; 40];
    paths.extend(["/body/stall"; 40]);
    let courier = Courier::new(&web());
    let stop = Arc::clone(&courier);
    // Not the engine's start, which may compile it.
    let engine = Engine::new().expect("it loads");
    let (mut told, mut stopped_at) = (0, None);
    let checked = check(engine, &courier, placements(&server, &paths), |_| {
        told += 1;
        stopped_at.get_or_insert_with(std::time::Instant::now);
        stop.stop();
    })
    .await;
    let waited = stopped_at.expect("a page is there").elapsed();
    // A page that stalls is given up after 10 s and more.
    assert!(waited < std::time::Duration::from_secs(8), "nobody waits for what is stopped: {waited:?}");
    let live = checked.iter().filter(|link| verdict(link) == Some(Verdict::Live)).count();
    let stopped = checked.iter().filter(|link| link.report == Err(NoReport::Stopped)).count();
    assert!(live >= 1 && told >= 1 && live + stopped == 80, "{live} live, {stopped} stopped");
    assert!(checked[40..].iter().all(|link| link.placement.history.is_empty()), "what was cut says nothing");
}

/// A page is fetched once, also where its links are more than a batch has.
#[tokio::test]
async fn a_page_with_many_links() {
    let server = Server::start().await.expect("it starts");
    let mut paths = vec!["/page"; 7];
    paths.extend(["/page/9"; 300]);
    let url = |path: &&str| placement(format!("http://127.0.0.1:{}{path}", server.port()));
    let links = paths.iter().map(url).collect();
    let checked = check(Engine::new().expect("it loads"), &Courier::new(&web()), links, |_| ()).await;
    assert!(checked.iter().all(|link| verdict(link) == Some(Verdict::Live)));
    assert_eq!((server.hits("/page"), server.hits("/page/9")), (1, 1));
}

/// Many links on few hosts: each host is asked by one at a time, and every link has its own report.
#[tokio::test]
async fn hosts_with_many_links() {
    let server = Server::start().await.expect("it starts");
    let urls = (0..200).map(|at| format!("http://127.0.1.{}:{}/page/{}", at % 4 + 1, server.port(), 1000 + at));
    let checked =
        check(Engine::new().expect("it loads"), &Courier::new(&web()), urls.clone().map(placement).collect(), |_| ())
            .await;
    assert!(checked.iter().all(|link| verdict(link) == Some(Verdict::Live) && link.placement.history.len() == 1));
    assert!(
        checked.iter().zip(urls).all(|(link, url)| link.report.as_ref().is_ok_and(|report| report.final_url == url))
    );
    assert!(server.connections() <= 4, "{}: one at a time, over one connection", server.connections());
}
