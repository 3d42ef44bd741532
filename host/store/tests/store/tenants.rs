//! Tokens, settings, sites and snapshots: found by who may, and by nobody else.

use linker_store::vocabulary::Role;
use linker_store::{Error, Idempotency, Moment, Money, NewSnapshot, NewToken, Paging, Price, Scope, token_hash};

use crate::support::{Home, On, on_both, tenant};

on_both! { tokens_open_what_they_were_made_for, settings_are_bytes, settings_are_put_by_many_at_once, snapshots_are_recorded_and_paid, sites_belong_to_accounts, credits_are_not_spent_twice, credits_stay_what_their_column_holds, }

async fn tokens_open_what_they_were_made_for(home: Home) {
    let store = home.store().await;
    let (one, two) = (tenant(&store, "one").await, tenant(&store, "two").await);
    let hash = token_hash("secret");
    assert_eq!(hash, "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b");
    let sites = [one.site];
    let new = NewToken { name: "ci", role: Role::Write, sites: Some(&sites), hash: &hash, expires_at: None };
    let token = store.create_token(&one.scope, &new).await.unwrap();
    let now = Moment::now();
    let found = store.find_token(&hash, now).await.unwrap();
    assert_eq!(found, token);
    assert_eq!(found.scope(), Scope { account: one.scope.account, sites: Some(vec![one.site]) });
    // Nothing of the database's own words, which name its indexes.
    let taken = store.create_token(&one.scope, &new).await.unwrap_err();
    assert_eq!(taken, Error::Conflict("there is such a row already".to_owned()));
    // Text to SQLite, and no time to anybody who reads it back.
    let never = NewToken { expires_at: Moment::parse("9999-12-31T23:59:59-12:00"), ..new.clone() };
    let never = store.create_token(&one.scope, &never).await.unwrap_err();
    assert!(matches!(&never, Error::Invalid { field, .. } if field == "expires_at"), "{never}");
    assert_eq!(store.create_token(&two.scope, &new).await, Err(Error::NotFound("site")));
    let all = NewToken { sites: None, ..new.clone() };
    assert_eq!(store.create_token(&found.scope(), &all).await, Err(Error::NotFound("account")));
    assert_eq!(store.revoke_token(&two.scope, token.id).await, Err(Error::NotFound("token")));
    store.revoke_token(&one.scope, token.id).await.unwrap();
    store.revoke_token(&one.scope, token.id).await.unwrap();
    assert_eq!(store.find_token(&hash, now).await, Err(Error::NotFound("token")));
    let short = NewToken { hash: &token_hash("b"), expires_at: Some(now.after(60)), ..all };
    store.create_token(&one.scope, &short).await.unwrap();
    assert!(store.find_token(short.hash, now).await.is_ok());
    assert!(store.find_token(short.hash, now.after(60)).await.is_err());
    assert_eq!((store.tokens(&one.scope).await.unwrap().len(), store.tokens(&two.scope).await.unwrap().len()), (2, 0));
}

async fn settings_are_bytes(home: Home) {
    let store = home.store().await;
    let (one, two) = (tenant(&store, "one").await, tenant(&store, "two").await);
    let scope = &one.scope;
    let blob: Vec<u8> = (0..=255).collect();
    store.put_setting(scope, None, "fatgrid", b"old").await.unwrap();
    store.put_setting(scope, None, "fatgrid", &blob).await.unwrap();
    assert_eq!(store.setting(scope, Some(one.site), "fatgrid").await.unwrap(), Some(blob.clone()));
    store.put_setting(scope, Some(one.site), "fatgrid", b"site").await.unwrap();
    assert_eq!(store.setting(scope, Some(one.site), "fatgrid").await.unwrap().as_deref(), Some(&b"site"[..]));
    assert_eq!(store.setting(scope, None, "fatgrid").await.unwrap(), Some(blob));
    assert_eq!(store.setting(&two.scope, None, "fatgrid").await.unwrap(), None);
    assert_eq!(store.setting(&two.scope, Some(one.site), "fatgrid").await, Err(Error::NotFound("site")));
    let narrow = Scope { sites: Some(vec![one.site]), ..scope.clone() };
    assert_eq!(store.put_setting(&narrow, None, "fatgrid", b"x").await, Err(Error::NotFound("account")));
    assert!(store.delete_setting(scope, Some(one.site), "fatgrid").await.unwrap());
    assert!(!store.delete_setting(scope, Some(one.site), "fatgrid").await.unwrap());
}

