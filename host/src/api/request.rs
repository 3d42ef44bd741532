//! What every request has: an id, and for changes a version and a key.

use std::future::Future;

use axum::extract::{FromRequestParts, OptionalFromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use linker_store::{Idempotency, Moment};

use super::fault::Fault;

/// Where the id comes and goes.
pub const ID: HeaderName = HeaderName::from_static("x-request-id");

tokio::task_local! {
    static CURRENT: String;
}

/// The id of the request that is being answered; empty outside of one.
pub(super) fn id() -> String {
    CURRENT.try_with(Clone::clone).unwrap_or_default()
}

/// Runs a request under its id: the caller's own where it is 1 to 64 plain characters, else a new one.
pub(super) async fn identified(request: Request, next: Next) -> Response {
    let given = request.headers().get(&ID).and_then(|value| value.to_str().ok());
    let plain = |id: &&str| {
        (1..=64).contains(&id.len())
            && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
    };
    let id = given.filter(plain).map_or_else(fresh, str::to_owned);
    let mut response = within(id.clone(), next.run(request)).await;
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(ID, value);
    }
    response
}

/// Runs something as part of a request.
pub(super) fn within<F: Future>(id: String, work: F) -> impl Future<Output = F::Output> {
    use tracing::Instrument;
    let span = tracing::info_span!("request", request_id = %id);
    CURRENT.scope(id, work.instrument(span))
}

/// 16 random bytes, in hexadecimal.
fn fresh() -> String {
    format!("{:032x}", u128::from_ne_bytes(super::random()))
}

/// A row's version: when it was last changed, to the microsecond.
pub(super) fn etag(updated_at: Moment) -> String {
    format!("\"{}\"", updated_at.utc().timestamp_micros())
}

/// The version that a change is meant for, of `If-Match`.
#[derive(Clone, Copy, Debug)]
pub(super) struct IfMatch(pub(super) Moment);

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Fault> {
        let Some(value) = parts.headers.get(header::IF_MATCH) else { return Err(Fault::precondition_required()) };
        // Proxies that compress answers make weak tags of ours; the row's version is in them all the same.
        let text = value.to_str().ok().map(|text| text.trim().trim_start_matches("W/").trim_matches('"'));
        let micros = text.and_then(|text| text.parse().ok());
        let moment = micros.and_then(chrono::DateTime::from_timestamp_micros);
        moment.map(|moment| Self(Moment::of(moment))).ok_or_else(Fault::stale)
    }
}

/// Days that a key is remembered, as the API's description says: longer than anybody repeats a request.
pub(crate) const REMEMBERED: i64 = 30;

/// The key that makes a repeated request safe, of `Idempotency-Key`.
#[derive(Clone, Debug)]
pub(super) struct Key(String);

impl Key {
    pub(super) fn of(self, operation: &str, body: &[u8]) -> Result<Idempotency, Fault> {
        Ok(Idempotency::new(&self.0, operation, body)?)
    }

    pub(super) fn of_file(self, operation: &str, purpose: &str, file: &[u8]) -> Result<Idempotency, Fault> {
        Ok(Idempotency::of_file(&self.0, operation, purpose, file)?)
    }
}

impl<S: Send + Sync> OptionalFromRequestParts<S> for Key {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Fault> {
        text(&parts.headers, "idempotency-key").map(|key| key.map(|key| Self(key.to_owned())))
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &'static str) -> Result<Option<&'a str>, Fault> {
    let Some(value) = headers.get(name) else { return Ok(None) };
    value.to_str().map(Some).map_err(|_| Fault::field(name, "must be plain text"))
}
