//! Dead backlinks over the API.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::service::{Service, data, errors, sent};

const OK: StatusCode = StatusCode::OK;

async fn known(service: &Service) -> Value {
    data(service.get("backlinks/replacements/?campaign_id=1"), OK).await
}

fn cents(amount: &Value) -> i64 {
    amount.as_str().unwrap().replace('.', "").parse().unwrap()
}

/// what to order is there as soon as a link has died.
#[tokio::test]
async fn a_dead_backlink_is_replaced_by_what_was_accepted() {
    let service = Service::start().await;
    let (weak, strong) = (service.live("weak.example", 20).await, service.live("strong.example", 80).await);
    service.live("other.example", 50).await;
    assert_eq!(known(&service).await["recommendations"], json!([]));
    for link in [&weak, &strong] {
        service.turn(&link["id"], "dead").await;
    }
    let before = known(&service).await;
    let months = data(service.get("campaigns/1/month/1/"), OK).await;
    assert_eq!(before["reserve_left"], months["reserve"], "the first month's");
    let ids: Vec<_> = before["recommendations"].as_array().unwrap().iter().map(|one| &one["backlink_id"]).collect();
    assert_eq!(ids, [&strong["id"], &weak["id"]], "the greater loss first");
    let first = &before["recommendations"][0];
    assert_eq!((&first["min_source_dr"], &first["backlink"]["id"]), (&json!("80"), &strong["id"]));

    let path = format!("backlinks/{}/replace/", strong["id"]);
    let taken = service.post(&path).json(&json!({"source_domain": "other.example"}));
    assert!(errors(taken, StatusCode::BAD_REQUEST).await["source_domain"].is_array());
    let asked = json!({"source_url": "https://new.example/post", "source_dr": 82, "cost": "10.00"});
    let accept = || service.post(&path).header("idempotency-key", "one").json(&asked);
    let planned = data(accept(), StatusCode::CREATED).await;
    assert_eq!(data(accept(), StatusCode::CREATED).await["id"], planned["id"], "sent twice, made once");
    assert_eq!((&planned["status"], &planned["source_domain"]), (&json!("planned"), &json!("new.example")));
    assert_eq!((&planned["anchor_type"], &planned["link_type"]), (&first["anchor_type"], &first["link_type"]));
    assert_eq!((&planned["target_url"], &planned["target_tier"]), (&strong["target_url"], &strong["target_tier"]));
    let plan: Value = sent(service.get("campaigns/1/plan/"), OK).await.json().await.unwrap();
    let texts = plan["anchor_text_plan"][planned["target_content_id"].to_string()].as_array().unwrap();
    let chosen = texts.iter().find(|text| text["text"] == planned["anchor_text"]).expect("a text of the plan");
    assert_eq!(chosen["type"], planned["anchor_type"]);

    let after = known(&service).await;
    assert_eq!(after["recommendations"].as_array().unwrap().len(), 1, "the other one");
    assert_eq!(after["accepted"][0]["backlink_id"], strong["id"]);
    assert_eq!(cents(&before["reserve_left"]) - cents(&after["reserve_left"]), 1_000);
    errors(service.post(&path).json(&json!({})), StatusCode::CONFLICT).await;
    service.turn(&planned["id"], "live").await;
    let replaced = data(service.get(&format!("backlinks/{}/", strong["id"])), OK).await;
    assert_eq!(replaced["status"], "replaced");
    let alive = service.post(&format!("backlinks/{}/replace/", planned["id"])).json(&json!({}));
    errors(alive, StatusCode::CONFLICT).await;
    errors(service.post("backlinks/9999/replace/").json(&json!({})), StatusCode::NOT_FOUND).await;
    errors(service.get("backlinks/replacements/?campaign_id=9"), StatusCode::NOT_FOUND).await;
}

#[tokio::test]
async fn before_the_start_there_is_no_reserve() {
    let service = Service::start().await;
    let asked = json!({"site_id": 1, "blueprint_id": 1, "country_code": "USA"});
    data(service.post("campaigns/generate/").json(&asked), StatusCode::CREATED).await;
    let known = data(service.get("backlinks/replacements/?campaign_id=2"), OK).await;
    assert_eq!(known, json!({"reserve_left": "0.00", "recommendations": [], "accepted": []}));
}
