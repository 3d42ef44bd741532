//! What a person reads.

use crate::program::{command, run, run_with};
use insta::assert_snapshot;

#[test]
fn plan_of_questdb_in_pk() {
    assert_snapshot!(run("generate fixtures/blueprints/questdb-io.json --country PK").ok());
}

#[test]
fn plan_of_a_shop_in_a_narrow_terminal() {
    assert_snapshot!(run("generate fixtures/blueprints/shop.json --country UK --month 2 --width 80").ok());
}

#[test]
fn scores() {
    assert_snapshot!(run("score fixtures/opportunities/questdb-usa.json").ok());
}

#[test]
fn tipping_point() {
    let request = r#"{"as_of": "2026-11-23", "dr": "27", "pages": [
        {"content_id": 5, "published_on": "2026-10-01", "had_live_backlink": false, "impressions": 400,
         "clicks": 12, "clicks_before": 3, "position": "14.2"}]}"#;
    assert_snapshot!(run_with("tipping-point - --country PK", request).ok());
}

#[test]
fn replacements() {
    let request = r#"{"as_of": "2026-11-23", "reserve_left": "180.00", "live_anchors": {"branded": 12},
        "planned_anchors": {"branded": 23, "generic": 13},
        "dead": [{"backlink_id": 1, "content_id": 192, "source_domain": "blog.example", "source_dr": "52",
                  "link_type": "guest_post", "tier": "T2", "anchor_type": "branded",
                  "history": [{"at": "2026-11-01T06:00:00Z", "verdict": "dead", "reasons": ["link_removed"], "status": 200}]}],
        "target": {"title": "Time series database"},
        "opportunities": [{"domain": "good.example", "title": "time series databases", "dr": "60",
                           "organic_traffic": 9000, "indexed": true, "trend": "growing", "dofollow": true,
                           "price": "60"}]}"#;
    assert_snapshot!(run_with("replacements - --country PK", request).ok());
}

#[test]
fn profiles() {
    assert_snapshot!(run("profiles").ok());
}

#[test]
fn no_line_is_wider_than_asked() {
    for site in ["questdb-io", "shop", "local-business"] {
        for country in ["PK", "CA", "UK", "USA"] {
            for width in [80, 100, 120] {
                let line = format!("generate fixtures/blueprints/{site}.json -c {country} -m all --width {width}");
                let text = run(&line).ok();
                let wide: Vec<&str> =
                    text.lines().filter(|line| unicode_width::UnicodeWidthStr::width(*line) > width).collect();
                assert!(wide.is_empty(), "{line}: {wide:#?}");
            }
        }
    }
}

#[test]
fn colour_only_where_it_is_wanted() {
    let line = "generate fixtures/blueprints/shop.json --country PK";
    let coloured = command(line).env("CLICOLOR_FORCE", "1").output().unwrap();
    assert!(coloured.stdout.contains(&0x1b));
    let plain = command(line).env("CLICOLOR_FORCE", "1").env("NO_COLOR", "1").output().unwrap();
    assert!(!plain.stdout.contains(&0x1b));
    let stripped = anstream::adapter::strip_bytes(&coloured.stdout).into_vec();
    assert_eq!(String::from_utf8(stripped).unwrap(), run(line).ok());
}

/// A terminal obeys what it is sent, so other people's text must not reach it raw.
#[test]
fn names_can_not_command_the_terminal() {
    let blueprint = crate::program::fixture("blueprints/shop.json");
    let hostile = blueprint.replace("\"brand\": \"Kettle & Crema\"", "\"brand\": \"Kettle \\u001b[2J\\u202e\"");
    assert_ne!(blueprint, hostile);
    let answer = run_with("generate - --country PK", &hostile);
    assert!(!format!("{}{}", answer.out, answer.err).contains(['\u{1b}', '\u{202e}']), "{answer:?}");
}

#[test]
fn what_was_set_is_shown_and_the_month_is_chosen() {
    let set = "total_links=60 moves=192:1-2 unit_costs.guest_post=50-80";
    let text = run(&format!("generate fixtures/blueprints/questdb-io.json -c PK -m 3 --set {set}")).ok();
    assert!(text.contains("You set       total_links=60 unit_costs.guest_post=50-80 moves=192:1-2"), "{text}");
    assert!(text.contains("Order in month 3") && !text.contains("Order in month 1"), "{text}");
}
