//! Turns at work that keeps a thread busy: plans, scores, large documents. Who waits too long, or in too long a line, is
//! told so instead of holding a request open.

use std::time::Duration;

use super::fault::{Fault, Result};
use crate::shares::{Most, Shares, Who};

/// Requests of one account that may wait: what a client with a pool of connections sends at once.
const LINE: usize = 64;
/// How long one waits at most: longer than any that runs may take.
const PATIENCE: Duration = Duration::from_secs(12);

/// The places of a machine.
#[derive(Clone)]
pub(super) struct Turns {
    places: Shares,
    patience: Duration,
}

/// A place, given back when it is dropped.
pub(super) struct Place(#[allow(dead_code, reason = "held")] crate::shares::Place);

impl Turns {
    /// For a machine of so many cores. One account can use them all; one place more is there for another, which shares
    /// the cores with it then.
    pub(super) fn new(cores: usize) -> Self {
        Self::with(cores.saturating_add(1), cores, PATIENCE)
    }

    /// For files that are imported: each keeps a core and the database busy for as long as it takes, one of an account
    /// beside one of another.
    pub(super) fn of_imports() -> Self {
        Self::with(2, 1, PATIENCE)
    }

    fn with(places: usize, most: usize, patience: Duration) -> Self {
        Self { places: Shares::new(places, Most::Of(most)), patience }
    }

    /// A place for an account, when it is its turn. Who stops waiting leaves the line.
    ///
    /// # Errors
    /// 503 where too many of the account's requests wait already, or this one waited too long.
    pub(super) async fn take(&self, account: i64) -> Result<Place> {
        if self.places.waiting(account) >= LINE {
            return Err(busy(&format!("{LINE} requests of this account wait for it already")));
        }
        match tokio::time::timeout(self.patience, self.places.take(Who { account, run: 0 })).await {
            Ok(Some(place)) => Ok(Place(place)),
            Ok(None) => Err(Fault::internal("a place that nobody gives")),
            Err(_) => Err(busy(&format!("its turn did not come within {} s", self.patience.as_secs()))),
        }
    }
}

impl Place {
    /// Runs something on a thread that may be busy for long. The place is its own until it is done, also where nobody
    /// waits for it any more.
    ///
    /// # Errors
    /// 500 where it panics.
    pub(super) async fn run<T: Send + 'static>(self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let done = tokio::task::spawn_blocking(move || {
            let _place = self;
            work()
        });
        done.await.map_err(Fault::internal)
    }
}

fn busy(why: &str) -> Fault {
    Fault::unavailable(format!("the service is busy, and {why}: send fewer requests at once, and this one again later"))
}

#[cfg(test)]
mod tests;
