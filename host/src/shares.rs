//! Places that accounts share, and within an account its runs: at the engine, for guests, for requests under way.
//!
//! The threat: one account asks for more than the machine can do, or for pages that never come, and keeps its places for
//! as long as deadlines allow. So no account has all of them, and a free one goes to the account that has the fewest,
//! there to the run that has the fewest, in turn among equals. Whatever one account does, another finds a place; of many,
//! each finds one when the next comes back.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

/// Who asks: an account, and one of its runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Who {
    pub(crate) account: i64,
    pub(crate) run: i64,
}

/// How many places one account may have.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Most {
    /// As many, however many are free.
    Of(usize),
    /// One more while it has fewer than are free: half of them where it is alone, an equal part beside others.
    FewerThanFree,
}

/// Whether somebody who has `held` may have one more of those that are `free`.
pub(crate) const fn may_have_more(held: usize, free: usize) -> bool {
    held < free
}

/// All places. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Shares(Arc<Mutex<State>>);

struct State {
    free: usize,
    most: Most,
    /// Counts what happens, for the order among equals.
    clock: u64,
    /// Accounts that have a place or wait for one.
    accounts: BTreeMap<i64, Account>,
}

#[derive(Default)]
struct Account {
    part: Part,
    runs: BTreeMap<i64, Run>,
}

#[derive(Default)]
struct Run {
    part: Part,
    waiting: VecDeque<oneshot::Sender<Place>>,
}

/// Of an account or a run. The least is next.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Part {
    held: usize,
    /// When it began to wait, was served last, or gave a place back last.
    since: u64,
}

/// A place, given back when it is dropped.
pub(crate) struct Place {
    shares: Shares,
    who: Who,
}

impl Shares {
    /// At least one place.
    pub(crate) fn new(places: usize, most: Most) -> Self {
        Self(Arc::new(Mutex::new(State { free: places.max(1), most, clock: 0, accounts: BTreeMap::new() })))
    }

    /// A place, when it is one's turn. Who stops waiting leaves the line.
    pub(crate) async fn take(&self, who: Who) -> Option<Place> {
        let (give, given) = oneshot::channel();
        self.state().line_up(who, give);
        self.serve();
        given.await.ok()
    }

    /// How many requests of an account wait.
    pub(crate) fn waiting(&self, account: i64) -> usize {
        let mut state = self.state();
        let runs = state.accounts.get_mut(&account).map(|account| &mut account.runs);
        let lines = runs.into_iter().flat_map(|runs| runs.values_mut()).map(|run| {
            run.waiting.retain(|waiter| !waiter.is_closed());
            run.waiting.len()
        });
        lines.sum()
    }

    /// Places that nobody has.
    #[cfg(test)]
    pub(crate) fn free(&self) -> usize {
        self.state().free
    }

    /// Gives free places to who waits.
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
    fn line_up(&mut self, who: Who, give: oneshot::Sender<Place>) {
        let now = self.tick();
        let account = self.accounts.entry(who.account).or_default();
        if account.runs.values().all(|run| run.waiting.is_empty()) {
            account.part.since = now;
        }
        let run = account.runs.entry(who.run).or_default();
        if run.waiting.is_empty() {
            run.part.since = now;
        }
        run.waiting.push_back(give);
    }

    /// Who is next, where a place is free: it is counted as taken.
    fn next(&mut self) -> Option<(Who, oneshot::Sender<Place>)> {
        self.forget_gone();
        let (free, most) = (self.free, self.most);
        let may = |held| match most {
            Most::Of(most) => free > 0 && held < most,
            Most::FewerThanFree => may_have_more(held, free),
        };
        let waits = |account: &Account| account.runs.values().any(|run| !run.waiting.is_empty());
        let accounts = self.accounts.iter_mut().filter(|(_, account)| may(account.part.held) && waits(account));
        let (&id, account) = accounts.min_by_key(|(_, account)| account.part)?;
        let runs = account.runs.iter_mut().filter(|(_, run)| !run.waiting.is_empty());
        let (&run, line) = runs.min_by_key(|(_, run)| run.part)?;
        let (who, give) = (Who { account: id, run }, line.waiting.pop_front()?);
        self.count(who, 1);
        Some((who, give))
    }

    /// Those that wait no more, and who has nothing and waits for nothing.
    fn forget_gone(&mut self) {
        self.accounts.retain(|_, account| {
            account.runs.retain(|_, run| {
                while run.waiting.front().is_some_and(oneshot::Sender::is_closed) {
                    run.waiting.pop_front();
                }
                run.part.held > 0 || !run.waiting.is_empty()
            });
            !account.runs.is_empty()
        });
    }

    /// Somebody has a place more or fewer: it goes behind those who wait already.
    fn count(&mut self, who: Who, places: isize) {
        let now = self.tick();
        self.free = self.free.saturating_add_signed(places.saturating_neg());
        let Some(account) = self.accounts.get_mut(&who.account) else { return };
        let run = account.runs.get_mut(&who.run).map(|run| &mut run.part);
        for part in [Some(&mut account.part), run].into_iter().flatten() {
            *part = Part { held: part.held.saturating_add_signed(places), since: now };
        }
    }

    fn tick(&mut self) -> u64 {
        self.clock = self.clock.saturating_add(1);
        self.clock
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.shares.state().count(self.who, -1);
        self.shares.serve();
    }
}

#[cfg(test)]
mod tests;
