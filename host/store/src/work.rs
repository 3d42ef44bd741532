//! A transaction that writes: the only way in which a row changes.
//!
//! What the databases promise of a transaction they don't promise of one whose statement failed. SQLite rolls back by
//! itself when its disk is full, and commits each later statement alone; PostgreSQL answers the COMMIT of a transaction
//! that failed as if it were one. So nothing follows a failed statement here, and least of all a commit.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use sea_orm::prelude::async_trait::async_trait;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, ExecResult, QueryResult, Statement};

use crate::readiness::Readiness;
use crate::{Error, Result};

/// Rolled back unless it is committed.
pub(crate) struct Work {
    transaction: DatabaseTransaction,
    failed: AtomicBool,
    readiness: Arc<Readiness>,
}

impl Work {
    pub(crate) fn new(transaction: DatabaseTransaction, readiness: Arc<Readiness>) -> Self {
        Self { transaction, failed: AtomicBool::new(false), readiness }
    }

    /// Keeps what it did. Only after this has answered may anybody be told of it.
    ///
    /// # Errors
    /// `Full`, `Unavailable`: nothing was kept, except where the connection broke during the commit itself.
    pub(crate) async fn commit(self) -> Result<()> {
        if self.failed.load(Ordering::Relaxed) {
            return Err(Error::Broken("a transaction of which a statement failed was to be committed".to_owned()));
        }
        let done = self.transaction.commit().await.map_err(Error::from);
        self.readiness.note(done.clone());
        done
    }

    /// What a statement gave; after one that failed there is no other.
    async fn step<T: Send>(&self, statement: impl Future<Output = Result<T, DbErr>> + Send) -> Result<T, DbErr> {
        if self.failed.load(Ordering::Relaxed) {
            return Err(DbErr::Custom("a statement of this transaction has failed".to_owned()));
        }
        let done = statement.await;
        if let Err(error) = &done {
            self.failed.store(true, Ordering::Relaxed);
            self.readiness.note::<T>(Err(error.into()));
        }
        done
    }
}

#[async_trait]
impl ConnectionTrait for Work {
    fn get_database_backend(&self) -> DbBackend {
        self.transaction.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.step(self.transaction.execute_raw(statement)).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.step(self.transaction.execute_unprepared(sql)).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.step(self.transaction.query_one_raw(statement)).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.step(self.transaction.query_all_raw(statement)).await
    }
}
