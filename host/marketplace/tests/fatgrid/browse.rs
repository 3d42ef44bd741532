//! placements by rating, traffic, price and niche.

use std::collections::BTreeMap;

use axum::response::Response;
use linker_marketplace::{Browse, Config, Error, FatGrid, Filters, Memory, Method, Search};
use linker_types::Decimal;
use serde_json::{Value, json};

use crate::server::{Seen, Server, items, status};
use crate::{KEY, client, config, key};

fn filters() -> Filters {
    Filters {
        dr_min: Some(40),
        traffic_min: Some(500),
        price_max: Some(Decimal::cents(15_050)),
        niches: vec!["Technology".to_owned(), "Health & Fitness".to_owned()],
        limit: 25,
    }
}

async fn browse(client: &FatGrid<Memory>, filters: &Filters) -> Search {
    client.browse(1, &key(), filters).await.unwrap()
}

fn names(search: &Search) -> Vec<&str> {
    search.listings.iter().map(|listing| listing.domain.as_str()).collect()
}

fn query(seen: &Seen) -> BTreeMap<String, String> {
    let url = format!("http://x{}", seen.uri);
    url::Url::parse(&url).unwrap().query_pairs().into_owned().collect()
}

/// Page after page of numbered sites.
fn paged(seen: &Seen) -> Response {
    let query = query(seen);
    let (page, limit): (usize, usize) = (query["page"].parse().unwrap(), query["limit"].parse().unwrap());
    items(((page - 1) * limit..page * limit).map(|number| json!({"url": format!("site-{number}.com"), "dr": 50})))
}

#[tokio::test]
async fn filters_become_the_marketplaces_parameters() {
    let server = Server::start(|_, _| items([json!({"url": "a.com"})])).await;
    let fixed = BTreeMap::from([("type".to_owned(), "guest_post".to_owned())]);
    let config = Config { browse: Browse { fixed, ..Browse::default() }, ..config(&server.base()) };
    let found = browse(&client(config), &filters()).await;
    assert_eq!((names(&found), found.rows_fetched, &found.stopped), (vec!["a.com"], 1, &None));
    let seen = &server.seen()[0];
    assert_eq!((seen.method.as_str(), seen.uri.path()), ("GET", "/api/public/domains/list"));
    assert_eq!(seen.headers["x-api-key"], KEY);
    let sent = query(seen);
    let sent: Vec<_> = sent.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let wanted = [
        ("categories", "Technology,Health & Fitness"),
        ("limit", "25"),
        ("maxPrice", "150.5"),
        ("minDr", "40"),
        ("minTotalOrganicTraffic", "500"),
        ("page", "1"),
        ("type", "guest_post"),
    ];
    assert_eq!(sent, wanted);
}

#[tokio::test]
async fn names_path_and_method_are_the_operators() {
    let server = Server::start(|_, _| items([])).await;
    let browse_by = Browse {
        path: "/search domains".to_owned(),
        method: Method::Post,
        dr_min: "dr_from".to_owned(),
        page: String::new(),
        ..Browse::default()
    };
    let client = client(Config { browse: browse_by, ..config(&server.base()) });
    browse(&client, &Filters { dr_min: Some(30), ..Filters::default() }).await;
    let seen = &server.seen()[0];
    assert_eq!((seen.method.as_str(), seen.uri.to_string().as_str()), ("POST", "/api/public/search%20domains"));
    assert_eq!(serde_json::from_str::<Value>(&seen.body).unwrap(), json!({"dr_from": 30, "limit": 50}));
}

#[tokio::test]
async fn pages_are_fetched_up_to_the_limit_and_kept() {
    let server = Server::start(|_, seen| paged(seen)).await;
    let client = client(config(&server.base()));
    let wide = Filters { limit: 250, ..Filters::default() };
    let found = browse(&client, &wide).await;
    assert_eq!((found.listings.len(), found.rows_fetched, server.seen().len()), (250, 300, 3));
    assert_eq!(names(&found)[249], "site-249.com");
    let again = browse(&client, &wide).await;
    assert_eq!((again.listings, again.rows_fetched, server.seen().len()), (found.listings, 0, 3));
    let other = client.browse(2, &key(), &wide).await.unwrap();
    assert_eq!((other.rows_fetched, server.seen().len()), (300, 6), "another account pays for its own");
}

#[tokio::test]
async fn a_marketplace_without_pages_is_not_asked_for_ever() {
    let server = Server::start(|_, _| items((0..100).map(|n| json!({"url": format!("site-{n}.com")})))).await;
    let found = browse(&client(config(&server.base())), &Filters { limit: 1000, ..Filters::default() }).await;
    assert_eq!((found.listings.len(), server.seen().len()), (100, 2));
}

#[tokio::test]
async fn a_page_that_fails_leaves_those_before_it() {
    let server = Server::start(|number, seen| if number == 1 { status(400, "enough") } else { paged(seen) }).await;
    let client = client(config(&server.base()));
    let wide = Filters { limit: 200, ..Filters::default() };
    let found = browse(&client, &wide).await;
    assert_eq!((found.listings.len(), found.rows_fetched), (100, 100));
    assert_eq!(found.stopped, Some(Error::Refused { status: 400, said: "enough".to_owned() }));
    let again = browse(&client, &wide).await;
    assert_eq!((again.listings.len(), again.rows_fetched, again.stopped), (200, 100, None), "the first page is kept");

    let server = Server::start(|_, _| status(401, "no")).await;
    let error = crate::client(config(&server.base())).browse(1, &key(), &wide).await.unwrap_err();
    assert_eq!(error, Error::KeyRefused { status: 401, said: "no".to_owned() });
}

#[tokio::test]
async fn what_is_outside_of_the_filters_is_left_out() {
    let server = Server::start(|_, _| {
        items([
            json!({"url": "low-dr.com", "dr": "39.9", "totalOrganicTraffic": 900, "bestPrice": 100}),
            json!({"url": "no-visits.com", "dr": 50, "totalOrganicTraffic": 499, "bestPrice": 100}),
            json!({"url": "dear.com", "dr": 50, "totalOrganicTraffic": 900, "bestPrice": "150.51"}),
            json!({"url": "fits.com", "dr": 40, "totalOrganicTraffic": 500, "bestPrice": 150.5}),
            json!({"url": "unknown.com"}),
            json!({"url": 5}),
        ])
    })
    .await;
    let found = browse(&client(config(&server.base())), &filters()).await;
    assert_eq!((names(&found), found.rows_fetched), (vec!["fits.com", "unknown.com"], 6));
}

#[test]
fn filters_are_checked_by_name() {
    assert_eq!(filters().check(), Ok(()));
    let bad = Filters {
        dr_min: Some(101),
        price_max: Some(Decimal::cents(-1)),
        niches: vec![" ".to_owned(); 21],
        limit: 0,
        ..Filters::default()
    };
    let fields: Vec<_> = bad.check().unwrap_err().into_iter().map(|fault| fault.field).collect();
    assert_eq!(fields, ["dr_min", "price_max", "niche", "niche", "limit"]);
}

#[tokio::test]
async fn filters_that_were_not_checked_do_no_harm() {
    let server = Server::start(|_, seen| paged(seen)).await;
    let client = client(config(&server.base()));
    assert_eq!(browse(&client, &Filters { limit: 0, ..Filters::default() }).await.listings.len(), 0);
    let greedy = Filters { limit: usize::MAX, ..Filters::default() };
    assert_eq!(browse(&client, &greedy).await.listings.len(), 1000);
}
