//! Backlinks: added, changed, looked at, listed by the hundred thousand.

use std::time::Instant;

use linker_store::vocabulary::{AnchorType, BacklinkStatus, CheckStatus, LinkType, Marketplace, Tier};
use linker_store::{
    BacklinkChange, BacklinkFilter, BacklinkSort, CheckProgress, Error, Finding, Idempotency, Moment, Money,
    NewBacklink, Order, Paging, Within,
};

use crate::support::{Home, On, Tenant, on_both, tenant};

on_both! { are_added_and_changed, refuse_what_a_column_cannot_hold, keep_their_history, are_checked_in_the_background, are_listed_by_index, are_counted_by_their_days,
    are_audited_as_they_were_read,
}

pub(crate) fn link(tenant: &Tenant, campaign: i64) -> NewBacklink {
    NewBacklink {
        campaign,
        target_content: tenant.plan.pages[0].content_id.try_into().unwrap(),
        target_url: None,
        target_tier: None,
        source_url: "https://www.blog.example/post".to_owned(),
        source_domain: String::new(),
        source_dr: Some(40),
        source_traffic: None,
        anchor_text: "words".to_owned(),
        anchor_type: AnchorType::Lsi,
        link_type: LinkType::Haro,
        marketplace: Marketplace::None,
        cost: Some(Money::cents(10)),
        quality_score: None,
        country_relevant: true,
        status: BacklinkStatus::Planned,
        date_ordered: None,
        date_live: None,
        notes: String::new(),
    }
}

async fn are_added_and_changed(home: Home) {
    let store = home.store().await;
    let (one, two) = (tenant(&store, "one").await, tenant(&store, "two").await);
    let (scope, id) = (&one.scope, store.create_campaign(&one.scope, one.new_campaign()).await.unwrap().id());
    let key = Idempotency::new("k", "add", b"").unwrap();
    let row = store.add_backlink(scope, &link(&one, id), Some(&key)).await.unwrap();
    assert_eq!(store.add_backlink(scope, &link(&one, id), Some(&key)).await.unwrap(), row);
    assert_eq!((row.source_domain.as_str(), row.target_tier.0), ("blog.example", one.plan.pages[0].tier));
    assert_eq!(row.target_url, one.plan.pages[0].url);
    let live = BacklinkChange { status: Some(BacklinkStatus::Live), cost: Some(None), ..Default::default() };
    let changed = store.update_backlink(scope, row.id, Some(row.updated_at), live.clone()).await.unwrap();
    assert_eq!(
        (changed.status.0, changed.cost, changed.date_live),
        (BacklinkStatus::Live, None, Some(Moment::now().date()))
    );
    assert_eq!(store.backlink(scope, row.id).await.unwrap(), changed);
    let stale = store.update_backlink(scope, row.id, Some(row.updated_at), live).await.unwrap_err();
    assert_eq!(stale, Error::Stale { updated_at: changed.updated_at });
    let back = BacklinkChange { status: Some(BacklinkStatus::Planned), ..Default::default() };
    let refused = store.update_backlink(scope, row.id, None, back.clone()).await.unwrap_err();
    assert_eq!(refused, Error::Conflict("a backlink that is live can't become planned".to_owned()));
    // One domain, however it is said; added as live, it was first seen today.
    let said =
        |domain: &str| NewBacklink { source_domain: domain.to_owned(), status: BacklinkStatus::Live, ..link(&one, id) };
    for domain in ["WWW.Blog.Example", " blog.example ", ""] {
        let row = store.add_backlink(scope, &said(domain), None).await.unwrap();
        assert_eq!((row.source_domain.as_str(), row.date_live), ("blog.example", Some(Moment::now().date())));
    }
    assert_eq!(store.linking_domains(scope, id).await.unwrap().len(), 1);
    let moved = BacklinkChange { source_domain: Some("Www.Other.Example".to_owned()), ..Default::default() };
    assert_eq!(store.update_backlink(scope, row.id, None, moved).await.unwrap().source_domain, "other.example");
    let moved = BacklinkChange { source_url: Some("https://third.example/".to_owned()), ..Default::default() };
    assert_eq!(store.update_backlink(scope, row.id, None, moved).await.unwrap().source_domain, "third.example");
    // Another tenant finds neither the row, nor the campaign, nor the page.
    assert_eq!(store.backlink(&two.scope, row.id).await, Err(Error::NotFound("backlink")));
    assert_eq!(store.update_backlink(&two.scope, row.id, None, back).await, Err(Error::NotFound("backlink")));
    assert_eq!(store.add_backlink(&two.scope, &link(&one, id), None).await, Err(Error::NotFound("campaign")));
    assert_eq!(store.add_backlink(scope, &link(&two, id), None).await, Err(Error::NotFound("content")));
    assert_eq!(store.looks(&two.scope, row.id, 9).await, Err(Error::NotFound("backlink")));
}

