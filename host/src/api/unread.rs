//! Requests that are answered before their body was read: a refused token, a wrong address. What is left of the body
//! would be taken for the connection's next request, so the connection ends there; a client that isn't told sends its
//! next request all the same, and loses it. So the rest is read where it is short, else the answer says
//! `connection: close`.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::http::{HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use http_body::{Frame, SizeHint};
use http_body_util::BodyExt;
use tokio::sync::oneshot;

/// Bytes that are read for nothing; a new connection costs no more.
const MOST: usize = 1 << 20;
/// How long they may take.
const PATIENCE: Duration = Duration::from_secs(2);

/// Answers a request, and sees to what it left of the body.
pub(super) async fn finished(request: Request, next: Next) -> Response {
    if request.body().is_end_stream() {
        return next.run(request).await;
    }
    // A client that asks before it sends has sent nothing, and is not to begin.
    let asks = request.headers().contains_key(header::EXPECT);
    let (back, mut left) = oneshot::channel();
    let mut response = next.run(request.map(|body| Body::new(Lent { body, begun: false, back: Some(back) }))).await;
    // Not back yet: somebody works on the request although it was given up.
    let whole = match left.try_recv() {
        Ok(Left::Nothing) => true,
        Ok(Left::Rest { begun, .. }) if asks && !begun => false,
        Ok(Left::Rest { body, .. }) => tokio::time::timeout(PATIENCE, read_away(body)).await.unwrap_or(false),
        Err(_) => false,
    };
    if !whole {
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

/// Whether a body ended before it became too long.
async fn read_away(mut body: Body) -> bool {
    let mut left = MOST;
    if usize::try_from(body.size_hint().lower()).is_ok_and(|size| size > left) {
        return false;
    }
    while let Some(frame) = body.frame().await {
        let read = frame.map(|frame| frame.into_data().map_or(0, |data| data.len()));
        match read.ok().and_then(|read| left.checked_sub(read)) {
            Some(rest) => left = rest,
            None => return false,
        }
    }
    true
}

/// What is left of a body.
enum Left {
    Nothing,
    Rest { body: Body, begun: bool },
}

/// A body that comes back when it is dropped.
struct Lent {
    body: Body,
    begun: bool,
    back: Option<oneshot::Sender<Left>>,
}

impl Lent {
    fn give_back(&mut self, left: Left) {
        if let Some(back) = self.back.take() {
            // Nobody waits for it where the client is gone.
            back.send(left).ok();
        }
    }
}

impl HttpBody for Lent {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        self.begun = true;
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        if frame.is_none() {
            self.give_back(Left::Nothing);
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        let body = std::mem::replace(&mut self.body, Body::empty());
        let begun = self.begun;
        let left = if body.is_end_stream() { Left::Nothing } else { Left::Rest { body, begun } };
        self.give_back(left);
    }
}
