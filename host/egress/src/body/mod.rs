//! An answer's body: decoded, bounded in bytes and time.

mod brotli;
mod coding;
mod decode;
#[cfg(test)]
mod laws;
mod watch;

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http::{HeaderMap, Response, header};
use http_body::{Body as HttpBody, Frame, SizeHint};
use hyper::body::Incoming;

use crate::Error;
use crate::sender::pool::{Connection, Idle};
use decode::Decoding;
pub(crate) use watch::Watch;

/// The bytes of a page as its author wrote them, at most as many as the limit says.
///
/// The end tells: `None` means whole, [`Error::TooLarge`] that exactly the limit's bytes were delivered and there are more,
/// any other error that the rest is lost. Trailers are dropped. No background work: a body that nobody reads costs its
/// connection's buffers, and its deadlines rest.
pub struct Body {
    incoming: Incoming,
    watch: Watch,
    decoding: Option<Decoding>,
    /// What may still be delivered, bytes.
    left: u64,
    limit: u64,
    /// The last piece was cut: whatever the wire says next, the page isn't whole.
    over: bool,
    lease: Option<(Connection, Arc<Idle>)>,
    done: bool,
}

/// Wraps an answer; its headers lose those that no longer describe the body (`content-encoding`, `content-length` where
/// it was encoded) and those of the connection.
pub(crate) fn of(
    answer: Response<Incoming>,
    limit: u64,
    watch: Watch,
    lease: Option<(Connection, Arc<Idle>)>,
) -> Response<Body> {
    let (mut head, incoming) = answer.into_parts();
    let lease = lease.filter(|_| crate::sender::reusable(head.version, &head.headers));
    let decoding = Decoding::of(&head.headers, limit);
    if decoding.is_some() {
        head.headers.remove(header::CONTENT_ENCODING);
        head.headers.remove(header::CONTENT_LENGTH);
    }
    strip(&mut head.headers);
    // hyper's private notes on the connection: nobody's business beyond this crate.
    head.extensions.clear();
    let mut body = Body { incoming, watch, decoding, left: limit, limit, over: false, lease, done: false };
    if body.incoming.is_end_stream() {
        body.finish();
    }
    Response::from_parts(head, body)
}

fn strip(headers: &mut HeaderMap) {
    for name in ["connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"] {
        headers.remove(name);
    }
}

impl Body {
    /// The body was read to its end: its connection is free.
    fn finish(&mut self) {
        self.done = true;
        self.decoding = None;
        if let Some((connection, idle)) = self.lease.take() {
            idle.put(connection);
        }
    }

    fn fail<T>(&mut self, error: Error) -> Poll<Option<Result<T, Error>>> {
        self.done = true;
        self.decoding = None;
        self.lease = None;
        Poll::Ready(Some(Err(error)))
    }

    /// The next bytes off the wire, and `None` at their end.
    fn wire(&mut self, cx: &mut Context<'_>) -> Poll<Result<Option<Bytes>, Error>> {
        loop {
            match Pin::new(&mut self.incoming).poll_frame(cx) {
                Poll::Ready(Some(Ok(frame))) => {
                    self.watch.alive();
                    match frame.into_data() {
                        Ok(data) if !data.is_empty() => return Poll::Ready(Ok(Some(data))),
                        _ => {}
                    }
                }
                Poll::Ready(Some(Err(error))) => {
                    return Poll::Ready(Err(Error::Incomplete { message: words(&error) }));
                }
                Poll::Ready(None) => return Poll::Ready(Ok(None)),
                Poll::Pending => return self.watch.poll(cx).map(Err),
            }
        }
    }

    fn plain(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        if self.over {
            return self.fail(Error::TooLarge { limit: self.limit });
        }
        match ready!(self.wire(cx)) {
            Err(error) => self.fail(error),
            Ok(None) => {
                self.finish();
                Poll::Ready(None)
            }
            Ok(Some(mut data)) => {
                let left = usize::try_from(self.left).unwrap_or(usize::MAX);
                if left == 0 {
                    return self.fail(Error::TooLarge { limit: self.limit });
                }
                self.over = data.len() > left;
                data.truncate(left);
                self.left -= data.len() as u64;
                // Not waiting for another poll to hear that it was the last: the connection is free now.
                if !self.over && self.incoming.is_end_stream() {
                    self.finish();
                }
                Poll::Ready(Some(Ok(Frame::data(data))))
            }
        }
    }
}

impl HttpBody for Body {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        let this = self.get_mut();
        if this.done {
            return Poll::Ready(None);
        }
        let Some(mut decoding) = this.decoding.take() else { return this.plain(cx) };
        loop {
            match decoding.produce() {
                Err(error) => return this.fail(error),
                Ok(decode::Made::Bytes(data)) => {
                    this.decoding = Some(decoding);
                    return Poll::Ready(Some(Ok(Frame::data(data))));
                }
                Ok(decode::Made::End) => {
                    this.finish();
                    return Poll::Ready(None);
                }
                Ok(decode::Made::Hungry) => {}
            }
            match this.wire(cx) {
                Poll::Pending => {
                    this.decoding = Some(decoding);
                    return Poll::Pending;
                }
                Poll::Ready(Err(error)) => return this.fail(error),
                Poll::Ready(Ok(Some(data))) => decoding.feed(data),
                Poll::Ready(Ok(None)) => decoding.close(),
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.done
    }

    fn size_hint(&self) -> SizeHint {
        match &self.decoding {
            Some(_) => SizeHint::default(),
            None if self.done => SizeHint::with_exact(0),
            None => self.incoming.size_hint(),
        }
    }
}

/// hyper's error with its cause, which alone says what happened.
pub(crate) fn words(error: &hyper::Error) -> String {
    match std::error::Error::source(error) {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}
