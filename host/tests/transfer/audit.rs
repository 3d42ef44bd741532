//! Audits, the disavow file, and the engine's constants.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::service::{Service, data, errors, fixture, sent};

const OK: StatusCode = StatusCode::OK;

async fn credits(service: &Service) -> String {
    data(service.get("me/"), OK).await["credits"].as_str().unwrap().to_owned()
}

/// A host of the built-in list.
fn spam() -> String {
    let list = fixture("blocklist/referrer-spam.txt");
    list.lines().find(|line| !line.starts_with('#') && !line.trim().is_empty()).unwrap().trim().to_owned()
}

#[tokio::test]
async fn an_audit_scores_stores_and_is_paid_once() {
    let service = Service::start().await;
    let good = service.live("good.example", 60).await;
    let bad = service.live(&format!("blog.{}", spam()), 5).await;
    let before = credits(&service).await;
    let audit = || service.post("backlinks/audit/").header("idempotency-key", "a").json(&json!({"campaign_id": 1}));
    let first = data(audit(), OK).await;
    assert_eq!((&first["audited"], &first["without_domain"]), (&json!(2), &json!(71)));
    let ids: Vec<_> = first["results"].as_array().unwrap().iter().map(|one| &one["backlink_id"]).collect();
    assert_eq!(ids, [&bad["id"], &good["id"]], "worst first");
    let (worst, best) = (&first["results"][0], &first["results"][1]);
    assert_eq!((&worst["disavow"], &best["disavow"]), (&json!(true), &json!(false)));
    // Traffic, rating, not listed: the rest is unknown of a link that nobody looked at yet.
    assert_eq!(
        (&best["quality_score"], &best["score"]["score"], &best["meets_threshold"]),
        (&json!(3.0), &json!(3), &json!(false))
    );
    assert_eq!(best["score"]["factors"].as_array().unwrap().len(), 11);
    let row = data(service.get(&format!("backlinks/{}/", good["id"])), OK).await;
    assert_eq!(row["quality_score"], json!(3.0));
    let after = credits(&service).await;
    let cents = |text: &str| text.replace('.', "").parse::<i64>().unwrap();
    assert_eq!(cents(&before) - cents(&after), 100);
    let again: Value = sent(audit(), OK).await.json().await.unwrap();
    assert_eq!((&again["data"], credits(&service).await), (&first, after.clone()));
    // What a reviewer knows beyond it stays; what can't be is set right.
    for (given, kept) in [(6.5, 6.5), (0.5, 3.0)] {
        let read = sent(service.get(&format!("backlinks/{}/", good["id"])), OK).await;
        let put = service.request(reqwest::Method::PUT, &format!("backlinks/{}/", good["id"]));
        let put = put.header("if-match", read.headers()["etag"].clone()).json(&json!({"quality_score": given}));
        data(put, OK).await;
        data(service.post("backlinks/audit/").json(&json!({"campaign_id": 1})), OK).await;
        assert_eq!(data(service.get(&format!("backlinks/{}/", good["id"])), OK).await["quality_score"], json!(kept));
    }
    errors(service.post("backlinks/audit/").json(&json!({"campaign_id": 9})), StatusCode::NOT_FOUND).await;
}

#[tokio::test]
async fn a_disavow_file_names_spam_and_what_was_rejected() {
    let service = Service::start().await;
    service.live("good.example", 60).await;
    service.live(&format!("blog.{}", spam()), 5).await;
    let rejected = "source_url,target_url,anchor_text,status\nhttps://no.example/,https://questdb.io/,Q,rejected\n";
    data(service.upload("backlinks/import/?campaign_id=1", rejected), OK).await;
    let response = sent(service.get("backlinks/disavow/?campaign_id=1"), OK).await;
    assert_eq!(response.headers()["content-type"], "text/plain; charset=utf-8");
    let file = response.text().await.unwrap();
    let mut expected = [format!("domain:blog.{}", spam()), "domain:no.example".to_owned()];
    expected.sort();
    assert_eq!(file.lines().filter(|line| !line.starts_with('#')).collect::<Vec<_>>(), expected);
    assert_eq!(file.as_bytes(), service.command("export disavow --campaign 1"));
    errors(service.get("backlinks/disavow/?campaign_id=9"), StatusCode::NOT_FOUND).await;
}

/// four profiles and three packages.
#[tokio::test]
async fn profiles_and_packages_are_the_engines() {
    let service = Service::start().await;
    let expected: Value = serde_json::from_slice(&service.command("profiles --format json")).unwrap();
    for _ in 0..2 {
        let list: Value = sent(service.get("profiles/"), OK).await.json().await.unwrap();
        assert_eq!((&list["results"], &list["count"]), (&expected["profiles"], &json!(4)));
    }
    let list: Value = sent(service.get("pr-packages/?campaign_id=1"), OK).await.json().await.unwrap();
    let names: Vec<_> = list["results"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["basic", "premium", "enterprise"]);
    errors(service.get("pr-packages/?campaign_id=9"), StatusCode::NOT_FOUND).await;
}
