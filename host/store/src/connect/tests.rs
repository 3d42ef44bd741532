use sea_orm::{ConnectionTrait, DbBackend, Statement};

use super::*;
use crate::testing::Postgres;

fn file(folder: &tempfile::TempDir) -> Config {
    Config::of_url(&format!("sqlite:{}", folder.path().join("linker.db").display())).unwrap()
}

async fn change(connections: &Connections, statements: &[&str]) {
    let work = connections.begin().await.unwrap();
    for statement in statements {
        work.execute_unprepared(statement).await.unwrap();
    }
    work.commit().await.unwrap();
}

/// By a connection that sees what is committed and nothing else.
async fn rows(connections: &Connections) -> usize {
    let statement = Statement::from_string(connections.read.get_database_backend(), "SELECT 1 FROM a".to_owned());
    connections.read.query_all_raw(statement).await.unwrap().len()
}

/// Every call is tested on SQLite: one that changes rows beside a [`Work`], which nobody would see on PostgreSQL, fails
/// there.
#[tokio::test]
async fn readers_change_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let connections = open(&file(&folder)).await.unwrap();
    change(&connections, &["CREATE TABLE a (b PRIMARY KEY)"]).await;
    assert!(connections.read.execute_unprepared("INSERT INTO a VALUES (1)").await.is_err());
    assert_eq!(rows(&connections).await, 0);
}

/// Nothing follows a failed statement, on neither database: what came before it is taken back.
async fn keeps_all_or_nothing(connections: Connections) {
    change(&connections, &["CREATE TABLE a (b integer PRIMARY KEY)", "INSERT INTO a VALUES (1)"]).await;
    let work = connections.begin().await.unwrap();
    work.execute_unprepared("INSERT INTO a VALUES (2)").await.unwrap();
    work.execute_unprepared("INSERT INTO a VALUES (1)").await.unwrap_err();
    work.execute_unprepared("INSERT INTO a VALUES (3)").await.unwrap_err();
    work.commit().await.unwrap_err();
    assert_eq!(rows(&connections).await, 1);
}

/// SQLite rolls back by itself, as when its disk is full, and the counter of transactions doesn't see it.
#[tokio::test]
async fn goes_on_after_sqlite_rolled_back() {
    let folder = tempfile::tempdir().unwrap();
    let connections = open(&file(&folder)).await.unwrap();
    keeps_all_or_nothing(connections.clone()).await;
    let work = connections.begin().await.unwrap();
    work.execute_unprepared("INSERT INTO a VALUES (2)").await.unwrap();
    work.execute_unprepared("INSERT OR ROLLBACK INTO a VALUES (1)").await.unwrap_err();
    drop(work);
    // Taken back to a savepoint, where that counter is believed: in a transaction that is never committed.
    drop(connections.begin().await.unwrap());
    change(&connections, &["INSERT INTO a VALUES (4)"]).await;
    assert_eq!(rows(&connections).await, 2);
}

/// Somebody stopped waiting in the middle of BEGIN.
#[tokio::test]
async fn no_transaction_stays_open_on_postgres() {
    let connections = open(&Config::of_url(&Postgres::shared().database()).unwrap()).await.unwrap();
    keeps_all_or_nothing(connections.clone()).await;
    for _ in 0..8 {
        connections.write.execute_unprepared("BEGIN").await.unwrap();
    }
    let open = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in tr%'";
    let open = Statement::from_string(DbBackend::Postgres, open.to_owned());
    let begun = Instant::now();
    while !connections.read.query_all_raw(open.clone()).await.unwrap().is_empty() {
        assert!(begun.elapsed() < Duration::from_secs(20), "a transaction was left open");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    change(&connections, &["INSERT INTO a VALUES (4)"]).await;
    assert_eq!(rows(&connections).await, 2);
}
