//! The service and what its operator does beside it: accounts, tokens, credits, tables, imports.

mod args;
mod export;
mod import;
mod operator;

use std::future::Future;

pub(super) use args::{Credits, Export, Import, Init, Migrate, Serve, Token};

use super::failure::Failure;
use crate::serve::config::{ConfigError, DatabaseOptions};
use crate::serve::{ServeError, serve};
use linker_store::{Account, Error, Scope, Store};

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Usage(error.to_string())
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Self::Usage(error.to_string())
    }
}

impl From<ServeError> for Failure {
    fn from(error: ServeError) -> Self {
        Self::Usage(error.to_string())
    }
}

/// `serve`.
pub(super) fn run(args: Serve) -> Result<(), Failure> {
    block_on(async { Ok(serve(args.database, args.options).await?) })
}

pub(super) use export::export;
pub(super) use import::import;
pub(super) use operator::{credits, init, migrate, token};

fn block_on<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|source| Failure::Stream { doing: "start", source })?;
    let done = runtime.block_on(async {
        crate::stop::outlive_full_files();
        work.await
    });
    // A thread that reads an import can't be told to stop, and the work that wanted it has ended.
    runtime.shutdown_background();
    done
}

async fn open(database: &DatabaseOptions) -> Result<Store, Failure> {
    let (database, _) = database.clone().complete(None)?;
    let (config, platform) = database.store()?;
    Ok(Store::open(&config, platform).await?)
}

/// The account that is meant: the only one, where none is named.
async fn account(store: &Store, id: Option<i64>) -> Result<Account, Failure> {
    let accounts = store.accounts().await?;
    match (id, accounts.as_slice()) {
        (Some(id), _) => accounts
            .into_iter()
            .find(|account| account.id == id)
            .ok_or_else(|| Failure::Usage(format!("--account: there is no account {id}"))),
        (None, [account]) => Ok(account.clone()),
        (None, []) => Err(Failure::Usage(
            "there is no account in this database yet: `igny8-linker init` makes the first, --database-url names another"
                .to_owned(),
        )),
        (None, several) => {
            let list: Vec<_> = several.iter().map(|account| format!("{} ({})", account.id, account.name)).collect();
            Err(Failure::Usage(format!("name an account with --account: {}", list.join(", "))))
        }
    }
}

async fn scope(store: &Store, id: Option<i64>) -> Result<Scope, Failure> {
    Ok(Scope::account(account(store, id).await?.id))
}
