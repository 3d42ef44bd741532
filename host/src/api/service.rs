//! What handlers share.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use linker_store::{Scope, Store};
use linker_types::Profile;
use tokio::sync::{Notify, OnceCell};

use super::fault::{Fault, Result};
use super::guesses::Guesses;
use super::market::Market;
use super::memory::{self, Memory};
use super::turns::{Place, Turns};
use crate::engine::{Engine, EngineError};

/// Longer than any plan of a real site takes; somebody waits for it.
const DEADLINE: Duration = Duration::from_secs(10);
/// Bytes of a document that are read in a millisecond or two.
const SHORT: usize = 256 << 10;

/// Bytes of a backlink among all of a campaign's, with what is said of it in an answer.
const BACKLINK: usize = 4 << 10;

/// How the service treats its callers.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Requests a second that an account may make for long, with all of its tokens; none for as many as it likes.
    pub rate: Option<NonZeroU32>,
    /// Requests that it may make at once.
    pub burst: NonZeroU32,
    /// Bytes that a body may have, but for imports.
    pub body: usize,
    /// Domains that nobody should buy from.
    pub blocklist: Arc<[String]>,
}

/// The store, the engine, and what limits the use of both.
pub struct Service {
    pub(super) store: Store,
    engine: Arc<Engine>,
    pub(super) settings: Settings,
    pub(super) market: Market,
    /// By account: whoever makes more tokens doesn't get more.
    limiter: Option<DefaultKeyedRateLimiter<i64>>,
    turns: Turns,
    /// Of files that are imported.
    pub(super) imports: Turns,
    pub(super) guesses: Guesses,
    /// Told when there is a check to run.
    pub(super) work: Arc<Notify>,
    /// What requests may hold of it.
    pub(super) memory: Arc<Memory>,
    /// Constants of the engine, asked for once.
    profiles: OnceCell<Vec<Profile>>,
}

impl Service {
    /// Over an open store.
    pub fn new(store: Store, engine: Arc<Engine>, market: Market, settings: Settings) -> Self {
        let quota = settings.rate.map(|rate| Quota::per_second(rate).allow_burst(settings.burst));
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            store,
            engine: Arc::new(engine.within(DEADLINE)),
            settings,
            market,
            limiter: quota.map(RateLimiter::keyed),
            turns: Turns::new(cores),
            imports: Turns::of_imports(),
            guesses: Guesses::default(),
            work: Arc::new(Notify::new()),
            memory: Arc::new(Memory::new()),
            profiles: OnceCell::new(),
        }
    }

    /// Where a check that was asked for is announced.
    pub fn work(&self) -> Arc<Notify> {
        Arc::clone(&self.work)
    }

    /// Counts a request of an account; refuses it where there were too many.
    pub(super) fn pace(&self, account: i64) -> Result<()> {
        let Some(limiter) = &self.limiter else { return Ok(()) };
        limiter.check_key(&account).map_err(|early| {
            let wait = early.wait_time_from(DefaultClock::default().now());
            Fault::too_many("too many requests of this account", wait)
        })
    }

    /// Forgets accounts that have asked for nothing lately.
    pub fn forget_paces(&self) {
        if let Some(limiter) = &self.limiter {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
    }

    /// A place for what keeps a thread busy for long; what it needs is read once it is there, so that nothing large
    /// waits. Take one at a time: who waits for a second with the first in hand keeps others waiting.
    ///
    /// # Errors
    /// 503 where the account asks for too much at once.
    pub(super) async fn place(&self, account: i64) -> Result<Place> {
        self.turns.take(account).await
    }

    /// The engine, with the deadline of a request.
    pub(super) fn engine(&self) -> Arc<Engine> {
        Arc::clone(&self.engine)
    }

    /// Runs something of the engine's on a thread that may be busy for long, when it is the account's turn.
    ///
    /// # Errors
    /// 503 where the account asks for too much at once; 500 where it panics.
    pub(super) async fn compute<T: Send + 'static>(
        &self,
        account: i64,
        call: impl FnOnce(&Engine) -> T + Send + 'static,
    ) -> Result<T> {
        let engine = self.engine();
        self.place(account).await?.run(move || call(&engine)).await
    }

    /// A document of an account, read: a long one when it is its turn, because that keeps a thread busy.
    ///
    /// # Errors
    /// 503 where the account asks for too much at once; 500 where the document is not what it should be.
    pub(super) async fn read<T: Send + 'static>(
        &self,
        account: i64,
        document: String,
        read: impl FnOnce(&str) -> serde_json::Result<T> + Send + 'static,
    ) -> Result<T> {
        let short = document.len() < SHORT;
        let read = move || read(&document);
        let value = if short { read() } else { self.place(account).await?.run(read).await? };
        value.map_err(Fault::internal)
    }

    /// The blueprint that a campaign was planned from; none where it was made elsewhere.
    ///
    /// # Errors
    /// 503 where other requests of the account hold too much.
    pub(super) async fn blueprint_of(&self, scope: &Scope, campaign: i64) -> Result<Option<String>> {
        let reading = async {
            match self.store.campaign_blueprint(scope, campaign).await {
                Err(linker_store::Error::NotFound(_)) => Ok(None),
                document => document.map(Some),
            }
        };
        memory::read(reading, |text| memory::of_blueprint(text.as_ref().map_or(0, String::len))).await
    }

    /// Makes room for all backlinks of a campaign, before they are read.
    ///
    /// # Errors
    /// 503 where other requests of the account hold too much.
    pub(super) async fn room_for_backlinks(&self, scope: &Scope, campaign: i64) -> Result<()> {
        let count = self.store.backlink_count(scope, campaign).await?;
        memory::take(usize::try_from(count).unwrap_or(usize::MAX).saturating_mul(BACKLINK)).await
    }

    /// The country profiles in force.
    pub(super) async fn profiles(&self) -> Result<&[Profile]> {
        // Nobody's in particular, and at once: a line is for what takes its time.
        let ask = async || Ok::<_, Fault>(self.engine.profiles()?);
        Ok(self.profiles.get_or_try_init(ask).await?)
    }

    /// A call of the documents door, its answer read.
    pub(super) async fn ask<T: serde::de::DeserializeOwned + Send + 'static>(
        &self,
        account: i64,
        call: impl FnOnce(&Engine) -> Result<std::result::Result<String, String>, EngineError> + Send + 'static,
    ) -> Result<T> {
        let asked = move |engine: &Engine| {
            let answer = call(engine)?.map_err(|faults| Fault::of_document(&faults))?;
            serde_json::from_str(&answer).map_err(Fault::internal)
        };
        self.compute(account, asked).await?
    }
}
