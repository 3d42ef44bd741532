//! Which of the checks that wait is taken next.

use linker_store::{Moment, Store};

use crate::support::{Home, Tenant, on_both, tenant};

on_both! { are_taken_in_turn_by_account, are_taken_once_each, }

fn long_ago() -> Moment {
    Moment::parse("2020-01-01T00:00:00Z").unwrap()
}

/// Checks of so many campaigns, which wait.
async fn ask(store: &Store, tenant: &Tenant, campaigns: usize) -> Vec<i64> {
    let mut checks = Vec::new();
    for _ in 0..campaigns {
        let campaign = store.create_campaign(&tenant.scope, tenant.new_campaign()).await.unwrap().id();
        checks.push(store.request_check(&tenant.scope, campaign, None).await.unwrap().id);
    }
    checks
}

async fn are_taken_in_turn_by_account(home: Home) {
    let store = home.store().await;
    let (one, two, three) = (tenant(&store, "one").await, tenant(&store, "two").await, tenant(&store, "three").await);
    let (ones, twos, threes) = (ask(&store, &one, 5).await, ask(&store, &two, 2).await, ask(&store, &three, 1).await);
    let take = async |besides: &[i64]| store.take_check(long_ago(), besides).await.unwrap();
    assert_eq!(take(&[one.scope.account]).await.map(|check| check.id), Some(twos[0]), "the first has enough");
    let mut order = Vec::new();
    while let Some(check) = take(&[]).await {
        order.push(check);
    }
    let ids: Vec<i64> = order.iter().map(|check| check.id).collect();
    assert_eq!(ids, [ones[0], threes[0], ones[1], twos[1], ones[2], ones[3], ones[4]]);
    // Whoever gives one back has one fewer than the others.
    let late = ask(&store, &two, 1).await;
    assert!(store.hand_back_check(&order[2]).await.unwrap());
    assert_eq!(take(&[]).await.map(|check| check.id), Some(late[0]), "two run, of the other three");
    assert_eq!(take(&[]).await.map(|check| check.id), Some(ones[1]));
    // Those of a worker that is gone don't run: their account has fewer than the others.
    let silent = Moment::now();
    let next = ask(&store, &three, 1).await;
    let threes = order.iter().find(|check| check.id == threes[0]).unwrap();
    assert!(store.keep_check(threes).await.unwrap());
    let two = two.scope.account;
    assert_eq!(store.take_check(silent, &[two]).await.unwrap().map(|check| check.id), Some(ones[0]));
    assert_eq!(store.take_check(silent, &[two]).await.unwrap().map(|check| check.id), Some(ones[1]));
    assert_eq!(store.take_check(silent, &[two]).await.unwrap().map(|check| check.id), Some(next[0]));
}

async fn are_taken_once_each(home: Home) {
    let store = home.store().await;
    let mut asked = Vec::new();
    for name in ["one", "two", "three"] {
        asked.extend(ask(&store, &tenant(&store, name).await, 7).await);
    }
    let mut taking = tokio::task::JoinSet::new();
    for _ in 0..24 {
        let store = store.clone();
        taking.spawn(async move { store.take_check(long_ago(), &[]).await.unwrap().map(|check| check.id) });
    }
    let mut taken: Vec<i64> = taking.join_all().await.into_iter().flatten().collect();
    taken.sort_unstable();
    asked.sort_unstable();
    assert_eq!(taken, asked);
}
