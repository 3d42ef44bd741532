//! The way to the database.
//!
//! SQLite has one writer at a time however many connections there are, so ours has one connection that writes, in
//! transactions that take the lock when they begin: nobody fails in the middle because another was faster. Readers have
//! their own and, with the write-ahead log, wait for nobody.
//!
//! A connection that wrote is used again only after the database itself has said that no transaction is open on it.

mod idle;

use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use sea_orm::{
    DatabaseConnection, SqliteTransactionMode, SqlxPostgresConnector, SqlxSqliteConnector, TransactionOptions,
    TransactionTrait,
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};

use crate::readiness::Readiness;
use crate::work::Work;
use crate::{Error, Result};

/// A connection that nobody used for so long may be dead: its server restarted, or a firewall forgot it.
const ASK_AFTER: Duration = Duration::from_millis(100);

/// Where the database is and how long to wait for it.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where.
    pub database: Database,
    /// Connections that read, at most. Beside them, half as many write, two at least; on SQLite one.
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

/// The connections that read, and those that write, which nothing but a [`Work`] uses.
#[derive(Clone, Debug)]
pub(crate) struct Connections {
    pub(crate) read: DatabaseConnection,
    write: DatabaseConnection,
    pub(crate) readiness: Arc<Readiness>,
}

impl Connections {
    fn new(read: DatabaseConnection, write: DatabaseConnection) -> Self {
        Self { read, write, readiness: Arc::default() }
    }

    /// Begins a transaction that writes. Where it is dropped, at whatever point, it is rolled back.
    pub(crate) async fn begin(&self) -> Result<Work> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let begun = self.write.begin_with_options(options).await.map_err(Error::from);
        if let Err(error) = &begun {
            self.readiness.note(Err::<(), _>(error.clone()));
        }
        Ok(Work::new(begun?, Arc::clone(&self.readiness)))
    }

    /// Closes them when their last call is over; SQLite's log is folded into its file.
    pub(crate) async fn close(self) -> Result<()> {
        self.read.close().await?;
        Ok(self.write.close().await?)
    }
}

/// Opens them. PostgreSQL isn't dialled yet: a server that is away at the start is like one that goes away later.
pub(crate) async fn open(config: &Config) -> Result<Connections> {
    match &config.database {
        Database::Sqlite(path) => sqlite(config, path).await,
        Database::Postgres(url) => postgres(config, url),
    }
}

fn postgres(config: &Config, url: &str) -> Result<Connections> {
    let options = PgConnectOptions::from_str(url)
        .map_err(|_| Error::invalid("database_url", "can't be read as a PostgreSQL URL"))?
        .application_name("igny8-linker")
        .disable_statement_logging();
    let pool = |connections: u32| {
        // A connection that was busy a moment ago is asked nothing: a question to the database is half of a short call.
        let asked = PgPoolOptions::new().test_before_acquire(false).before_acquire(|connection, since| {
            Box::pin(async move {
                if since.idle_for > ASK_AFTER {
                    connection.ping().await?;
                }
                Ok(true)
            })
        });
        asked.max_connections(connections.max(2)).acquire_timeout(config.patience)
    };
    // Whoever waits for a row that somebody holds is not to wait for longer than for a connection.
    let patience = format!("SET lock_timeout = {}", config.patience.as_millis());
    let write = pool(config.connections / 2)
        .after_connect(move |connection, _| {
            let patience = patience.clone();
            Box::pin(async move { sqlx::raw_sql(AssertSqlSafe(patience)).execute(connection).await.map(drop) })
        })
        .after_release(|connection, _| Box::pin(idle::postgres(connection)));
    Ok(Connections::new(
        SqlxPostgresConnector::from_sqlx_postgres_pool(pool(config.connections).connect_lazy_with(options.clone())),
        SqlxPostgresConnector::from_sqlx_postgres_pool(write.connect_lazy_with(options)),
    ))
}

async fn sqlite(config: &Config, path: &std::path::Path) -> Result<Connections> {
    crate::file::make_private(path);
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
    let writing = || pool(1).after_release(|connection, _| Box::pin(idle::sqlite(connection)));
    let write = first(config.patience, || writing().connect_with(options.clone())).await?;
    // A change by way of these fails, whatever the disk: in a transaction of nobody's its commit could fail unseen.
    let read = pool(config.connections.max(1)).connect_lazy_with(options.pragma("query_only", "on"));
    Ok(Connections::new(
        SqlxSqliteConnector::from_sqlx_sqlite_pool(read),
        SqlxSqliteConnector::from_sqlx_sqlite_pool(write),
    ))
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

#[cfg(test)]
mod tests;
