//! What is known of one host.

use std::cmp::Ordering;
use std::collections::{BinaryHeap, HashMap};
use std::time::Duration;

use super::Moment;

/// A host with its jobs.
pub(super) struct Host<J> {
    pub(super) name: Box<str>,
    /// Earliest first; of equal ones the one of the earliest round, then the one that was added first.
    jobs: BinaryHeap<Job<J>>,
    /// The round of the job that was begun last: in a round everybody who has jobs here has one.
    round: u64,
    /// The round of the last job of each, of those who have some.
    rounds: HashMap<i64, u64>,
    /// No visit begins before.
    pub(super) free: Moment,
    /// Until when it asked to be left alone.
    pub(super) away: Moment,
    /// From robots.txt.
    pub(super) crawl_delay: Option<Duration>,
    /// Which of [`super::scheduler::Scheduler`]'s addresses it was last seen at.
    pub(super) address: Option<usize>,
    /// When anybody last asked for it, or a visit to it ended.
    pub(super) seen: Moment,
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
struct Job<J> {
    not_before: Moment,
    round: u64,
    number: u64,
    what: J,
}

impl<J> Ord for Job<J> {
    /// The other way round: the heap's greatest is the earliest.
    fn cmp(&self, other: &Self) -> Ordering {
        (other.not_before, other.round, other.number).cmp(&(self.not_before, self.round, self.number))
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
    pub(super) fn new(name: &str, seen: Moment) -> Self {
        Self {
            name: name.into(),
            jobs: BinaryHeap::new(),
            round: 0,
            rounds: HashMap::new(),
            free: Moment::default(),
            away: Moment::default(),
            crawl_delay: None,
            address: None,
            seen,
            state: State::Idle,
        }
    }

    /// Adds somebody's job: in the round after that of their last one, in this one where they have none.
    pub(super) fn push(&mut self, whose: i64, not_before: Moment, number: u64, what: J) {
        let round = self.rounds.get(&whose).map_or(self.round, |last| last.saturating_add(1).max(self.round));
        self.rounds.insert(whose, round);
        self.jobs.push(Job { not_before, round, number, what });
    }

    /// Takes the next job.
    pub(super) fn pop(&mut self) -> Option<J> {
        let job = self.jobs.pop()?;
        self.round = self.round.max(job.round);
        if self.jobs.is_empty() {
            self.rounds.clear();
        }
        Some(job.what)
    }

    /// Whether it has no job and no visit.
    pub(super) fn is_idle(&self) -> bool {
        self.state == State::Idle && self.jobs.is_empty()
    }

    /// Takes all jobs away from it.
    pub(super) fn drain(&mut self) -> Vec<J> {
        self.rounds.clear();
        self.jobs.drain().map(|job| job.what).collect()
    }

    /// When its next job may begin, as far as the host itself is concerned.
    pub(super) fn due(&self) -> Option<Moment> {
        self.jobs.peek().map(|job| job.not_before.max(self.free))
    }
}