fn snapshot(day: &str, dr: f64) -> NewSnapshot {
    NewSnapshot {
        snapshot_date: day.parse().unwrap(),
        dr: Some(dr),
        da: None,
        referring_domains: 1,
        new_links_this_month: 0,
        links_by_tier: Default::default(),
        cost_this_month: Money::ZERO,
        cost_per_link_avg: Money::ZERO,
        keywords_top_10: 0,
        keywords_top_20: 0,
        keywords_top_50: 0,
        organic_traffic: None,
        impressions: None,
        pages_ranking_without_backlinks: 0,
        tipping_point_indicators: Default::default(),
        tipping_point_triggered: false,
    }
}

async fn snapshots_are_recorded_and_paid(home: Home) {
    let store = home.store().await;
    let (one, two) = (tenant(&store, "one").await, tenant(&store, "two").await);
    let (scope, id) = (&one.scope, store.create_campaign(&one.scope, one.new_campaign()).await.unwrap().id());
    let price = Some(Price { credits: Money::cents(50), operation: "kpi_snapshot" });
    let before = store.credit_balance(scope).await.unwrap();
    let key = Idempotency::new("k", "snapshot", b"").unwrap();
    let first = store.record_snapshot(scope, id, &snapshot("2026-02-01", 31.0), price, Some(&key)).await.unwrap();
    assert_eq!(
        store.record_snapshot(scope, id, &snapshot("2026-02-01", 31.0), price, Some(&key)).await.unwrap(),
        first
    );
    store.record_snapshot(scope, id, &snapshot("2026-01-01", 30.0), price, None).await.unwrap();
    assert_eq!(store.credit_balance(scope).await.unwrap(), before - Money::cents(100));
    let list = store.snapshots(scope, id, Paging::default()).await.unwrap();
    assert_eq!(list.rows.iter().map(|row| row.dr.unwrap()).collect::<Vec<_>>(), [30.0, 31.0]);
    assert_eq!(store.latest_snapshot(scope, id).await.unwrap(), Some(first));
    let data = store.campaign_row(scope, id).await.unwrap().kpi_data;
    assert_eq!((data["snapshots"].as_u64(), data["latest"]["dr"].as_f64()), (Some(2), Some(31.0)));
    let late = snapshot(&Moment::now().after(3 * 86_400).date().to_string(), 30.0);
    assert!(
        matches!(store.record_snapshot(scope, id, &late, price, None).await, Err(Error::Invalid { field, .. }) if field == "snapshot_date"),
        "it would be the latest for ever"
    );
    let mut bad = snapshot("2026-03-01", f64::INFINITY);
    assert!(
        matches!(store.record_snapshot(scope, id, &bad, price, None).await, Err(Error::Invalid { field, .. }) if field == "dr")
    );
    bad.dr = None;
    assert_eq!(store.record_snapshot(&two.scope, id, &bad, price, None).await, Err(Error::NotFound("campaign")));
}

async fn settings_are_put_by_many_at_once(home: Home) {
    let store = home.store().await;
    let one = tenant(&store, "one").await;
    for site in [None, Some(one.site)] {
        let put = |secret: u8| {
            let (store, scope) = (store.clone(), one.scope.clone());
            tokio::spawn(async move { store.put_setting(&scope, site, "fatgrid", &[secret]).await })
        };
        let putting: Vec<_> = (0..20).map(put).collect();
        for put in putting {
            put.await.unwrap().unwrap();
        }
        assert!(store.setting(&one.scope, site, "fatgrid").await.unwrap().is_some_and(|secret| secret.len() == 1));
    }
    assert_eq!(home.elsewhere("SELECT COUNT(*) FROM igny8_integration_secrets").trim(), "2");
}

async fn sites_belong_to_accounts(home: Home) {
    let store = home.store().await;
    let (one, two) = (tenant(&store, "one").await, tenant(&store, "two").await);
    assert_eq!(store.accounts().await.unwrap().len(), 2);
    assert_eq!(store.sites(&one.scope).await.unwrap().iter().map(|site| site.id).collect::<Vec<_>>(), [one.site]);
    assert!(store.sites(&Scope { sites: Some(vec![two.site]), ..one.scope.clone() }).await.unwrap().is_empty());
    assert_eq!(store.sectors(&one.scope).await.unwrap().len(), 1);
    assert_eq!(store.create_sector(&one.scope, two.site, "x").await, Err(Error::NotFound("site")));
    assert_eq!(store.create_site(&Scope::account(i64::MAX), "x", "").await, Err(Error::NotFound("account")));
    assert!(matches!(store.create_site(&one.scope, "", "").await, Err(Error::Invalid { .. })));
    assert_eq!(store.contents(&one.scope, two.site, Paging::default()).await.unwrap().count, 0);
}

