//! Files into tables.

use linker_store::import::{read_backlinks, read_blueprint, read_pages};
use linker_store::vocabulary::{AnchorType, BacklinkStatus, LinkType};
use linker_store::{BacklinkFilter, Error, Idempotency, MOST_BACKLINKS, Of, Order, Paging, Scope, Store};

use crate::backlinks::link;
use crate::support::{Home, fixture, on_both, tenant};

on_both! { backlinks_but_for_bad_lines, figures_of_pages_twice, blueprints_of_two_tenants, a_long_file_in_batches, a_campaign_has_an_end, a_key_gives_the_first_answer, nobody_waits_for_a_file, long_texts_are_refused, }

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
    let file = read_backlinks(text.into_bytes()).unwrap();
    let done = store.import_backlinks(scope, id, LinkType::GuestPost, &file, None).await.unwrap();
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
    let file2 = read_backlinks(own.into_bytes()).unwrap();
    let copied = store.import_backlinks(scope, other, LinkType::Haro, &file2, None).await.unwrap();
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
    let poor = read_backlinks(poor.into_bytes()).unwrap();
    let done = store.import_backlinks(scope, other, LinkType::Haro, &poor, None).await.unwrap();
    let why = "quality_score: 4.9 of 11 is below PK's threshold of 5: choose a better placement";
    assert_eq!((done.imported, done.refused.len()), (2, 1));
    assert_eq!((done.refused[0].line, done.refused[0].why.as_str()), (2, why));
    let again = store.import_backlinks(scope, id, LinkType::GuestPost, &file, None).await.unwrap();
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
    let file = read_pages(text.into_bytes(), period).unwrap();
    for _ in 0..2 {
        let done = store.import_pages(&one.scope, one.site, &file, None).await.unwrap();
        assert_eq!((done.imported, done.refused.len()), (2, 1));
    }
    let found = store.page_metrics(&one.scope, one.site, period, Of::Urls).await.unwrap();
    assert_eq!(found.len(), 2);
    let known = found.iter().find(|metric| metric.url == page.url).unwrap();
    assert_eq!((known.clicks, known.impressions, known.position), (1234, 56_789, Some(8.5)));
    assert_eq!(known.content_id, i64::try_from(page.content_id).ok());
    assert_eq!(store.page_metrics(&two.scope, one.site, period, Of::Urls).await, Err(Error::NotFound("site")));
    assert_eq!(store.import_pages(&two.scope, one.site, &file, None).await, Err(Error::NotFound("site")));
    assert!(read_pages(b"Query,Clicks\n".to_vec(), period).is_err());
    // Another spelling of a page is that page, but for one that is there under its own.
    let spelled = |url: &str| url.trim_end_matches('/').replace("https://", "http://www.");
    let other = &one.plan.pages[1];
    let text =
        format!("Page,Clicks,Impressions\n{},1,2\n{},3,4\n{},5,6\n", spelled(&page.url), page.url, spelled(&other.url));
    let period = ("2026-02-01".parse().unwrap(), "2026-02-28".parse().unwrap());
    store.import_pages(&one.scope, one.site, &read_pages(text.into_bytes(), period).unwrap(), None).await.unwrap();
    let found = store.page_metrics(&one.scope, one.site, period, Of::Urls).await.unwrap();
    let mut of: Vec<_> = found.iter().map(|metric| (metric.clicks, metric.content_id)).collect();
    of.sort_unstable();
    let id = |page: &linker_types::PageTarget| i64::try_from(page.content_id).ok();
    assert_eq!(of, [(1, None), (3, id(page)), (5, id(other))]);
    // Of both periods, what the tipping point compares: pages now, their clicks before, and the site's sum.
    let days = ("2025-12-01".parse().unwrap(), period.1);
    let latest = store.latest_metrics(&one.scope, one.site, days.0, days.1).await.unwrap().unwrap();
    let mut now: Vec<_> = latest.pages.iter().map(|metric| (metric.clicks, metric.content_id)).collect();
    now.sort_unstable();
    assert_eq!((now, latest.clicks, latest.impressions), (vec![(3, id(page)), (5, id(other))], 9, 12));
    assert_eq!(latest.clicks_before, Some([(id(page).unwrap(), 1234)].into()));
    assert_eq!(store.latest_metrics(&one.scope, one.site, days.0, days.0).await, Ok(None));
    // One line that no database could hold, or that no engine would believe, is refused alone; 0 is no position at all.
    let odd = b"Page,Clicks,Impressions,Position\nhttps://e.example/\0,1,2,3\nhttps://e.example/a,1,2,-3\n\
                https://e.example/b,1,2,0.5\nhttps://e.example/c,0,0,0\nhttps://e.example/d,1,2,3\n";
    let file = read_pages(odd.to_vec(), period).unwrap();
    let done = store.import_pages(&one.scope, one.site, &file, None).await.unwrap();
    let refused: Vec<_> = done.refused.iter().map(|refused| (refused.line, refused.why.as_str())).collect();
    let not = "is no position: 1 is the best";
    assert_eq!(refused[0].0, 2);
    assert_eq!(refused[1..], [(3, format!("`-3` {not}").as_str()), (4, format!("`0.5` {not}").as_str())]);
    let found = store.page_metrics(&one.scope, one.site, period, Of::Urls).await.unwrap();
    let at = |end: &str| found.iter().find(|metric| metric.url.ends_with(end)).unwrap().position;
    assert_eq!((at("/c"), at("/d")), (None, Some(3.0)));
}

