//! Making tables, and refusing to.

use linker_store::migrate::State;
use linker_store::platform::Platform;
use linker_store::{Error, Moment, Store};

use crate::support::{Home, On, on_both, tenant};

on_both! { makes_everything_once, makes_only_what_is_absent, refuses_what_does_not_fit, completes_an_earlier_version_s, several_hosts_may_start_at_once, follows_on_delete_rules, }

async fn makes_everything_once(home: Home) {
    let before = Store::status(&home.config, &Platform::default()).await.unwrap();
    assert!(before.empty && before.tables.iter().all(|table| table.state == State::Absent));
    home.store().await;
    let after = Store::status(&home.config, &Platform::default()).await.unwrap();
    assert!(!after.empty && after.tables.iter().all(|table| table.state == State::Made), "{after}");
    assert_eq!(Store::migrate(&home.config, &Platform::default()).await.unwrap(), after);
    assert!(after.to_string().contains("igny8_sag_campaigns"));
    if home.on == On::Sqlite {
        assert_eq!(home.elsewhere("PRAGMA journal_mode").trim(), "wal");
    }
    home.store().await;
}

async fn makes_only_what_is_absent(home: Home) {
    home.elsewhere("CREATE TABLE somebodys (id integer);\nINSERT INTO somebodys VALUES (7)");
    let refused = Store::open(&home.config, Platform::default()).await.unwrap_err();
    assert!(refused.to_string().contains("there is no table `igny8_sag_campaigns`: migrate makes it"), "{refused}");
    Store::migrate(&home.config, &Platform::default()).await.unwrap();
    home.store().await.close().await.unwrap();
    home.elsewhere("INSERT INTO somebodys VALUES (8);\nDROP TABLE igny8_backlink_looks");
    let status = Store::migrate(&home.config, &Platform::default()).await.unwrap();
    assert!(status.is_complete(), "{status}");
}

async fn refuses_what_does_not_fit(home: Home) {
    home.elsewhere(
        "CREATE TABLE igny8_campaign_plans (id integer PRIMARY KEY, document integer, price text NOT NULL);
         CREATE TABLE igny8_sites (id varchar(36) PRIMARY KEY, account_id bigint, name text, domain text)",
    );
    let refused = Store::migrate(&home.config, &Platform::default()).await.unwrap_err();
    let Error::Mismatch(list) = refused else { panic!("{refused}") };
    let says = |part: &str| assert!(list.iter().any(|line| line.contains(part)), "{part}: {list:#?}");
    says("column `document` of `igny8_campaign_plans` is integer, not text");
    says("`igny8_campaign_plans` has no column `account_id` (bigint)");
    says("column `price` of `igny8_campaign_plans` is unknown here and must have a value");
    says("column `id` of `igny8_sites` is ");
    let status = Store::status(&home.config, &Platform::default()).await.unwrap();
    assert!(status.tables.iter().all(|table| table.state != State::Made), "nothing was made: {status}");
}

