//! A client that looks at the envelope of every answer.

use std::sync::{Arc, Mutex};

use reqwest::Method;
use reqwest::header::HeaderMap;
use serde_json::Value;

use crate::program::PATIENCE;

pub(crate) const ROOT: &str = "/api/v1/linker";

/// Everything that was answered, for who wants to look through it.
pub(crate) type Record = Arc<Mutex<String>>;

#[derive(Clone)]
pub(crate) struct Client {
    http: reqwest::Client,
    address: String,
    token: Option<String>,
    pub(crate) record: Record,
}

/// An answer whose envelope is as it should be.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

impl Client {
    pub(crate) fn new(address: &str) -> Self {
        // The client wants to know how it would encrypt, if it did; the second call finds the first.
        tokio_rustls::rustls::crypto::ring::default_provider().install_default().ok();
        let http = reqwest::Client::builder().timeout(PATIENCE).no_proxy().build().expect("a client");
        Self { http, address: address.to_owned(), token: None, record: Record::default() }
    }

    pub(crate) fn with(&self, token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..self.clone() }
    }

    /// A request to be sent; paths below the root may be given without it.
    pub(crate) fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let root = if path.starts_with("/api/") || path.ends_with('z') || path == "/metrics" { "" } else { ROOT };
        let request = self.http.request(method, format!("{}{root}{path}", self.address));
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path)).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(self.request(Method::POST, path).json(body)).await
    }

    /// POST to what needs no body.
    pub(crate) async fn act(&self, path: &str) -> Answer {
        self.send(self.request(Method::POST, path)).await
    }

    /// With an `Idempotency-Key`.
    pub(crate) async fn post_once(&self, path: &str, key: &str, body: &Value) -> Answer {
        self.send(self.request(Method::POST, path).header("idempotency-key", key).json(body)).await
    }

    /// With an `If-Match`.
    pub(crate) async fn put(&self, path: &str, etag: &str, body: &Value) -> Answer {
        self.send(self.request(Method::PUT, path).header("if-match", etag).json(body)).await
    }

    pub(crate) async fn send(&self, request: reqwest::RequestBuilder) -> Answer {
        self.try_send(request).await.expect("an answer")
    }

    /// The answer, where the server lives to give one.
    pub(crate) async fn try_send(&self, request: reqwest::RequestBuilder) -> reqwest::Result<Answer> {
        let response = request.send().await?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await?;
        let mut record = self.record.lock().expect("no test panicked here");
        record.push_str(&format!("{status} {headers:?}\n{text}\n"));
        drop(record);
        let json = headers.get("content-type").is_some_and(|kind| kind == "application/json");
        let body = if json { serde_json::from_str(&text).expect("JSON") } else { Value::String(text) };
        let answer = Answer { status, headers, body };
        answer.check();
        Ok(answer)
    }
}

impl Answer {
    /// The platform's envelope, or no body, or one of those that have none (the plan, an operator's addresses).
    fn check(&self) {
        let (body, status) = (&self.body, self.status);
        let id = self.header("x-request-id");
        if status >= 400 && body.get("status").is_none() {
            assert_eq!(body["success"], false, "{self:?}");
            assert!(body["error"].as_str().is_some_and(|text| !text.is_empty()), "{self:?}");
            assert!(body["errors"].is_object(), "{self:?}");
            assert_eq!(body["request_id"], id, "{self:?}");
        } else if body.get("success").is_some() {
            assert_eq!(body["success"], true, "{self:?}");
            assert_eq!(body["request_id"], id, "{self:?}");
            let list = body.get("results").is_some();
            assert_ne!(list, body.get("data").is_some(), "{self:?}");
            if list {
                assert!(body["results"].is_array() && body["count"].is_u64(), "{self:?}");
                assert!(["next", "previous"].iter().all(|name| body.get(name).is_some()), "{self:?}");
            }
        }
    }

    /// The same, where the status is this one.
    #[track_caller]
    pub(crate) fn is(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.body);
        self
    }

    /// A fault that names a field.
    #[track_caller]
    pub(crate) fn names(self, field: &str) -> Self {
        let answer = self.is(400);
        let errors = answer.body["errors"].as_object().expect("errors");
        assert!(errors.contains_key(field), "`{field}` is not named: {}", answer.body);
        answer
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    pub(crate) fn etag(&self) -> String {
        let etag = self.header("etag");
        assert!(etag.starts_with('"') && etag.ends_with('"'), "{self:?}");
        etag.to_owned()
    }

    pub(crate) fn data(&self) -> &Value {
        &self.body["data"]
    }

    pub(crate) fn id(&self) -> i64 {
        self.data()["id"].as_i64().unwrap_or_else(|| panic!("no id: {}", self.body))
    }

    #[track_caller]
    pub(crate) fn results(&self) -> &Vec<Value> {
        self.body["results"].as_array().unwrap_or_else(|| panic!("no list: {}", self.body))
    }

    pub(crate) fn count(&self) -> u64 {
        self.body["count"].as_u64().expect("a count")
    }
}
