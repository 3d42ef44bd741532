use std::time::{Duration, Instant};

use axum::http::header::{CONTENT_ENCODING, CONTENT_TYPE, LOCATION, RETRY_AFTER};
use axum::response::Response;
use linker_marketplace::{Answer, Circuit, Config, Error};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::server::{Reply, Server, all_listed, ok, status, with};
use crate::{client, config, lookup, unknown};

#[tokio::test]
async fn limited_once_and_then_fine() {
    let server = Server::start(|number, seen| match number {
        0 => with(status(429, "slow down"), RETRY_AFTER, "1"),
        _ => all_listed(seen),
    })
    .await;
    let begun = Instant::now();
    let found = lookup(&client(config(&server.base())), &["a.com"]).await;
    assert!(matches!(found.answers[0].answer, Answer::Listed(_)));
    assert_eq!(server.seen().len(), 2);
    assert!(begun.elapsed() >= Duration::from_secs(1), "it waited as it was told");
}

#[tokio::test]
async fn a_wait_longer_than_patience_is_told_at_once() {
    let server = Server::start(|_, _| with(status(429, ""), RETRY_AFTER, "3600")).await;
    let error = unknown(&client(config(&server.base()))).await;
    assert_eq!(error, Error::RateLimited { retry_after: Some(Duration::from_secs(3600)) });
    assert_eq!(error.retry_after(), Some(Duration::from_secs(3600)));
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn what_the_marketplace_refuses_is_not_tried_again() {
    let said = || "because".to_owned();
    for (code, error) in [
        (400, Error::Refused { status: 400, said: said() }),
        (401, Error::KeyRefused { status: 401, said: said() }),
        (402, Error::PaymentRequired { said: said() }),
        (403, Error::KeyRefused { status: 403, said: said() }),
        (404, Error::Refused { status: 404, said: said() }),
        (422, Error::Refused { status: 422, said: said() }),
    ] {
        let server = Server::start(move |_, _| status(code, "because")).await;
        let client = client(Config { breaker_failures: 1, ..config(&server.base()) });
        assert_eq!(unknown(&client).await, error);
        assert_eq!(server.seen().len(), 1, "{code}");
        assert_eq!(client.circuit(), Circuit::Closed, "one customer's fault is not the marketplace's");
    }
}

#[tokio::test]
async fn failures_are_tried_again_as_often_as_allowed() {
    let server = Server::start(|_, _| status(503, "resting")).await;
    let error = unknown(&client(Config { retries: 2, ..config(&server.base()) })).await;
    assert_eq!(error, Error::Failing { status: 503, said: "resting".to_owned(), retry_after: None });
    assert_eq!(server.seen().len(), 3);
}

#[tokio::test]
async fn the_circuit_opens_rests_and_closes_by_one_request() {
    let server = Server::start(|number, seen| match number {
        0..4 => status(500, "ill"),
        _ => all_listed(seen),
    })
    .await;
    let pause = Duration::from_millis(1500);
    let config = Config { retries: 5, breaker_failures: 3, breaker_pause_ms: 1500, ..config(&server.base()) };
    let client = client(config);
    // The third failure in a row opens it in the midst of the tries.
    assert!(matches!(unknown(&client).await, Error::CircuitOpen { retry_after } if retry_after <= pause));
    assert_eq!((client.circuit(), server.seen().len()), (Circuit::Open, 3));
    assert!(matches!(unknown(&client).await, Error::CircuitOpen { .. }));
    assert_eq!(server.seen().len(), 3, "nothing is sent");

    tokio::time::sleep(pause).await;
    assert_eq!(client.circuit(), Circuit::HalfOpen);
    assert!(matches!(unknown(&client).await, Error::CircuitOpen { .. }), "the fourth failure opens it again");
    assert_eq!((client.circuit(), server.seen().len()), (Circuit::Open, 4));

    tokio::time::sleep(pause).await;
    assert!(matches!(lookup(&client, &["a.com"]).await.answers[0].answer, Answer::Listed(_)));
    assert_eq!((client.circuit(), server.seen().len()), (Circuit::Closed, 5));
}

#[tokio::test]
async fn a_slow_answer_is_given_up_and_tried_again() {
    let server = Server::start(|number, seen| match number {
        0 => Reply(Duration::from_secs(30), all_listed(seen)),
        _ => all_listed(seen).into(),
    })
    .await;
    let timeout = Config { request_timeout_ms: 700, ..config(&server.base()) };
    let patient = client(timeout.clone());
    assert!(matches!(lookup(&patient, &["a.com"]).await.answers[0].answer, Answer::Listed(_)));
    assert_eq!(server.seen().len(), 2);

    let server = Server::start(|_, seen| Reply(Duration::from_secs(30), all_listed(seen))).await;
    let error = unknown(&client(Config { retries: 0, base_url: server.base(), ..timeout })).await;
    assert_eq!(error, Error::Timeout(Duration::from_millis(700)));
}

#[tokio::test]
async fn an_answer_beyond_the_limit_is_refused_also_when_packed() {
    let limit = 64 << 10;
    let plain = move |_: usize, _: &_| ok(json!({"items": [{"url": "a.com", "title": "x".repeat(limit)}]}));
    let packed = |_: usize, _: &_| {
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        std::io::Write::write_all(&mut gzip, &vec![b' '; 8 << 20]).unwrap();
        let response = with(status(200, gzip.finish().unwrap()), CONTENT_ENCODING, "gzip");
        with(response, CONTENT_TYPE, "application/json")
    };
    for server in [Server::start(plain).await, Server::start(packed).await] {
        let small = Config { max_response_bytes: limit as u64, ..config(&server.base()) };
        assert_eq!(unknown(&client(small)).await, Error::TooLarge(limit as u64));
        assert_eq!(server.seen().len(), 1);
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed_and_the_key_stays() {
    let other = Server::start(|_, seen| all_listed(seen)).await;
    for code in [301, 302, 303, 307, 308] {
        // Another port is another host's server, and so is another path on the same one.
        let elsewhere = other.base();
        let server = Server::start(move |_, _| with(status(code, ""), LOCATION, &elsewhere)).await;
        assert_eq!(unknown(&client(config(&server.base()))).await, Error::Redirected(code));
        assert_eq!((server.seen().len(), other.seen().len()), (1, 0));
    }
}

#[tokio::test]
async fn what_is_no_answer_is_unreadable() {
    type Say = fn() -> Response;
    let answers: [(Say, &str); 7] = [
        (|| status(200, "<html>Be right back</html>"), "no JSON from line 1, column 1"),
        (|| status(200, "{\"items\": [{\"url\": \"a.com\""), "no JSON from line 1"),
        (|| status(204, ""), "no JSON from line 1, column 0"),
        (|| ok(json!({"items": {"a.com": {}}})), "no array `items`"),
        (|| ok(json!({"items": null})), "no array `items`"),
        (|| ok(json!([{"url": "a.com"}])), "no array `items`"),
        (|| status(200, vec![b'['; 200_000]), "no JSON from line 1, column 12"),
    ];
    for (answer, message) in answers {
        let server = Server::start(move |_, _| answer()).await;
        let Error::Unreadable(why) = unknown(&client(config(&server.base()))).await else { panic!("{message}") };
        assert!(why.contains(message), "{why}");
        assert_eq!(server.seen().len(), 1);
    }
}

#[tokio::test]
async fn items_of_wrong_types_are_as_unknown_as_they_can_be() {
    let server = Server::start(|_, _| {
        ok(json!({"items": [7, null, "b.com", {"url": 7}, {"url": "a.com", "dr": {}, "bestPrice": [], "categories": 9}]}))
    })
    .await;
    let found = lookup(&client(config(&server.base())), &["a.com", "b.com"]).await;
    let Answer::Listed(listings) = &found.answers[0].answer else { panic!() };
    assert_eq!((listings[0].dr, listings[0].price, listings[0].niches.len()), (None, None, 0));
    assert_eq!(found.answers[1].answer, Answer::NotListed);
}

#[tokio::test]
async fn nobody_there_is_tried_again_and_a_broken_answer_is_not() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let gone = client(Config { breaker_failures: 3, ..config(&format!("http://{address}")) });
    assert!(matches!(unknown(&gone).await, Error::CircuitOpen { .. }), "three of the four tries open the circuit");
    let once = client(Config { retries: 0, ..config(&format!("http://{address}")) });
    assert!(matches!(unknown(&once).await, Error::Unreachable(why) if why.contains("refused")));

    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(async move {
        let mut connections = 0;
        while let Ok(Ok((mut stream, _))) = tokio::time::timeout(Duration::from_millis(500), listener.accept()).await {
            connections += 1;
            let _ = stream.read(&mut [0; 4096]).await;
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"items\"").await;
        }
        connections
    });
    let error = unknown(&client(config(&format!("http://{address}")))).await;
    assert!(matches!(error, Error::BrokenOff(_)), "{error:?}");
    assert_eq!(server.await.unwrap(), 1, "it may have been billed");
}
