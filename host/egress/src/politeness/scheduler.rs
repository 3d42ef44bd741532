//! The scheduler.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, VecDeque};
use std::net::IpAddr;
use std::time::Duration;

use slab::Slab;

use super::forget::Broom;
use super::host::{Host, State};
use super::jitter::Dice;
use super::{Moment, Settings, Visit};

/// Jobs by host, handed out in time. All calls take O(log n).
pub struct Scheduler<J> {
    settings: Settings,
    dice: Dice,
    pub(super) hosts: Slab<Host<J>>,
    pub(super) by_name: HashMap<Box<str>, usize>,
    pub(super) addresses: Slab<Address>,
    pub(super) by_address: HashMap<IpAddr, usize>,
    /// The latest moment that the caller has named.
    pub(super) now: Moment,
    pub(super) broom: Broom,
    queue: BinaryHeap<Reverse<(Moment, u64, Turn)>>,
    /// Jobs not yet handed out.
    waiting: usize,
    visits: usize,
    numbers: u64,
}

/// Whose turn comes at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Turn {
    Host(usize),
    /// The first of the hosts that wait for that address.
    Address(usize),
}

/// An address and the hosts that are due but must wait for it.
#[derive(Debug)]
pub(super) struct Address {
    pub(super) ip: IpAddr,
    pub(super) free: Moment,
    /// How many hosts were last seen here.
    pub(super) hosts: usize,
    pub(super) line: VecDeque<usize>,
}

/// A visit under way. To be handed to [`Scheduler::done`]: until then its host gets no other.
#[derive(Debug, PartialEq, Eq)]
#[must_use = "a host whose visit is never done is never visited again"]
pub struct Ticket {
    host: usize,
}

/// What to do now.
#[derive(Debug, PartialEq, Eq)]
pub enum Next<J> {
    /// This job, now.
    Ready(Ticket, J),
    /// Nothing before that moment, unless a visit ends or a job is added.
    WaitUntil(Moment),
    /// Nothing before a visit ends: all hosts with jobs are being visited.
    Visiting,
    /// No job is left. Visits may still be under way.
    Empty,
}

