//! What all runs of a process share.

use std::sync::Arc;

use linker_egress::robots::Robots;
use linker_egress::{Sender, politeness};
use tokio::sync::Semaphore;

use super::queue::Queue;
use super::visit::READERS;

/// Guests at the same time, each on a thread that mostly waits. What a guest knows, a run knows when it is through with
/// its batch: many small ones make that soon, and while one waits for its slowest host the others keep the network
/// busy. Beside them the engine has instances left for plans.
pub(super) const GUESTS: usize = 16;

/// The way to the web, which all runs of a process share: a host sees one visitor, however many runs ask for its pages.
pub struct Web {
    pub(super) sender: Sender,
    pub(super) robots: Option<Robots>,
    pub(super) queue: Queue,
    /// Requests under way.
    pub(super) at_once: Arc<Semaphore>,
    pub(super) most: usize,
    pub(super) readers: Semaphore,
    pub(super) guests: Arc<Semaphore>,
    /// Those of them that compute.
    pub(super) cores: Arc<Semaphore>,
}

impl Web {
    /// Needs a tokio runtime. Without `robots` nobody's robots.txt is asked for; no more than `at_once` requests are
    /// under way, at least one.
    pub fn new(sender: Sender, robots: Option<Robots>, politeness: politeness::Settings, at_once: usize) -> Arc<Self> {
        let most = at_once.clamp(1, Semaphore::MAX_PERMITS);
        let (at_once, guests) = (Arc::new(Semaphore::new(most)), Arc::new(Semaphore::new(GUESTS)));
        let cores = Arc::new(Semaphore::new(std::thread::available_parallelism().map_or(1, usize::from)));
        let readers = Semaphore::new(READERS);
        Arc::new(Self { sender, robots, queue: Queue::new(politeness), at_once, most, readers, guests, cores })
    }
}
