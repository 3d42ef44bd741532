//! The platform's own ORM on the same tables (R-9.1 to R-9.3): a real Django writes rows that the store reads, and
//! reads what it wrote.

use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

use linker_store::migrate::State;
use linker_store::platform::Platform;
use linker_store::vocabulary::{AnchorType, BacklinkStatus, CampaignStatus, LinkType, Marketplace, Tier};
use linker_store::{BacklinkFilter, Error, Money, NewBacklink, NewSnapshot, Order, Paging, Store};
use serde_json::{Value, json};

use crate::support::{Home, On, on_both, tenant};

const SCRIPTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/django");

/// A Python with the pinned Django, made once under the target directory.
fn python() -> &'static PathBuf {
    static PYTHON: OnceLock<PathBuf> = OnceLock::new();
    PYTHON.get_or_init(|| {
        let requirements = std::fs::read_to_string(format!("{SCRIPTS}/requirements.txt")).unwrap();
        let mark = requirements.bytes().fold(0u32, |mark, byte| mark.wrapping_mul(31).wrapping_add(byte.into()));
        let home = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("django-{mark:08x}"));
        let python = home.join("bin/python");
        if python.exists() {
            return python;
        }
        // Beside it first, so that a half-made one is never used; paths inside it don't matter to `python -m`.
        let making = home.with_extension(std::process::id().to_string());
        let run = |command: &mut Command| {
            let done = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
            assert!(done.status.success(), "the tests need Python 3.11 with venv, and PyPI: {done:?}");
        };
        run(Command::new("python3").args(["-m", "venv"]).arg(&making));
        let requirements = format!("{SCRIPTS}/requirements.txt");
        run(Command::new(making.join("bin/python")).args([
            "-m",
            "pip",
            "install",
            "-q",
            "--no-deps",
            "-r",
            &requirements,
        ]));
        let _ = std::fs::rename(&making, &home);
        python
    })
}

