//! - `/body/drip`: a byte every 50 ms, for ever. `/body/stall`: the head, a few bytes, silence.
//! - `/body/cut`: less than its `Content-Length`; `/body/cut-chunked`: no last chunk; both close the connection.
//! - `/body/bad-gzip`: says gzip and isn't. `/body/cut-gzip`: gzip, whole for HTTP and half for gzip.
//! - `/body/bomb/CODING`: 1 GiB of zeros in a few bytes (gzip, deflate, zstd; br: 256 MiB).
//! - `/body/late-link`: 4 MB before the link. `/body/endless`: zeros, uncompressed, for ever.

use std::time::Duration;

use bytes::Bytes;
use http::{Response, header};
use http_body_util::BodyExt;
use http_body_util::channel::{Channel, Sender};

use super::encodings::{self, gzip};
use super::{Answer, Asked, html, page, status};
use crate::{Body, Fault};

pub(super) fn answer(asked: &Asked) -> Answer {
    let kind = (header::CONTENT_TYPE, "text/html");
    let page_of = |size| Bytes::from(page(size));
    match asked.path().as_slice() {
        ["body", "drip"] => Response::builder().header(kind.0, kind.1).body(stream(|mut to| async move {
            while to.send_data(Bytes::from_static(b"<")).await.is_ok() {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        })),
        ["body", "stall"] => stalled(),
        ["body", "endless"] => Response::builder().header(kind.0, kind.1).body(stream(|mut to| async move {
            while to.send_data(Bytes::from_static(&[0; 16 * 1024])).await.is_ok() {}
        })),
        ["body", "cut"] => cut(true),
        ["body", "cut-chunked"] => cut(false),
        ["body", "bad-gzip"] => encodings::coded("gzip", page(1000)),
        ["body", "cut-gzip"] => {
            let mut half = gzip(&page(20_000));
            half.truncate(half.len() / 2);
            encodings::coded("gzip", half)
        }
        ["body", "bomb", coding] => match encodings::bomb(coding) {
            Some(bomb) => encodings::coded(coding, bomb),
            None => status(404),
        },
        ["body", "late-link"] => html(page_of(4_000_000)),
        _ => status(404),
    }
}

pub(super) fn stalled() -> Answer {
    Response::builder().header(header::CONTENT_TYPE, "text/html").body(stream(|mut to| async move {
        drop(to.send_data(Bytes::from_static(b"<p>wait")).await);
        tokio::time::sleep(Duration::from_secs(600)).await;
    }))
}

pub(super) fn cut(says_length: bool) -> Answer {
    let half = Bytes::from(page(20_000)).slice(..10_000);
    let mut answer = Response::builder().header(header::CONTENT_TYPE, "text/html");
    if says_length {
        answer = answer.header(header::CONTENT_LENGTH, 20_000);
    }
    answer.body(stream(|mut to| async move {
        drop(to.send_data(half).await);
        // Long enough for the half to leave.
        tokio::time::sleep(Duration::from_millis(50)).await;
        to.abort(Fault);
    }))
}

fn stream<F: Future<Output = ()> + Send + 'static>(send: impl FnOnce(Sender<Bytes, Fault>) -> F) -> Body {
    let (to, body) = Channel::new(4);
    tokio::spawn(send(to));
    body.boxed_unsync()
}
