//! Which connections are open, and which of them goes where there is no room for another: the one that has been idle for
//! longest. Whoever opens thousands and says nothing loses those, and nobody else waits.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// Of all connections the part that goes at once, so that they are not looked through for each that comes.
const PART: usize = 16;

/// Before it is looked again for one that is idle, where none was.
const BREATH: Duration = Duration::from_millis(100);

/// All connections of a service.
pub(super) struct Seats {
    most: usize,
    begun: Instant,
    taken: Mutex<HashMap<u64, Arc<Seat>>>,
    left: Notify,
}

/// One connection's.
pub(super) struct Seat {
    number: u64,
    begun: Instant,
    /// When a byte went either way, in milliseconds since the service began.
    used: AtomicU64,
    answering: AtomicBool,
    closed: CancellationToken,
}

/// Given back when it is dropped.
pub(super) struct Taken {
    seats: Arc<Seats>,
    pub(super) seat: Arc<Seat>,
}

/// While a request is being answered its connection stays.
pub(super) struct Answering(Arc<Seat>);

impl Seats {
    /// For so many connections, at least one.
    pub(super) fn new(most: usize) -> Arc<Self> {
        Arc::new(Self { most: most.max(1), begun: Instant::now(), taken: Mutex::default(), left: Notify::new() })
    }

    /// For the connection of that number. Waits only while every other is in the middle of a request.
    pub(super) async fn take(self: &Arc<Self>, number: u64) -> Taken {
        loop {
            let left = self.left.notified();
            if self.make_room() {
                break;
            }
            // Or one has been answered meanwhile, and is idle.
            tokio::time::timeout(BREATH, left).await.ok();
        }
        let seat = Arc::new(Seat {
            number,
            begun: self.begun,
            used: AtomicU64::new(0),
            answering: AtomicBool::new(false),
            closed: CancellationToken::new(),
        });
        seat.touch();
        self.taken().insert(number, Arc::clone(&seat));
        Taken { seats: Arc::clone(self), seat }
    }

    /// Closes the longest idle where all seats are taken. False where none is idle.
    fn make_room(&self) -> bool {
        let taken = self.taken();
        if taken.len() < self.most {
            return true;
        }
        self.close_idle(taken)
    }

    /// Closes some of the longest idle, also where there is room: something else may have run out. False where none is.
    pub(super) fn close_some(&self) -> bool {
        self.close_idle(self.taken())
    }

    fn close_idle(&self, mut taken: MutexGuard<'_, HashMap<u64, Arc<Seat>>>) -> bool {
        let idle = taken.values().filter(|seat| !seat.answering.load(Ordering::Relaxed));
        let mut idle: Vec<(u64, u64)> = idle.map(|seat| (seat.used.load(Ordering::Relaxed), seat.number)).collect();
        let some = (taken.len() / PART).max(1).min(idle.len());
        if some == 0 {
            return false;
        }
        idle.select_nth_unstable(some - 1);
        for (_, number) in idle.iter().take(some) {
            if let Some(seat) = taken.remove(number) {
                seat.closed.cancel();
            }
        }
        true
    }

    fn taken(&self) -> MutexGuard<'_, HashMap<u64, Arc<Seat>>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seat {
    /// Something happened on the connection.
    pub(super) fn touch(&self) {
        let now = u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.used.store(now, Ordering::Relaxed);
    }

    /// Until that is dropped the connection is not idle.
    pub(super) fn answering(self: &Arc<Self>) -> Answering {
        self.answering.store(true, Ordering::Relaxed);
        Answering(Arc::clone(self))
    }

    /// Whether a request is being answered.
    pub(super) fn is_answering(&self) -> bool {
        self.answering.load(Ordering::Relaxed)
    }

    /// Waits until the connection is to go.
    pub(super) async fn closed(&self) {
        self.closed.cancelled().await;
    }
}

impl Drop for Answering {
    fn drop(&mut self) {
        self.0.answering.store(false, Ordering::Relaxed);
        self.0.touch();
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        self.seats.taken().remove(&self.seat.number);
        self.seats.left.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_longest_idle_goes_and_who_is_answered_stays() {
        let seats = Seats::new(3);
        let (first, second, third) = (seats.take(1).await, seats.take(2).await, seats.take(3).await);
        let answering = first.seat.answering();
        second.seat.used.store(1, Ordering::Relaxed);
        third.seat.used.store(2, Ordering::Relaxed);
        let fourth = seats.take(4).await;
        assert!(second.seat.closed.is_cancelled(), "it was idle for longest");
        let busy = (third.seat.answering(), fourth.seat.answering());
        let mut fifth = Box::pin(seats.take(5));
        let soon = Duration::from_millis(20);
        assert!(tokio::time::timeout(soon, &mut fifth).await.is_err(), "everybody is being answered");
        drop((answering, first));
        let fifth = fifth.await;
        assert_eq!(seats.taken().len(), 3);
        drop((busy, fourth, third, second, fifth));
        assert!(seats.taken().is_empty());
    }

    #[tokio::test]
    async fn a_full_house_is_looked_through_seldom() {
        let seats = Seats::new(160);
        let mut taken = Vec::new();
        for number in 0..160 {
            taken.push(seats.take(number).await);
        }
        let last = seats.take(160).await;
        assert_eq!(seats.taken().len(), 151, "a sixteenth went");
        drop((taken, last));
    }
}
