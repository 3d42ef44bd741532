//! Every text and list has an end: at its limit it is taken, beyond it refused with its field, at both doors.

use linker_documents as documents;
use linker_types::limits::{
    ABOUT, ANCHORS, DOMAIN, FETCHED, KEYWORD, LINE, LOOKS, MONTHS, NAME, NICHES, PICKS, ROWS, SETTINGS, TITLE,
    TOPIC_KEYWORDS, URL, WORD,
};
use linker_types::{
    Basis, Blueprint, Edits, Error, ErrorCode, Errors, JudgeRequest, PlanOptions, ReplacementRequest, ScoreRequest,
    TippingPointRequest,
};
use serde_json::{Value, json};

/// Two bytes a letter: what counts are characters.
fn text(characters: usize) -> Value {
    Value::String("é".repeat(characters))
}

fn list(entries: usize, entry: impl Fn(usize) -> Value) -> Value {
    (0..entries).map(entry).collect()
}

fn blueprint() -> Value {
    json!({
        "id": 1, "about": "", "site": {"id": 1, "name": "n", "brand": "b", "homepage_url": "https://a.example/", "niches": ["x"]},
        "clusters": [{"id": 1, "name": "c", "keywords": [{"keyword": "k", "volume": 1, "difficulty": 1}]}],
        "pages": [{"id": 1, "url": "https://a.example/", "title": "t", "content_type": "page", "content_structure": "s",
            "status": "published", "word_count": 1, "primary_keyword": "k"}],
    })
}

fn score() -> Value {
    json!({
        "country_code": "PK", "target": {"title": "t", "niches": ["n"], "keywords": ["k"]}, "blocklist": ["b.example"],
        "opportunities": [{"domain": "d.example", "title": "t", "niches": ["n"], "trend": "growing", "traffic_months": [1]}],
    })
}

fn replacement() -> Value {
    let dead = json!({"backlink_id": 1, "content_id": 1, "source_domain": "d.example", "link_type": "guest_post", "tier": "T1",
        "anchor_type": "branded", "rel": "nofollow", "lost_on": "2026-01-01", "history": [{"at": "2026-01-01T00:00:00Z", "verdict": "dead"}]});
    let mut request = score();
    let rest = json!({"as_of": "2026-01-02", "dead": [dead], "live_anchors": {}, "planned_anchors": {}, "reserve_left": "1.00",
        "linked_domains": ["l.example"]});
    request.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
    request
}

fn judgement() -> Value {
    json!({
        "placement": {"backlink_id": 1, "source_url": "https://a.example/", "target_url": "https://b.example/",
            "anchor_text": "a", "rel": "nofollow", "history": []},
        "observation": {"at": "2026-01-01T00:00:00Z", "status": 200, "final_url": "", "body": "", "whole": true,
            "chain": [{"url": "https://a.example/", "status": 301}], "headers": [{"name": "n", "value": "v"}],
            "followed": [{"url": "https://a.example/", "final_url": "https://c.example/"}]},
    })
}

fn read<T: serde::de::DeserializeOwned>(value: &Value) -> T {
    serde_json::from_value(value.clone()).expect("a document")
}

/// The faults at the typed door, and at the one of documents.
type Doors = fn(&Value) -> (Vec<Error>, Vec<Error>);

fn faults<T>(typed: Result<T, Vec<Error>>, document: Result<String, String>) -> (Vec<Error>, Vec<Error>) {
    let document = document.err().map(|text| serde_json::from_str::<Errors>(&text).expect("errors").errors);
    (typed.err().unwrap_or_default(), document.unwrap_or_default())
}

fn plan(blueprint: &Value, options: &Value) -> (Vec<Error>, Vec<Error>) {
    let typed = linker_engine::generate(read::<Blueprint>(blueprint), &read::<PlanOptions>(options));
    faults(typed, documents::generate(blueprint.to_string(), &options.to_string()))
}

fn of_blueprint(value: &Value) -> (Vec<Error>, Vec<Error>) {
    plan(value, &json!({"country_code": "PK"}))
}

fn of_options(value: &Value) -> (Vec<Error>, Vec<Error>) {
    plan(&blueprint(), value)
}

