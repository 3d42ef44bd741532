//! up to 1,000 domains a request.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::http::header::RETRY_AFTER;
use linker_marketplace::{Answer, Cache, Config, Domain, Error, FatGrid, Memory, Row};
use linker_types::Decimal;
use serde_json::json;

use crate::server::{Reply, Server, all_listed, items, ok, status, with};
use crate::{KEY, client, config, domains, key, lookup};

fn listed(answer: &Answer) -> &linker_marketplace::Listing {
    match answer {
        Answer::Listed(listings) => &listings[0],
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn numbers_come_as_numbers_texts_or_nothing() {
    let server = Server::start(|_, _| {
        items([
            json!({"url": "a.com", "dr": 45, "bestPrice": 99.5, "totalOrganicTraffic": 1200, "linkFollow": "dofollow"}),
            json!({"url": "https://www.B.com/", "dr": "45", "bestPrice": "99.50", "totalOrganicTraffic": "1,200"}),
            json!({"url": "c.com", "dr": null, "bestPrice": null, "totalOrganicTraffic": null}),
        ])
    })
    .await;
    let found = lookup(&client(config(&server.base())), &["a.com", "b.com", "c.com"]).await;
    let (a, b, c) =
        (listed(&found.answers[0].answer), listed(&found.answers[1].answer), listed(&found.answers[2].answer));
    assert_eq!((a.dr, a.price, a.organic_traffic), (Some(Decimal::new(45, 0)), Some(Decimal::cents(9950)), Some(1200)));
    assert_eq!((a.dr, a.price, a.organic_traffic), (b.dr, b.price, b.organic_traffic));
    assert_eq!((c.dr, c.price, c.organic_traffic, c.dofollow), (None, None, None, None));
    assert_eq!((a.dofollow, found.rows_fetched), (Some(true), 3));
    assert_eq!(a.opportunity().organic_traffic, Some(1200));
}

#[tokio::test]
async fn an_absent_domain_is_not_listed_and_a_failed_request_leaves_it_unknown() {
    let server = Server::start(|number, _| match number {
        0 => items([json!({"domain": "a.com"}), json!({"domain": "nobody-asked.com"})]),
        _ => status(400, "no"),
    })
    .await;
    let client = client(config(&server.base()));
    let found = lookup(&client, &["a.com", "b.com"]).await;
    assert!(matches!(found.answers[0].answer, Answer::Listed(_)));
    assert_eq!(found.answers[1].answer, Answer::NotListed);
    assert_eq!((found.answers.len(), found.rows_fetched), (2, 2));
    let found = lookup(&client, &["c.com"]).await;
    assert_eq!(found.answers[0].answer, Answer::Unknown(Error::Refused { status: 400, said: "no".to_owned() }));
}

#[tokio::test]
async fn a_site_may_offer_several_placements() {
    let offers = [("guest_post", 90), ("link_insertion", 40)];
    let server = Server::start(move |_, _| {
        items(offers.map(|(kind, price)| json!({"url": "a.com", "type": kind, "bestPrice": price})))
    })
    .await;
    let client = client(config(&server.base()));
    for _ in 0..2 {
        let Answer::Listed(listings) = lookup(&client, &["a.com"]).await.answers.remove(0).answer else { panic!() };
        let kinds: Vec<_> = listings.iter().map(|listing| listing.kind.as_deref()).collect();
        assert_eq!(kinds, [Some("guest_post"), Some("link_insertion")]);
    }
}

#[tokio::test]
async fn twelve_hundred_domains_are_three_requests() {
    let server = Server::start(|_, seen| all_listed(seen)).await;
    let names: Vec<String> = (0..1200).map(|number| format!("site-{number}.com")).collect();
    let asked = Domain::read_all("domains", &names).unwrap();
    let found = client(config(&server.base())).lookup(1, &key(), &asked).await.unwrap();

    let order: Vec<_> = found.answers.iter().map(|answered| answered.domain.as_str().to_owned()).collect();
    assert_eq!(order, names);
    assert!(found.answers.iter().all(|answered| listed(&answered.answer).domain == answered.domain));
    assert_eq!(found.rows_fetched, 1200);

    let seen = server.seen();
    let mut sizes: Vec<_> = seen.iter().map(|seen| seen.asked().len()).collect();
    sizes.sort_unstable();
    assert_eq!(sizes, [200, 500, 500]);
    let all: BTreeSet<_> = seen.iter().flat_map(|seen| seen.asked()).collect();
    assert_eq!(all, names.into_iter().collect());
    for seen in seen {
        assert_eq!((seen.method.as_str(), seen.uri.to_string().as_str()), ("POST", "/api/public/search-domains"));
        assert_eq!(seen.headers["x-api-key"], KEY);
        assert_eq!(seen.headers["content-type"], "application/json");
        assert_eq!(seen.body, json!({"search": seen.asked().join(",")}).to_string());
    }
}

#[tokio::test]
async fn the_documented_thousand_is_one_request_under_another_header() {
    let server = Server::start(|_, seen| all_listed(seen)).await;
    let names: Vec<String> = (0..1000).map(|number| format!("site-{number}.com")).collect();
    let config = Config { chunk: 1000, key_header: "authorization".to_owned(), ..config(&server.base()) };
    let asked = Domain::read_all("domains", &names).unwrap();
    assert_eq!(client(config).lookup(1, &key(), &asked).await.unwrap().rows_fetched, 1000);
    let seen = server.seen();
    assert_eq!((seen.len(), seen[0].headers["authorization"].to_str().unwrap()), (1, KEY));
    assert!(!seen[0].headers.contains_key("x-api-key"));
}

#[tokio::test]
async fn one_failing_request_leaves_the_others_answers() {
    let server = Server::start(|_, seen| match seen.asked().contains(&"site-7.com".to_owned()) {
        true => status(422, "one of these is odd"),
        false => all_listed(seen),
    })
    .await;
    let names: Vec<String> = (0..40).map(|number| format!("site-{number}.com")).collect();
    let client = client(Config { chunk: 10, ..config(&server.base()) });
    let asked = Domain::read_all("domains", &names).unwrap();
    let found = client.lookup(1, &key(), &asked).await.unwrap();
    let failed =
        server.seen().into_iter().map(|seen| seen.asked()).find(|asked| asked.contains(&"site-7.com".to_owned()));
    let failed: BTreeSet<_> = failed.unwrap().into_iter().collect();
    assert_eq!(failed.len(), 10);
    for answered in found.answers {
        let unknown = matches!(answered.answer, Answer::Unknown(Error::Refused { status: 422, .. }));
        assert_eq!(unknown, failed.contains(answered.domain.as_str()), "{answered:?}");
    }
    // What was unknown is asked again, what is known isn't.
    client.lookup(1, &key(), &asked).await.unwrap();
    let again: BTreeSet<_> = server.seen()[4..].iter().flat_map(|seen| seen.asked()).collect();
    assert_eq!(again, failed);
}

#[tokio::test]
async fn what_was_paid_for_is_not_paid_for_again() {
    let server = Server::start(|_, _| items([json!({"domain": "a.com", "dr": 50})])).await;
    let client = client(config(&server.base()));
    let first = lookup(&client, &["a.com", "b.com"]).await;
    let again = lookup(&client, &["b.com", "a.com", "B.com."]).await;
    assert_eq!(server.seen().len(), 1);
    assert_eq!((again.rows_fetched, again.answers.len()), (0, 2));
    assert!(again.answers.iter().all(|answered| answered.cached));
    assert_eq!(again.answers[1].answer, first.answers[0].answer);
    assert_eq!(again.answers[0].answer, Answer::NotListed);

    let other = client.lookup(2, &key(), &domains(&["a.com"])).await.unwrap();
    assert!(!other.answers[0].cached, "another account pays for its own rows");
    assert_eq!(server.seen().len(), 2);
}

#[tokio::test]
async fn not_listed_is_kept_for_a_time_of_its_own_and_nothing_beyond_it() {
    let server = Server::start(|_, _| items([json!({"domain": "a.com", "dr": 50})])).await;
    let client = client(Config { not_listed_ttl_s: 0, ..config(&server.base()) });
    lookup(&client, &["a.com", "b.com"]).await;
    lookup(&client, &["a.com", "b.com"]).await;
    assert_eq!(server.seen()[1].asked(), ["b.com"]);

    let cache = Memory::default();
    let row = |domain: &str, expires_at| Row { key: domain.to_owned(), json: "[]".to_owned(), expires_at };
    cache.put_many(1, vec![row("a.com", i64::MAX), row("b.com", 1_000_000_000), row("c.com", i64::MAX)]).await.unwrap();
    let damaged = Row { json: "{".to_owned(), ..row("c.com", i64::MAX) };
    cache.put_many(1, vec![row("b.com", 1_000_000_000), damaged]).await.unwrap();
    let client = FatGrid::new(config(&server.base()), cache).unwrap();
    let found = lookup(&client, &["a.com", "b.com", "c.com"]).await;
    assert_eq!(found.answers.iter().map(|answered| answered.cached).collect::<Vec<_>>(), [true, false, false]);
    assert_eq!(server.seen()[2].asked(), ["b.com", "c.com"]);
}

#[tokio::test]
async fn an_answer_is_kept_though_the_caller_has_gone() {
    let server = Server::start(|_, seen| Reply(Duration::from_millis(200), all_listed(seen))).await;
    let cache = Arc::new(Memory::default());
    let client = FatGrid::new(config(&server.base()), Arc::clone(&cache)).unwrap();
    let (key, asked) = (key(), domains(&["a.com"]));
    let given_up = tokio::time::timeout(Duration::from_millis(50), client.lookup(1, &key, &asked)).await;
    assert!(given_up.is_err());
    let kept = async {
        while cache.get_many(1, &["a.com".to_owned()]).await.unwrap().is_empty() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), kept).await.expect("kept after the caller has gone");
    assert!(client.lookup(1, &key, &asked).await.unwrap().answers[0].cached);
    assert_eq!(server.seen().len(), 1);
}

/// Fails on demand.
#[derive(Default)]
struct Faulty {
    memory: Memory,
    reads: AtomicBool,
    writes: AtomicBool,
}

impl Cache for Faulty {
    async fn get_many(&self, account: i64, keys: &[String]) -> Result<Vec<Row>, String> {
        match self.reads.load(Ordering::SeqCst) {
            true => Err("the database is away".to_owned()),
            false => self.memory.get_many(account, keys).await,
        }
    }

    async fn put_many(&self, account: i64, rows: Vec<Row>) -> Result<(), String> {
        match self.writes.load(Ordering::SeqCst) {
            true => Err("the disk is full".to_owned()),
            false => self.memory.put_many(account, rows).await,
        }
    }
}

#[tokio::test]
async fn without_the_kept_rows_nothing_is_bought_and_what_was_bought_is_given() {
    let server = Server::start(|_, seen| all_listed(seen)).await;
    let cache = Arc::new(Faulty::default());
    let client = FatGrid::new(config(&server.base()), Arc::clone(&cache)).unwrap();
    cache.reads.store(true, Ordering::SeqCst);
    let asked = domains(&["a.com"]);
    let error = client.lookup(1, &key(), &asked).await.unwrap_err();
    assert_eq!(error, Error::Cache("the database is away".to_owned()));
    assert_eq!(server.seen().len(), 0);
    cache.reads.store(false, Ordering::SeqCst);
    cache.writes.store(true, Ordering::SeqCst);
    assert_eq!(client.lookup(1, &key(), &asked).await.unwrap().rows_fetched, 1);
}

#[tokio::test]
async fn fewer_rows_than_announced_leave_the_absent_unknown() {
    let server = Server::start(|_, _| ok(json!({"items": [{"url": "a.com"}], "total": "2"}))).await;
    let found = lookup(&client(config(&server.base())), &["a.com", "b.com"]).await;
    assert!(matches!(found.answers[0].answer, Answer::Listed(_)));
    assert_eq!(found.answers[1].answer, Answer::Unknown(Error::Incomplete { rows: 1, total: 2 }));
}

#[tokio::test]
async fn no_more_requests_are_under_way_than_allowed() {
    let server = Server::start(|_, seen| Reply(Duration::from_millis(30), all_listed(seen))).await;
    let names: Vec<String> = (0..12).map(|number| format!("site-{number}.com")).collect();
    let client = client(Config { chunk: 1, concurrency: 3, ..config(&server.base()) });
    let found = client.lookup(1, &key(), &Domain::read_all("domains", &names).unwrap()).await.unwrap();
    assert_eq!((found.rows_fetched, server.seen().len()), (12, 12));
    assert_eq!(server.most_under_way(), 3);
}

#[tokio::test]
async fn who_is_told_to_wait_leaves_the_turn_to_others() {
    let server = Server::start(|number, seen| match number {
        0 => with(status(429, ""), RETRY_AFTER, "2"),
        _ => all_listed(seen),
    })
    .await;
    let client = client(Config { concurrency: 1, ..config(&server.base()) });
    let waiting = client.clone();
    let waiting = tokio::spawn(async move { lookup(&waiting, &["a.com"]).await });
    while server.seen().is_empty() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    lookup(&client, &["b.com"]).await;
    assert!(matches!(waiting.await.unwrap().answers[0].answer, Answer::Listed(_)));
    let order: Vec<_> = server.seen().iter().flat_map(|seen| seen.asked()).collect();
    assert_eq!(order, ["a.com", "b.com", "a.com"]);
}

#[tokio::test]
async fn who_waits_too_long_for_a_turn_sends_nothing() {
    let server = Server::start(|_, seen| Reply(Duration::from_millis(400), all_listed(seen))).await;
    let client = client(Config { chunk: 1, concurrency: 1, give_up_after_ms: 100, ..config(&server.base()) });
    let found = lookup(&client, &["a.com", "b.com"]).await;
    let busy = found.answers.iter().filter(|answered| answered.answer == Answer::Unknown(Error::Busy)).count();
    assert_eq!((busy, server.seen().len()), (1, 1));
}
