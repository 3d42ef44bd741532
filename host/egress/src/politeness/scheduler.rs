//! The scheduler.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, VecDeque};
use std::net::IpAddr;
use std::time::Duration;

use super::host::{Host, State};
use super::jitter::Dice;
use super::{Moment, Settings, Visit};

/// Jobs by host, handed out in time. All calls take O(log n).
pub struct Scheduler<J> {
    settings: Settings,
    dice: Dice,
    hosts: Vec<Host<J>>,
    by_name: HashMap<Box<str>, u32>,
    addresses: Vec<Address>,
    by_address: HashMap<IpAddr, u32>,
    queue: BinaryHeap<Reverse<(Moment, u64, Turn)>>,
    /// Jobs not yet handed out.
    waiting: usize,
    visits: usize,
    numbers: u64,
}

/// Whose turn comes at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Turn {
    Host(u32),
    /// The first of the hosts that wait for that address.
    Address(u32),
}

/// An address and the hosts that are due but must wait for it.
#[derive(Debug, Default)]
struct Address {
    free: Moment,
    line: VecDeque<u32>,
}

/// A visit under way. To be handed to [`Scheduler::done`]: until then its host gets no other.
#[derive(Debug, PartialEq, Eq)]
#[must_use = "a host whose visit is never done is never visited again"]
pub struct Ticket {
    host: u32,
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
            hosts: Vec::new(),
            by_name: HashMap::new(),
            addresses: Vec::new(),
            by_address: HashMap::new(),
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
        if let Some(host) = self.hosts.get_mut(id as usize) {
            host.push(whose, not_before, number, job);
            self.waiting += 1;
        }
        self.enqueue(id);
    }

    /// Obeys a host's `Crawl-delay`, from its next pause on. Never below the spacing.
    pub fn crawl_delay(&mut self, host: &str, delay: Option<Duration>) {
        let id = self.host(host);
        let delay = delay.map(|delay| delay.min(self.settings.longest_crawl_delay));
        if let Some(host) = self.hosts.get_mut(id as usize) {
            host.crawl_delay = delay;
        }
    }

    /// The next job, if its time has come. The clock may stand still but not go back.
    pub fn next(&mut self, now: Moment) -> Next<J> {
        while let Some(Reverse((moment, _, turn))) = self.queue.peek().copied() {
            let current = match turn {
                Turn::Host(id) => self.hosts.get(id as usize).is_some_and(|host| host.state == State::Queued(moment)),
                Turn::Address(id) => self.addresses.get(id as usize).is_some_and(|address| !address.line.is_empty()),
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
        let id = self.host(host);
        let Some(host) = self.hosts.get_mut(id as usize) else { return Err(None) };
        if host.state == State::Visited {
            return Err(None);
        }
        let address = host.address.and_then(|id| self.addresses.get_mut(id as usize));
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
        let host = self.hosts.get(*self.by_name.get(host)? as usize)?;
        let left = host.away.since_start().saturating_sub(now.since_start());
        (left > self.settings.longest_wait).then_some(left)
    }

    /// Ends a visit and starts the host's pause. What is returned are jobs given back: [`Scheduler::away`] says for how
    /// long.
    pub fn done(&mut self, ticket: Ticket, now: Moment, visit: Visit) -> Vec<J> {
        let Ticket { host: id } = ticket;
        let address = visit.address.map(|address| self.address(address));
        let Some(host) = self.hosts.get_mut(id as usize) else { return Vec::new() };
        self.visits = self.visits.saturating_sub(1);
        let delay = host.crawl_delay.map_or(self.settings.spacing, |delay| delay.max(self.settings.spacing));
        let pause = delay.saturating_add(self.dice.share(delay, self.settings.jitter));
        let told = visit.retry_after.unwrap_or_default().min(self.settings.longest_retry_after);
        host.free = host.free.max(now + pause.max(told));
        host.away = host.away.max(now + told);
        host.address = address.or(host.address);
        host.state = State::Idle;
        let back = if told > self.settings.longest_wait { host.drain() } else { Vec::new() };
        self.waiting -= back.len();
        self.enqueue(id);
        back
    }

    /// Takes back a ticket of a visit that nobody made: the host needs no pause from it.
    pub fn give_up(&mut self, ticket: Ticket) {
        let Ticket { host: id } = ticket;
        let Some(host) = self.hosts.get_mut(id as usize) else { return };
        self.visits = self.visits.saturating_sub(1);
        host.state = State::Idle;
        self.enqueue(id);
    }

    fn number(&mut self) -> u64 {
        self.numbers += 1;
        self.numbers
    }

    fn host(&mut self, name: &str) -> u32 {
        if let Some(id) = self.by_name.get(name) {
            return *id;
        }
        let id = u32::try_from(self.hosts.len()).unwrap_or(u32::MAX);
        let host = Host::new(name);
        self.by_name.insert(host.name.clone(), id);
        self.hosts.push(host);
        id
    }

    fn address(&mut self, address: IpAddr) -> u32 {
        let id = u32::try_from(self.addresses.len()).unwrap_or(u32::MAX);
        let known = *self.by_address.entry(address).or_insert(id);
        if known == id {
            self.addresses.push(Address::default());
        }
        known
    }

    /// Puts a host with jobs into the queue for when it is due, unless it is there, in line or being visited.
    fn enqueue(&mut self, id: u32) {
        let number = self.number();
        let Some(host) = self.hosts.get_mut(id as usize) else { return };
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
    fn admit(&mut self, id: u32, now: Moment) -> Option<u32> {
        let host = self.hosts.get_mut(id as usize)?;
        let Some(at) = host.address else { return Some(id) };
        let Some(address) = self.addresses.get_mut(at as usize) else { return Some(id) };
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
    fn head_of_line(&mut self, at: u32, now: Moment) -> Option<u32> {
        let floor = self.settings.address_floor;
        let address = self.addresses.get_mut(at as usize)?;
        let (first, again) =
            if address.free > now { (None, address.free) } else { (address.line.pop_front(), now + floor) };
        if !address.line.is_empty() {
            let number = self.number();
            self.queue.push(Reverse((again, number, Turn::Address(at))));
        }
        first
    }

    fn begin(&mut self, id: u32, now: Moment) -> Option<(Ticket, J)> {
        let host = self.hosts.get_mut(id as usize)?;
        let job = host.pop()?;
        host.state = State::Visited;
        if let Some(address) = host.address.and_then(|at| self.addresses.get_mut(at as usize)) {
            address.free = now + self.settings.address_floor;
        }
        self.waiting -= 1;
        self.visits += 1;
        Some((Ticket { host: id }, job))
    }
}