/// The same document for two tenants: each has pages of its own, and a second import finds them again.
async fn blueprints_of_two_tenants(home: Home) {
    let store = home.store().await;
    let (one, two) = (tenant(&store, "one").await, tenant(&store, "two").await);
    assert!(one.blueprint.page_ids.values().all(|id| !two.blueprint.page_ids.values().any(|other| other == id)));
    let document = fixture("blueprints/local-business.json");
    let blueprint = || read_blueprint(document.as_bytes()).unwrap();
    let again = store.import_blueprint(&one.scope, one.site, blueprint(), None).await.unwrap();
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
    assert_eq!(store.import_blueprint(&two.scope, one.site, blueprint(), None).await, Err(Error::NotFound("site")));
    let broken = read_blueprint(b"{\"id\": 1, \"sit\": 2}").unwrap_err();
    assert!(matches!(broken, Error::Invalid { .. }), "{broken}");
    let pages = store.contents(&one.scope, one.site, Paging { page: 1, size: 1000 }).await.unwrap();
    assert_eq!(pages.count, one.blueprint.page_ids.len() as u64);
}

/// Lines of links to a page, from so many sources.
fn lines(target: &str, sources: std::ops::Range<u32>) -> String {
    let line = |number| format!("https://s{number}.example/,{target},tea,live\n");
    "source_url,target_url,anchor_text,status\n".to_owned() + &sources.map(line).collect::<String>()
}

async fn count(store: &Store, scope: &Scope, campaign: i64) -> u64 {
    let filter = BacklinkFilter { campaign: Some(campaign), ..BacklinkFilter::default() };
    store.backlinks(scope, filter, (Default::default(), Order::Ascending), Paging::default()).await.unwrap().count
}

/// More refused lines than anybody reads are counted; what is known is known across batches, imports and spellings.
async fn a_long_file_in_batches(home: Home) {
    let store = home.store().await;
    let one = tenant(&store, "one").await;
    let id = store.create_campaign(&one.scope, one.new_campaign()).await.unwrap().id();
    let target = &one.plan.pages[0].url;
    let twice = lines(target, 0..2500) + &lines(&target.replace("https://", "http://www."), 0..2500);
    let file = read_backlinks(twice.into_bytes()).unwrap();
    let done = store.import_backlinks(&one.scope, id, LinkType::Haro, &file, None).await.unwrap();
    // The second header is a line of its own.
    assert_eq!((done.imported, done.refused.len(), done.refused_more, done.all_refused()), (2500, 1000, 1501, 2501));
    let known: Vec<_> = done.refused.iter().skip(1).map(|refused| refused.line).collect();
    assert_eq!(known, (2503..3502).collect::<Vec<u64>>());
    assert_eq!(done.refused[1].why, "the campaign has this link already");
    let more = read_backlinks(lines(target, 2000..3000).into_bytes()).unwrap();
    let done = store.import_backlinks(&one.scope, id, LinkType::Haro, &more, None).await.unwrap();
    assert_eq!((done.imported, done.all_refused()), (500, 500));
    assert_eq!(count(&store, &one.scope, id).await, 3000);
}

async fn a_campaign_has_an_end(home: Home) {
    let store = home.store().await;
    let one = tenant(&store, "one").await;
    let id = store.create_campaign(&one.scope, one.new_campaign()).await.unwrap().id();
    let most = u32::try_from(MOST_BACKLINKS).unwrap();
    let file = read_backlinks(lines(&one.plan.pages[0].url, 0..most + 2).into_bytes()).unwrap();
    let done = store.import_backlinks(&one.scope, id, LinkType::Haro, &file, None).await.unwrap();
    assert_eq!((done.imported, done.all_refused()), (MOST_BACKLINKS, 2));
    let why = "the campaign has 20000 backlinks, which is the most";
    assert!(done.refused[1].why.contains(why), "{:?}", done.refused);
    let refused = store.add_backlink(&one.scope, &link(&one, id), None).await.unwrap_err();
    assert!(refused.to_string().contains(why), "{refused}");
    assert_eq!(store.backlink_count(&one.scope, id).await, Ok(MOST_BACKLINKS));
}

