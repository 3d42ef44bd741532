//! What a caller can be told, and how the databases' own errors become that.

use sea_orm::{DbErr, RuntimeErr};

use crate::{Moment, Money};

/// Why a call did nothing. No call leaves half of its work behind, but for an import, which says how much.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No such row, or another account's: the two can't be told apart.
    #[error("{0} not found")]
    NotFound(&'static str),
    /// The row's state doesn't allow it, or another row stands in the way.
    #[error("{0}")]
    Conflict(String),
    /// Somebody changed the row since the caller read it.
    #[error("changed by somebody else at {updated_at}")]
    Stale {
        /// Its stamp now.
        updated_at: Moment,
    },
    /// The account can't pay.
    #[error("not enough credits: {needed} needed, {balance} left")]
    NotEnoughCredits {
        /// The price, credits.
        needed: Money,
        /// What there is, credits.
        balance: Money,
    },
    /// The database is away, too busy or read-only. Trying again later may help; nothing was committed, except
    /// where the connection broke during the commit itself: an idempotency key tells.
    #[error("the database can't be reached: {0}")]
    Unavailable(String),
    /// No room on the database's disk.
    #[error("the database's disk is full: {0}")]
    Full(String),
    /// An import broke off. What it kept stays; the same file sent again goes on from there.
    #[error("{why}; {kept} lines were kept before: send the same file again to go on from there")]
    Halted {
        /// Lines that are kept.
        kept: u64,
        /// What broke it off.
        why: Box<Error>,
    },
    /// A value that its column can't hold.
    #[error("{field}: {message}")]
    Invalid {
        /// The field's name, as in R-9.
        field: String,
        /// What is wrong with it.
        message: String,
    },
    /// The tables aren't as they should be; the list says where.
    #[error("the database doesn't fit: {}", .0.join("; "))]
    Mismatch(Vec<String>),
    /// A row or statement that can't be: a defect of ours or of whoever else writes the tables.
    #[error("storage failed: {0}")]
    Broken(String),
}

/// A call's answer.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// A field that can't be stored.
    pub(crate) fn invalid(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Invalid { field: field.into(), message: message.into() }
    }
}

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        Self::from(&error)
    }
}

impl From<&DbErr> for Error {
    fn from(error: &DbErr) -> Self {
        match error {
            DbErr::ConnectionAcquire(_) => Self::Unavailable("no connection in time".to_owned()),
            DbErr::Conn(RuntimeErr::SqlxError(inner))
            | DbErr::Exec(RuntimeErr::SqlxError(inner))
            | DbErr::Query(RuntimeErr::SqlxError(inner)) => of_sqlx(inner),
            _ => Self::Broken(error.to_string()),
        }
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        of_sqlx(&error)
    }
}

fn of_sqlx(error: &sqlx::Error) -> Error {
    use sqlx::Error as Sqlx;
    match error {
        Sqlx::Database(inner) => {
            let code = inner.code().unwrap_or_default();
            let message = inner.message().to_owned();
            match inner.try_downcast_ref::<sqlx::sqlite::SqliteError>() {
                Some(_) => of_sqlite(&code, message),
                None => of_postgres(&code, message),
            }
        }
        Sqlx::Io(_)
        | Sqlx::Tls(_)
        | Sqlx::PoolTimedOut
        | Sqlx::PoolClosed
        | Sqlx::WorkerCrashed
        | Sqlx::Protocol(_)
        | Sqlx::BeginFailed => Error::Unavailable(error.to_string()),
        _ => Error::Broken(error.to_string()),
    }
}

/// What the databases say of it names indexes and values, which are nobody's but ours.
const TAKEN: &str = "there is such a row already";

/// By the primary result code, the low byte of the extended one.
fn of_sqlite(code: &str, message: String) -> Error {
    let code: u32 = code.parse().unwrap_or(1);
    match (code & 0xff, code) {
        // full; a write, or a log's index, that could not grow: a quota, a file-size limit
        (13, _) | (_, 778 | 4874) => Error::Full(message),
        // busy, locked, no memory, read-only, I/O, can't open, protocol
        (5 | 6 | 7 | 8 | 10 | 14 | 15, _) => Error::Unavailable(message),
        // unique, primary key
        (_, 2067 | 1555) => Error::Conflict(TAKEN.to_owned()),
        (_, 787) => Error::Conflict("a row that this one points to is gone".to_owned()),
        _ => Error::Broken(message),
    }
}

/// By SQLSTATE.
fn of_postgres(code: &str, message: String) -> Error {
    match code {
        "53100" => Error::Full(message),
        "23505" => Error::Conflict(TAKEN.to_owned()),
        "23503" => Error::Conflict("a row that this one points to is gone".to_owned()),
        // Serialisation failures and deadlocks were rolled back: the same call can be made again.
        "40001" | "40P01" | "55P03" | "25006" => Error::Unavailable(message),
        // No such database, or not let in: for the caller as good as away.
        "3D000" | "28P01" | "28000" => Error::Unavailable(message),
        // A text that isn't UTF-8 to PostgreSQL, a number out of range: what the checks before didn't see.
        code if code.starts_with("22") => Error::invalid("value", message),
        code if ["08", "53", "57", "58"].iter().any(|class| code.starts_with(class)) => Error::Unavailable(message),
        _ => Error::Broken(message),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_sorted() {
        let said = || "said".to_owned();
        assert!(matches!(of_sqlite("13", said()), Error::Full(_)));
        assert!(matches!(of_sqlite("517", said()), Error::Unavailable(_)), "busy snapshot");
        assert!(matches!(of_sqlite("2067", said()), Error::Conflict(_)));
        assert!(matches!(of_sqlite("1", said()), Error::Broken(_)));
        for (code, unavailable) in [("57P01", true), ("08006", true), ("53300", true), ("42P01", false)] {
            assert_eq!(matches!(of_postgres(code, said()), Error::Unavailable(_)), unavailable, "{code}");
        }
        assert!(matches!(of_postgres("53100", said()), Error::Full(_)));
    }
}