async fn refuse_what_a_column_cannot_hold(home: Home) {
    let store = home.store().await;
    let tenant = tenant(&store, "one").await;
    let id = store.create_campaign(&tenant.scope, tenant.new_campaign()).await.unwrap().id();
    type Spoil = fn(&mut NewBacklink);
    let cases: [(&str, Spoil); 10] = [
        ("anchor_text", |link| link.anchor_text = "é".repeat(201)),
        ("anchor_text", |link| link.anchor_text = " ".to_owned()),
        ("anchor_text", |link| link.anchor_text = "a\0b".to_owned()),
        ("source_url", |link| link.source_url = "ftp://a.example/".to_owned()),
        ("target_url", |link| link.target_url = Some(format!("https://a.example/{}", "x".repeat(200)))),
        ("cost", |link| link.cost = Some(Money::cents(10_000_000_000))),
        ("quality_score", |link| link.quality_score = Some(f64::NAN)),
        // PK asks for 5 of a link that is bought.
        ("quality_score", |link| link.quality_score = Some(4.5)),
        ("source_dr", |link| link.source_dr = Some(101)),
        ("source_traffic", |link| link.source_traffic = Some(-1)),
    ];
    for (expected, spoil) in cases {
        let mut bad = link(&tenant, id);
        spoil(&mut bad);
        match store.add_backlink(&tenant.scope, &bad, None).await {
            Err(Error::Invalid { field, .. }) => assert_eq!(field, expected),
            other => panic!("{expected}: {other:?}"),
        }
    }
    let mut most = link(&tenant, id);
    most.anchor_text = "é".repeat(200);
    most.cost = Some(Money::cents(9_999_999_999));
    let row = store.add_backlink(&tenant.scope, &most, None).await.unwrap();
    assert_eq!((row.cost, row.anchor_text), (most.cost, most.anchor_text));
    let judge = |score, status| BacklinkChange { quality_score: Some(Some(score)), status, ..Default::default() };
    let low = store.update_backlink(&tenant.scope, row.id, None, judge(4.5, None)).await.unwrap_err();
    assert!(matches!(&low, Error::Invalid { field, .. } if field == "quality_score"), "{low}");
    let live = judge(4.5, Some(BacklinkStatus::Live));
    assert_eq!(store.update_backlink(&tenant.scope, row.id, None, live).await.unwrap().quality_score, Some(4.5));
}

