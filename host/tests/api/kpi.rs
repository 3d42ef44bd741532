//!

use serde_json::json;

use crate::home::{Home, link, on_both, with};

on_both! {
    survives_odd_figures, is_recorded_listed_and_weighed, is_refused_with_its_field, is_recorded_once_by_a_repeated_request,
}

async fn is_recorded_listed_and_weighed(home: Home) {
    let one = home.tenant("one").await;
    let program = home.serve();
    let client = program.with(&one.token);
    let (campaign, page) = one.active(&client).await;
    let live = json!({"status": "live", "cost": "100.00", "source_url": "https://a.example/1"});
    client.post("/backlinks/", &with(link(campaign, page), live)).await.is(201);
    let path = format!("/campaigns/{campaign}/kpi/");
    let first = client.post(&format!("{path}snapshot/"), &json!({"snapshot_date": "2026-01-31", "dr": 20.5})).await;
    let first = first.is(201);
    assert_eq!((&first.data()["dr"], &first.data()["snapshot_date"]), (&json!(20.5), &json!("2026-01-31")));
    assert_eq!(first.data()["tipping_point_triggered"], false);
    let second = client.post(&format!("{path}snapshot/"), &json!({"dr": 31, "keywords_top_10": 12})).await.is(201);
    let row = second.data();
    assert_eq!((&row["referring_domains"], &row["keywords_top_10"]), (&json!(1), &json!(12)));
    assert_eq!(row["links_by_tier"].as_object().expect("tiers").values().filter_map(|n| n.as_u64()).sum::<u64>(), 1);
    assert!(row["cost_this_month"].is_string() && row["cost_per_link_avg"].is_string());
    let timeline = client.get(&path).await.is(200);
    let days: Vec<_> = timeline.results().iter().map(|row| row["id"].as_i64()).collect();
    assert_eq!(days, [Some(first.id()), Some(second.id())], "oldest first");
    let summary = client.get(&format!("/campaigns/{campaign}/")).await.is(200);
    assert_eq!(summary.data()["kpi_data"]["snapshots"], 2);

    let point = client.get(&format!("/tipping-point/?campaign_id={campaign}")).await.is(200);
    let point = point.data();
    let indicators = point["indicators"].as_array().expect("indicators");
    assert_eq!(indicators.len(), 5);
    let met = |name: &str| indicators.iter().find(|one| one["name"] == name).map(|one| one["met"].clone());
    assert_eq!(row["tipping_point_indicators"].as_object().expect("indicators").len(), 5);
    for (name, shown) in row["tipping_point_indicators"].as_object().expect("indicators") {
        assert_eq!(met(name).as_ref(), Some(shown), "{name}: the latest snapshot's figures count");
    }
    assert_eq!(indicators.iter().filter(|one| one["met"] == true).count(), 2, "DR and keywords: {point}");
    assert_eq!(point["triggered"], false);
    client.get("/tipping-point/").await.names("campaign_id");
    client.get("/tipping-point/?campaign_id=999999").await.is(404);
    assert_eq!(client.get("/me/").await.is(200).data()["credits"], "997.00", "2 for the plan, a half a snapshot");
}

/// Figures that no engine believes are refused when they come, and those that the platform wrote spoil nothing.
async fn survives_odd_figures(home: Home) {
    let one = home.tenant("one").await;
    let program = home.serve();
    let client = program.with(&one.token);
    let (id, _) = one.active(&client).await;
    let page = client.get(&format!("/contents/?site_id={}&page_size=2", one.site)).await.is(200);
    let [first, second] = [0, 1].map(|at| page.results()[at]["url"].as_str().expect("a URL").to_owned());
    let file =
        format!("Page,Clicks,Impressions,Position\n{first},9000000000000000,9000000000000000,0\n{second},1,2,-7\n");
    let metrics = format!("/metrics/import/?site_id={}&from=2026-10-01&to=2026-10-31", one.site);
    let metrics = metrics.replace("2026-10-01", &days_ago(31)).replace("2026-10-31", &days_ago(1));
    let upload = client.request(reqwest::Method::POST, &metrics).header("content-type", "text/csv").body(file);
    let done = client.send(upload).await.is(200);
    assert_eq!((&done.data()["imported"], &done.data()["refused"][0]["line"]), (&json!(1), &json!(3)));
    let (site, store) = (one.site, home.store().await);
    let written = linker_store::PageMetric {
        content_id: None,
        url: second,
        period_start: days_ago(31).parse().expect("a day"),
        period_end: days_ago(1).parse().expect("a day"),
        clicks: i64::MAX,
        impressions: i64::MAX,
        position: Some(0.0),
    };
    store.save_page_metrics(&linker_store::Scope::account(one.account), site, &[written]).await.expect("it is kept");
    client.get(&format!("/tipping-point/?campaign_id={id}")).await.is(200);
    let row = client.post(&format!("/campaigns/{id}/kpi/snapshot/"), &json!({})).await.is(201);
    assert_eq!(row.data()["impressions"], i32::MAX);
}

fn days_ago(days: u64) -> String {
    let today = linker_store::Moment::now().date();
    today.checked_sub_days(chrono::Days::new(days)).expect("a day").to_string()
}

async fn is_refused_with_its_field(home: Home) {
    let one = home.tenant("one").await;
    let program = home.serve();
    let client = program.with(&one.token);
    let id = one.campaign(&client).await.id();
    let path = format!("/campaigns/{id}/kpi/snapshot/");
    for (field, value) in [
        ("dr", json!(101)),
        ("dr", json!(-0.5)),
        ("dr", json!(1e300)),
        ("da", json!("high")),
        ("referring_domains", json!(-1)),
        ("keywords_top_10", json!(2_147_483_648_i64)),
        ("organic_traffic", json!(-1)),
        ("cost_this_month", json!("-5.00")),
        ("snapshot_date", json!("yesterday")),
        ("snapshot_date", json!("+12026-01-01")),
        ("snapshot_date", json!("9999-12-31")),
        ("surprise", json!(1)),
    ] {
        client.post(&path, &json!({field: value})).await.names(field);
    }
    assert_eq!(client.get(&format!("/campaigns/{id}/kpi/")).await.is(200).count(), 0);
    assert_eq!(client.get("/me/").await.is(200).data()["credits"], "998.00");
}

async fn is_recorded_once_by_a_repeated_request(home: Home) {
    let one = home.tenant("one").await;
    let program = home.serve();
    let client = program.with(&one.token);
    let id = one.campaign(&client).await.id();
    let path = format!("/campaigns/{id}/kpi/snapshot/");
    let first = client.post_once(&path, "january", &json!({"dr": 10})).await.is(201).id();
    assert_eq!(client.post_once(&path, "january", &json!({"dr": 10})).await.is(200).id(), first);
    client.post_once(&path, "january", &json!({"dr": 11})).await.is(409);
    let other = one.campaign(&client).await.id();
    client.post_once(&format!("/campaigns/{other}/kpi/snapshot/"), "january", &json!({"dr": 10})).await.is(409);
    assert_eq!(client.get(&format!("/campaigns/{id}/kpi/")).await.is(200).count(), 1);
}
