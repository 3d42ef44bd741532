//! What `check` says of dead links: what is lost, and what to do. Impact by hand from the engine's
//! specification: 100 x (DR/100)^2 x type x tier x follow.

use linker_test_server::Page;
use serde_json::Value;

use crate::check::{FLAGS, serve};
use crate::program::run_with;

/// A page without the link, one that is gone, one with the link, and one of which nothing is known but its URLs.
fn links(port: u16) -> String {
    let row = |host: u8, path: &str, rest: &str| {
        format!("http://127.0.0.{host}:{port}{path},https://target.example.com/,{rest}\n")
    };
    [
        "source_url,target_url,source_dr,link_type,tier,anchor_type,rel\n".to_owned(),
        row(1, "/emptied", "50,niche_edit,T3,partial_match,"),
        row(2, "/status/404", "80,Guest Post,T1,branded,"),
        row(3, "/page", "30,directory,T4,branded,"),
        row(4, "/status/410", "80,guest_post,T1,naked_url,nofollow"),
        row(5, "/status/404", ",,,,"),
    ]
    .concat()
}

fn check(flags: &str) -> crate::program::Answer {
    let (_runtime, server) = serve();
    server.page("/emptied", Page { body: "<!doctype html><title>A post</title><p>Words.".into(), ..Page::default() });
    run_with(&format!("check - --policy literal {FLAGS} {flags}"), &links(server.port()))
}

#[test]
fn losses_are_weighed_and_say_what_to_order() {
    let answer = check("--country PK --reserve 100 --format json");
    let lines: Vec<Value> = serde_json::from_str(&answer.out).unwrap_or_else(|error| panic!("{error}: {answer:?}"));
    let losses: Vec<&Value> = lines.iter().map(|line| &line["loss"]).collect();
    // 100 x .25 x .9 x .8; 100 x .64; the same x .2.
    let impacts: Vec<&Value> = losses.iter().map(|loss| &loss["impact"]["score"]).collect();
    assert_eq!(
        impacts,
        ["18.0", "64.0", "", "12.8", ""]
            .map(|score| match score {
                "" => Value::Null,
                score => score.into(),
            })
            .iter()
            .collect::<Vec<_>>()
    );
    assert!(losses[2].is_null() && lines[2]["verdict"] == "live");
    // Only where the page is alive and the link was there a moment ago is there somebody to ask.
    let restore: Vec<Option<bool>> = losses.iter().map(|loss| loss["restore"].as_bool()).collect();
    assert_eq!(restore, [Some(true), Some(false), None, Some(false), Some(false)]);
    // $100: the guest post lost most (expected 65 of 40-90), then 35 are left, which a niche edit takes (40 expected)
    // no more, but PK's next types do.
    let ceilings: Vec<&Value> = losses.iter().map(|loss| &loss["replacement"]["cost_ceiling"]).collect();
    assert_eq!(ceilings[1], "90.00");
    assert!(ceilings[0].is_string() && losses[4]["replacement"].is_null(), "{losses:#?}");
    assert!(
        losses[0]["advice"]
            .as_str()
            .is_some_and(|text| text.starts_with("ask 127.0.0.1 to restore the link first; else order"))
    );
    assert_eq!(losses[4]["advice"], "order another link to the same page");
}

#[test]
fn a_person_sees_what_to_do() {
    let text = check("--country PK --width 120").out;
    for wanted in [
        "impact",
        "64.0",
        "restore",
        "What to do",
        "ask 127.0.0.1 to restore the link first",
        "order a guest post with a branded anchor",
        "order another link",
        "What was lost",
    ] {
        assert!(text.contains(wanted), "{wanted}:\n{text}");
    }
    // The gravest first.
    assert!(text.find("64.0") < text.find("18.0") && text.find("18.0") < text.find("12.8"), "{text}");
    let plain = check("").out;
    assert!(
        plain.contains("ask 127.0.0.1 to restore the link first; else order another link to the same page, DR 50"),
        "{plain}"
    );
    let csv = check("--country PK --format csv").out;
    assert!(csv.lines().next().is_some_and(|header| header.ends_with("lost_on,impact,what_to_do")), "{csv}");
    assert!(csv.lines().any(|line| line.contains(",64.0,\"order a guest post")), "{csv}");
}

#[test]
fn bad_terms_are_refused_before_the_first_request() {
    let (_runtime, server) = serve();
    let links = links(server.port());
    assert!(run_with(&format!("check - {FLAGS} --country US"), &links).refused().contains("USA"));
    assert!(run_with(&format!("check - {FLAGS} --country PK --reserve=-5"), &links).refused().contains("--reserve"));
    let wrong = links.replace("50,niche_edit", "500,niche_edit");
    assert!(run_with(&format!("check - {FLAGS}"), &wrong).refused().contains("placements[0].source_dr"));
    let wrong = links.replace("niche_edit", "nice_edit");
    assert!(run_with(&format!("check - {FLAGS}"), &wrong).refused().contains("nice_edit"));
    assert_eq!(server.connections(), 0);
}