async fn completes_an_earlier_version_s(home: Home) {
    let store = home.store().await;
    let tenant = tenant(&store, "one").await;
    let id = store.create_campaign(&tenant.scope, tenant.new_campaign()).await.unwrap().id();
    let check = store.request_check(&tenant.scope, id, None).await.unwrap();
    store.close().await.unwrap();
    home.elsewhere("ALTER TABLE igny8_backlink_checks DROP COLUMN seen_at");
    let refused = Store::open(&home.config, Platform::default()).await.unwrap_err().to_string();
    assert!(
        refused.contains("`igny8_backlink_checks` is an earlier version's, without `seen_at`: migrate adds it"),
        "{refused}"
    );
    let status = Store::status(&home.config, &Platform::default()).await.unwrap();
    assert!(
        !status.is_complete() && status.to_string().contains("made by an earlier version, lacks seen_at"),
        "{status}"
    );
    let after = Store::migrate(&home.config, &Platform::default()).await.unwrap();
    assert!(after.tables.iter().all(|table| table.state == State::Made), "{after}");
    let store = home.store().await;
    assert_eq!(store.check(&tenant.scope, check.id).await.unwrap(), check, "what was there is there");
    assert!(store.take_check(Moment::now(), &[]).await.unwrap().unwrap().seen_at.is_some());
    store.close().await.unwrap();
    // Not what somebody else made, not R-9's, and not what can't be filled in for the rows that are there.
    for sql in [
        "ALTER TABLE igny8_backlink_checks DROP COLUMN seen_at;\nDELETE FROM igny8_linker_migrations WHERE name = 'igny8_backlink_checks'",
        "ALTER TABLE igny8_sag_backlinks DROP COLUMN date_last_checked",
        "ALTER TABLE igny8_campaign_plans DROP COLUMN engine_version",
    ] {
        home.elsewhere(sql);
        let Error::Mismatch(list) = Store::migrate(&home.config, &Platform::default()).await.unwrap_err() else {
            panic!()
        };
        assert!(list.iter().all(|line| line.contains("has no column")), "{list:?}");
    }
}

async fn several_hosts_may_start_at_once(home: Home) {
    let start = |_| {
        let config = home.config.clone();
        tokio::spawn(async move { Store::open(&config, Platform::default()).await })
    };
    let hosts: Vec<_> = (0..12).map(start).collect();
    for host in hosts {
        host.await.unwrap().unwrap().ready().await.unwrap();
    }
    let status = Store::status(&home.config, &Platform::default()).await.unwrap();
    assert!(status.is_complete());
}

/// SQLite tells whoever comes second to turn its log on so at once, whatever the timeout: that host waits all the same.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn waits_for_who_turns_the_log_on() {
    use sqlx::{ConnectOptions, Connection, Executor};
    let home = Home::new(On::Sqlite);
    let linker_store::Database::Sqlite(path) = &home.config.database else { unreachable!() };
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path).create_if_missing(true);
    let mut other = options.connect().await.unwrap();
    other.execute("BEGIN IMMEDIATE").await.unwrap();
    let config = home.config.clone();
    let host = tokio::spawn(async move { Store::open(&config, Platform::default()).await });
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    assert!(!host.is_finished(), "it waits: {:?}", host.await);
    other.execute("COMMIT").await.unwrap();
    other.close().await.unwrap();
    host.await.unwrap().unwrap().ready().await.unwrap();
}

/// Whoever deletes, and with whatever: the rules are the database's.
async fn follows_on_delete_rules(home: Home) {
    let store = home.store().await;
    let tenant = tenant(&store, "one").await;
    let scope = &tenant.scope;
    let id = store.create_campaign(scope, tenant.new_campaign()).await.unwrap().id();
    store.activate_campaign(scope, id).await.unwrap();
    home.elsewhere("DELETE FROM igny8_sag_blueprints");
    assert_eq!(store.campaign_row(scope, id).await.unwrap().blueprint_id, None);
    let count =
        |what: &'static str| home.elsewhere(&format!("SELECT COUNT(*) FROM {what}")).trim().parse::<usize>().unwrap();
    let all = tenant.plan.links.len();
    assert_eq!(count("igny8_sag_backlinks WHERE blueprint_id IS NULL"), all);
    let page = tenant.plan.pages[0].content_id;
    home.elsewhere(&format!("DELETE FROM igny8_content WHERE id = {page}"));
    assert_eq!(
        count("igny8_sag_backlinks"),
        all - tenant.plan.links.iter().filter(|link| link.content_id == page).count()
    );
    home.elsewhere("DELETE FROM igny8_sag_campaigns");
    assert_eq!((count("igny8_sag_backlinks"), count("igny8_campaign_plans")), (0, 0));
    home.elsewhere("DELETE FROM igny8_tenants");
    assert_eq!((count("igny8_sites"), count("igny8_content"), count("igny8_credit_ledger")), (0, 0, 0));
}
