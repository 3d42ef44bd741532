//! Places that the runs of many accounts share: for guests, for requests under way.
//!
//! The threat: pages that never come keep their places for as long as deadlines allow, and an account may have thousands
//! of them. So part of the places is always free for somebody else: an account may have one more while it has fewer than
//! are free, which is half of them where it is alone, and an equal part beside others. A free place goes to the account
//! that has the fewest, there to the run that has the fewest, and among equals to who waits for longest.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

/// Who asks: an account, and one of its runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Who {
    pub(super) account: i64,
    pub(super) run: i64,
}

/// Whether somebody who has `held` may have one more of those that are `free`.
pub(crate) const fn may_have_more(held: usize, free: usize) -> bool {
    held < free
}

/// All places. Cheap to clone.
#[derive(Clone)]
pub(super) struct Shares(Arc<Mutex<State>>);

struct State {
    free: usize,
    /// Counts who comes.
    clock: u64,
    /// Accounts that have a place or wait for one.
    accounts: BTreeMap<i64, Account>,
}

#[derive(Default)]
struct Account {
    held: usize,
    runs: BTreeMap<i64, Line>,
}

/// Of one run.
#[derive(Default)]
struct Line {
    held: usize,
    waiting: VecDeque<(u64, oneshot::Sender<Place>)>,
}

/// A place, given back when it is dropped.
pub(super) struct Place {
    shares: Shares,
    who: Who,
}

impl Shares {
    /// At least one place.
    pub(super) fn new(places: usize) -> Self {
        Self(Arc::new(Mutex::new(State { free: places.max(1), clock: 0, accounts: BTreeMap::new() })))
    }

    /// A place, when it is one's turn. Who stops waiting leaves the line.
    pub(super) async fn take(&self, who: Who) -> Option<Place> {
        let (give, given) = oneshot::channel();
        {
            let mut state = self.state();
            state.clock += 1;
            let number = state.clock;
            state.line(who).waiting.push_back((number, give));
        }
        self.serve();
        given.await.ok()
    }

    fn serve(&self) {
        loop {
            let Some((who, give)) = self.state().next() else { return };
            // Without the lock: a place that nobody takes comes back at once.
            give.send(Place { shares: self.clone(), who }).ok();
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn line(&mut self, who: Who) -> &mut Line {
        self.accounts.entry(who.account).or_default().runs.entry(who.run).or_default()
    }

    /// Who is next: its place is counted as taken.
    fn next(&mut self) -> Option<(Who, oneshot::Sender<Place>)> {
        self.accounts.retain(|_, account| {
            account.runs.retain(|_, line| {
                while line.waiting.front().is_some_and(|(_, give)| give.is_closed()) {
                    line.waiting.pop_front();
                }
                line.held > 0 || !line.waiting.is_empty()
            });
            !account.runs.is_empty()
        });
        let free = self.free;
        let may = self.accounts.iter_mut().filter(|(_, account)| may_have_more(account.held, free));
        let first = |line: &Line| line.waiting.front().map(|(number, _)| *number);
        let waits = |account: &Account| account.runs.values().filter_map(first).min();
        let (_, _, (&id, account)) = may
            .filter_map(|one| Some((one.1.held, waits(one.1)?, one)))
            .min_by_key(|(held, since, _)| (*held, *since))?;
        let runs = account.runs.iter_mut().filter_map(|(run, line)| Some((line.held, first(line)?, run, line)));
        let (_, _, &run, line) = runs.min_by_key(|(held, since, ..)| (*held, *since))?;
        let (_, give) = line.waiting.pop_front()?;
        line.held += 1;
        account.held += 1;
        self.free -= 1;
        Some((Who { account: id, run }, give))
    }

    fn back(&mut self, who: Who) {
        self.free += 1;
        let Some(account) = self.accounts.get_mut(&who.account) else { return };
        account.held = account.held.saturating_sub(1);
        if let Some(line) = account.runs.get_mut(&who.run) {
            line.held = line.held.saturating_sub(1);
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.shares.state().back(self.who);
        self.shares.serve();
    }
}

#[cfg(test)]
mod tests;
