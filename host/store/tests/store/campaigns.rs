//! A campaign's life.

use linker_store::vocabulary::{BacklinkStatus, CampaignStatus};
use linker_store::{BacklinkFilter, CampaignFilter, Created, Error, Idempotency, Moment, Money, Order, Paging, Scope};

use crate::support::{Home, PRICE, on_both, tenant};

on_both! { is_saved_and_charged_at_once, starts_once, is_not_changed_by_two, is_not_saved_unpaid, is_nobody_elses, comes_once_by_key, }

/// a draft with everything that was planned.
async fn is_saved_and_charged_at_once(home: Home) {
    let store = home.store().await;
    let tenant = tenant(&store, "one").await;
    let before = store.credit_balance(&tenant.scope).await.unwrap();
    let id = store.create_campaign(&tenant.scope, tenant.new_campaign()).await.unwrap().id();
    let detail = store.campaign(&tenant.scope, id).await.unwrap();
    let (row, plan) = (&detail.campaign, detail.plan.unwrap());
    assert_eq!(row.status.0, CampaignStatus::Draft);
    assert_eq!(row.blueprint_id, Some(tenant.blueprint.id));
    assert!(row.sector_id.is_some());
    assert_eq!(Some(row.budget_estimate_max), Money::exact(tenant.plan.budget_estimate_max));
    assert_eq!(row.monthly_plan, serde_json::to_value(&tenant.plan.monthly_plan).unwrap());
    assert_eq!(
        row.tier_assignments.as_object().unwrap().len(),
        linker_types::tiers::by_id(&tenant.plan.tier_assignments).count()
    );
    assert_eq!(row.country_profile, serde_json::to_value(&tenant.plan.country_profile).unwrap());
    assert_eq!(serde_json::from_str::<linker_types::Campaign>(&plan.document).unwrap(), tenant.plan);
    assert_eq!(store.campaign_blueprint(&tenant.scope, id).await.unwrap(), tenant.blueprint.document);
    assert_eq!(store.blueprint_document(&tenant.scope, tenant.blueprint.id).await.unwrap(), tenant.blueprint.document);
    assert_eq!(store.credit_balance(&tenant.scope).await.unwrap(), before - PRICE.credits);
    let ledger = store.ledger(&tenant.scope, Paging::default()).await.unwrap();
    let entry = &ledger.rows[0];
    assert_eq!((ledger.count, entry.amount, entry.campaign_id), (2, Money::cents(-200), Some(id)));
    assert_eq!(entry.operation, "campaign_generation");
    let list =
        store.campaigns(&tenant.scope, CampaignFilter::default(), Default::default(), Paging::default()).await.unwrap();
    // Without the long columns, which a page of a thousand would hold in memory.
    let null = serde_json::Value::Null;
    let short = linker_store::entity::campaign::Model {
        tier_assignments: null.clone(),
        monthly_plan: null.clone(),
        anchor_text_plan: null.clone(),
        country_profile: null,
        ..detail.campaign
    };
    assert_eq!((list.count, list.rows), (1, vec![short]));
}

async fn starts_once(home: Home) {
    let store = home.store().await;
    let tenant = tenant(&store, "one").await;
    let (scope, id) = (&tenant.scope, store.create_campaign(&tenant.scope, tenant.new_campaign()).await.unwrap().id());
    assert!(matches!(store.pause_campaign(scope, id).await, Err(Error::Conflict(_))));
    let both = tokio::join!(store.activate_campaign(scope, id), store.activate_campaign(scope, id));
    assert_eq!(u8::from(both.0.is_ok()) + u8::from(both.1.is_ok()), 1, "{both:?}");
    let started = store.campaign_row(scope, id).await.unwrap();
    assert!(started.started_at.is_some() && started.updated_at > started.created_at);
    store.pause_campaign(scope, id).await.unwrap();
    let again = store.activate_campaign(scope, id).await.unwrap();
    assert_eq!(again.started_at, started.started_at);
    let filter = BacklinkFilter { campaign: Some(id), ..Default::default() };
    let links = store
        .backlinks(scope, filter, (Default::default(), Order::Ascending), Paging { page: 1, size: 1000 })
        .await
        .unwrap();
    assert_eq!(links.count, tenant.plan.links.len() as u64);
    for (row, link) in links.rows.iter().zip(&tenant.plan.links) {
        assert_eq!(
            (row.target_content_id, row.anchor_text.as_str()),
            (link.content_id as i64, link.anchor_text.as_str())
        );
        assert_eq!((row.status.0, row.cost), (BacklinkStatus::Planned, None));
        assert_eq!(row.notes, format!("planned for month {}", link.month));
        assert_eq!(store.content(scope, row.target_content_id).await.unwrap().url, row.target_url);
    }
    store.complete_campaign(scope, id).await.unwrap();
    let over = store.activate_campaign(scope, id).await.unwrap_err();
    assert_eq!(over, Error::Conflict("a campaign that is completed can't become active".to_owned()));
}