fn django(home: &Home, arguments: &[&str]) -> Value {
    let mut command = Command::new(python());
    command.current_dir(SCRIPTS).arg("rows.py").args(arguments).env("DATABASE", home.django());
    let done = command.env("PYTHONDONTWRITEBYTECODE", "1").output().unwrap();
    assert!(done.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
    serde_json::from_slice(&done.stdout).unwrap_or_default()
}

on_both! { lays_out_the_same_tables, reads_what_django_wrote, is_read_by_django, shares_a_database_that_django_made, }

async fn lays_out_the_same_tables(home: Home) {
    home.store().await.close().await.unwrap();
    let theirs = Home::new(home.on);
    django(&theirs, &["tables"]);
    let (mut ours, mut theirs) = (django(&home, &["describe"]), django(&theirs, &["describe"]));
    for layout in [&mut ours, &mut theirs] {
        // Not null constraints have names on newer servers; what they say is compared as a column.
        layout.as_object_mut().unwrap().values_mut().for_each(|table| {
            if home.on == On::Postgres {
                table["checks"].take();
            }
        });
    }
    assert_eq!(ours, theirs);
    assert_eq!(ours["igny8_sag_backlinks"]["columns"].as_array().unwrap().len(), 27);
}

async fn reads_what_django_wrote(home: Home) {
    let store = home.store().await;
    let tenant = tenant(&store, "one").await;
    let (scope, content) = (&tenant.scope, *tenant.blueprint.page_ids.values().next().unwrap());
    let made = django(&home, &["write", &tenant.site.to_string(), &content.to_string()]);
    let id = made["campaign"].as_i64().unwrap();
    let detail = store.campaign(scope, id).await.unwrap();
    assert!(detail.plan.is_none());
    let row = detail.campaign;
    assert_eq!((row.budget_estimate_min, row.budget_estimate_max), (Money::cents(44_800), Money::cents(9_999_999_999)));
    assert_eq!(row.started_at.unwrap().to_string(), "2026-01-02T03:04:05.678901Z");
    assert_eq!(row.anchor_text_plan, json!({"ключ": ["„“", null, true, 1.5]}));
    assert_eq!((row.status.0, row.timeline_months), (CampaignStatus::Active, 12));
    let filter = BacklinkFilter { campaign: Some(id), ..Default::default() };
    let links =
        store.backlinks(scope, filter, (Default::default(), Order::Ascending), Paging::default()).await.unwrap();
    let [bare, full, cheap] = links.rows.as_slice() else { panic!("{links:?}") };
    assert_eq!((bare.anchor_text.chars().count(), bare.cost, bare.country_relevant), (200, None, true));
    assert_eq!((full.cost, full.quality_score, full.country_relevant), (Some(Money::cents(10)), Some(7.5), false));
    assert_eq!(
        (full.date_live.unwrap().to_string(), full.marketplace.0),
        ("2026-02-28".to_owned(), Marketplace::FatGrid)
    );
    if home.on == On::Sqlite {
        // What it stores of 448.00, 0.10 and null.
        let stored = home.elsewhere("SELECT typeof(cost) FROM igny8_sag_backlinks ORDER BY id");
        assert_eq!(stored, "null\nreal\ninteger\n");
    }
    assert_eq!((cheap.cost, cheap.quality_score), (Some(Money::cents(44_800)), Some(7.0)));
    let snapshot = store.latest_snapshot(scope, id).await.unwrap().unwrap();
    assert_eq!((snapshot.dr, snapshot.cost_this_month), (Some(31.0), Money::cents(123_456)));
    assert!(snapshot.tipping_point_triggered);
    // Its rows go through ours like our own: If-Match against Django's stamp, a change, a state.
    let (changed, _) = store.adjust_campaign(scope, id, row.updated_at, &tenant.plan).await.unwrap();
    assert!(changed.updated_at > row.updated_at);
    store.pause_campaign(scope, id).await.unwrap();
}

async fn is_read_by_django(home: Home) {
    let store = home.store().await;
    let tenant = tenant(&store, "one").await;
    let (scope, id) = (&tenant.scope, store.create_campaign(&tenant.scope, tenant.new_campaign()).await.unwrap().id());
    store.activate_campaign(scope, id).await.unwrap();
    let link = NewBacklink {
        campaign: id,
        target_content: tenant.plan.pages[0].content_id.try_into().unwrap(),
        target_url: None,
        target_tier: Some(Tier::T1),
        source_url: "https://www.blog.example/post".to_owned(),
        source_domain: String::new(),
        source_dr: Some(40),
        source_traffic: None,
        anchor_text: "plain".to_owned(),
        anchor_type: AnchorType::Lsi,
        link_type: LinkType::Haro,
        marketplace: Marketplace::Manual,
        cost: Some(Money::cents(44_800)),
        quality_score: Some(7.0),
        country_relevant: false,
        status: BacklinkStatus::Live,
        date_ordered: None,
        date_live: "2026-02-28".parse().ok(),
        notes: "é\n\"".to_owned(),
    };
    let link = store.add_backlink(scope, &link, None).await.unwrap();
    if home.on == On::Sqlite {
        let stored = home.elsewhere("SELECT typeof(cost), cost FROM igny8_sag_backlinks ORDER BY id DESC LIMIT 1");
        assert_eq!(stored, "integer|448\n");
    }
    let snapshot = NewSnapshot {
        snapshot_date: "2026-03-01".parse().unwrap(),
        dr: Some(31.5),
        da: None,
        referring_domains: 12,
        new_links_this_month: 2,
        links_by_tier: [(Tier::T1, 1)].into(),
        cost_this_month: Money::cents(10),
        cost_per_link_avg: Money::cents(123_456),
        keywords_top_10: 1,
        keywords_top_20: 2,
        keywords_top_50: 3,
        organic_traffic: None,
        impressions: Some(4),
        pages_ranking_without_backlinks: 0,
        tipping_point_indicators: [("dr".to_owned(), true)].into(),
        tipping_point_triggered: false,
    };
    let snapshot = store.record_snapshot(scope, id, &snapshot, None, None).await.unwrap();
    let seen = django(&home, &["read"]);
    let rows = |table: &str| seen[table].as_array().unwrap().clone();
    let campaign = store.campaign_row(scope, id).await.unwrap();
    assert_eq!(rows("igny8_sag_campaigns"), [serde_json::to_value(&campaign).unwrap()]);
    assert_eq!(rows("igny8_campaign_kpi_snapshots"), [serde_json::to_value(&snapshot).unwrap()]);
    assert_eq!(rows("igny8_sag_backlinks").last(), Some(&serde_json::to_value(&link).unwrap()));
    assert_eq!(rows("igny8_sag_backlinks").len(), tenant.plan.links.len() + 1);
    // Its validators take every row, it can save them, and delete.
    django(&home, &["change"]);
    let left = store.backlinks(scope, BacklinkFilter::default(), Default::default(), Paging::default()).await.unwrap();
    assert_eq!(left.count, tenant.plan.links.len() as u64);
    assert!(matches!(store.backlink(scope, link.id).await, Err(Error::NotFound(_))));
    assert!(store.campaign_row(scope, id).await.unwrap().updated_at > campaign.updated_at);
}

/// The platform is there first, with fewer columns than a stand-in has.
async fn shares_a_database_that_django_made(home: Home) {
    django(&home, &["tables"]);
    let refused = Store::migrate(&home.config, &Platform::default()).await.unwrap_err();
    let Error::Mismatch(list) = &refused else { panic!("{refused}") };
    assert!(list.iter().any(|line| line.starts_with("`igny8_tenants` has no column `credits`")), "{list:#?}");
    let status = Store::status(&home.config, &Platform::default()).await.unwrap();
    assert!(status.tables.iter().any(|table| table.name == "igny8_api_tokens" && table.state == State::Absent));
    let mapping = r#"
        [accounts]
        table = "igny8_tenants"
        columns = { credits = "", unlimited = "" }
        [sites]
        table = "igny8_sites"
        columns = { domain = "" }
        [sectors]
        table = "igny8_sectors"
        columns = { account_id = "" }
        [blueprints]
        table = "igny8_sag_blueprints"
        columns = { account_id = "", site_id = "", sector_id = "", name = "", document = "" }
        [contents]
        table = "igny8_content"
        columns = { account_id = "", site_id = "", sector_id = "", title = "", url = "" }
    "#;
    let platform = Platform::default().with(mapping).unwrap();
    let report = Store::migrate(&home.config, &platform).await.unwrap();
    assert!(report.is_complete(), "{report}");
    let state = |name: &str| report.tables.iter().find(|table| table.name == name).unwrap().state.clone();
    assert_eq!((state("igny8_sag_backlinks"), state("igny8_sites")), (State::Found, State::Found));
    assert_eq!((state("igny8_api_tokens"), state("igny8_campaign_plans")), (State::Made, State::Made));
    let store = Store::open(&home.config, platform).await.unwrap();
    let refused = store.create_account("one", false).await.unwrap_err();
    assert_eq!(refused, Error::Conflict("`igny8_tenants` is kept by the platform: add it there".to_owned()));
    assert!(store.accounts().await.unwrap().is_empty());
}
