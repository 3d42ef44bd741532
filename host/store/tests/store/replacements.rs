//! Dead backlinks and what stands in for them.

use linker_store::vocabulary::{AnchorType, BacklinkStatus, LinkType, Marketplace};
use linker_store::{BacklinkChange, Error, Finding, Idempotency, Moment, Money, NewReplacement, Store};

use crate::backlinks::link;
use crate::support::{Home, Tenant, on_both, tenant};

on_both! { stand_in_when_they_go_live, are_one_for_each_dead_backlink, wait_while_the_dead_one_lives, }

fn new(domain: &str) -> NewReplacement {
    NewReplacement {
        source_url: format!("https://www.{domain}/post"),
        source_domain: String::new(),
        source_dr: Some(50),
        cost: Some(Money::cents(9_000)),
        anchor_text: "other words".to_owned(),
        anchor_type: AnchorType::Branded,
        link_type: LinkType::GuestPost,
        marketplace: Marketplace::Manual,
    }
}

async fn campaign(store: &Store, tenant: &Tenant) -> i64 {
    store.create_campaign(&tenant.scope, tenant.new_campaign()).await.unwrap().id()
}

/// A dead backlink at a domain.
async fn dead(store: &Store, tenant: &Tenant, campaign: i64) -> i64 {
    let mut gone = link(tenant, campaign);
    gone.status = BacklinkStatus::Live;
    let id = store.add_backlink(&tenant.scope, &gone, None).await.unwrap().id;
    turn(store, tenant, id, BacklinkStatus::Dead).await.unwrap();
    id
}

async fn turn(store: &Store, tenant: &Tenant, id: i64, status: BacklinkStatus) -> Result<BacklinkStatus, Error> {
    let change = BacklinkChange { status: Some(status), ..Default::default() };
    Ok(store.update_backlink(&tenant.scope, id, None, change).await?.status.0)
}

async fn status(store: &Store, tenant: &Tenant, id: i64) -> BacklinkStatus {
    store.backlink(&tenant.scope, id).await.unwrap().status.0
}

fn seen(id: i64, status: BacklinkStatus) -> Finding {
    Finding {
        backlink: id,
        check: None,
        looked_at: Moment::now(),
        verdict: "live".to_owned(),
        reasons: Vec::new(),
        report: "{}".to_owned(),
        status: Some(status),
    }
}

async fn stand_in_when_they_go_live(home: Home) {
    let store = home.store().await;
    let (one, two) = (tenant(&store, "one").await, tenant(&store, "two").await);
    let id = campaign(&store, &one).await;
    let (by_hand, by_check) = (dead(&store, &one, id).await, dead(&store, &one, id).await);
    let first = store.replace_backlink(&one.scope, by_hand, new("a.example"), None).await.unwrap();
    let lost = store.backlink(&one.scope, by_hand).await.unwrap();
    assert_eq!((first.status.0, first.source_domain.as_str()), (BacklinkStatus::Planned, "a.example"));
    assert_eq!((first.campaign_id, first.target_content_id), (id, lost.target_content_id));
    assert_eq!((first.target_url, first.target_tier, first.cost), (lost.target_url, lost.target_tier, new("").cost));
    let second = store.replace_backlink(&one.scope, by_check, new("b.example"), None).await.unwrap();
    assert_eq!(turn(&store, &one, first.id, BacklinkStatus::Ordered).await, Ok(BacklinkStatus::Ordered));
    assert_eq!(status(&store, &one, by_hand).await, BacklinkStatus::Dead);
    turn(&store, &one, first.id, BacklinkStatus::Live).await.unwrap();
    let after = store.backlink(&one.scope, by_hand).await.unwrap();
    assert_eq!(after.status.0, BacklinkStatus::Replaced);
    assert!(after.updated_at > lost.updated_at, "whoever read it before is stale");
    store.commit_findings(&one.scope, &[seen(second.id, BacklinkStatus::Live)]).await.unwrap();
    assert_eq!(status(&store, &one, by_check).await, BacklinkStatus::Replaced);
    let pairs: Vec<_> =
        store.replacements(&one.scope, id).await.unwrap().iter().map(|pair| (pair.dead, pair.link.id)).collect();
    assert_eq!(pairs, [(by_hand, first.id), (by_check, second.id)]);
    // Another tenant sees none of it.
    assert_eq!(store.replacements(&two.scope, id).await.unwrap(), []);
    let foreign = store.replace_backlink(&two.scope, by_hand, new("c.example"), None).await;
    assert_eq!(foreign, Err(Error::NotFound("backlink")));
}

async fn are_one_for_each_dead_backlink(home: Home) {
    let store = home.store().await;
    let tenant = tenant(&store, "one").await;
    let scope = &tenant.scope;
    let id = campaign(&store, &tenant).await;
    let lost = dead(&store, &tenant, id).await;
    let (a, b) = tokio::join!(
        store.replace_backlink(scope, lost, new("a.example"), None),
        store.replace_backlink(scope, lost, new("b.example"), None)
    );
    let (Ok(first), Err(Error::Conflict(_))) = (if a.is_ok() { (a, b) } else { (b, a) }) else {
        panic!("one of two is accepted")
    };
    // Turned down, it makes room; deleted, it leaves nothing behind.
    turn(&store, &tenant, first.id, BacklinkStatus::Rejected).await.unwrap();
    let key = Idempotency::new("k", "replace", b"").unwrap();
    let next = store.replace_backlink(scope, lost, new("c.example"), Some(&key)).await.unwrap();
    assert_eq!(store.replace_backlink(scope, lost, new("c.example"), Some(&key)).await.unwrap(), next);
    home.elsewhere(&format!("DELETE FROM igny8_sag_backlinks WHERE id = {}", next.id));
    assert_eq!(store.replacements(scope, id).await.unwrap(), []);
    let mut live = link(&tenant, id);
    live.status = BacklinkStatus::Live;
    live.source_url = "https://taken.example/".to_owned();
    let taken = store.add_backlink(scope, &live, None).await.unwrap();
    match store.replace_backlink(scope, lost, new("taken.example"), None).await {
        Err(Error::Invalid { field, .. }) => assert_eq!(field, "source_domain"),
        other => panic!("{other:?}"),
    }
    let alive = store.replace_backlink(scope, taken.id, new("d.example"), None).await.unwrap_err();
    assert_eq!(alive, Error::Conflict("only a dead backlink is replaced, and this one is live".to_owned()));
    let mut long = new("e.example");
    long.anchor_text = "é".repeat(201);
    assert!(matches!(store.replace_backlink(scope, lost, long, None).await, Err(Error::Invalid { .. })));
    // The refused ones left nothing.
    assert_eq!(store.replacements(scope, id).await.unwrap(), []);
}

async fn wait_while_the_dead_one_lives(home: Home) {
    let store = home.store().await;
    let tenant = tenant(&store, "one").await;
    let id = campaign(&store, &tenant).await;
    let lost = dead(&store, &tenant, id).await;
    let other = store.replace_backlink(&tenant.scope, lost, new("a.example"), None).await.unwrap().id;
    store.commit_findings(&tenant.scope, &[seen(lost, BacklinkStatus::Live)]).await.unwrap();
    turn(&store, &tenant, other, BacklinkStatus::Live).await.unwrap();
    assert_eq!(status(&store, &tenant, lost).await, BacklinkStatus::Live, "it came back");
    // Lost again, with its replacement there already.
    assert_eq!(turn(&store, &tenant, lost, BacklinkStatus::Dead).await, Ok(BacklinkStatus::Replaced));
}
