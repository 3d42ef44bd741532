//! nothing that can be written anywhere has the key in it.

use std::fmt::{Debug, Write as _};
use std::io;
use std::sync::{Arc, Mutex};

use axum::http::HeaderName;
use axum::http::header::{LOCATION, RETRY_AFTER};
use base64::Engine as _;
use linker_marketplace::{Answer, Cache, Config, Error, FatGrid, Filters, Memory, Owner, Row, Vault};
use serde_json::json;
use tracing_subscriber::fmt::MakeWriter;

use crate::server::{Seen, Server, items, ok, status, with};
use crate::{KEY, client, config, domains, key};

/// Everything that was written.
#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl io::Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Written {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// In every spelling that a log could have it in.
fn assert_clean(what: &str, text: &str) {
    let hex: String = KEY.bytes().map(|byte| format!("{byte:02x}")).collect();
    let bytes = format!("{:?}", KEY.as_bytes());
    let bytes = bytes.trim_matches(['[', ']']);
    let encoded = base64::engine::general_purpose::STANDARD_NO_PAD.encode(KEY);
    let text = text.to_lowercase();
    for spelling in [KEY, &KEY[..10], &KEY[12..], &hex, bytes, &encoded] {
        let at = text.find(&spelling.to_lowercase());
        assert!(at.is_none(), "{what}: …{}…", &text[at.unwrap().saturating_sub(200)..at.unwrap()]);
    }
}

/// A marketplace that repeats the key wherever it can, and misbehaves in each way there is.
fn blabber(number: usize, seen: &Seen) -> axum::response::Response {
    let key = seen.headers["x-api-key"].to_str().unwrap();
    let body = format!("{{\"error\": \"key {key} ({}) at http://x/?key={key} is bad\"}}", key.to_uppercase());
    let answer = match number {
        0 => status(400, body),
        1 => status(401, format!("x-api-key: {key}")),
        2 => status(402, format!("{key}{key}")),
        3 => status(403, body),
        4 => with(status(429, body), RETRY_AFTER, "9999"),
        5 => with(status(307, body), LOCATION, &format!("http://127.0.0.1:1/?{key}")),
        6 => status(500, format!("\"{key}\"")),
        7 => status(200, format!("{key} is no JSON")),
        8 => ok(json!({ "error": key })),
        9 => items([json!({ "url": "a.com", "title": format!("listing for {key}"), "dr": key })]),
        10 => items([json!({ "url": "a.com", "dr": key.to_uppercase() })]),
        11 => status(200, "x".repeat(3 << 10) + key),
        12 => with(items([json!({ "url": "a.com", "dr": [40] })]), HeaderName::from_static("x-echo"), key),
        other => panic!("request {other}"),
    };
    with(answer, HeaderName::from_static("set-cookie"), key)
}

#[tokio::test]
async fn no_error_no_value_and_no_log_has_the_key() {
    let log = Written::default();
    let subscriber = tracing_subscriber::fmt().json().with_max_level(tracing::Level::TRACE).with_writer(log.clone());
    subscriber.try_init().expect("the only subscriber of this process");

    let mut written = String::new();
    let mut note = |thing: &dyn Debug| write!(written, "{thing:?}\n{thing:#?}\n").unwrap();
    let server = Server::start(blabber).await;
    let strict = Config { retries: 0, max_response_bytes: 2 << 10, ..config(&server.base()) };
    let client = client(strict.clone());
    let (key, asked) = (key(), domains(&["a.com"]));
    let mut kinds = Vec::new();
    let mut errors = Vec::new();
    for _ in 0..=12 {
        let found = tracing::Instrument::instrument(
            client.lookup(1, &key, &asked),
            tracing::info_span!("request", client = ?client, key = ?key),
        );
        let found = found.await.unwrap();
        note(&found);
        match &found.answers[0].answer {
            Answer::Unknown(error) => errors.push(error.clone()),
            answer => kinds.push(format!("{answer:?}")),
        }
    }
    assert_eq!((errors.len(), kinds.len()), (12, 1), "{errors:?}");
    assert!(kinds[0].starts_with("Listed"));
    let unreadable = errors.iter().filter(|error| matches!(error, Error::Unreadable(_))).count();
    assert_eq!(unreadable, 4, "whoever repeats the key isn't read: {errors:?}");

    // Those that no answer makes.
    let nobody = Config { base_url: "http://127.0.0.1:1".to_owned(), breaker_failures: 1, ..strict.clone() };
    let nobody = FatGrid::new(nobody, Memory::default()).unwrap();
    errors.push(nobody.browse(1, &key, &Filters::default()).await.unwrap_err());
    errors.push(nobody.browse(1, &key, &Filters::default()).await.unwrap_err());
    assert!(matches!(errors[errors.len() - 2..], [Error::Unreachable(_), Error::CircuitOpen { .. }]));
    for error in &errors {
        note(error);
        note(&error.to_string());
        note(&error.retry_after());
    }

    // Every public type that is near a key.
    let master = Vault::generate().unwrap();
    let vault = Vault::new("MASTER", &master).unwrap();
    let owner = Owner { account: 1, site: None, kind: "fatgrid" };
    let sealed = vault.seal(owner, &key).unwrap();
    let opened = vault.open(owner, &sealed);
    let other = Vault::new("MASTER", &Vault::generate().unwrap()).unwrap();
    let refused = linker_marketplace::ApiKey::new(&format!("{KEY} ").repeat(2).as_str().into());
    assert!(refused.is_err());
    note(&(&key, &client, &nobody, &strict, &vault, &owner, &sealed, &opened, client.circuit()));
    note(&(&refused, other.open(owner, &sealed), vault.open(Owner { account: 2, ..owner }, &sealed)));
    note(&serde_json::to_string(&strict).unwrap());
    assert_clean("what can be printed", &written);
    use secrecy::ExposeSecret as _;
    assert!(!written.contains(master.expose_secret()));

    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(log.contains("marketplace failed") && log.contains("see `fields`") && log.contains("ApiKey([hidden])"));
    assert!(log.contains("hyper"), "the libraries' own words are in it");
    assert_clean("the log", &log);
}

/// Gives back what was kept.
#[derive(Clone, Default)]
struct Shelf(Arc<Mutex<Vec<Row>>>);

impl Cache for Shelf {
    async fn get_many(&self, _: i64, _: &[String]) -> Result<Vec<Row>, String> {
        Ok(Vec::new())
    }

    async fn put_many(&self, _: i64, rows: Vec<Row>) -> Result<(), String> {
        self.0.lock().unwrap().extend(rows);
        Ok(())
    }
}

#[tokio::test]
async fn no_row_that_is_kept_has_the_key() {
    let server = Server::start(|number, seen| match number % 2 {
        0 => items([json!({ "url": "a.com", "note": seen.headers["x-api-key"].to_str().unwrap() })]),
        _ => items([json!({ "url": "a.com" })]),
    })
    .await;
    let shelf = Shelf::default();
    let client = FatGrid::new(config(&server.base()), shelf.clone()).unwrap();
    for _ in 0..2 {
        client.lookup(1, &key(), &domains(&["a.com"])).await.unwrap();
        let _ = client.browse(1, &key(), &Filters::default()).await;
        client.lookup(1, &key(), &domains(&["b.com"])).await.unwrap();
    }
    let rows = shelf.0.lock().unwrap();
    assert!(!rows.is_empty());
    assert_clean("rows", &format!("{rows:?}"));
}
