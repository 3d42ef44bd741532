//! Writers that are killed, databases that go away, disks that are full.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::time::Duration;

use linker_store::platform::Platform;
use linker_store::testing::Postgres;
use linker_store::{Config, Error, Money, Order, Paging, Scope, Store};

use crate::support::{Home, On, PRICE, fill, on_both, tenant};

on_both! { keeps_what_it_acknowledged_when_killed, waits_no_longer_than_it_was_told, }

/// Not a test: the process that is killed. Saves and starts campaigns, four at a time, and says so of each.
#[test]
#[ignore = "run by the test that kills it"]
fn writer() {
    let Ok(url) = std::env::var("LINKER_WRITER") else { return };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let store = Store::open(&Config::of_url(&url).unwrap(), Platform::default()).await.unwrap();
        let tenant = tenant(&store, "writer").await;
        let work = || async {
            for _ in 0..250 {
                let id = store.create_campaign(&tenant.scope, tenant.new_campaign()).await.unwrap().id();
                store.activate_campaign(&tenant.scope, id).await.unwrap();
                // One write, so that no line is cut.
                std::io::stdout().write_all(format!("\nsaved {id} {}\n", tenant.scope.account).as_bytes()).unwrap();
            }
        };
        tokio::join!(work(), work(), work(), work());
    });
}

async fn keeps_what_it_acknowledged_when_killed(home: Home) {
    let url = match &home.config.database {
        linker_store::Database::Sqlite(path) => format!("sqlite:{}", path.display()),
        linker_store::Database::Postgres(url) => url.clone(),
    };
    let mut writer = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "faults::writer", "--ignored", "--nocapture"])
        .env("LINKER_WRITER", url)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut saved = BTreeSet::new();
    let mut account = 0;
    for line in BufReader::new(writer.stdout.take().unwrap()).lines().map_while(Result::ok) {
        let words: Vec<_> = line.split(' ').collect();
        if let ["saved", id, whose] = words.as_slice() {
            saved.insert(id.parse::<i64>().unwrap());
            account = whose.parse().unwrap();
            if saved.len() == 400 {
                // SIGKILL; what it said before is still in the pipe.
                writer.kill().unwrap();
            }
        }
    }
    writer.wait().unwrap();
    // PostgreSQL ends what it was sent before: until then its rows come one after the other.
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert!((400..1000).contains(&saved.len()), "{}", saved.len());
    let store = home.store().await;
    let scope = Scope::account(account);
    let mut found = Vec::new();
    for page in 1.. {
        let rows = store
            .campaigns(&scope, Default::default(), Default::default(), Paging { page, size: 1000 })
            .await
            .unwrap()
            .rows;
        if rows.is_empty() {
            break;
        }
        found.extend(rows);
    }
    assert!(found.len() <= saved.len() + 4, "at most one more a task: {} of {}", found.len(), saved.len());
    for id in &saved {
        assert!(found.iter().any(|row| row.id == *id && row.started_at.is_some()), "campaign {id} is lost");
    }
    let links = serde_json::from_str::<linker_types::Campaign>(
        &store.campaign(&scope, found[0].id).await.unwrap().plan.unwrap().document,
    );
    let links = links.unwrap().links.len() as u64;
    for row in &found {
        let detail = store.campaign(&scope, row.id).await.unwrap();
        let plan = detail.plan.expect("no half campaign");
        let filter = linker_store::BacklinkFilter { campaign: Some(row.id), ..Default::default() };
        let count =
            store.backlinks(&scope, filter, Default::default(), Paging { page: 1, size: 1 }).await.unwrap().count;
        assert_eq!(count, if row.started_at.is_some() { links } else { 0 });
        assert_eq!(plan.links_created_at.is_some(), row.started_at.is_some());
    }
    let paid = Money::cents(PRICE.credits.as_cents() * i64::try_from(found.len()).unwrap());
    assert_eq!(store.credit_balance(&scope).await.unwrap(), Money::cents(1_000_000) - paid);
    let ledger = store.ledger(&scope, Paging::default()).await.unwrap();
    assert_eq!(ledger.count, found.len() as u64 + 1);
}

