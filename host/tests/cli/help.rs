//! `--help` teaches.

use crate::program::run;

#[test]
fn every_command_has_an_example() {
    for command in ["", "generate", "adjust", "score", "tipping-point", "replacements", "profiles", "component"] {
        let help = run(&format!("{command} --help")).ok();
        let (_, examples) = help.split_once("Examples:\n").unwrap_or_else(|| panic!("{help}"));
        assert!(examples.contains(&format!("  igny8-linker {command}")), "{help}");
    }
}

#[test]
fn every_key_of_set_is_explained() {
    let help = run("generate --help").ok();
    let keys = [
        "current_dr=",
        "total_links=",
        "budget_max=",
        "timeline_months=",
        "tier_allocation.T1=",
        "unit_costs.guest_post=",
        "allow_out_of_band=",
        "add_pages=",
        "drop_pages=",
        "page_links.192=",
        "month_links.3=",
        "moves=101:2-5",
    ];
    for key in keys {
        assert!(help.contains(key), "{key}");
    }
}

#[test]
fn no_command_is_a_question() {
    let answer = run("");
    assert_eq!((answer.code, answer.out.as_str()), (Some(2), ""));
    assert!(answer.err.contains("Usage: igny8-linker <COMMAND>"), "{}", answer.err);
}
