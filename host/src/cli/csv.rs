//! Answers as CSV, one row a thing.

use std::collections::BTreeMap;

use linker_types::QualityScore;

use crate::check::{Checked, Loss};
use crate::sheet::{Cell, csv};

/// One row a placement, with a column for each factor.
pub(super) fn scores(scores: &[&QualityScore]) -> String {
    let before = ["domain", "score", "threshold", "meets", "best_possible", "needs_review"].map(str::to_owned);
    let factors = linker_types::FactorName::ALL.iter().map(ToString::to_string);
    let header = before.into_iter().chain(factors).chain(["notes".to_owned()]).collect();
    let rows = scores.iter().map(|score| {
        let mut row = vec![
            score.domain.clone(),
            score.score.to_string(),
            score.threshold.to_string(),
            score.meets_threshold.to_string(),
            score.best_possible.to_string(),
            score.needs_review.to_string(),
        ];
        row.extend(score.factors.iter().map(|factor| factor.outcome.to_string()));
        row.push(score.notes.iter().map(|note| note.message.as_str()).collect::<Vec<_>>().join("; "));
        row
    });
    table(header, rows)
}

/// One row a link, in the order given; `not_checked` and why in place of a verdict and its reasons where there is none.
pub(super) fn checks(checked: &[Checked], losses: &BTreeMap<usize, Loss>) -> String {
    let header = [
        "backlink_id",
        "source_url",
        "target_url",
        "verdict",
        "reasons",
        "http_status",
        "final_url",
        "found_href",
        "found_anchor",
        "found_rel",
        "outbound_links",
        "elapsed_ms",
        "next_check",
        "new_status",
        "lost_on",
        "impact",
        "what_to_do",
    ];
    let rows = checked.iter().enumerate().map(|(at, Checked { placement, report })| {
        let loss = losses.get(&at);
        let about = [placement.backlink_id.to_string(), placement.source_url.clone(), placement.target_url.clone()];
        let report = match report {
            Ok(report) => report,
            Err(why) => {
                let mut row = [about.as_slice(), &["not_checked".to_owned(), why.to_string()]].concat();
                row.resize(header.len(), String::new());
                return row;
            }
        };
        let link = report.link.as_ref();
        let number = |number: Option<u32>| number.map(|number| number.to_string()).unwrap_or_default();
        let [id, source, target] = about;
        vec![
            id,
            source,
            target,
            report.verdict.to_string(),
            report.reasons.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
            number(report.status.map(u32::from)),
            report.final_url.clone(),
            link.map(|link| link.href.clone()).unwrap_or_default(),
            link.map(|link| link.anchor.clone()).unwrap_or_default(),
            link.map(|link| link.rel.join(" ")).unwrap_or_default(),
            number(report.outbound_links),
            number(report.elapsed_ms),
            report.next_check.clone().unwrap_or_default(),
            report.change.status.map(|status| status.to_string()).unwrap_or_default(),
            report.change.lost_on.clone().unwrap_or_default(),
            loss.and_then(|loss| loss.impact.score).map(|score| score.to_string()).unwrap_or_default(),
            loss.map(|loss| loss.advice.clone()).unwrap_or_default(),
        ]
    });
    table(header.map(str::to_owned).to_vec(), rows)
}

fn table(header: Vec<String>, rows: impl Iterator<Item = Vec<String>>) -> String {
    let cells = |row: Vec<String>| row.into_iter().map(Cell::Text).collect();
    csv::lines(std::iter::once(header).chain(rows).map(cells))
}