/// What is bought or placed in some days, and what of it counts.
async fn are_counted_by_their_days(home: Home) {
    let store = home.store().await;
    let tenant = tenant(&store, "one").await;
    let (scope, id) = (&tenant.scope, store.create_campaign(&tenant.scope, tenant.new_campaign()).await.unwrap().id());
    let day = |text: &str| text.parse().ok();
    for (status, ordered, live) in [
        (BacklinkStatus::Ordered, day("2026-03-01"), None),
        (BacklinkStatus::Rejected, day("2026-03-02"), None),
        (BacklinkStatus::Live, day("2026-02-28"), day("2026-03-31")),
        (BacklinkStatus::Dead, None, day("2026-03-15")),
        (BacklinkStatus::Live, None, day("2026-01-31")),
        (BacklinkStatus::Live, day("2026-03-31"), day("2026-04-01")),
    ] {
        let new = NewBacklink { status, date_ordered: ordered, date_live: live, ..link(&tenant, id) };
        store.add_backlink(scope, &new, None).await.unwrap();
    }
    let (from, to) = (day("2026-03-01").unwrap(), day("2026-03-31").unwrap());
    let count = async |within| {
        let found = store.standings(scope, id, Some(within)).await.unwrap();
        found
            .iter()
            .map(|standing| (standing.links, standing.cost.as_cents()))
            .fold((0, 0), |a, b| (a.0 + b.0, a.1 + b.1))
    };
    assert_eq!(count(Within::Bought(from, to)).await, (3, 30), "the rejected one was not");
    assert_eq!(count(Within::Placed(from, to)).await, (2, 20), "whatever became of them");
    // An order that is taken back is none; ordered again, that day counts.
    let row = store.add_backlink(scope, &link(&tenant, id), None).await.unwrap();
    let turn = async |status| {
        let change = BacklinkChange { status: Some(status), ..Default::default() };
        store.update_backlink(scope, row.id, None, change).await.unwrap().date_ordered
    };
    assert_eq!(turn(BacklinkStatus::Ordered).await, Some(Moment::now().date()));
    assert_eq!(turn(BacklinkStatus::Planned).await, None);
}

/// An audit takes a while: what a reviewer says meanwhile stands.
async fn are_audited_as_they_were_read(home: Home) {
    let store = home.store().await;
    let tenant = tenant(&store, "one").await;
    let (scope, id) = (&tenant.scope, store.create_campaign(&tenant.scope, tenant.new_campaign()).await.unwrap().id());
    let (one, two) = (
        store.add_backlink(scope, &link(&tenant, id), None).await.unwrap(),
        store.add_backlink(scope, &link(&tenant, id), None).await.unwrap(),
    );
    let nine = BacklinkChange { quality_score: Some(Some(9.0)), ..Default::default() };
    store.update_backlink(scope, two.id, None, nine).await.unwrap();
    let points = [(one.id, (one.updated_at, 3)), (two.id, (two.updated_at, 3)), (i64::MAX, (one.updated_at, 3))].into();
    let price = linker_store::Price { credits: Money::cents(100), operation: "backlink_audit" };
    assert!(store.record_audit(scope, id, &points, price, None).await.unwrap());
    let score = async |id| store.backlink(scope, id).await.unwrap();
    assert_eq!((score(one.id).await.quality_score, score(two.id).await.quality_score), (Some(3.0), Some(9.0)));
    assert!(score(one.id).await.updated_at > one.updated_at);
}

async fn keep_their_history(home: Home) {
    let store = home.store().await;
    let tenant = tenant(&store, "one").await;
    let (scope, id) = (&tenant.scope, store.create_campaign(&tenant.scope, tenant.new_campaign()).await.unwrap().id());
    let mut live = link(&tenant, id);
    live.status = BacklinkStatus::Live;
    let row = store.add_backlink(scope, &live, None).await.unwrap();
    let finding = |verdict: &str, status| Finding {
        backlink: row.id,
        check: None,
        looked_at: Moment::now(),
        verdict: verdict.to_owned(),
        reasons: vec!["http_404".to_owned()],
        report: "{\"verdict\":\"dead\"}".to_owned(),
        status,
    };
    let gone = Finding { backlink: i64::MAX, ..finding("dead", None) };
    store
        .commit_findings(scope, &[finding("unverified", None), gone, finding("dead", Some(BacklinkStatus::Dead))])
        .await
        .unwrap();
    let dead = store.backlink(scope, row.id).await.unwrap();
    assert_eq!((dead.status.0, dead.date_last_checked), (BacklinkStatus::Dead, Some(Moment::now().date())));
    let looks = store.looks(scope, row.id, 10).await.unwrap();
    assert_eq!(looks.iter().map(|look| look.verdict.as_str()).collect::<Vec<_>>(), ["dead", "unverified"]);
    assert_eq!(looks[0].reasons, serde_json::json!(["http_404"]));
    // Somebody replaced it meanwhile: the look is kept, the status is theirs.
    let replaced = BacklinkChange { status: Some(BacklinkStatus::Replaced), ..Default::default() };
    store.update_backlink(scope, row.id, None, replaced).await.unwrap();
    store.commit_findings(scope, &[finding("live", Some(BacklinkStatus::Live))]).await.unwrap();
    assert_eq!(store.backlink(scope, row.id).await.unwrap().status.0, BacklinkStatus::Replaced);
    assert_eq!(store.looks(scope, row.id, 1).await.unwrap()[0].verdict, "live");
}

