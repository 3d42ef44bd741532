//! What handlers share.

use std::num::NonZeroU32;
use std::sync::Arc;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use linker_store::Store;
use linker_types::Profile;
use tokio::sync::{Notify, OnceCell, Semaphore};

use super::fault::{Fault, Result};
use super::guesses::Guesses;
use super::market::Market;
use crate::engine::{Engine, EngineError};

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
    pub(super) guesses: Guesses,
    /// Guests at once: more than the cores would only share them.
    turns: Arc<Semaphore>,
    /// Told when there is a check to run.
    pub(super) work: Arc<Notify>,
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
            engine,
            settings,
            market,
            limiter: quota.map(RateLimiter::keyed),
            guesses: Guesses::default(),
            turns: Arc::new(Semaphore::new(cores)),
            work: Arc::new(Notify::new()),
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

    /// Runs something of the engine's on a thread that may be busy for long.
    pub(super) async fn compute<T: Send + 'static>(
        &self,
        call: impl FnOnce(&Engine) -> T + Send + 'static,
    ) -> Result<T> {
        let turn = Arc::clone(&self.turns).acquire_owned().await.map_err(Fault::internal)?;
        let engine = Arc::clone(&self.engine);
        let done = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            call(&engine)
        });
        done.await.map_err(Fault::internal)
    }

    /// The country profiles in force.
    pub(super) async fn profiles(&self) -> Result<&[Profile]> {
        let ask = async || Ok::<_, Fault>(self.compute(Engine::profiles).await??);
        Ok(self.profiles.get_or_try_init(ask).await?)
    }

    /// A call of the documents door, its answer read.
    pub(super) async fn ask<T: serde::de::DeserializeOwned>(
        &self,
        call: impl FnOnce(&Engine) -> Result<std::result::Result<String, String>, EngineError> + Send + 'static,
    ) -> Result<T> {
        let answer = self.compute(call).await??.map_err(|faults| Fault::of_document(&faults))?;
        serde_json::from_str(&answer).map_err(Fault::internal)
    }
}
