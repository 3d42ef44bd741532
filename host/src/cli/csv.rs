//! Tables for spreadsheets: RFC 4180, UTF-8, and no cell that a spreadsheet would run as a formula.

use std::collections::BTreeMap;

use csv::{Terminator, WriterBuilder};
use linker_types::{Campaign, QualityScore};

use crate::check::{Checked, Loss};

/// One row a planned link, in schedule order.
pub(super) fn links(campaign: &Campaign) -> String {
    let header = [
        "month",
        "phase",
        "content_id",
        "url",
        "tier",
        "link_type",
        "anchor_type",
        "anchor_text",
        "cost_low",
        "cost_expected",
        "cost_high",
    ];
    let urls: BTreeMap<u64, &str> = campaign.pages.iter().map(|page| (page.content_id, page.url.as_str())).collect();
    let phases: BTreeMap<u32, &str> =
        campaign.monthly_plan.iter().map(|plan| (plan.month, plan.phase.as_str())).collect();
    let rows = campaign.links.iter().map(|link| {
        vec![
            link.month.to_string(),
            phases.get(&link.month).copied().unwrap_or_default().to_owned(),
            link.content_id.to_string(),
            urls.get(&link.content_id).copied().unwrap_or_default().to_owned(),
            link.tier.to_string(),
            link.link_type.to_string(),
            link.anchor_type.to_string(),
            link.anchor_text.clone(),
            link.cost_low.to_string(),
            link.cost_expected.to_string(),
            link.cost_high.to_string(),
        ]
    });
    table(header.map(str::to_owned).to_vec(), rows)
}

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

/// One row a link, in the order given.
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
    let rows = checked.iter().enumerate().filter_map(|(at, Checked { placement, report })| {
        let (report, loss) = (report.as_ref().ok()?, losses.get(&at));
        let link = report.link.as_ref();
        let number = |number: Option<u32>| number.map(|number| number.to_string()).unwrap_or_default();
        Some(vec![
            placement.backlink_id.to_string(),
            placement.source_url.clone(),
            placement.target_url.clone(),
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
        ])
    });
    table(header.map(str::to_owned).to_vec(), rows)
}

fn table(header: Vec<String>, rows: impl Iterator<Item = Vec<String>>) -> String {
    let mut out = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new());
    for row in std::iter::once(header).chain(rows) {
        // Into memory nothing fails, and every row has the header's columns.
        out.write_record(row.iter().map(|cell| harmless(cell))).expect("a row of the table");
    }
    String::from_utf8(out.into_inner().expect("memory")).expect("cells are UTF-8")
}

/// A spreadsheet takes what begins like this for a formula; the apostrophe makes it text.
fn harmless(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_can_not_run() {
        let cells = ["=1+1", "+1", "-1", "@a", "\t=a", "\r=a", "a=b", "say \"hi\", you", "'q"];
        let text = table(vec!["h".to_owned()], cells.iter().map(|cell| vec![(*cell).to_owned()]));
        assert_eq!(
            text,
            "h\r\n'=1+1\r\n'+1\r\n'-1\r\n'@a\r\n'\t=a\r\n\"'\r=a\"\r\na=b\r\n\"say \"\"hi\"\", you\"\r\n'q\r\n"
        );
    }
}