async fn are_checked_in_the_background(home: Home) {
    let store = home.store().await;
    let tenant = tenant(&store, "one").await;
    let (scope, id) = (&tenant.scope, store.create_campaign(&tenant.scope, tenant.new_campaign()).await.unwrap().id());
    let (a, b) = tokio::join!(store.request_check(scope, id, None), store.request_check(scope, id, None));
    let check = a.unwrap();
    assert_eq!(check, b.unwrap());
    let long_ago = Moment::parse("2020-01-01T00:00:00Z").unwrap();
    let (a, b) = tokio::join!(store.take_check(long_ago, &[]), store.take_check(long_ago, &[]));
    let taken: Vec<_> = [a.unwrap(), b.unwrap()].into_iter().flatten().collect();
    assert_eq!((taken.len(), taken[0].status.0), (1, CheckStatus::Running));
    let first = &taken[0];
    let silent = Moment::now();
    assert!(store.keep_check(first).await.unwrap());
    assert!(store.take_check(silent, &[]).await.unwrap().is_none(), "its worker gave a sign of life");
    let again = store.take_check(Moment::now().after(1), &[]).await.unwrap().unwrap();
    assert_eq!(again.id, check.id, "its worker is gone");
    let progress = CheckProgress { total: 2, done: 2, live: 1, dead: 1, unverified: 0 };
    // The first was only slow: the run is not its own any more.
    assert!(!store.keep_check(first).await.unwrap());
    assert!(!store.report_check(first, progress).await.unwrap());
    assert!(!store.hand_back_check(first).await.unwrap());
    assert!(!store.finish_check(first, progress, Some("slow")).await.unwrap());
    assert!(store.report_check(&again, progress).await.unwrap());
    assert!(store.hand_back_check(&again).await.unwrap());
    let again = store.take_check(long_ago, &[]).await.unwrap().unwrap();
    assert!(store.finish_check(&again, progress, None).await.unwrap());
    assert!(!store.finish_check(&again, progress, None).await.unwrap());
    let done = store.check(scope, check.id).await.unwrap();
    assert_eq!((done.status.0, done.done), (CheckStatus::Done, 2));
    assert!(store.take_check(Moment::now().after(1), &[]).await.unwrap().is_none());
    assert_ne!(store.request_check(scope, id, None).await.unwrap().id, check.id);
}

