//! A marketplace that says what the test wants, and notes what it was asked.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use tokio::net::TcpListener;

#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) method: Method,
    pub(crate) uri: Uri,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Seen {
    /// The domains that a lookup asks for.
    pub(crate) fn asked(&self) -> Vec<String> {
        let body: Value = serde_json::from_str(&self.body).unwrap();
        body["search"].as_str().unwrap().split(',').map(str::to_owned).collect()
    }
}

/// An answer and how long it takes.
pub(crate) struct Reply(pub(crate) Duration, pub(crate) Response);

impl From<Response> for Reply {
    fn from(response: Response) -> Self {
        Self(Duration::ZERO, response)
    }
}

type Script = dyn Fn(usize, &Seen) -> Reply + Send + Sync;

struct Stage {
    script: Box<Script>,
    seen: Mutex<Vec<Seen>>,
    under_way: AtomicUsize,
    most_under_way: AtomicUsize,
}

#[derive(Clone)]
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    stage: Arc<Stage>,
}

impl Server {
    /// Answers by `script`, which gets the request's number from 0.
    pub(crate) async fn start<R: Into<Reply>>(script: impl Fn(usize, &Seen) -> R + Send + Sync + 'static) -> Self {
        let stage = Arc::new(Stage {
            script: Box::new(move |number, seen| script(number, seen).into()),
            seen: Mutex::default(),
            under_way: AtomicUsize::new(0),
            most_under_way: AtomicUsize::new(0),
        });
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let app = Router::new().fallback(answer).with_state(Arc::clone(&stage));
        tokio::spawn(async { axum::serve(listener, app).await });
        Self { address, stage }
    }

    pub(crate) fn base(&self) -> String {
        format!("http://{}/api/public", self.address)
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.stage.seen.lock().unwrap().clone()
    }

    pub(crate) fn most_under_way(&self) -> usize {
        self.stage.most_under_way.load(Ordering::SeqCst)
    }
}

async fn answer(
    State(stage): State<Arc<Stage>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let under_way = stage.under_way.fetch_add(1, Ordering::SeqCst) + 1;
    stage.most_under_way.fetch_max(under_way, Ordering::SeqCst);
    let seen = Seen { method, uri, headers, body: String::from_utf8(body.to_vec()).unwrap() };
    let number = {
        let mut all = stage.seen.lock().unwrap();
        all.push(seen.clone());
        all.len() - 1
    };
    let Reply(wait, response) = (stage.script)(number, &seen);
    tokio::time::sleep(wait).await;
    stage.under_way.fetch_sub(1, Ordering::SeqCst);
    response
}

pub(crate) fn ok(body: Value) -> Response {
    axum::Json(body).into_response()
}

pub(crate) fn items(items: impl IntoIterator<Item = Value>) -> Response {
    ok(json!({ "items": items.into_iter().collect::<Vec<_>>() }))
}

/// Lists everything asked for at DR 40.
pub(crate) fn all_listed(seen: &Seen) -> Response {
    items(seen.asked().into_iter().map(|domain| json!({ "url": domain, "dr": 40 })))
}

pub(crate) fn status(status: u16, body: impl Into<Body>) -> Response {
    (StatusCode::from_u16(status).unwrap(), body.into()).into_response()
}

pub(crate) fn with(mut response: Response, name: header::HeaderName, value: &str) -> Response {
    response.headers_mut().insert(name, value.parse().unwrap());
    response
}
