//! The way to the database.
//!
//! SQLite has one writer at a time however many connections there are, so ours has one connection that writes, in
//! transactions that take the lock when they begin: nobody fails in the middle because another was faster. Readers have
//! their own and, with the write-ahead log, wait for nobody.

use std::path::PathBuf;
use std::str::FromStr;
use std::time::{Duration, Instant};

use sea_orm::{
    DatabaseConnection, SqliteTransactionMode, SqlxPostgresConnector, SqlxSqliteConnector, TransactionOptions,
    TransactionTrait,
};
use sqlx::ConnectOptions;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

use crate::{Error, Result};

/// Where the database is and how long to wait for it.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where.
    pub database: Database,
    /// Connections at most; on SQLite of readers, beside the one writer.
    pub connections: u32,
    /// How long a call waits for a connection, or on SQLite for another process's write, before it is `Unavailable`.
    pub patience: Duration,
    /// SQLite only: pages of 4 KiB at most, for a quota and for tests; none for no limit of ours.
    pub max_pages: Option<u32>,
}

/// Which database. Its `Debug` keeps the URL, which may have a password in it, to itself.
#[derive(Clone)]
pub enum Database {
    /// A file, made where it is absent.
    Sqlite(PathBuf),
    /// `postgres://user:password@host:port/name?sslmode=...`, as libpq reads it.
    Postgres(String),
}

impl std::fmt::Debug for Database {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Sqlite(path) => f.debug_tuple("Sqlite").field(path).finish(),
            Self::Postgres(_) => f.write_str("Postgres(***)"),
        }
    }
}

impl Config {
    /// Of `--database-url`: `sqlite:PATH`, `postgres://…` or `postgresql://…`.
    ///
    /// # Errors
    /// `Invalid` for any other scheme; the URL, which may hold a password, is not repeated.
    pub fn of_url(url: &str) -> Result<Self> {
        let database = match url.split_once(':') {
            Some(("sqlite", path)) => Database::Sqlite(path.strip_prefix("//").unwrap_or(path).into()),
            Some(("postgres" | "postgresql", _)) => Database::Postgres(url.to_owned()),
            _ => return Err(Error::invalid("database_url", "use `sqlite:PATH` or `postgres://USER@HOST/NAME`")),
        };
        Ok(Self { database, connections: 10, patience: Duration::from_secs(5), max_pages: None })
    }
}

/// The connections: on PostgreSQL both are one pool.
#[derive(Clone, Debug)]
pub(crate) struct Connections {
    pub(crate) read: DatabaseConnection,
    pub(crate) write: DatabaseConnection,
}

/// Opens them. PostgreSQL isn't dialled yet: a server that is away at the start is like one that goes away later.
pub(crate) async fn open(config: &Config) -> Result<Connections> {
    match &config.database {
        Database::Sqlite(path) => sqlite(config, path).await,
        Database::Postgres(url) => {
            let options = PgConnectOptions::from_str(url)
                .map_err(|_| Error::invalid("database_url", "can't be read as a PostgreSQL URL"))?
                .application_name("igny8-linker")
                .disable_statement_logging();
            let pool = PgPoolOptions::new()
                .max_connections(config.connections.max(2))
                .acquire_timeout(config.patience)
                .connect_lazy_with(options);
            let read = SqlxPostgresConnector::from_sqlx_postgres_pool(pool);
            Ok(Connections { write: read.clone(), read })
        }
    }
}

async fn sqlite(config: &Config, path: &std::path::Path) -> Result<Connections> {
    let mut options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .foreign_keys(true)
        .journal_mode(SqliteJournalMode::Wal)
        // With the log, NORMAL may forget the last commits when the power goes; what was acknowledged must stay.
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(config.patience)
        .disable_statement_logging();
    if let Some(pages) = config.max_pages {
        options = options.pragma("max_page_count", pages.to_string());
    }
    let pool = |connections| {
        // Never idle out: opening a file again costs more than holding it.
        SqlitePoolOptions::new()
            .max_connections(connections)
            .acquire_timeout(config.patience)
            .idle_timeout(None)
            .max_lifetime(None)
    };
    let write = first(config.patience, || pool(1).connect_with(options.clone())).await?;
    let read = pool(config.connections.max(1)).connect_lazy_with(options);
    Ok(Connections {
        read: SqlxSqliteConnector::from_sqlx_sqlite_pool(read),
        write: SqlxSqliteConnector::from_sqlx_sqlite_pool(write),
    })
}

/// The first connection to a file. Where it is the one that turns the write-ahead log on, SQLite answers `BUSY` to
/// everybody else who is at it and doesn't wait, whatever the busy timeout: we wait in its place.
async fn first<T, F: Future<Output = sqlx::Result<T>>>(patience: Duration, open: impl Fn() -> F) -> sqlx::Result<T> {
    let since = Instant::now();
    loop {
        match open().await {
            Err(error) if is_busy(&error) && since.elapsed() < patience => {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            answer => return answer,
        }
    }
}

/// Of SQLite's result codes the low byte is the kind: `SQLITE_BUSY`.
fn is_busy(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    code.and_then(|code| code.parse::<u32>().ok()).is_some_and(|code| code & 0xff == 5)
}

/// A transaction that writes.
pub(crate) async fn begin<C: TransactionTrait>(db: &C) -> Result<C::Transaction> {
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    Ok(db.begin_with_options(options).await?)
}
