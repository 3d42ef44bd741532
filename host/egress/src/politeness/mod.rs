//! Who is visited when: a scheduler as a data structure, which never sleeps and reads no clock.
//!
//! The caller asks [`Scheduler::next`] with the time, does the visit, and says [`Scheduler::done`]. What holds whatever
//! the caller does:
//!
//! - A host has one visit at a time, and the next begins no sooner than its spacing after the end of the last: the
//!   default, or its robots.txt's `Crawl-delay`, or its `Retry-After`, whichever is longest.
//! - Visits to one address, where it is known, begin no closer than the floor: a thousand shop domains may be one server.
//! - A host that nobody has asked for in a day, and whose pause is over, is forgotten.
//! - Every job is handed out exactly once, and not before its time; or given back, where its host asks to be left alone.
//!
//! Hosts are compared as they are given: ASCII, lower case ([`crate::address::Target::host`]).

mod forget;
mod host;
mod jitter;
mod scheduler;
mod site;

use std::time::Duration;

pub use forget::REMEMBERED;
pub use scheduler::{Next, Scheduler, Ticket};
pub use site::same_site;

/// A moment on the caller's clock: milliseconds from whenever its run began.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(u64);

impl Moment {
    /// That long after the run began; what is below a millisecond is cut.
    #[must_use]
    pub fn after(start: Duration) -> Self {
        Self(u64::try_from(start.as_millis()).unwrap_or(u64::MAX))
    }

    /// Time since the run began.
    #[must_use]
    pub const fn since_start(self) -> Duration {
        Duration::from_millis(self.0)
    }
}

impl std::ops::Add<Duration> for Moment {
    type Output = Self;

    /// A delay's beginning millisecond counts as whole: never too early.
    fn add(self, delay: Duration) -> Self {
        let millis = u64::try_from(delay.as_nanos().div_ceil(1_000_000)).unwrap_or(u64::MAX);
        Self(self.0.saturating_add(millis))
    }
}

/// How polite to be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// From the end of a visit to a host to the beginning of the next.
    pub spacing: Duration,
    /// From the beginning of a visit to an address to the beginning of the next, whatever the host.
    pub address_floor: Duration,
    /// What is added to the spacing at most, as a part of it: 0.1 makes 5 s into 5 to 5.5 s. It spreads visits that would
    /// otherwise fall on the same second; it only ever adds.
    pub jitter: f64,
    /// Where the jitter starts: equal seeds and equal calls give equal plans.
    pub seed: u64,
    /// A `Crawl-delay` beyond this is taken for this.
    pub longest_crawl_delay: Duration,
    /// A `Retry-After` beyond this is taken for this.
    pub longest_retry_after: Duration,
    /// A host that asks by `Retry-After` to be left alone for longer than this gives its jobs back.
    pub longest_wait: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            spacing: Duration::from_secs(5),
            address_floor: Duration::from_millis(100),
            jitter: 0.1,
            seed: 0,
            longest_crawl_delay: Duration::from_secs(120),
            longest_retry_after: Duration::from_secs(24 * 60 * 60),
            longest_wait: Duration::from_secs(120),
        }
    }
}

/// What a visit taught about its host. The default: nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Visit {
    /// The address that answered.
    pub address: Option<std::net::IpAddr>,
    /// The answer's `Retry-After`, with 429 and 503.
    pub retry_after: Option<Duration>,
}