async fn waits_no_longer_than_it_was_told(mut home: Home) {
    home.store().await.close().await.unwrap();
    home.config.patience = Duration::from_millis(300);
    let store = home.store().await;
    let tenant = tenant(&store, "one").await;
    if home.on == On::Postgres {
        return;
    }
    // Another process that writes for long.
    let script = "import sqlite3, sys, time\ndb = sqlite3.connect(sys.argv[1], isolation_level=None)\n\
                  db.execute('BEGIN IMMEDIATE')\nprint('held', flush=True)\nsys.stdin.read()";
    let mut holder = Command::new("python3")
        .args(["-c", script, &home.django()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(holder.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let busy = store.create_campaign(&tenant.scope, tenant.new_campaign()).await.unwrap_err();
    assert!(matches!(busy, Error::Unavailable(_)), "{busy:?}");
    assert_eq!(
        store.campaigns(&tenant.scope, Default::default(), Default::default(), Paging::default()).await.unwrap().count,
        0
    );
    drop(holder.stdin.take());
    holder.wait().unwrap();
    store.create_campaign(&tenant.scope, tenant.new_campaign()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn recovers_when_the_server_comes_back() {
    let server = Postgres::start();
    let mut config = Config::of_url(&server.database()).unwrap();
    config.patience = Duration::from_secs(2);
    let store = Store::open(&config, Platform::default()).await.unwrap();
    let tenant = tenant(&store, "one").await;
    let id = store.create_campaign(&tenant.scope, tenant.new_campaign()).await.unwrap().id();
    server.stop();
    let away = |error: Error| assert!(matches!(error, Error::Unavailable(_)), "{error:?}");
    let start = std::time::Instant::now();
    away(store.ready().await.unwrap_err());
    away(store.campaign(&tenant.scope, id).await.unwrap_err());
    away(store.create_campaign(&tenant.scope, tenant.new_campaign()).await.unwrap_err());
    away(store.activate_campaign(&tenant.scope, id).await.unwrap_err());
    assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
    server.restart();
    store.ready().await.unwrap();
    store.activate_campaign(&tenant.scope, id).await.unwrap();
    let list = store
        .campaigns(&tenant.scope, Default::default(), (Default::default(), Order::Ascending), Paging::default())
        .await
        .unwrap();
    assert_eq!(list.count, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn loses_nothing_on_a_full_disk() {
    let mut home = Home::new(On::Sqlite);
    home.config.max_pages = Some(500);
    let store = home.store().await;
    let tenant = tenant(&store, "one").await;
    let (saved, full) = fill(&store, &tenant).await;
    assert_eq!(full, Error::Full("database or disk is full".to_owned()));
    assert!(saved.len() > 5, "{}", saved.len());
    let balance = store.credit_balance(&tenant.scope).await.unwrap();
    assert_eq!(balance, Money::cents(1_000_000 - 200 * i64::try_from(saved.len()).unwrap()));
    // There may be room for some: a campaign takes more than its links.
    let mut refused = None;
    for id in &saved {
        if let Err(error) = store.activate_campaign(&tenant.scope, *id).await {
            assert!(matches!(error, Error::Full(_)), "{error:?}");
            refused = Some(*id);
            break;
        }
    }
    let refused = refused.unwrap();
    store.close().await.unwrap();
    assert_eq!(home.elsewhere("PRAGMA integrity_check").trim(), "ok");
    home.config.max_pages = Some(5000);
    let store = home.store().await;
    for id in &saved {
        assert!(store.campaign(&tenant.scope, *id).await.unwrap().plan.is_some());
    }
    store.activate_campaign(&tenant.scope, refused).await.unwrap();
    store.create_campaign(&tenant.scope, tenant.new_campaign()).await.unwrap();
}