async fn a_key_gives_the_first_answer(home: Home) {
    let store = home.store().await;
    let one = tenant(&store, "one").await;
    let id = store.create_campaign(&one.scope, one.new_campaign()).await.unwrap().id();
    let text = lines(&one.plan.pages[0].url, 0..3) + "https://a.example/,https://elsewhere.example/,tea,live\n";
    let key = |text: &str| Idempotency::of_file("k1", "import_backlinks", &format!("{id} "), text.as_bytes()).unwrap();
    let file = read_backlinks(text.clone().into_bytes()).unwrap();
    let import =
        async |text: &str| store.import_backlinks(&one.scope, id, LinkType::Haro, &file, Some(&key(text))).await;
    let first = import(&text).await.unwrap();
    assert_eq!((first.imported, first.refused.len()), (3, 1));
    assert_eq!(import(&text).await, Ok(first));
    assert!(matches!(import("another").await, Err(Error::Conflict(_))));
    assert_eq!(count(&store, &one.scope, id).await, 3);
}

/// SQLite has one writer: others had to wait for the whole file.
async fn nobody_waits_for_a_file(home: Home) {
    let store = home.store().await;
    let (one, two) = (tenant(&store, "one").await, tenant(&store, "two").await);
    let id = store.create_campaign(&one.scope, one.new_campaign()).await.unwrap().id();
    let file = read_backlinks(lines(&one.plan.pages[0].url, 0..6000).into_bytes()).unwrap();
    let writing = store.clone();
    let importing =
        tokio::spawn(
            async move { writing.import_backlinks(&one.scope, id, LinkType::Haro, &file, None).await.unwrap() },
        );
    let mut writes = 0;
    while !importing.is_finished() {
        store.create_site(&two.scope, "another", "").await.unwrap();
        writes += 1;
    }
    assert_eq!(importing.await.unwrap().imported, 6000);
    // Six batches: a writer that waits has its turn after each.
    assert!(writes >= 4, "{writes} writes while a file came");
}

async fn long_texts_are_refused(home: Home) {
    let store = home.store().await;
    let one = tenant(&store, "one").await;
    let id = store.create_campaign(&one.scope, one.new_campaign()).await.unwrap().id();
    let target = &one.plan.pages[0].url;
    let long = |length| "é".repeat(length);
    let text = format!(
        "source_url,target_url,anchor_text,notes\nhttps://a.example/,{target},tea,{}\nhttps://b.example/,{target},tea,{}\n\
         https://c.example/,{},tea,\n",
        long(5000),
        long(5001),
        long(5000)
    );
    let file = read_backlinks(text.into_bytes()).unwrap();
    let done = store.import_backlinks(&one.scope, id, LinkType::Haro, &file, None).await.unwrap();
    assert_eq!((done.imported, done.refused.len()), (1, 2));
    assert_eq!(done.refused[0].why, "notes: at most 5000 characters");
    assert_eq!(done.refused[1].why.chars().count(), 301, "what came is not repeated at length");
    let mut blueprint = one.blueprint.blueprint.clone();
    blueprint.pages[0].url.push_str("new/");
    blueprint.pages[0].title = long(5001);
    let refused = store.save_blueprint(&one.scope, one.site, None, blueprint).await.unwrap_err();
    assert_eq!(refused.to_string(), "pages.title: at most 5000 characters");
}

/// The disk fills in the middle of a file: what is kept is said, and the same file goes on from there.
#[tokio::test]
async fn a_file_that_breaks_off_says_so() {
    let mut home = Home::new(crate::support::On::Sqlite);
    let store = home.store().await;
    let one = tenant(&store, "one").await;
    let id = store.create_campaign(&one.scope, one.new_campaign()).await.unwrap().id();
    store.close().await.unwrap();
    let pages: u32 = home.elsewhere("PRAGMA page_count").trim().parse().unwrap();
    home.config.max_pages = Some(pages + 500);
    let store = home.store().await;
    let file = read_backlinks(lines(&one.plan.pages[0].url, 0..20_000).into_bytes()).unwrap();
    let error = store.import_backlinks(&one.scope, id, LinkType::Haro, &file, None).await.unwrap_err();
    let Error::Halted { kept, why } = &error else { panic!("{error}") };
    assert!(matches!(**why, Error::Full(_)) && *kept > 0 && *kept < 20_000, "{error}");
    assert!(error.to_string().ends_with("send the same file again to go on from there"), "{error}");
    assert_eq!(count(&store, &one.scope, id).await, *kept);
    store.close().await.unwrap();
    home.config.max_pages = None;
    let store = home.store().await;
    let done = store.import_backlinks(&one.scope, id, LinkType::Haro, &file, None).await.unwrap();
    assert_eq!((done.imported, done.all_refused()), (20_000 - kept, *kept));
}