impl<J> Scheduler<J> {
    /// Without jobs.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self {
            settings,
            dice: Dice::new(settings.seed),
            hosts: Slab::new(),
            by_name: HashMap::new(),
            addresses: Slab::new(),
            by_address: HashMap::new(),
            now: Moment::default(),
            broom: Broom::default(),
            queue: BinaryHeap::new(),
            waiting: 0,
            visits: 0,
            numbers: 0,
        }
    }

    /// Jobs not yet handed out.
    #[must_use]
    pub const fn waiting(&self) -> usize {
        self.waiting
    }

    /// Hosts that anything is known of.
    #[must_use]
    pub fn hosts(&self) -> usize {
        self.hosts.len()
    }

    /// Visits under way.
    #[must_use]
    pub const fn visits(&self) -> usize {
        self.visits
    }

    /// Adds a job for a host, not to begin before a moment: the zero moment for at once, a later one for a confirming look
    /// (`again` of a report) or a page whose host said `Retry-After`.
    pub fn add(&mut self, host: &str, not_before: Moment, job: J) {
        self.add_for(0, host, not_before, job);
    }

    /// Adds somebody's job. Of several who have jobs for a host, each has one in turn, however many they have.
    pub fn add_for(&mut self, whose: i64, host: &str, not_before: Moment, job: J) {
        let id = self.host(host);
        let number = self.number();
        if let Some(host) = self.hosts.get_mut(id) {
            host.push(whose, not_before, number, job);
            self.waiting += 1;
        }
        self.enqueue(id);
    }

    /// Obeys a host's `Crawl-delay`, from its next pause on. Never below the spacing.
    pub fn crawl_delay(&mut self, host: &str, delay: Option<Duration>) {
        let id = self.host(host);
        let delay = delay.map(|delay| delay.min(self.settings.longest_crawl_delay));
        if let Some(host) = self.hosts.get_mut(id) {
            host.crawl_delay = delay;
        }
    }

    /// The next job, if its time has come. The clock may stand still but not go back.
    pub fn next(&mut self, now: Moment) -> Next<J> {
        self.now = self.now.max(now);
        while let Some(Reverse((moment, _, turn))) = self.queue.peek().copied() {
            let current = match turn {
                Turn::Host(id) => self.hosts.get(id).is_some_and(|host| host.state == State::Queued(moment)),
                Turn::Address(id) => self.addresses.get(id).is_some_and(|address| !address.line.is_empty()),
            };
            if current && moment > now {
                return Next::WaitUntil(moment);
            }
            self.queue.pop();
            let found = match turn {
                _ if !current => None,
                Turn::Host(id) => self.admit(id, now),
                Turn::Address(id) => self.head_of_line(id, now),
            };
            if let Some((ticket, job)) = found.and_then(|id| self.begin(id, now)) {
                return Next::Ready(ticket, job);
            }
        }
        if self.waiting > 0 { Next::Visiting } else { Next::Empty }
    }

    /// Claims a host for a visit that is no job: its robots.txt, or another site's page that redirects to it.
    ///
    /// # Errors
    ///
    /// When to ask again; `None` if a visit to it is under way, whose end isn't known.
    pub fn enter(&mut self, host: &str, now: Moment) -> Result<Ticket, Option<Moment>> {
        self.now = self.now.max(now);
        let id = self.host(host);
        let Some(host) = self.hosts.get_mut(id) else { return Err(None) };
        if host.state == State::Visited {
            return Err(None);
        }
        let address = host.address.and_then(|id| self.addresses.get_mut(id));
        let free = address.as_ref().map_or(host.free, |address| address.free.max(host.free));
        if free > now {
            return Err(Some(free));
        }
        if let Some(address) = address {
            address.free = now + self.settings.address_floor;
            address.line.retain(|waiting| *waiting != id);
        }
        host.state = State::Visited;
        self.visits += 1;
        Ok(Ticket { host: id })
    }

    /// For how long a host asked to be left alone, where that is longer than a job can wait.
    #[must_use]
    pub fn away(&self, host: &str, now: Moment) -> Option<Duration> {
        let host = self.hosts.get(*self.by_name.get(host)?)?;
        let left = host.away.since_start().saturating_sub(now.since_start());
        (left > self.settings.longest_wait).then_some(left)
    }

    /// Ends a visit and starts the host's pause. What is returned are jobs given back: [`Scheduler::away`] says for how
    /// long.
    pub fn done(&mut self, ticket: Ticket, now: Moment, visit: Visit) -> Vec<J> {
        self.now = self.now.max(now);
        let Ticket { host: id } = ticket;
        if let Some(address) = visit.address {
            self.found_at(id, address);
        }
        let Some(host) = self.hosts.get_mut(id) else { return Vec::new() };
        host.seen = self.now;
        self.visits = self.visits.saturating_sub(1);
        let delay = host.crawl_delay.map_or(self.settings.spacing, |delay| delay.max(self.settings.spacing));
        let pause = delay.saturating_add(self.dice.share(delay, self.settings.jitter));
        let told = visit.retry_after.unwrap_or_default().min(self.settings.longest_retry_after);
        host.free = host.free.max(now + pause.max(told));
        host.away = host.away.max(now + told);
        host.state = State::Idle;
        let back = if told > self.settings.longest_wait { host.drain() } else { Vec::new() };
        self.waiting -= back.len();
        self.enqueue(id);
        back
    }

    /// Takes back a ticket of a visit that nobody made: the host needs no pause from it.
    pub fn give_up(&mut self, ticket: Ticket) {
        let Ticket { host: id } = ticket;
        let Some(host) = self.hosts.get_mut(id) else { return };
        self.visits = self.visits.saturating_sub(1);
        host.state = State::Idle;
        self.enqueue(id);
    }

    fn number(&mut self) -> u64 {
        self.numbers += 1;
        self.numbers
    }

    fn host(&mut self, name: &str) -> usize {
        if let Some(id) = self.by_name.get(name).copied()
            && let Some(host) = self.hosts.get_mut(id)
        {
            host.seen = self.now;
            return id;
        }
        self.forget_some();
        let id = self.hosts.insert(Host::new(name, self.now));
        self.by_name.insert(name.into(), id);
        id
    }

    /// Notes where a host was met.
    fn found_at(&mut self, id: usize, ip: IpAddr) {
        let Self { by_address, addresses, .. } = self;
        let new = || addresses.insert(Address { ip, free: Moment::default(), hosts: 0, line: VecDeque::new() });
        let at = *by_address.entry(ip).or_insert_with(new);
        let Some(host) = self.hosts.get_mut(id) else { return };
        let before = host.address.replace(at);
        for (at, more) in [(Some(at), 1), (before, -1)] {
            if let Some(address) = at.and_then(|at| self.addresses.get_mut(at)) {
                address.hosts = address.hosts.saturating_add_signed(more);
            }
        }
    }

    /// Puts a host with jobs into the queue for when it is due, unless it is there, in line or being visited.
    fn enqueue(&mut self, id: usize) {
        let number = self.number();
        let Some(host) = self.hosts.get_mut(id) else { return };
        let Some(due) = host.due() else { return };
        match host.state {
            State::Visited | State::Waiting => return,
            State::Queued(moment) if moment <= due => return,
            State::Queued(_) | State::Idle => {}
        }
        host.state = State::Queued(due);
        self.queue.push(Reverse((due, number, Turn::Host(id))));
    }

    /// A host whose moment has come: itself, or nobody if it must get in line for its address.
    fn admit(&mut self, id: usize, now: Moment) -> Option<usize> {
        let host = self.hosts.get_mut(id)?;
        let Some(at) = host.address else { return Some(id) };
        let Some(address) = self.addresses.get_mut(at) else { return Some(id) };
        if address.free <= now && address.line.is_empty() {
            return Some(id);
        }
        host.state = State::Waiting;
        address.line.push_back(id);
        if address.line.len() == 1 {
            let free = address.free;
            let number = self.number();
            self.queue.push(Reverse((free, number, Turn::Address(at))));
        }
        None
    }

    /// An address's moment has come: the first in its line, unless somebody has entered meanwhile.
    fn head_of_line(&mut self, at: usize, now: Moment) -> Option<usize> {
        let floor = self.settings.address_floor;
        let address = self.addresses.get_mut(at)?;
        let (first, again) =
            if address.free > now { (None, address.free) } else { (address.line.pop_front(), now + floor) };
        if !address.line.is_empty() {
            let number = self.number();
            self.queue.push(Reverse((again, number, Turn::Address(at))));
        }
        first
    }

    fn begin(&mut self, id: usize, now: Moment) -> Option<(Ticket, J)> {
        let host = self.hosts.get_mut(id)?;
        let job = host.pop()?;
        host.state = State::Visited;
        if let Some(address) = host.address.and_then(|at| self.addresses.get_mut(at)) {
            address.free = now + self.settings.address_floor;
        }
        self.waiting -= 1;
        self.visits += 1;
        Some((Ticket { host: id }, job))
    }
}
