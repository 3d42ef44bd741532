//! Faults: all of them, where they are, exit code 2, and nothing on standard output.

use crate::program::{fixture, folder, run, run_with};

#[test]
fn names_every_fault_with_its_place() {
    let blueprint = fixture("blueprints/shop.json")
        .replacen("\"difficulty\": ", "\"difficulty\": 1", 1)
        .replacen("\"brand\"", "\"brandt\"", 1)
        .replacen("\"word_count\": ", "\"word_count\": -", 1);
    let file = folder("faults").join("site.json");
    std::fs::write(&file, blueprint).unwrap();
    for format in ["text", "json", "csv"] {
        let err = run(&format!("generate {} --country PK -f {format}", file.display())).refused();
        let lines: Vec<&str> = err.lines().collect();
        assert!(lines[0].ends_with("site.json: 3 faults"), "{err}");
        assert!(lines[1..].iter().all(|line| line.starts_with("error: ")), "{err}");
        assert!(err.contains("error: site.brandt: `brandt` is not a field here; did you mean `brand`?"), "{err}");
        assert!(err.contains("error: pages[0].word_count: "), "{err}");
    }
}

#[test]
fn the_country_is_suggested() {
    let err = run("generate fixtures/blueprints/shop.json --country US").refused();
    assert_eq!(
        err,
        "--country: 1 fault\nerror: `US` is not a country with a profile: use PK, CA, UK or USA; did you mean `USA`?\n"
    );
    assert_eq!(run("profiles --country US").refused(), err);
    assert_eq!(run("score fixtures/opportunities/questdb-usa.json --country US").refused(), err);
    let err = run_with("tipping-point -", r#"{"as_of": "2026-11-23"}"#).refused();
    assert_eq!(err, "standard input: 1 fault\nerror: country_code (or --country): `country_code` is missing\n");
}

#[test]
fn the_key_of_set_is_suggested() {
    let err = run("generate fixtures/blueprints/shop.json -c PK --set budget=1 total_links=many").refused();
    assert_eq!(
        err,
        "--set: 2 faults\nerror: `budget` is not a key; did you mean `budget_max`?\n\
         error: `total_links=many`: expected a whole number, such as 60\n"
    );
    let err = run("generate -c PK --set total_links=60 fixtures/blueprints/shop.json").refused();
    assert!(err.contains("not KEY=VALUE; a file's name goes before --set"), "{err}");
}

#[test]
fn what_the_country_refuses_can_be_allowed() {
    let line = "generate fixtures/blueprints/shop.json -c PK --set budget_max=9000";
    let err = run(line).refused();
    assert!(err.starts_with("--set: 1 fault\nerror: budget_max: "), "{err}");
    assert!(err.ends_with("hint: add `--set allow_out_of_band=true` to plan it all the same\n"), "{err}");
    let text = run(&format!("{line} allow_out_of_band=true")).ok();
    assert!(text.contains("outside the country's band"), "{text}");
}

#[test]
fn adjust_tells_its_files_apart() {
    let campaign = folder("apart").join("campaign.json");
    std::fs::write(&campaign, "{]").unwrap();
    let line = format!("adjust {} -b fixtures/blueprints/shop.json", campaign.display());
    let err = run(&line).refused();
    assert!(err.contains("campaign.json: 1 fault\nerror: the campaign is not JSON: "), "{err}");
    let err = run(&format!("adjust {} -b fixtures/README.md", "fixtures/blueprints/shop.json")).refused();
    assert!(err.starts_with("fixtures/blueprints/shop.json: "), "{err}");
}

#[test]
fn files_that_can_not_be_read() {
    let err = run("generate no-such-file.json --country PK").refused();
    assert!(err.starts_with("error: can't read no-such-file.json: "), "{err}");
    let file = folder("latin").join("latin-1.json");
    std::fs::write(&file, b"{\"id\": \"caf\xe9\"}").unwrap();
    let err = run(&format!("score {} -c PK", file.display())).refused();
    assert!(err.ends_with("latin-1.json is not UTF-8 text: see byte 12\n"), "{err}");
    let err = run_with("adjust - --blueprint -", "{}").refused();
    assert_eq!(err, "error: only one file can be `-`: standard input is read once\n");
}

#[test]
fn a_month_must_be_one_of_the_plan() {
    let err = run("generate fixtures/blueprints/shop.json -c PK --month 9").refused();
    assert_eq!(err, "error: there is no month 9: the campaign runs 8 months\n");
    let err = run("generate fixtures/blueprints/shop.json -c PK --month 0").refused();
    assert!(err.contains("give the number of a month, from 1, or `all`"), "{err}");
}
