//! The test server does what its paths say, seen through the sender.

use linker_egress::Sender;
use linker_egress::address::Target;
use linker_test_server::Server;

use crate::support::{Here, config, get, sender};

/// Follows up to 50 redirects with one cookie, as the guest might; says how many, and the last status.
async fn follow(sender: &Sender<Here>, url: &str) -> (usize, u16, Target) {
    let mut target = sender.policy().target(url).unwrap();
    let mut cookie = None;
    for hop in 0..50 {
        let mut headers = http::HeaderMap::new();
        headers.extend(cookie.clone().map(|cookie| (http::header::COOKIE, cookie)));
        let answer = sender.fetch(&target, &headers).await.unwrap();
        cookie = answer.headers().get("set-cookie").cloned().or(cookie);
        match answer.headers().get("location") {
            Some(to) => target = sender.policy().redirect(&target, to.to_str().unwrap()).unwrap(),
            None => return (hop, answer.status().as_u16(), target),
        }
    }
    (50, 0, target)
}

#[tokio::test]
async fn redirects() {
    let server = Server::start().await.unwrap();
    let sender = sender(config(&server));
    for (path, hops, status, end) in [
        ("/redirect/301/to/page", 1, 200, "example.com/page"),
        ("/redirect/hops/30", 30, 200, "example.com/page"),
        ("/redirect/loop", 50, 0, "example.com/redirect/loop"),
        ("/redirect/ring/0", 50, 0, "example.com/redirect/ring/2"),
        ("/redirect/cross/other/status/410", 1, 410, "other.example.com/status/410"),
        ("/redirect/cookie", 1, 200, "example.com/redirect/cookie"),
        ("/redirect/no-location", 0, 302, "example.com/redirect/no-location"),
    ] {
        let (count, last, target) = follow(&sender, &server.url("example.com", path)).await;
        assert_eq!((count, last), (hops, status), "{path}");
        assert_eq!(format!("{}{}", target.host(), target.path_and_query()), end, "{path}");
    }
}

#[tokio::test]
async fn retry_after_in_both_forms() {
    let server = Server::start().await.unwrap();
    let sender = sender(config(&server));
    let seconds = get(&sender, &server.url("example.com", "/retry-after/429/seconds/120")).await.unwrap();
    assert_eq!((seconds.status.as_u16(), seconds.headers["retry-after"].to_str().unwrap()), (429, "120"));
    let date = get(&sender, &server.url("example.com", "/retry-after/503/date/120")).await.unwrap();
    let text = date.headers["retry-after"].to_str().unwrap();
    assert!(date.status.as_u16() == 503 && text.ends_with(" GMT"), "{text}");
}

#[tokio::test]
async fn pages_of_a_tests_own() {
    let server = Server::start().await.unwrap();
    let page = linker_test_server::Page { body: "own".into(), ..Default::default() };
    server.page("/status/404", page);
    let got = get(&sender(config(&server)), &server.url("example.com", "/status/404")).await.unwrap();
    assert_eq!((got.status.as_u16(), got.body.as_slice()), (200, &b"own"[..]));
}
