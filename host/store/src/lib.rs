//! Campaigns, backlinks, KPI snapshots and what hangs on them (R-9, R-10.16, R-12), in SQLite or PostgreSQL.
//!
//! The three tables of R-9 belong to the platform as much as to this service: its ORM (Django) reads and writes the same
//! rows. So their names, types and rules are Django's to the letter, nothing is added to them, and every value is stored
//! as Django would store it ([`Money`], [`Moment`]). What they can't hold is in tables of our own.
//!
//! Every call takes a [`Scope`]: the account that asks, and the sites it may see. There is one place that turns a scope
//! into SQL; a row outside it is not found. Every change is one transaction.
//!
//! ```
//! # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
//! use linker_store::{Config, Error, Scope, Store, platform::Platform};
//!
//! let folder = tempfile::tempdir().unwrap();
//! let config = Config::of_url(&format!("sqlite:{}", folder.path().join("campaigns.db").display()))?;
//! let store = Store::open(&config, Platform::default()).await?; // makes the tables where there are none
//! let (ours, theirs) = (store.create_account("ours", false).await?, store.create_account("theirs", false).await?);
//! let site = store.create_site(&Scope::account(ours.id), "QuestDB", "questdb.io").await?;
//! assert_eq!(store.sites(&Scope::account(ours.id)).await?, [site]);
//! assert!(store.sites(&Scope::account(theirs.id)).await?.is_empty());
//! assert!(matches!(store.campaign(&Scope::account(theirs.id), 1).await, Err(Error::NotFound(_))));
//! # Ok::<(), Error>(())
//! # }).unwrap();
//! ```

pub mod config_file;
mod connect;
pub mod entity;
mod error;
pub mod export;
mod file;
pub mod formula;
pub mod import;
pub mod migrate;
mod moment;
mod money;
pub mod platform;
mod readiness;
mod schema;
mod scope;
mod store;
#[cfg(feature = "testing")]
pub mod testing;
pub mod vocabulary;
pub mod word;
mod work;

pub use connect::{Config, Database};
pub use error::{Error, Result};
pub use moment::Moment;
pub use money::Money;
pub use scope::Scope;
pub use store::*;
