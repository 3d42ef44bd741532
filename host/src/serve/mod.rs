//! The service: the API, the checks that run behind it, and what an operator needs to see.

mod checks;
pub mod config;
mod connections;
mod housekeeping;
mod operations;
mod placements;

use std::sync::Arc;
use std::time::Duration;

use linker_store::Store;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

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

/// Runs until it is told to stop (SIGTERM, Ctrl-C); requests and checks that run are finished or handed back.
pub async fn serve(database: DatabaseOptions, options: ServeOptions) -> Result<(), ServeError> {
    let (database, options) = database.complete(Some(options))?;
    operations::log(&options)?;
    let metrics = operations::metrics()?;
    let (mut config, platform) = database.store()?;
    // Pages of 4 KiB.
    config.max_pages = options.max_database.map(|mib| mib.get().saturating_mul(256));
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let few = u32::try_from(cores.saturating_mul(2)).unwrap_or(u32::MAX).max(4);
    config.connections = options.connections.map_or(few, Into::into);
    let store = Store::open(&config, platform).await?;
    if let Some(mode) = config.open_to_everybody() {
        let mode = format!("{mode:o}");
        tracing::warn!(mode, "everybody on this machine can read the database: `chmod 600` its file");
    }
    let engine = Arc::new(Engine::new()?);
    let service =
        Arc::new(Service::new(store.clone(), Arc::clone(&engine), market(&options, &store)?, settings(&options)?));
    let stop = CancellationToken::new();
    let checks = checks::Checks::new(store.clone(), engine, service.work(), &options)?;
    let address = options.listen.unwrap_or_else(|| std::net::SocketAddr::from(([127, 0, 0, 1], 8080)));
    let listener = TcpListener::bind(address).await.map_err(|source| ServeError::Listen { address, source })?;
    let bound = listener.local_addr().unwrap_or(address);
    tracing::info!(address = %bound, "listening");
    // For whoever started it on port 0, and for a person at a terminal.
    anstream::println!("listening at http://{bound}, its API described at http://{bound}/api/docs/");
    if !store.has_accounts().await? {
        anstream::println!("there is no account yet: `igny8-linker init --site NAME` makes the first, and its token");
    }
    let working = tokio::spawn(checks.run(stop.clone()));
    let cleaning = tokio::spawn(housekeeping::run(store.clone(), Arc::clone(&service), stop.clone()));
    let router = operations::watched(api::router(service), store.clone(), metrics);
    let stopping = stop.clone();
    let told = async move {
        crate::stop::told_to_stop().await;
        tracing::info!("stopping");
        stopping.cancel();
    };
    let patience = Duration::from_secs(u64::from(options.shutdown.unwrap_or(30)));
    let over = {
        let stop = stop.clone();
        async move {
            stop.cancelled().await;
            tokio::time::sleep(patience).await;
        }
    };
    tokio::spawn(told);
    tokio::select! {
        () = connections::serve(listener, router, stop.clone()) => {}
        () = over => tracing::warn!("some requests were cut off"),
    }
    stop.cancel();
    if tokio::time::timeout(patience, working).await.is_err() {
        tracing::warn!("a check was cut off; another start takes it up again");
    }
    cleaning.abort();
    store.close().await?;
    Ok(())
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
