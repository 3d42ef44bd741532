//! Places for work that keeps a thread busy: plans, scores, large documents. Accounts share them.
//!
//! The threat: one account asks for more than the machine can do. So no account has all places, a free one goes to
//! the account that has the fewest, in turn among equals, and who waits too long or in too long a line is told so
//! instead of holding a request open. Whatever one account does, another finds a place; of many, each finds one when
//! the next call ends.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::oneshot;

use super::fault::{Fault, Result};

/// Requests of one account that may wait: what a client with a pool of connections sends at once.
const LINE: usize = 64;
/// How long one waits at most: longer than any that runs may take.
const PATIENCE: Duration = Duration::from_secs(12);

/// The places of a machine.
#[derive(Clone)]
pub(super) struct Turns {
    state: Arc<Mutex<State>>,
    /// Places that one account may have at once.
    share: usize,
    patience: Duration,
}

struct State {
    free: usize,
    /// Counts what happens, for the order among equals.
    clock: u64,
    /// Accounts that have a place or wait for one.
    accounts: BTreeMap<i64, Line>,
}

#[derive(Default)]
struct Line {
    running: usize,
    /// When it began to wait, was served last, or gave a place back last.
    since: u64,
    waiting: VecDeque<oneshot::Sender<Place>>,
}

/// A place, given back when it is dropped.
pub(super) struct Place {
    turns: Turns,
    account: i64,
}

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

    fn with(places: usize, share: usize, patience: Duration) -> Self {
        let state = State { free: places, clock: 0, accounts: BTreeMap::new() };
        Self { state: Arc::new(Mutex::new(state)), share, patience }
    }

    /// A place for an account, when it is its turn. Who stops waiting leaves the line.
    ///
    /// # Errors
    /// 503 where too many of the account's requests wait already, or this one waited too long.
    pub(super) async fn take(&self, account: i64) -> Result<Place> {
        let (give, given) = oneshot::channel();
        {
            let mut state = self.state();
            let now = state.tick();
            let line = state.accounts.entry(account).or_default();
            line.waiting.retain(|waiter| !waiter.is_closed());
            if line.waiting.len() >= LINE {
                return Err(busy(&format!("{LINE} requests of this account wait for it already")));
            }
            if line.waiting.is_empty() {
                line.since = now;
            }
            line.waiting.push_back(give);
        }
        self.serve();
        match tokio::time::timeout(self.patience, given).await {
            Ok(Ok(place)) => Ok(place),
            Ok(Err(gone)) => Err(Fault::internal(gone)),
            Err(_) => Err(busy(&format!("its turn did not come within {} s", self.patience.as_secs()))),
        }
    }

    /// Gives free places to who waits.
    fn serve(&self) {
        loop {
            let Some((account, waiter)) = self.state().next(self.share) else { return };
            // Without the lock: a place that nobody takes comes back at once.
            waiter.send(Place { turns: self.clone(), account }).ok();
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Who is next, where a place is free: it is counted as taken.
    fn next(&mut self, share: usize) -> Option<(i64, oneshot::Sender<Place>)> {
        let free = self.free.checked_sub(1)?;
        self.accounts.values_mut().for_each(|line| line.waiting.retain(|waiter| !waiter.is_closed()));
        self.accounts.retain(|_, line| line.running > 0 || !line.waiting.is_empty());
        let waiting = self.accounts.iter_mut().filter(|(_, line)| line.running < share && !line.waiting.is_empty());
        let (account, line) = waiting.min_by_key(|(_, line)| (line.running, line.since))?;
        let (account, waiter) = (*account, line.waiting.pop_front()?);
        self.free = free;
        self.ran(account, 1);
        Some((account, waiter))
    }

    fn tick(&mut self) -> u64 {
        self.clock = self.clock.saturating_add(1);
        self.clock
    }

    /// An account has a place more or fewer: it goes behind those who wait already.
    fn ran(&mut self, account: i64, places: isize) {
        let now = self.tick();
        if let Some(line) = self.accounts.get_mut(&account) {
            line.running = line.running.saturating_add_signed(places);
            line.since = now;
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

impl Drop for Place {
    fn drop(&mut self) {
        {
            let mut state = self.turns.state();
            state.free = state.free.saturating_add(1);
            state.ran(self.account, -1);
        }
        self.turns.serve();
    }
}

fn busy(why: &str) -> Fault {
    Fault::unavailable(format!("the service is busy, and {why}: send fewer requests at once, and this one again later"))
}

#[cfg(test)]
mod tests;
