//! A page as it comes in, and the turn at its host that it holds until it was read or let go.

use std::pin::{Pin, pin};
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Frame, SizeHint};
use linker_egress::Body;
use linker_egress::politeness::Ticket;
use tokio_util::sync::WaitForCancellationFutureOwned;

use super::courier::{Errand, Lost};

/// The body of an answer.
pub struct Visit {
    body: Body,
    stopped: Pin<Box<WaitForCancellationFutureOwned>>,
    errand: Errand,
    /// None for a redirect within a site, which waits for no turn.
    ticket: Option<Ticket>,
    learned: linker_egress::politeness::Visit,
}

impl Visit {
    pub(super) fn new(
        body: Body,
        stopped: WaitForCancellationFutureOwned,
        errand: Errand,
        ticket: Option<Ticket>,
        learned: linker_egress::politeness::Visit,
    ) -> Self {
        Self { body, stopped: Box::pin(stopped), errand, ticket, learned }
    }
}

impl http_body::Body for Visit {
    type Data = Bytes;
    type Error = Lost;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Lost>>> {
        if self.stopped.as_mut().poll(cx).is_ready() {
            self.errand.cut();
            return Poll::Ready(Some(Err(Lost::Stopped)));
        }
        pin!(&mut self.body).poll_frame(cx).map_err(Lost::from)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Visit {
    fn drop(&mut self) {
        self.errand.end(self.ticket.take(), self.learned);
    }
}
