//! What a program reads: the same records as through the library, and tables.

use igny8_linker::engine::Engine;
use linker_types::{Campaign, Decimal, Edits, Overrides, PlanOptions, Profile, QualityScore, ScoreRequest};
use serde::Deserialize;

use crate::program::{fixture, folder, run, run_with};

fn engine() -> Engine {
    Engine::new().unwrap()
}

#[test]
fn json_is_the_typed_campaign() {
    let options = PlanOptions {
        country_code: "pk".to_owned(),
        overrides: Overrides {
            budget_max: Some(Decimal::new(4500, 0)),
            page_links: vec![(192, 8)],
            ..Default::default()
        },
        anchors: Vec::new(),
    };
    let blueprint = serde_json::from_str(&fixture("blueprints/questdb-io.json")).unwrap();
    let typed = engine().generate(&blueprint, &options).unwrap();
    let line = "generate fixtures/blueprints/questdb-io.json -c pk -f json --set budget_max=4500 page_links.192=8";
    let json = run(line).ok();
    assert_eq!(serde_json::from_str::<Campaign>(&json).unwrap(), typed);
    assert!(json.starts_with("{\n  \"engine_version\": ") && json.ends_with("}\n"));
}

#[test]
fn adjust_takes_what_generate_gave() {
    let folder = folder("adjust");
    let campaign = folder.join("campaign.json");
    let campaign = campaign.to_str().unwrap();
    let blueprint = "fixtures/blueprints/local-business.json";
    run(&format!("generate {blueprint} -c PK -f json -o {campaign}")).ok();
    let adjusted = run(&format!("adjust {campaign} -b {blueprint} --set month_links.3=9 -f json")).ok();
    let before: Campaign = serde_json::from_str(&std::fs::read_to_string(campaign).unwrap()).unwrap();
    let edits = Edits { overrides: Overrides { month_links: vec![(3, 9)], ..Default::default() }, anchors: Vec::new() };
    let site = serde_json::from_str(&fixture("blueprints/local-business.json")).unwrap();
    let typed = engine().adjust(&before, &site, &edits).unwrap();
    assert_eq!(serde_json::from_str::<Campaign>(&adjusted).unwrap(), typed);
    assert_eq!(typed.monthly_plan[2].links_target, 9);
    let text = run(&format!("adjust {campaign} -b {blueprint} --set month_links.3=9")).ok();
    assert!(text.contains("You set       month_links.3=9"), "{text}");
}

#[test]
fn anchors_of_a_file_are_used() {
    let file = folder("anchors").join("anchors.json");
    std::fs::write(&file, r#"[{"content_id": 192, "type": "branded", "text": "QuestDB, the database"}]"#).unwrap();
    let line = format!("generate fixtures/blueprints/questdb-io.json -c PK --anchors {}", file.display());
    assert!(run(&line).ok().contains("QuestDB, the database"));
    std::fs::write(&file, r#"[{"content_id": "x", "type": "brand", "text": "a"}]"#).unwrap();
    let err = run(&line).refused();
    assert!(err.contains("anchors.json: 2 faults\n") && err.contains("error: anchors[0].content_id: "), "{err}");
}

#[test]
fn scores_keep_the_request_s_order_in_json() {
    let text = fixture("opportunities/questdb-usa.json");
    let mut request: ScoreRequest = serde_json::from_str(&text).unwrap();
    let list = fixture("blocklist/referrer-spam.txt");
    request.blocklist = list.lines().map(str::to_owned).collect();
    let typed = engine().score(&request).unwrap();
    let json = run("score fixtures/opportunities/questdb-usa.json -f json").ok();
    // A ratio is text in the document, so texts are compared.
    assert_eq!(json, format!("{}\n", serde_json::to_string_pretty(&typed).unwrap()));
    let read: Vec<QualityScore> = serde_json::from_str(&json).unwrap();
    assert!(read.iter().any(|score| !score.notes.is_empty()));
}

#[test]
fn scores_of_another_country_and_blocklist() {
    let list = folder("blocklist").join("spam.txt");
    std::fs::write(&list, "# ours\nthequerylog.example # sold\n\n").unwrap();
    let line = format!("score fixtures/opportunities/questdb-usa.json -c PK -b {} -f csv", list.display());
    let csv = run(&line).ok();
    let rows: Vec<&str> = csv.lines().collect();
    assert_eq!(
        rows[0],
        "domain,score,threshold,meets,best_possible,needs_review,organic_traffic,authority,indexed,not_blocklisted,\
         traffic_trend,niche_relevance,dofollow,outbound_links,niche_editorial,editorial_quality,dofollow_confirmed,notes"
    );
    assert!(rows[1].starts_with("stackandshard.example,11,5,true,11,false,pass,"), "{}", rows[1]);
    assert!(rows[16].starts_with("thequerylog.example,10,5,true,10,false,pass,pass,pass,fail,"), "{}", rows[16]);
}

#[test]
fn csv_has_a_row_a_link_and_no_formulas() {
    let blueprint = fixture("blueprints/questdb-io.json").replace("\"brand\": \"QuestDB\"", "\"brand\": \"=cmd\"");
    let csv = run_with("generate - --country PK --format csv", &blueprint).ok();
    assert!(csv.starts_with("month,phase,content_id,url,tier,link_type,anchor_type,anchor_text,cost_low,"), "{csv}");
    assert_eq!(csv.matches("\r\n").count(), csv.matches('\n').count());
    let mut rows = csv::Reader::from_reader(csv.as_bytes());
    let cells: Vec<String> =
        rows.records().flat_map(|row| row.unwrap().iter().map(str::to_owned).collect::<Vec<_>>()).collect();
    assert_eq!(cells.len(), 71 * 11);
    assert!(cells.contains(&"'=cmd".to_owned()));
    assert!(!cells.iter().any(|cell| cell.starts_with(['=', '+', '-', '@', '\t', '\r'])));
}

#[test]
fn profiles_are_the_engine_s() {
    #[derive(Deserialize)]
    struct Document {
        profiles: Vec<Profile>,
    }
    let read = |line| serde_json::from_str::<Document>(&run(line).ok()).unwrap().profiles;
    let all = engine().profiles().unwrap();
    assert_eq!(read("profiles -f json"), all);
    assert_eq!(read("profiles -f json -c usa"), all[3..]);
}
