//! What is known of one host.

use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::time::Duration;

use super::Moment;

/// A host with its jobs.
pub(super) struct Host<J> {
    pub(super) name: Box<str>,
    /// Earliest first; of equal ones the one that was added first.
    pub(super) jobs: BinaryHeap<Job<J>>,
    /// No visit begins before.
    pub(super) free: Moment,
    /// Until when it asked to be left alone.
    pub(super) away: Moment,
    /// From robots.txt.
    pub(super) crawl_delay: Option<Duration>,
    /// Which of [`super::scheduler::Scheduler`]'s addresses it was last seen at.
    pub(super) address: Option<u32>,
    /// Where it stands.
    pub(super) state: State,
}

/// Where a host stands: it is in at most one queue, so nothing is handed out twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// Without jobs.
    Idle,
    /// In the queue, for that moment. An entry for another moment is a leftover.
    Queued(Moment),
    /// Behind its address.
    Waiting,
    /// Being visited.
    Visited,
}

/// A job and its time.
pub(super) struct Job<J> {
    pub(super) not_before: Moment,
    pub(super) number: u64,
    pub(super) what: J,
}

impl<J> Ord for Job<J> {
    /// The other way round: the heap's greatest is the earliest.
    fn cmp(&self, other: &Self) -> Ordering {
        (other.not_before, other.number).cmp(&(self.not_before, self.number))
    }
}

impl<J> PartialOrd for Job<J> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<J> PartialEq for Job<J> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl<J> Eq for Job<J> {}

impl<J> Host<J> {
    pub(super) fn new(name: &str) -> Self {
        Self {
            name: name.into(),
            jobs: BinaryHeap::new(),
            free: Moment::default(),
            away: Moment::default(),
            crawl_delay: None,
            address: None,
            state: State::Idle,
        }
    }

    /// When its next job may begin, as far as the host itself is concerned.
    pub(super) fn due(&self) -> Option<Moment> {
        self.jobs.peek().map(|job| job.not_before.max(self.free))
    }
}