/// 100,000 of them in 20 campaigns: filters, sorts and pages go by an index.
async fn are_listed_by_index(home: Home) {
    let store = home.store().await;
    let tenant = tenant(&store, "one").await;
    let scope = &tenant.scope;
    let mut ids = Vec::new();
    for _ in 0..20 {
        ids.push(store.create_campaign(scope, tenant.new_campaign()).await.unwrap().id());
    }
    let (first, last) = (ids[0], ids[19]);
    let template = store.add_backlink(scope, &link(&tenant, first), None).await.unwrap();
    let numbers = match home.on {
        On::Sqlite => {
            "(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 99999) SELECT i FROM n)"
        }
        On::Postgres => "(SELECT i FROM generate_series(1, 99999) AS i)",
    };
    let columns = "created_at, updated_at, account_id, site_id, sector_id, blueprint_id, target_url, source_url, source_domain, \
                   anchor_text, anchor_type, link_type, marketplace, country_relevant, notes";
    let states = "'planned', 'ordered', 'live', 'live', 'live', 'live', 'dead', 'replaced', 'rejected', 'live'";
    let pick = match home.on {
        On::Sqlite => format!("json_extract(json_array({states}), '$[' || (i / 20 % 10) || ']')"),
        On::Postgres => format!("(ARRAY[{states}])[i / 20 % 10 + 1]"),
    };
    home.elsewhere(&format!(
        "INSERT INTO igny8_sag_backlinks ({columns}, campaign_id, target_content_id, target_tier, status, source_dr, cost) \
         SELECT {columns}, {first} + i % 20, {} + i % 50, 'T' || (i / 200 % 5 + 1), {pick}, i % 90, i % 300 \
         FROM igny8_sag_backlinks, {numbers} AS n WHERE id = {}",
        tenant.blueprint.page_ids.values().min().unwrap(),
        template.id,
    ));
    assert_eq!(last - first, 19);
    if home.on == On::Postgres {
        // Which its autovacuum would do within a minute. SQLite's planner has to do without.
        home.elsewhere("ANALYZE");
    }
    let explain = |filter, sort| {
        let sql = store.backlinks_sql(scope, filter, sort);
        let word = if home.on == On::Sqlite { "EXPLAIN QUERY PLAN" } else { "EXPLAIN" };
        home.elsewhere(&format!("{word} {sql}"))
    };
    let campaign = BacklinkFilter { campaign: Some(first), ..Default::default() };
    let live = BacklinkFilter { status: Some(BacklinkStatus::Live), tier: Some(Tier::T2), ..campaign };
    let cases = [
        (campaign, BacklinkSort::Id, "igny8_sag_b_campaig_23b053_idx"),
        (live, BacklinkSort::Dr, "igny8_sag_b_campaig_23b053_idx"),
        (
            BacklinkFilter { anchor_type: Some(AnchorType::Lsi), ..campaign },
            BacklinkSort::Cost,
            "igny8_sag_b_campaig_23b053_idx",
        ),
        (
            BacklinkFilter { content: Some(template.target_content_id), ..Default::default() },
            BacklinkSort::Updated,
            "igny8_sag_b_target__1089c6_idx",
        ),
    ];
    for (filter, sort, index) in cases {
        let plan = explain(filter, (sort, Order::Descending));
        assert!(plan.contains(index) || home.on == On::Postgres && plan.contains("igny8_sag_backlinks_pkey"), "{plan}");
        assert!(!plan.contains("Seq Scan") && !plan.contains("SCAN "), "{plan}");
        let start = Instant::now();
        let page = store.backlinks(scope, filter, (sort, Order::Descending), Paging::default()).await.unwrap();
        assert!(!page.rows.is_empty());
        println!("{:?} {sort:?}: {} rows, page of {} in {:?}", home.on, page.count, page.rows.len(), start.elapsed());
    }
    let start = Instant::now();
    let all = store
        .backlinks(scope, BacklinkFilter::default(), (BacklinkSort::Id, Order::Descending), Paging::default())
        .await
        .unwrap();
    assert_eq!((all.count, all.rows.len()), (100_000, 100));
    println!("{:?}: page of 100 of 100,000 in {:?}", home.on, start.elapsed());
    let mut walked = 0;
    let mut after = 0;
    let start = Instant::now();
    loop {
        let rows = store.backlinks_after(scope, BacklinkFilter::default(), after, 1000).await.unwrap();
        let Some(last) = rows.last() else { break };
        (after, walked) = (last.id, walked + rows.len());
    }
    assert_eq!(walked, 100_000);
    println!("{:?}: walked 100,000 in {:?}", home.on, start.elapsed());
}
