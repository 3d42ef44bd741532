//! A page that came: all of it, or its beginning and why there is no more.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body as _, Frame, SizeHint};
use http_body_util::BodyExt;
use linker_egress::Body;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::no_page::Lost;
use crate::shares::Place;

/// Pages that are read side by side. Those that have come are read one after the other: were a thousand of them read a
/// piece in turn, all would be through at the same late moment.
pub(super) const READERS: usize = 16;
/// Whoever lets its reader wait for longer is read beside the others, for as long as it takes.
const PATIENCE: Duration = Duration::from_millis(5);

/// The body of an answer, read before the guest hears of it: the guest is woken once a page and not once a piece,
/// and what pages wait for, they wait for outside of it.
pub struct Visit {
    page: Option<Bytes>,
    lost: Option<Lost>,
    /// A request is under way until its page was taken or let go, so that pages that nobody reads don't pile up.
    _under_way: Option<Place>,
}

impl Visit {
    /// Reads to the end, or to where it breaks.
    pub(super) async fn read(mut body: Body, under_way: Option<Place>, readers: &Semaphore) -> Self {
        let mut visit = Self { page: None, lost: None, _under_way: under_way };
        let mut pieces = Vec::new();
        let mut reader = readers.acquire().await.ok();
        loop {
            let frame = match &reader {
                Some(_) => match timeout(PATIENCE, body.frame()).await {
                    Ok(frame) => frame,
                    Err(_) => {
                        reader = None;
                        continue;
                    }
                },
                None => body.frame().await,
            };
            let Some(frame) = frame else { break };
            match frame {
                Ok(frame) => pieces.extend(frame.into_data().ok()),
                Err(error) => visit.lost = Some(error.into()),
            }
        }
        visit.page = match pieces.len() {
            0 | 1 => pieces.pop(),
            _ => Some(pieces.concat().into()),
        };
        visit
    }

    /// A redirect's page is nobody's: read only where it is little and there, to keep its connection for the next request.
    pub(super) async fn redirect(body: Body, readers: &Semaphore) -> Self {
        if body.size_hint().exact().is_some_and(|size| size <= 16 * 1024) {
            drop(timeout(PATIENCE, Self::read(body, None, readers)).await);
        }
        Self::none()
    }

    /// Nothing to read.
    pub(super) const fn none() -> Self {
        Self { page: None, lost: None, _under_way: None }
    }
}

impl http_body::Body for Visit {
    type Data = Bytes;
    type Error = Lost;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Lost>>> {
        let page = self.page.take().map(|page| Ok(Frame::data(page)));
        Poll::Ready(page.or_else(|| self.lost.take().map(Err)))
    }

    fn is_end_stream(&self) -> bool {
        self.page.is_none() && self.lost.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::default()
    }
}
