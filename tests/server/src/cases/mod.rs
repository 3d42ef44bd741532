//! What each path does. The first segment names the module.
//!
//! - `/page`: a small page with a link, 200; `/page/SIZE` one of at least that many bytes, the link at its end.
//! - everything unknown: 404.

pub mod bodies;
pub mod encodings;
pub mod heads;
pub mod load;
pub mod redirects;
pub mod robots;
pub mod statuses;
pub mod traps;

use bytes::Bytes;
use http::request::Parts;
use http::{Response, StatusCode, header};
use http_body_util::{BodyExt, Full};

use crate::Body;

/// A request, and the how manieth for its path it is, from 1.
pub struct Asked {
    /// Its head.
    pub parts: Parts,
    /// From 1.
    pub hit: usize,
}

/// What a case gives.
pub type Answer = http::Result<Response<Body>>;

impl Asked {
    /// The path's segments.
    #[must_use]
    pub fn path(&self) -> Vec<&str> {
        self.parts.uri.path().split('/').skip(1).collect()
    }

    /// A header, empty if there is none.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.parts.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// Host and port.
    #[must_use]
    pub fn host(&self) -> &str {
        self.parts.uri.authority().map_or_else(|| self.header("host"), http::uri::Authority::as_str)
    }
}

/// No answer: what the server can't make of it, it breaks off.
pub(crate) fn none() -> Answer {
    Response::builder().status(0).body(whole(""))
}

pub(crate) async fn answer(asked: &Asked) -> Answer {
    match asked.path().as_slice() {
        ["page"] => html(page(0)),
        ["page", size] => html(page(size.parse().unwrap_or(0))),
        ["robots.txt"] => robots::answer(asked),
        ["status" | "retry" | "retry-after", ..] => statuses::answer(asked),
        ["redirect", ..] => redirects::answer(asked),
        ["trap", ..] => traps::answer(asked),
        ["head", ..] => heads::answer(asked).await,
        ["body", ..] => bodies::answer(asked),
        ["encoded", ..] => encodings::answer(asked),
        ["load", ..] => load::answer(asked).await,
        _ => status(404),
    }
}

/// A page of at least `size` bytes that ends with a link to `https://target.example.com/`.
#[must_use]
pub fn page(size: usize) -> Vec<u8> {
    let mut text = b"<!doctype html><title>A page</title>\n".to_vec();
    let mut line = 0;
    while text.len() < size {
        text.extend_from_slice(format!("<p>Paragraph {line} of <b>{}</b> words.\n", line * 7919 % 1000).as_bytes());
        line += 1;
    }
    text.extend_from_slice(b"<a href=\"https://target.example.com/\">the target</a>\n");
    text
}

/// A body sent at once, with its length.
#[must_use]
pub fn whole(body: impl Into<Bytes>) -> Body {
    Full::new(body.into()).map_err(|never| match never {}).boxed_unsync()
}

pub(crate) fn html(body: impl Into<Bytes>) -> Answer {
    Response::builder().header(header::CONTENT_TYPE, "text/html; charset=utf-8").body(whole(body))
}

pub(crate) fn status(code: u16) -> Answer {
    let status = StatusCode::from_u16(code)?;
    Response::builder().status(status).header(header::CONTENT_TYPE, "text/html").body(whole(format!("status {code}")))
}