async fn credits_are_not_spent_twice(home: Home) {
    let store = home.store().await;
    let account = store.create_account("poor", false).await.unwrap().id;
    let scope = Scope::account(account);
    store.grant_credits(&scope, Money::cents(1000), "ten").await.unwrap();
    let price = Price { credits: Money::cents(30), operation: "test" };
    let spend = || async {
        let mut paid = 0;
        while store.debit_credits(&scope, price, None).await.is_ok() {
            paid += 1;
        }
        paid
    };
    let (a, b, c, d) = tokio::join!(spend(), spend(), spend(), spend());
    assert_eq!(a + b + c + d, 33);
    assert_eq!(store.credit_balance(&scope).await.unwrap(), Money::cents(10));
    let ledger = store.ledger(&scope, Paging::default()).await.unwrap();
    let sum: i64 = ledger.rows.iter().map(|entry| entry.amount.as_cents()).sum();
    assert_eq!((ledger.count, sum, ledger.rows[0].balance_after), (34, 10, Money::cents(10)));
    assert_eq!(
        store.grant_credits(&Scope::account(i64::MAX), price.credits, "").await,
        Err(Error::NotFound("account"))
    );
}

async fn credits_stay_what_their_column_holds(home: Home) {
    let store = home.store().await;
    let scope = Scope::account(store.create_account("rich", false).await.unwrap().id);
    let most = Money::cents(9_999_999_999);
    let price = |credits| Price { credits, operation: "test" };
    assert!(matches!(store.grant_credits(&scope, most + Money::cents(1), "").await, Err(Error::Invalid { .. })));
    store.grant_credits(&scope, Money::cents(1), "").await.unwrap();
    let over = store.grant_credits(&scope, most, "").await.unwrap_err();
    assert_eq!(over.to_string(), "amount: the account has 0.01, and can have at most 99999999.99");
    assert_eq!(store.grant_credits(&scope, most - Money::cents(1), "").await, Ok(most));
    assert!(matches!(store.grant_credits(&scope, Money::cents(1), "").await, Err(Error::Invalid { .. })));
    assert_eq!(store.grant_credits(&scope, Money::ZERO, "").await, Ok(most));
    assert_eq!(store.debit_credits(&scope, price(most), None).await, Ok(Money::ZERO));

    // As far below for whoever is never refused, and no further: what can't be recorded isn't done.
    let unlimited = Scope::account(store.create_account("free", true).await.unwrap().id);
    assert_eq!(store.debit_credits(&unlimited, price(most), None).await, Ok(-most));
    assert_eq!(store.debit_credits(&unlimited, price(Money::ZERO), None).await, Ok(-most));
    let cent = Money::cents(1);
    let end = Error::NotEnoughCredits { needed: cent, balance: -most };
    assert_eq!(store.debit_credits(&unlimited, price(cent), None).await, Err(end));
    assert_eq!(store.grant_credits(&unlimited, cent, "").await, Ok(cent - most));
    assert_eq!(store.debit_credits(&unlimited, price(cent), None).await, Ok(-most));
    for (scope, balance) in [(&scope, Money::ZERO), (&unlimited, -most)] {
        let ledger = store.ledger(scope, Paging::default()).await.unwrap();
        let sum: i64 = ledger.rows.iter().map(|entry| entry.amount.as_cents()).sum();
        assert_eq!((Money::cents(sum), ledger.rows[0].balance_after), (balance, balance));
        assert_eq!(store.credit_balance(scope).await, Ok(balance));
    }
    // Beyond its end by somebody else's hand, which only SQLite allows, it can come back.
    if home.on == On::Sqlite {
        home.elsewhere("UPDATE igny8_tenants SET credits = 200000000 WHERE name = 'rich'");
        assert!(store.grant_credits(&scope, cent, "").await.is_err());
        assert_eq!(store.debit_credits(&scope, price(most), None).await, Ok(Money::cents(20_000_000_000) - most));
    }
}
