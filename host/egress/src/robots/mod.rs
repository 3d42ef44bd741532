//! robots.txt (RFC 9309): fetched through the same gate and sender as everything, and remembered.
//!
//! Parsed by `texting_robots`: slow to change but the most tested there is (34 million real files, Google's and Moz's test
//! suites), and no younger crate has a test suite to speak of.
//!
//! What an answer means: 2xx: its rules. 4xx, or more than five redirects: no rules, everything is allowed. 5xx, or no
//! answer: everything is disallowed until it can be read. A page that may not be looked at is never dead, only unverified.

mod fetch;
mod rules;

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::OnceCell;
use tokio::time::Instant;

use crate::address::Target;
use crate::{Dialer, Resolver, Sender};
pub use rules::{Rules, Verdict};

/// How robots.txt is treated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The product token that groups of rules name (RFC 9309 §2.2.1): a word of the `User-Agent`.
    pub agent: String,
    /// For how long rules are remembered; RFC 9309 §2.4 allows a day.
    pub ttl: Duration,
    /// For how long it is remembered that they could not be read.
    pub failure_ttl: Duration,
    /// How many origins are remembered; the first asked for goes first.
    pub origins: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            agent: "Igny8Check".to_owned(),
            ttl: Duration::from_secs(24 * 60 * 60),
            failure_ttl: Duration::from_secs(10 * 60),
            origins: 10_000,
        }
    }
}

/// The rules of the origins visited lately.
pub struct Robots {
    settings: Settings,
    cache: Mutex<Cache>,
}

#[derive(Default)]
struct Cache {
    by_origin: HashMap<Arc<str>, Entry>,
    order: VecDeque<Arc<str>>,
}

#[derive(Clone)]
struct Entry {
    asked: Instant,
    /// Filled once, however many ask at the same time.
    rules: Arc<OnceCell<Arc<Rules>>>,
}

impl Robots {
    /// Remembers nothing yet.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self { settings, cache: Mutex::default() }
    }

    /// The rules of the target's origin, fetched unless remembered. Belongs to the visit of the page it is asked for: the
    /// scheduler isn't asked, or every first look at a host would wait out its spacing.
    pub async fn rules<R: Resolver, D: Dialer>(&self, sender: &Sender<R, D>, target: &Target) -> Arc<Rules> {
        let cell = self.entry(target.origin());
        let rules = cell.get_or_init(|| async { Arc::new(fetch::rules(sender, target, &self.settings.agent).await) });
        Arc::clone(rules.await)
    }

    fn entry(&self, origin: &str) -> Arc<OnceCell<Arc<Rules>>> {
        let now = Instant::now();
        let mut cache = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(entry) = cache.by_origin.get(origin) {
            let failed = entry.rules.get().is_some_and(|rules| rules.unreachable().is_some());
            let ttl = if failed { self.settings.failure_ttl } else { self.settings.ttl };
            if now.duration_since(entry.asked) < ttl {
                return Arc::clone(&entry.rules);
            }
        }
        let entry = Entry { asked: now, rules: Arc::default() };
        let origin: Arc<str> = Arc::from(origin);
        if cache.by_origin.insert(Arc::clone(&origin), entry.clone()).is_none() {
            cache.order.push_back(origin);
        }
        if cache.order.len() > self.settings.origins
            && let Some(oldest) = cache.order.pop_front()
        {
            cache.by_origin.remove(&oldest);
        }
        entry.rules
    }
}
