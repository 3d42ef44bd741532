//! The scheduler, driven: whoever wants to visit a host waits here for its ticket.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use linker_egress::politeness::{Moment, Next, Scheduler, Settings, Ticket, Visit};
use tokio::sync::{Notify, oneshot};
use tokio::time::Instant;

type Jobs = Scheduler<oneshot::Sender<Ticket>>;

/// Whose turn it is; cheap to clone.
#[derive(Clone)]
pub(super) struct Queue(Arc<Inner>);

struct Inner {
    jobs: Mutex<Jobs>,
    changed: Notify,
    begun: Instant,
}

impl Queue {
    /// Needs a tokio runtime, in which it hands out tickets until the last clone is gone.
    pub(super) fn new(settings: Settings) -> Self {
        let inner = Inner { jobs: Mutex::new(Scheduler::new(settings)), changed: Notify::new(), begun: Instant::now() };
        let queue = Self(Arc::new(inner));
        let weak = Arc::downgrade(&queue.0);
        tokio::spawn(async move {
            while let Some(inner) = weak.upgrade() {
                let wait = inner.hand_out();
                let changed = inner.changed.notified();
                match wait {
                    Some(moment) => drop(tokio::time::timeout_at(inner.begun + moment.since_start(), changed).await),
                    // Now and then it looks whether anybody is left to wait for.
                    None => drop(tokio::time::timeout(Duration::from_secs(60), changed).await),
                }
            }
        });
        queue
    }

    /// Waits for the host's turn, which accounts have one after the other. Whoever stops waiting gives it up. Errors: for
    /// how long the host wants to be left alone, where that is too long to wait here; `None` where nobody hands out turns
    /// any more.
    pub(super) async fn turn(&self, host: &str, account: i64) -> Result<Ticket, Option<Duration>> {
        let (give, get) = oneshot::channel();
        {
            let mut jobs = self.0.jobs();
            if let Some(away) = jobs.away(host, self.0.now()) {
                return Err(Some(away));
            }
            jobs.add_for(account, host, Moment::default(), give);
        }
        self.0.changed.notify_one();
        get.await.map_err(|_| self.0.jobs().away(host, self.0.now()))
    }

    pub(super) fn crawl_delay(&self, host: &str, delay: Option<Duration>) {
        self.0.jobs().crawl_delay(host, delay);
    }

    pub(super) fn done(&self, ticket: Ticket, visit: Visit) {
        let now = self.0.now();
        // Whoever waited for that host and is not to wait any longer hears of it, as nobody can give a ticket any more.
        drop(self.0.jobs().done(ticket, now, visit));
        self.0.changed.notify_one();
    }
}

impl Inner {
    fn jobs(&self) -> MutexGuard<'_, Jobs> {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> Moment {
        Moment::after(self.begun.elapsed())
    }

    /// Everybody whose turn it is; returns when the next one's comes, if that is known.
    fn hand_out(&self) -> Option<Moment> {
        let mut jobs = self.jobs();
        loop {
            match jobs.next(self.now()) {
                Next::Ready(ticket, give) => {
                    // Nobody went there, so nobody else need pause for that.
                    if let Err(ticket) = give.send(ticket) {
                        jobs.give_up(ticket);
                    }
                }
                Next::WaitUntil(moment) => return Some(moment),
                Next::Visiting | Next::Empty => return None,
            }
        }
    }
}
