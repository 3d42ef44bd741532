//! Who is connected: so many at most. Whoever comes when all places are taken gets that of the connection which has asked
//! nothing for longest, so that idle ones, however many, keep nobody out.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio_util::sync::CancellationToken;

/// No more than a machine serves; an idle one takes some 10 KB.
const MOST: usize = 16_384;
/// Without a limit that is known.
const FILES: u64 = 1024;

/// The connections of a listener.
pub(super) struct Open {
    most: usize,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Numbers what happens: of two connections the one with the lower number asked less lately.
    clock: u64,
    idle: BTreeMap<u64, CancellationToken>,
    all: usize,
}

/// A connection's place, given back when it is dropped.
pub(super) struct Place {
    open: Arc<Open>,
    /// When it was last heard of, while it is idle.
    idle: Mutex<Option<u64>>,
    makes_room: CancellationToken,
}

/// A request that is being answered: its connection keeps its place.
pub(super) struct Busy(Arc<Place>);

impl Open {
    /// A quarter of the files that this process may have open; checks and the database need the others.
    pub(super) fn as_many_as_files_allow() -> Arc<Self> {
        #[cfg(unix)]
        let files = rustix::process::getrlimit(rustix::process::Resource::Nofile).current;
        #[cfg(not(unix))]
        let files = None;
        Self::new(usize::try_from(files.unwrap_or(FILES) / 4).unwrap_or(MOST).clamp(1, MOST))
    }

    fn new(most: usize) -> Arc<Self> {
        Arc::new(Self { most, state: Mutex::default() })
    }

    /// A place, if need be that of an idle connection; none where all are busy.
    pub(super) fn enter(self: &Arc<Self>) -> Option<Place> {
        let makes_room = CancellationToken::new();
        let mut state = self.state();
        if state.all >= self.most {
            // Its own end finds its place given away.
            let (_, longest) = state.idle.pop_first()?;
            longest.cancel();
            state.all -= 1;
        }
        state.all += 1;
        let number = state.rests(makes_room.clone());
        drop(state);
        Some(Place { open: Arc::clone(self), idle: Mutex::new(Some(number)), makes_room })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn rests(&mut self, makes_room: CancellationToken) -> u64 {
        self.clock += 1;
        self.idle.insert(self.clock, makes_room);
        self.clock
    }
}

impl Place {
    /// Cancelled where another connection needs the place: what is being answered then is the last.
    pub(super) fn makes_room(&self) -> CancellationToken {
        self.makes_room.clone()
    }

    /// A request came.
    pub(super) fn busy(self: &Arc<Self>) -> Busy {
        self.wakes();
        Busy(Arc::clone(self))
    }

    /// Whether it was idle and still had its place.
    fn wakes(&self) -> bool {
        let number = self.idle.lock().unwrap_or_else(PoisonError::into_inner).take();
        number.is_some_and(|number| self.open.state().idle.remove(&number).is_some())
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        let Self(place) = self;
        if !place.makes_room.is_cancelled() {
            let number = place.open.state().rests(place.makes_room.clone());
            *place.idle.lock().unwrap_or_else(PoisonError::into_inner) = Some(number);
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.wakes();
        if !self.makes_room.is_cancelled() {
            self.open.state().all -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_idle_makes_room() {
        let open = Open::new(2);
        let (first, second) = (Arc::new(open.enter().unwrap()), Arc::new(open.enter().unwrap()));
        drop(first.busy());
        let third = open.enter().unwrap();
        assert!(second.makes_room.is_cancelled() && !first.makes_room.is_cancelled());
        drop(second);
        let busy = first.busy();
        let fourth = Arc::new(open.enter().unwrap());
        assert!(third.makes_room.is_cancelled());
        let also = fourth.busy();
        assert!(open.enter().is_none(), "all are busy");
        drop((busy, first));
        assert!(open.enter().is_some(), "one has gone");
        drop((also, fourth, third));
        let state = open.state();
        assert_eq!((state.all, state.idle.len()), (0, 0));
    }
}