fn of_edits(value: &Value) -> (Vec<Error>, Vec<Error>) {
    let campaign = documents::generate(blueprint().to_string(), r#"{"country_code": "PK"}"#).expect("a plan");
    let basis: Basis = serde_json::from_str(&campaign).expect("a campaign");
    let typed = linker_engine::adjust(basis, read(&blueprint()), read::<Edits>(value));
    faults(typed, documents::adjust(&campaign, &blueprint().to_string(), &value.to_string()))
}

fn of_score(value: &Value) -> (Vec<Error>, Vec<Error>) {
    faults(linker_engine::quality::score(&read::<ScoreRequest>(value)), documents::score(value.to_string()))
}

fn of_replacement(value: &Value) -> (Vec<Error>, Vec<Error>) {
    let typed = linker_engine::replacement::recommend(&read::<ReplacementRequest>(value));
    faults(typed, documents::recommend_replacements(&value.to_string()))
}

fn of_tipping_point(value: &Value) -> (Vec<Error>, Vec<Error>) {
    let typed = linker_engine::tipping_point::evaluate(&read::<TippingPointRequest>(value));
    faults(typed, documents::evaluate_tipping_point(&value.to_string()))
}

fn of_judgement(value: &Value) -> (Vec<Error>, Vec<Error>) {
    let JudgeRequest { placement, observation, policy } = read(value);
    let typed = linker_engine::link_check::judge(&placement, &observation, &policy);
    faults(typed, documents::judge(&value.to_string()))
}

/// Puts more and more at a place of a document: `most` is taken, one more is a fault of `field`.
fn ends(doors: Doors, mut document: Value, place: &str, field: &str, most: usize, make: impl Fn(usize) -> Value) {
    for (count, refused) in [(most, false), (most + 1, true)] {
        *document.pointer_mut(place).unwrap_or_else(|| panic!("no {place}")) = make(count);
        let (typed, read) = doors(&document);
        assert_eq!(typed, read, "{field}: the doors agree");
        let own: Vec<&Error> = typed.iter().filter(|fault| fault.message.contains(&most.to_string())).collect();
        assert_eq!(own.len(), usize::from(refused), "{field} at {count}: {typed:?}");
        for fault in own {
            // A URL that is too long is no URL of the platform's.
            let code = if field.ends_with("url") && most == URL {
                ErrorCode::InvalidValue
            } else if fault.message.contains("longer than") {
                ErrorCode::OutOfRange
            } else {
                ErrorCode::TooLarge
            };
            assert_eq!((fault.field.as_str(), fault.code), (field, code));
        }
    }
}

#[test]
fn of_a_blueprint() {
    for (place, field, most) in [
        ("/about", "about", ABOUT),
        ("/site/name", "site.name", NAME),
        ("/site/brand", "site.brand", NAME),
        ("/site/niches/0", "site.niches[0]", NAME),
        ("/clusters/0/name", "clusters[0].name", NAME),
        ("/clusters/0/keywords/0/keyword", "clusters[0].keywords[0].keyword", KEYWORD),
        ("/pages/0/title", "pages[0].title", TITLE),
        ("/pages/0/content_type", "pages[0].content_type", WORD),
        ("/pages/0/content_structure", "pages[0].content_structure", WORD),
        ("/pages/0/status", "pages[0].status", WORD),
        ("/pages/0/primary_keyword", "pages[0].primary_keyword", KEYWORD),
    ] {
        ends(of_blueprint, blueprint(), place, field, most, text);
    }
    let url = |characters: usize| Value::String(format!("https://a.example/{}", "é".repeat(characters - 18)));
    ends(of_blueprint, blueprint(), "/site/homepage_url", "site.homepage_url", URL, url);
    ends(of_blueprint, blueprint(), "/pages/0/url", "pages[0].url", URL, url);
    ends(of_blueprint, blueprint(), "/site/niches", "site.niches", NICHES, |count| list(count, |_| json!("n")));
}

#[test]
fn of_options_and_edits() {
    let overrides = json!({"add_pages": [], "drop_pages": [], "page_links": {}, "month_links": {}, "moves": [],
        "tier_allocation": {}, "unit_costs": {}});
    let options = json!({"country_code": "PK", "overrides": overrides, "anchors": []});
    let mut edits = options.clone();
    edits.as_object_mut().unwrap().remove("country_code");
    let links = |count: usize| Value::Object((1..=count).map(|key| (key.to_string(), json!(1))).collect());
    let moved = |_| json!({"content_id": 1, "from_month": 1, "to_month": 1});
    let anchor = |text: Value| json!({"content_id": 1, "type": "generic", "text": text});
    for (doors, document) in [(of_options as Doors, options), (of_edits, edits)] {
        for name in ["add_pages", "drop_pages"] {
            let (place, field) = (format!("/overrides/{name}"), format!("overrides.{name}"));
            ends(doors, document.clone(), &place, &field, PICKS, |count| list(count, |_| json!(1)));
        }
        ends(doors, document.clone(), "/overrides/page_links", "overrides.page_links", PICKS, links);
        ends(doors, document.clone(), "/overrides/month_links", "overrides.month_links", SETTINGS, links);
        ends(doors, document.clone(), "/overrides/moves", "overrides.moves", SETTINGS, |count| list(count, moved));
        ends(doors, document.clone(), "/anchors", "anchors", ANCHORS, |count| list(count, |_| anchor(json!("x"))));
        ends(doors, document.clone(), "/anchors", "anchors[0].text", TITLE, |count| json!([anchor(text(count))]));
    }
}

/// Edits add up: what is saved can still be changed.
#[test]
fn of_edits_together() {
    let with = |from: usize| json!({"overrides": {"drop_pages": list(PICKS / 2 + 1, |at| json!(from + at))}});
    let mut basis: Basis = {
        let campaign = documents::generate(blueprint().to_string(), r#"{"country_code": "PK"}"#).expect("a plan");
        serde_json::from_str(&campaign).expect("a campaign")
    };
    basis.overrides = read::<Edits>(&with(10)).overrides;
    let errors = linker_engine::adjust(basis, read(&blueprint()), read(&with(100_000))).unwrap_err();
    assert_eq!((errors[0].code, errors[0].field.as_str()), (ErrorCode::TooLarge, "overrides.drop_pages"));
}

#[test]
fn of_what_is_scored_and_replaced() {
    for (doors, document) in [(of_score as Doors, score()), (of_replacement, replacement())] {
        for (place, field, most) in [
            ("/target/title", "target.title", TITLE),
            ("/target/niches/0", "target.niches[0]", NAME),
            ("/target/keywords/0", "target.keywords[0]", KEYWORD),
            ("/blocklist/0", "blocklist[0]", LINE),
            ("/opportunities/0/domain", "opportunities[0].domain", DOMAIN),
            ("/opportunities/0/title", "opportunities[0].title", TITLE),
            ("/opportunities/0/niches/0", "opportunities[0].niches[0]", NAME),
            ("/opportunities/0/trend", "opportunities[0].trend", WORD),
        ] {
            ends(doors, document.clone(), place, field, most, text);
        }
        for (place, field, most) in [
            ("/target/niches", "target.niches", NICHES),
            ("/target/keywords", "target.keywords", TOPIC_KEYWORDS),
            ("/opportunities/0/niches", "opportunities[0].niches", NICHES),
        ] {
            ends(doors, document.clone(), place, field, most, |count| list(count, |_| json!("x")));
        }
        let (place, field) = ("/opportunities/0/traffic_months", "opportunities[0].traffic_months");
        ends(doors, document.clone(), place, field, MONTHS, |count| list(count, |_| json!(1)));
    }
    ends(of_replacement, replacement(), "/dead/0/source_domain", "dead[0].source_domain", LINE, text);
    ends(of_replacement, replacement(), "/dead/0/rel", "dead[0].rel", NAME, text);
    let look = json!({"at": "2026-01-01T00:00:00Z", "verdict": "dead"});
    ends(of_replacement, replacement(), "/dead/0/history", "dead[0].history", LOOKS, |count| {
        list(count, |_| look.clone())
    });
    ends(of_replacement, replacement(), "/linked_domains/0", "linked_domains[0]", LINE, text);
    ends(of_replacement, replacement(), "/linked_domains", "linked_domains", ROWS, |count| list(count, |_| json!("x")));
}

#[test]
fn of_what_is_judged() {
    for (place, field, most) in [
        ("/placement/anchor_text", "placement.anchor_text", TITLE),
        ("/placement/rel", "placement.rel", NAME),
        ("/observation/final_url", "observation.final_url", FETCHED),
        ("/observation/chain/0/url", "observation.chain[0].url", FETCHED),
        ("/observation/headers/0/name", "observation.headers[0].name", FETCHED),
        ("/observation/headers/0/value", "observation.headers[0].value", FETCHED),
        ("/observation/followed/0/url", "observation.followed[0].url", FETCHED),
        ("/observation/followed/0/final_url", "observation.followed[0].final_url", FETCHED),
    ] {
        ends(of_judgement, judgement(), place, field, most, text);
    }
    let look = |_| json!({"at": "2025-01-01T00:00:00Z", "verdict": "live"});
    ends(of_judgement, judgement(), "/placement/history", "placement.history", LOOKS, |count| list(count, look));
    for name in ["chain", "headers", "followed"] {
        let (place, field) = (format!("/observation/{name}"), format!("observation.{name}"));
        let entry = judgement().pointer(&format!("{place}/0")).expect("one").clone();
        ends(of_judgement, judgement(), &place, &field, LOOKS, |count| list(count, |_| entry.clone()));
    }
}

/// Words that are no words of ours, dates, codes: the answer is as short as for a short one.
#[test]
fn of_what_a_fault_quotes() {
    let huge = || Value::String("x".repeat(2 << 20));
    let mut blueprint = blueprint();
    blueprint["pages"][0]["published_on"] = huge();
    let code = json!({"country_code": huge()});
    let tipping_point = json!({"country_code": huge(), "as_of": huge()});
    for (typed, read) in [of_blueprint(&blueprint), of_options(&code), of_tipping_point(&tipping_point)] {
        assert_eq!(typed, read);
        assert!(
            !typed.is_empty() && typed.iter().all(|fault| fault.message.len() < 1_000),
            "{}",
            typed[0].message.len()
        );
    }
    // Names of fields and words of vocabularies, which only a document can get wrong.
    blueprint[&"y".repeat(2 << 20)] = json!(1);
    let link = json!({"link_type": huge(), "tier": "T1"});
    for answer in [documents::generate(blueprint.to_string(), "{}"), documents::impact(&link.to_string())] {
        let answer = answer.unwrap_err();
        assert!(answer.len() < 10_000, "{} bytes", answer.len());
    }
}
