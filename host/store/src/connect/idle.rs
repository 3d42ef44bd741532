//! Whether a connection is idle: the database is asked, not a counter of ours. Where a transaction was left open on one
//! (somebody stopped waiting in the middle of BEGIN) or ended without its counter (SQLite rolls back by itself when its
//! disk is full), whoever came next would change things in a transaction that nobody ever commits.
//!
//! True where it is and may be used again. One that isn't is closed, which ends whatever is open on it.

use sqlx::{Connection, PgConnection, SqliteConnection};

/// SQLite's ROLLBACK fails just where nothing is open.
pub(super) async fn sqlite(connection: &mut SqliteConnection) -> sqlx::Result<bool> {
    const NOTHING_TO_ROLL_BACK: &str = "1";
    let open = match sqlx::raw_sql("ROLLBACK").execute(&mut *connection).await {
        Err(sqlx::Error::Database(error)) => error.code().is_none_or(|code| code != NOTHING_TO_ROLL_BACK),
        _ => true,
    };
    Ok(!open && !connection.is_in_transaction())
}

/// The time of a transaction is that of its first statement: of this one, where it stands alone. In a transaction that
/// failed it is refused.
pub(super) async fn postgres(connection: &mut PgConnection) -> sqlx::Result<bool> {
    let alone = sqlx::raw_sql("SELECT now() = statement_timestamp()").fetch_one(&mut *connection).await?;
    Ok(sqlx::Row::try_get(&alone, 0)? && !connection.is_in_transaction())
}
