//! The deadlines of a body.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::time::{Instant, Sleep, sleep_until};

use crate::sender::Deadlines;
use crate::{Error, Phase};

/// Watches the server, not the reader: time runs only while somebody waits for bytes that aren't there.
pub(crate) struct Watch {
    deadlines: Deadlines,
    end: Instant,
    /// Since when the server keeps us waiting.
    waiting: Option<Instant>,
    /// Made at the first wait. Left to fire too early rather than set anew for every frame.
    alarm: Option<Pin<Box<Sleep>>>,
}

impl Watch {
    pub(crate) fn new(deadlines: Deadlines, start: Instant) -> Self {
        Self { deadlines, end: start + deadlines.total, waiting: None, alarm: None }
    }

    /// Bytes came.
    pub(crate) const fn alive(&mut self) {
        self.waiting = None;
    }

    /// Nothing there: ready when that has lasted too long.
    pub(crate) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Error> {
        loop {
            let now = Instant::now();
            let idle = *self.waiting.get_or_insert(now) + self.deadlines.idle;
            if now >= self.end {
                return Poll::Ready(Error::Timeout { phase: Phase::Total, limit: self.deadlines.total });
            }
            if now >= idle {
                return Poll::Ready(Error::Timeout { phase: Phase::Idle, limit: self.deadlines.idle });
            }
            let until = idle.min(self.end);
            let alarm = self.alarm.get_or_insert_with(|| Box::pin(sleep_until(until)));
            if alarm.as_mut().poll(cx).is_pending() {
                return Poll::Pending;
            }
            alarm.as_mut().reset(until);
        }
    }
}
