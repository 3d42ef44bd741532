//! Files into tables.

use linker_store::import::{read_backlinks, read_pages};
use linker_store::vocabulary::{AnchorType, BacklinkStatus, LinkType};
use linker_store::{BacklinkFilter, Error, Order, Paging};

use crate::support::{Home, fixture, on_both, tenant};

on_both! { backlinks_but_for_bad_lines, figures_of_pages_twice, blueprints_of_two_tenants, }

async fn backlinks_but_for_bad_lines(home: Home) {
    let store = home.store().await;
    let tenant = tenant(&store, "one").await;
    let (scope, id) = (&tenant.scope, store.create_campaign(&tenant.scope, tenant.new_campaign()).await.unwrap().id());
    let page = &tenant.plan.pages[0];
    let planned = &tenant.plan.anchor_text_plan.iter().find(|(id, _)| *id == page.content_id).unwrap().1[0];
    let target = page.url.replace("https://", "http://");
    let text = format!(
        "Referring page URL\tTarget URL\tAnchor\tDomain rating\tFirst seen\n\
         https://a.example/1\t{target}\t{}\t71\t2025-01-02\n\
         https://a.example/2\t{target}\twww.example.com\t\t\n\
         https://a.example/3\t{target}\t\t12,5\t\n\
         https://a.example/4\thttps://elsewhere.example/\tx\t\t\n\
         not a url\t{target}\tx\t\t\n\
         https://a.example/5\t{target}\tx\tmany\t\n\
         https://a.example/1\t{target}\tagain\t\t\n",
        planned.text
    );
    let file = read_backlinks(text.as_bytes()).unwrap();
    let done = store.import_backlinks(scope, id, LinkType::GuestPost, file.clone()).await.unwrap();
    let refused: Vec<_> = done.refused.iter().map(|refused| (refused.line, refused.why.as_str())).collect();
    assert_eq!(done.imported, 3);
    assert_eq!(
        refused,
        [
            (5, "target_url: `https://elsewhere.example/` is no page of the site"),
            (6, "source_url: `not a url` is no absolute http or https URL"),
            (7, "source_dr: `many` is no number"),
            (8, "the campaign has this link already"),
        ]
    );
    let rows = store
        .backlinks(scope, BacklinkFilter::default(), (Default::default(), Order::Ascending), Paging::default())
        .await
        .unwrap()
        .rows;
    let kinds: Vec<_> = rows.iter().map(|row| row.anchor_type.0).collect();
    assert_eq!(kinds, [planned.anchor_type, AnchorType::NakedUrl, AnchorType::Generic]);
    assert_eq!(
        (rows[0].source_dr, rows[0].status.0, rows[0].target_tier.0),
        (Some(71), BacklinkStatus::Live, page.tier)
    );
    assert_eq!((rows[2].anchor_text.as_str(), rows[0].link_type.0), ("(no text)", LinkType::GuestPost));
    // Our own format; what a spreadsheet was kept from running is what it was.
    let own = format!(
        "source_url,target_url,anchor_text,anchor_type,link_type,cost,status,notes\r\n\
         https://a.example/1,{target},'+1 for tea,lsi,haro,12.50,planned,'=1\r\n\
         https://a.example/2,{target},'tis,Branded,,,dead,\r\n"
    );
    let other = store.create_campaign(scope, tenant.new_campaign()).await.unwrap().id();
    let file2 = read_backlinks(own.as_bytes()).unwrap();
    let copied = store.import_backlinks(scope, other, LinkType::Haro, file2).await.unwrap();
    assert_eq!((copied.imported, copied.refused), (2, Vec::new()));
    let filter = BacklinkFilter { campaign: Some(other), ..BacklinkFilter::default() };
    let rows = store.backlinks_after(scope, filter, 0, 10).await.unwrap();
    let words: Vec<_> = rows.iter().map(|row| (row.anchor_text.as_str(), row.notes.as_str())).collect();
    assert_eq!(words, [("+1 for tea", "=1"), ("'tis", "")]);
    // The country's threshold is enforced here too: 5 in Pakistan. What is live already is only recorded.
    let poor = format!(
        "source_url,target_url,anchor_text,quality_score,status\n\
         https://b.example/1,{target},tea,4.9,planned\n\
         https://b.example/2,{target},tea,5,ordered\n\
         https://b.example/3,{target},tea,4.9,live\n"
    );
    let poor = read_backlinks(poor.as_bytes()).unwrap();
    let done = store.import_backlinks(scope, other, LinkType::Haro, poor).await.unwrap();
    let why = "quality_score: 4.9 of 11 is below PK's threshold of 5: choose a better placement";
    assert_eq!((done.imported, done.refused.len()), (2, 1));
    assert_eq!((done.refused[0].line, done.refused[0].why.as_str()), (2, why));
    let again = store.import_backlinks(scope, id, LinkType::GuestPost, file).await.unwrap();
    assert_eq!((again.imported, again.refused.len()), (0, 7));
}

