//! What all runs of a process share.

use std::sync::Arc;

use linker_egress::robots::Robots;
use linker_egress::{Sender, politeness};
use tokio::sync::Semaphore;

use super::queue::Queue;
use super::visit::READERS;
use crate::shares::Most::FewerThanFree;
use crate::shares::Shares;

/// Guests of an account at the same time, each on a thread that mostly waits. What a guest knows, a run knows when it is
/// through with its batch: many small ones make that soon, and while one waits for its slowest host the others keep the
/// network busy. In all there are twice as many; beside them the engine has instances left for plans.
pub(super) const GUESTS: usize = 16;

/// The way to the web, which all runs of a process share: a host sees one visitor, however many runs ask for its pages.
pub struct Web {
    pub(super) sender: Sender,
    pub(super) robots: Option<Robots>,
    pub(super) queue: Queue,
    /// Requests under way.
    pub(super) at_once: Shares,
    /// Of one account.
    pub(super) most: usize,
    pub(super) readers: Semaphore,
    pub(super) guests: Shares,
    /// Those of them that compute.
    pub(super) cores: Arc<Semaphore>,
}

/// Files that a command has open for other things than requests.
const OTHER_FILES: u64 = 128;
/// Files that a request may hold: its connection, two kept for later, a question to a name server.
pub(crate) const FILES_A_REQUEST: u64 = 4;

/// How many files this process may have open, raised to as many as the system gives.
pub fn files() -> u64 {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, getrlimit, setrlimit};
        let mut limit = getrlimit(Resource::Nofile);
        let before = limit.current;
        limit.current = limit.maximum;
        let now = if setrlimit(Resource::Nofile, limit).is_ok() { limit.maximum } else { before };
        now.unwrap_or(u64::MAX)
    }
    #[cfg(not(unix))]
    u64::MAX
}

/// How many requests of those wanted may be under way without this machine running out of open files: else it would be our
/// fault that a host can't be reached, and its links' loss.
pub fn at_most(wanted: u32) -> u32 {
    let files = files();
    let possible = files.saturating_sub(OTHER_FILES.min(files / 4)) / FILES_A_REQUEST;
    wanted.min(u32::try_from(possible).unwrap_or(u32::MAX)).max(1)
}

impl Web {
    /// Needs a tokio runtime. Without `robots` nobody's robots.txt is asked for; no more than `at_once` requests are
    /// under way, at least one, and of one account no more than half of them.
    pub fn new(sender: Sender, robots: Option<Robots>, politeness: politeness::Settings, at_once: usize) -> Arc<Self> {
        let most = at_once.div_ceil(2).max(1);
        let (at_once, guests) = (Shares::new(at_once, FewerThanFree), Shares::new(2 * GUESTS, FewerThanFree));
        let cores = Arc::new(Semaphore::new(std::thread::available_parallelism().map_or(1, usize::from)));
        let readers = Semaphore::new(READERS);
        Arc::new(Self { sender, robots, queue: Queue::new(politeness), at_once, most, readers, guests, cores })
    }
}
