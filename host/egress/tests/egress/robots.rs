//! What each kind of robots.txt means.

use linker_egress::robots::{Robots, Settings, Verdict};
use linker_egress::sender::Deadlines;
use linker_egress::{Config, Error};
use linker_test_server::Server;
use std::time::Duration;

use crate::support::{config, get, sender};

/// Whether an error is the one that is meant.
type Right = fn(&Error) -> bool;

#[tokio::test]
async fn answers_mean_what_rfc_9309_says() {
    let server = Server::start().await.unwrap();
    let (sender, robots) = (sender(config(&server)), Robots::new(Settings::default()));
    for (host, path, allowed) in [
        ("closed", "/page", false),
        ("closed", "/robots.txt", true),
        ("partly", "/page", true),
        ("partly", "/private/page", false),
        ("named", "/page", true),
        ("hops", "/page", false),
        ("circle", "/page", true),
        ("huge", "/page", true),
        ("huge", "/private", false),
        ("none", "/page", true),
    ] {
        let target = sender.policy().target(&server.url(&format!("{host}.example.com"), path)).unwrap();
        let rules = robots.rules(&sender, &target).await;
        let expected = if allowed { Verdict::Allowed } else { Verdict::Disallowed };
        assert_eq!(rules.verdict(&target), expected, "{host}{path}");
        assert_eq!(rules.crawl_delay(), (host == "partly").then_some(Duration::from_secs(7)), "{host}");
    }
}

#[tokio::test]
async fn what_cannot_be_read_is_a_no_that_says_why() {
    let server = Server::start().await.unwrap();
    let (sender, robots) = (sender(config(&server)), Robots::new(Settings::default()));
    let deadlines = Deadlines { idle: Duration::from_millis(300), ..config(&server).deadlines };
    let sender_in_haste = crate::support::sender(Config { deadlines, ..config(&server) });
    let robots_only = |error: &Error| matches!(error, Error::Robots { .. });
    let cases: [(&str, Right); 8] = [
        ("broken.example.com", robots_only),
        ("stalled.example.com", robots_only),
        ("cut.example.com", robots_only),
        ("headless.example.com", robots_only),
        ("garbled.example.com", robots_only),
        ("away.example.com", robots_only),
        ("nowhere.example.com", |error| matches!(error, Error::Dns { .. })),
        ("inward.example.com", |error| matches!(error, Error::Refused(_))),
    ];
    for (host, right) in cases {
        let target = sender.policy().target(&server.url(host, "/page")).unwrap();
        let rules = robots.rules(&sender_in_haste, &target).await;
        let Verdict::Unreachable(error) = rules.verdict(&target) else { panic!("{host}") };
        assert!(right(&error), "{host}: {error}");
        // Its pages may be read all the same: of them nothing is known.
        assert!(!robots_only(&error) || get(&sender, &server.url(host, "/page")).await.is_ok(), "{host}");
    }
}

#[tokio::test]
async fn asked_once_for_many() {
    let server = Server::start().await.unwrap();
    let (sender, robots) = (sender(config(&server)), Robots::new(Settings { origins: 2, ..Settings::default() }));
    let target = sender.policy().target(&server.url("partly.example.com", "/page")).unwrap();
    let all =
        tokio::join!(robots.rules(&sender, &target), robots.rules(&sender, &target), robots.rules(&sender, &target));
    assert_eq!(all.2.verdict(&target), Verdict::Allowed);
    assert_eq!(server.hits("/robots.txt"), 1);
    for host in ["a.example.com", "b.example.com", "partly.example.com"] {
        robots.rules(&sender, &sender.policy().target(&server.url(host, "/")).unwrap()).await;
    }
    // The first of the three had to make room.
    assert_eq!(server.hits("/robots.txt"), 4);
}

#[tokio::test]
async fn failures_are_forgotten_sooner() {
    let server = Server::start().await.unwrap();
    let settings = Settings { failure_ttl: Duration::ZERO, ..Settings::default() };
    let (sender, robots) = (sender(config(&server)), Robots::new(settings));
    let target = sender.policy().target(&server.url("broken.example.com", "/page")).unwrap();
    for hits in 1..3 {
        let rules = robots.rules(&sender, &target).await;
        assert!(matches!(rules.unreachable(), Some(Error::Robots { .. })));
        assert_eq!(server.hits("/robots.txt"), hits);
    }
}

/// RFC 9309's own examples (§2.2.2, §2.2.3, §5), and files as they come.
#[tokio::test]
async fn rules_are_read_as_written() {
    let server = Server::start().await.unwrap();
    let sender = sender(config(&server));
    let anchored = format!("User-agent: *\nDisallow: /a\n{}", "Disallow: /*.php$\n".repeat(30_000));
    let long = format!("User-agent: *\nDisallow: /{}", "*a".repeat(200_000));
    for (text, path, allowed) in [
        ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b/c", true),
        ("User-agent: *\nAllow: /a/b\nDisallow: /a", "/a/c", false),
        ("User-agent: *\nDisallow: /a\nAllow: /a", "/a", true),
        ("User-agent: *\nDisallow: *.gif$", "/x.gif", false),
        ("User-agent: *\nDisallow: *.gif$", "/x.gift", true),
        ("User-agent: *\nDisallow: /path/file-with-a-%2A.html", "/path/file-with-a-%2A.html", false),
        ("User-agent: foobot\nDisallow: /\n\nUser-agent: *\nAllow: /", "/", true),
        ("USER-AGENT: foobot\nUser-Agent: IGNY8CHECK\nDISALLOW: /x # why\n", "/x", false),
        ("User-agent: igny8check\nDisallow: /x\n\nUser-agent: *\nDisallow: /", "/y", true),
        ("\u{feff}User-agent: *\r\nDisallow: /x\r\n", "/x", false),
        ("User-agent: *\rDisallow: /x\r", "/x", false),
        ("User-agent: *\nDisallow:\n", "/x", true),
        ("<!doctype html><title>Not here</title>", "/x", true),
        ("", "/x", true),
        (anchored.as_str(), "/a", false),
        (long.as_str(), "/aaaa", true),
    ] {
        let body = text.to_owned().into();
        server.page("/robots.txt", linker_test_server::Page { body, ..Default::default() });
        let target = sender.policy().target(&server.url("example.com", path)).unwrap();
        let start = std::time::Instant::now();
        let rules = Robots::new(Settings::default()).rules(&sender, &target).await;
        let verdict = rules.verdict(&target);
        let expected = if allowed { Verdict::Allowed } else { Verdict::Disallowed };
        assert_eq!(verdict, expected, "{:?} {path}", &text[..text.len().min(60)]);
        assert!(start.elapsed() < Duration::from_secs(2), "{:?}: {:?}", &text[..text.len().min(60)], start.elapsed());
    }
}