async fn is_not_changed_by_two(home: Home) {
    let store = home.store().await;
    let tenant = tenant(&store, "one").await;
    let (scope, id) = (&tenant.scope, store.create_campaign(&tenant.scope, tenant.new_campaign()).await.unwrap().id());
    let seen = store.campaign_row(scope, id).await.unwrap().updated_at;
    let mut plan = tenant.plan.clone();
    plan.total_links_target += 1;
    let changes =
        tokio::join!(store.adjust_campaign(scope, id, seen, &plan), store.adjust_campaign(scope, id, seen, &plan));
    assert_eq!(u8::from(changes.0.is_ok()) + u8::from(changes.1.is_ok()), 1);
    let row = store.campaign(scope, id).await.unwrap();
    assert_eq!(row.campaign.total_links_target, i32::try_from(plan.total_links_target).unwrap());
    assert!(row.plan.unwrap().document.contains(&format!("\"total_links_target\":{}", plan.total_links_target)));
    let stale = store.adjust_campaign(scope, id, seen, &plan).await.unwrap_err();
    assert_eq!(stale, Error::Stale { updated_at: row.campaign.updated_at });
    let printed = Moment::parse(&row.campaign.updated_at.to_string()).unwrap();
    store.adjust_campaign(scope, id, printed, &plan).await.unwrap();
}

async fn is_not_saved_unpaid(home: Home) {
    let store = home.store().await;
    let mut tenant = tenant(&store, "one").await;
    let left = Money::cents(150);
    let spend = store.credit_balance(&tenant.scope).await.unwrap() - left;
    let spend = linker_store::Price { credits: spend, operation: "test" };
    assert_eq!(store.debit_credits(&tenant.scope, spend, None).await.unwrap(), left);
    let unpaid = store.create_campaign(&tenant.scope, tenant.new_campaign()).await.unwrap_err();
    assert_eq!(unpaid, Error::NotEnoughCredits { needed: PRICE.credits, balance: left });
    let list = store.campaigns(&tenant.scope, Default::default(), Default::default(), Paging::default()).await.unwrap();
    assert_eq!((list.count, store.credit_balance(&tenant.scope).await.unwrap()), (0, left));
    assert_eq!(store.ledger(&tenant.scope, Paging::default()).await.unwrap().count, 2);
    // Half credits, one at a time, to the last.
    let half = linker_store::Price { credits: Money::cents(50), operation: "kpi_snapshot" };
    for _ in 0..3 {
        store.debit_credits(&tenant.scope, half, None).await.unwrap();
    }
    assert!(store.debit_credits(&tenant.scope, half, None).await.is_err());
    let alone = store.create_account("alone", true).await.unwrap();
    tenant.scope = Scope::account(alone.id);
    assert_eq!(store.debit_credits(&tenant.scope, half, None).await.unwrap(), Money::cents(-50));
}

async fn is_nobody_elses(home: Home) {
    let store = home.store().await;
    let (one, two) = (tenant(&store, "one").await, tenant(&store, "two").await);
    let id = store.create_campaign(&one.scope, one.new_campaign()).await.unwrap().id();
    let missing = |error: Error| matches!(error, Error::NotFound(_));
    let elsewhere = Scope { account: one.scope.account, sites: Some(vec![two.site]) };
    let nowhere = Scope { account: one.scope.account, sites: Some(Vec::new()) };
    for scope in [&two.scope, &elsewhere, &nowhere] {
        assert!(missing(store.campaign(scope, id).await.unwrap_err()));
        assert!(missing(store.activate_campaign(scope, id).await.unwrap_err()));
        assert!(missing(store.adjust_campaign(scope, id, Moment::now(), &one.plan).await.unwrap_err()));
        assert!(missing(store.campaign_blueprint(scope, id).await.unwrap_err()));
        assert!(missing(store.blueprint_document(scope, one.blueprint.id).await.unwrap_err()));
        assert!(missing(store.create_campaign(scope, one.new_campaign()).await.unwrap_err()));
        assert!(missing(store.request_check(scope, id, None).await.unwrap_err()));
        assert!(missing(store.snapshots(scope, id, Paging::default()).await.unwrap_err()));
        assert!(missing(store.content(scope, *one.blueprint.page_ids.values().next().unwrap()).await.unwrap_err()));
        let list = store.campaigns(scope, Default::default(), Default::default(), Paging::default()).await.unwrap();
        assert_eq!(list.count, 0);
    }
    let here = Scope { account: one.scope.account, sites: Some(vec![one.site]) };
    assert!(store.campaign(&here, id).await.is_ok());
    let mut stolen = two.new_campaign();
    stolen.blueprint = Some(one.blueprint.id);
    assert!(missing(store.create_campaign(&two.scope, stolen).await.unwrap_err()));
}

async fn comes_once_by_key(home: Home) {
    let store = home.store().await;
    let tenant = tenant(&store, "one").await;
    let scope = &tenant.scope;
    let before = store.credit_balance(scope).await.unwrap();
    let key = Idempotency::new("k-1", "generate", b"body").unwrap();
    let mut new = tenant.new_campaign();
    new.idempotency = Some(&key);
    let (a, b, c) = tokio::join!(
        store.create_campaign(scope, new),
        store.create_campaign(scope, new),
        store.create_campaign(scope, new)
    );
    let all = [a.unwrap(), b.unwrap(), c.unwrap()];
    assert_eq!(all.iter().filter(|created| matches!(created, Created::Now(_))).count(), 1, "{all:?}");
    assert!(all.iter().all(|created| created.id() == all[0].id()));
    assert_eq!(store.credit_balance(scope).await.unwrap(), before - PRICE.credits);
    let other = Idempotency::new("k-1", "generate", b"another body").unwrap();
    new.idempotency = Some(&other);
    assert!(matches!(store.create_campaign(scope, new).await, Err(Error::Conflict(_))));
    assert_eq!(store.forget_keys(Moment::now().after(1)).await.unwrap(), 1);
}