async fn figures_of_pages_twice(home: Home) {
    let store = home.store().await;
    let (one, two) = (tenant(&store, "one").await, tenant(&store, "two").await);
    let page = &one.plan.pages[0];
    let period = ("2026-01-01".parse().unwrap(), "2026-01-31".parse().unwrap());
    let text = format!(
        "Top pages;Clicks;Impressions;CTR;Position\n{};1.234;56.789;2,17%;8,5\nhttps://example.com/?x;0;9;0%;\nhttps://bad.example/;-;1;;\n",
        page.url
    );
    let file = read_pages(text.as_bytes(), period).unwrap();
    assert_eq!(file.refused.len(), 1);
    for _ in 0..2 {
        assert_eq!(store.import_pages(&one.scope, one.site, file.clone()).await.unwrap().imported, 2);
    }
    let found = store.page_metrics(&one.scope, one.site, period.0, period.1).await.unwrap();
    assert_eq!(found.len(), 2);
    let known = found.iter().find(|metric| metric.url == page.url).unwrap();
    assert_eq!((known.clicks, known.impressions, known.position), (1234, 56_789, Some(8.5)));
    assert_eq!(known.content_id, i64::try_from(page.content_id).ok());
    assert_eq!(store.page_metrics(&two.scope, one.site, period.0, period.1).await, Err(Error::NotFound("site")));
    assert_eq!(store.import_pages(&two.scope, one.site, file).await, Err(Error::NotFound("site")));
    assert!(read_pages(b"Query,Clicks\n", period).is_err());
    // Another spelling of a page is that page, but for one that is there under its own.
    let spelled = |url: &str| url.trim_end_matches('/').replace("https://", "http://www.");
    let other = &one.plan.pages[1];
    let text =
        format!("Page,Clicks,Impressions\n{},1,2\n{},3,4\n{},5,6\n", spelled(&page.url), page.url, spelled(&other.url));
    let period = ("2026-02-01".parse().unwrap(), "2026-02-28".parse().unwrap());
    store.import_pages(&one.scope, one.site, read_pages(text.as_bytes(), period).unwrap()).await.unwrap();
    let found = store.page_metrics(&one.scope, one.site, period.0, period.1).await.unwrap();
    let mut of: Vec<_> = found.iter().map(|metric| (metric.clicks, metric.content_id)).collect();
    of.sort_unstable();
    let id = |page: &linker_types::PageTarget| i64::try_from(page.content_id).ok();
    assert_eq!(of, [(1, None), (3, id(page)), (5, id(other))]);
    // One line that no database could hold, or that no engine would believe, is refused alone; 0 is no position at all.
    let odd = b"Page,Clicks,Impressions,Position\nhttps://e.example/\0,1,2,3\nhttps://e.example/a,1,2,-3\n\
                https://e.example/b,1,2,0.5\nhttps://e.example/c,0,0,0\nhttps://e.example/d,1,2,3\n";
    let file = read_pages(odd, period).unwrap();
    let refused: Vec<_> = file.refused.iter().map(|refused| (refused.line, refused.why.as_str())).collect();
    let not = "is no position: 1 is the best";
    assert_eq!(refused[0].0, 2);
    assert_eq!(refused[1..], [(3, format!("`-3` {not}").as_str()), (4, format!("`0.5` {not}").as_str())]);
    store.import_pages(&one.scope, one.site, file).await.unwrap();
    let found = store.page_metrics(&one.scope, one.site, period.0, period.1).await.unwrap();
    let at = |end: &str| found.iter().find(|metric| metric.url.ends_with(end)).unwrap().position;
    assert_eq!((at("/c"), at("/d")), (None, Some(3.0)));
}

/// The same document for two tenants: each has pages of its own, and a second import finds them again.
async fn blueprints_of_two_tenants(home: Home) {
    let store = home.store().await;
    let (one, two) = (tenant(&store, "one").await, tenant(&store, "two").await);
    assert!(one.blueprint.page_ids.values().all(|id| !two.blueprint.page_ids.values().any(|other| other == id)));
    let document = fixture("blueprints/local-business.json");
    let again = store.import_blueprint(&one.scope, one.site, document.as_bytes()).await.unwrap();
    assert_eq!(again.page_ids, one.blueprint.page_ids);
    assert_ne!(again.id, one.blueprint.id);
    assert_eq!(store.blueprints(&one.scope, Some(one.site), Paging::default()).await.unwrap().count, 2);
    let hubs = |blueprint: &linker_types::Blueprint| {
        blueprint.clusters.iter().filter_map(|cluster| cluster.hub_content_id).collect::<Vec<_>>()
    };
    let given: linker_types::Blueprint = serde_json::from_str(&document).unwrap();
    let expected: Vec<_> = hubs(&given).iter().map(|hub| u64::try_from(again.page_ids[hub]).unwrap()).collect();
    assert_eq!(hubs(&again.blueprint), expected);
    assert_eq!(serde_json::from_str::<linker_types::Blueprint>(&again.document).unwrap(), again.blueprint);
    assert_eq!(store.import_blueprint(&two.scope, one.site, document.as_bytes()).await, Err(Error::NotFound("site")));
    let broken = store.import_blueprint(&one.scope, one.site, b"{\"id\": 1, \"sit\": 2}").await.unwrap_err();
    assert!(matches!(broken, Error::Invalid { .. }), "{broken}");
    let pages = store.contents(&one.scope, one.site, Paging { page: 1, size: 1000 }).await.unwrap();
    assert_eq!(pages.count, one.blueprint.page_ids.len() as u64);
}
