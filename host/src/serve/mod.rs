//! The service: the API, the checks that run behind it, and what an operator needs to see.

mod checks;
pub mod config;
mod connections;
mod files;
mod housekeeping;
mod operations;
mod placements;
mod seats;
mod socket;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use linker_store::Store;
use tokio::net::TcpListener;
use tokio::time::{Instant, timeout_at};

use crate::api::{self, Market, Service, Settings};
use crate::engine::{Engine, EngineError};
use config::{ConfigError, DatabaseOptions, ServeOptions};

/// Why the service didn't start or had to stop.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// What it was told makes no sense.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The database isn't as it should be.
    #[error(transparent)]
    Store(#[from] linker_store::Error),
    /// The component.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The port.
    #[error("can't listen at {address}: {source}")]
    Listen {
        /// Where.
        address: std::net::SocketAddr,
        /// Why.
        source: std::io::Error,
    },
    /// The runtime, the network.
    #[error("can't {doing}: {message}")]
    Start {
        /// What failed.
        doing: &'static str,
        /// How.
        message: String,
    },
}

/// Of the time that stopping may take, what is kept for handing checks back and for closing the database.
const LAST: Duration = Duration::from_secs(2);
/// Beyond that time a process is stuck.
const GRACE: Duration = Duration::from_secs(1);

/// Runs until it is told to stop (SIGTERM, Ctrl-C), at whatever moment; requests and checks that run are finished or
/// handed back, but `--shutdown` seconds later it ends whatever still runs. What was acknowledged is in the database.
pub async fn serve(database: DatabaseOptions, options: ServeOptions) -> Result<(), ServeError> {
    let (database, options) = database.complete(Some(options))?;
    operations::log(&options)?;
    let patience = Duration::from_secs(u64::from(options.shutdown.unwrap_or(30)));
    let stop = crate::stop::obey(patience + GRACE)
        .map_err(|error| ServeError::Start { doing: "listen to signals", message: error.to_string() })?;
    let started = tokio::select! {
        biased;
        () = stop.cancelled() => return Ok(()),
        started = start(database, &options) => started?,
    };
    let Started { store, service, checks, listener, router, clients } = started;
    let working = tokio::spawn(checks.run(stop.clone()));
    let cleaning = tokio::spawn(housekeeping::run(store.clone(), service, stop.clone()));
    let serving = tokio::spawn(connections::serve(listener, router, clients, stop.clone()));
    stop.cancelled().await;
    let end = Instant::now() + patience;
    tracing::info!("stopping");
    if timeout_at(end - LAST.min(patience / 4), serving).await.is_err() {
        tracing::warn!("some requests were cut off");
    }
    if timeout_at(end, working).await.is_err() {
        tracing::warn!("a check was cut off; another start takes it up again");
    }
    cleaning.abort();
    match timeout_at(end, store.close()).await {
        Ok(closed) => closed?,
        Err(_) => tracing::warn!("the database was still in use; what was not committed is rolled back"),
    }
    Ok(())
}

/// What a service is made of, once it listens.
struct Started {
    store: Store,
    service: Arc<Service>,
    checks: checks::Checks,
    listener: TcpListener,
    router: Router,
    /// How many connections may be open.
    clients: usize,
}

async fn start(database: DatabaseOptions, options: &ServeOptions) -> Result<Started, ServeError> {
    let metrics = operations::metrics()?;
    let (mut config, platform) = database.store()?;
    // Pages of 4 KiB.
    config.max_pages = options.max_database.map(|mib| mib.get().saturating_mul(256));
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let few = u32::try_from(cores.saturating_mul(2)).unwrap_or(u32::MAX).max(4);
    config.connections = options.connections.map_or(few, Into::into);
    let files = files::Files::of(crate::check::files(), config.connections, options.check_concurrency);
    let store = Store::open(&config, platform).await?;
    if let Some(mode) = config.open_to_everybody() {
        let mode = format!("{mode:o}");
        tracing::warn!(mode, "everybody on this machine can read the database: `chmod 600` its file");
    }
    // Where it was never compiled, that takes seconds.
    let engine = tokio::task::spawn_blocking(Engine::new).await;
    let engine = engine.map_err(|error| ServeError::Start { doing: "start the engine", message: error.to_string() })?;
    let engine = Arc::new(engine?);
    let service =
        Arc::new(Service::new(store.clone(), Arc::clone(&engine), market(options, &store)?, settings(options)?));
    let checks = checks::Checks::new(store.clone(), engine, service.work(), options, files.pages)?;
    let address = options.listen.unwrap_or_else(|| std::net::SocketAddr::from(([127, 0, 0, 1], 8080)));
    let listener = connections::listen(address).map_err(|source| ServeError::Listen { address, source })?;
    let bound = listener.local_addr().unwrap_or(address);
    tracing::info!(address = %bound, "listening");
    // For whoever started it on port 0, and for a person at a terminal.
    anstream::println!("listening at http://{bound}, its API described at http://{bound}/api/docs/");
    if !store.has_accounts().await? {
        anstream::println!("there is no account yet: `igny8-linker init --site NAME` makes the first, and its token");
    }
    let router = operations::watched(api::router(Arc::clone(&service)), store.clone(), metrics);
    Ok(Started { store, service, checks, listener, router, clients: files.clients })
}

fn settings(options: &ServeOptions) -> Result<Settings, ServeError> {
    let list = match &options.blocklist {
        Some(path) => config::read("blocklist", path)?,
        None => crate::BLOCKLIST.to_owned(),
    };
    let rate = std::num::NonZeroU32::new(options.rate.unwrap_or(20));
    let burst = options.burst.or(std::num::NonZeroU32::new(100)).unwrap_or(std::num::NonZeroU32::MIN);
    let body = usize::try_from(options.max_body.map_or(16, Into::into)).unwrap_or(16).saturating_mul(1 << 20);
    Ok(Settings { rate, burst, body, blocklist: crate::domains(&list).map(str::to_owned).collect() })
}

/// Without a master key everything works but keeping marketplace keys.
fn market(options: &ServeOptions, store: &Store) -> Result<Market, ServeError> {
    let wrong = |doing| move |message: String| ServeError::Start { doing, message };
    let vault = options.vault().map_err(|error| wrong("use the master key")(error.to_string()))?;
    Market::new(options.fatgrid.clone().unwrap_or_default(), vault, store.clone())
        .map_err(wrong("reach the marketplace"))
}
