//! What became of links, worst first, and what to do about it.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use linker_types::{AgainWhy, CheckReport, Verdict};

use super::page::Page;
use super::reasons;
use super::table::{Table, left, right};
use super::words::{clean, count, thousands};
use crate::check::{Checked, Loss, NoReport};

/// Rows of a section; the rest is in the csv.
const MOST_ROWS: usize = 60;

pub(in crate::cli) fn show(checked: &[Checked], losses: &BTreeMap<usize, Loss>, width: usize) -> String {
    let of = |verdict: Verdict| reports(checked).filter(move |(_, _, report)| report.verdict == verdict);
    let counts: Vec<String> = ORDER
        .iter()
        .map(|&(verdict, ..)| (of(verdict).count(), verdict))
        .filter(|&(count, _)| count > 0)
        .map(|(count, verdict)| format!("{} {verdict}", thousands(count as u64)))
        .collect();
    let unseen = checked.iter().filter(|link| link.report.is_err()).count();
    let mut page =
        Page::new(width, &format!("{} checked: {}", count((checked.len() - unseen) as u64, "link"), counts.join(", ")));
    for (verdict, heading, advice) in ORDER {
        let mut found: Vec<_> = of(verdict).collect();
        if found.is_empty() || verdict == Verdict::Live {
            continue;
        }
        let dead = verdict == Verdict::Dead;
        found.sort_by_key(|(at, ..)| Reverse(losses.get(at).and_then(|loss| loss.impact.score?.at_scale(1))));
        page.section(heading, if dead { "the worst loss first; impact 0 to 100" } else { "" });
        let mut columns = vec![
            right("#"),
            left("source").shrinks_to(20),
            left("why").shrinks_to(16),
            left("status").optional(),
            if dead { right("impact") } else { left("next look") },
        ];
        if dead {
            columns.push(left("first"));
        }
        let mut table = Table::new(columns);
        for (at, link, report) in found.iter().take(MOST_ROWS) {
            let mut row = vec![
                (at + 1).to_string(),
                clean(&link.placement.source_url),
                reasons::all(report),
                report.status.map_or("–".to_owned(), |status| status.to_string()),
            ];
            match losses.get(at) {
                Some(loss) => row.extend([
                    loss.impact.score.map_or("?".to_owned(), |score| score.to_string()),
                    if loss.restore { "restore" } else { "replace" }.to_owned(),
                ]),
                None if dead => row.extend(["–".to_owned(), "nothing".to_owned()]),
                None => row.push(next(report)),
            }
            table.row(row);
        }
        page.table(&table);
        if found.len() > MOST_ROWS {
            page.line(&format!(
                "  and {}; `--format csv` has all",
                count((found.len() - MOST_ROWS) as u64, "more link")
            ));
        }
        if !advice.is_empty() {
            page.blank();
            page.paragraph("  ", advice);
        }
        if dead {
            what_to_do(&mut page, found.iter().take(MOST_ROWS).filter_map(|(at, ..)| Some((*at, losses.get(at)?))));
        }
    }
    if unseen > 0 {
        page.section("Not checked", "");
        let stopped = checked.iter().filter(|link| link.report == Err(NoReport::Stopped)).count();
        if stopped > 0 {
            page.paragraph("  ", &format!("{}: the run was stopped before", count(stopped as u64, "link")));
        }
        for (at, link) in checked.iter().enumerate() {
            let Err(why @ (NoReport::Faults(_) | NoReport::Failed(_))) = &link.report else { continue };
            page.paragraph(&format!("  {:>2}  ", at + 1), &clean(&format!("{}: {why}", link.placement.source_url)));
        }
    }
    page.finish()
}

/// A line for each loss; those with the same advice share it.
fn what_to_do<'a>(page: &mut Page, losses: impl Iterator<Item = (usize, &'a Loss)>) {
    let mut advices: Vec<(String, &str)> = Vec::new();
    let mut vague = false;
    for (at, loss) in losses {
        let number = (at + 1).to_string();
        match advices.iter_mut().find(|(_, advice)| *advice == loss.advice) {
            Some((numbers, _)) => *numbers = format!("{numbers}, {number}"),
            None => advices.push((number, &loss.advice)),
        }
        vague |= loss.replacement.is_none();
    }
    if advices.is_empty() {
        return;
    }
    page.section("What to do", "");
    for (numbers, advice) in advices {
        page.paragraph(&format!("  {numbers}  "), &clean(advice));
    }
    if vague {
        page.blank();
        page.paragraph("  ", VAGUE);
    }
}

const VAGUE: &str = "What was lost and what to order in its place is said where the columns source_dr, link_type, tier and \
                     anchor_type are there, and --country.";

const ORDER: [(Verdict, &str, &str); 5] = [
    (Verdict::Dead, "Dead", ""),
    (Verdict::Degraded, "Degraded", "There, but worth less than agreed: write to the site. They count as live."),
    (
        Verdict::Unverified,
        "Not sure yet",
        "Not counted as lost. Check again after the time given; with --state the next run knows of this one.",
    ),
    (
        Verdict::Blocked,
        "Can't be seen",
        "The site or this program's rules keep the page from being read: look with a browser.",
    ),
    (Verdict::Live, "Live", ""),
];

fn reports(checked: &[Checked]) -> impl Iterator<Item = (usize, &Checked, &CheckReport)> {
    checked.iter().enumerate().filter_map(|(at, link)| Some((at, link, link.report.as_ref().ok()?)))
}

fn next(report: &CheckReport) -> String {
    let Some(again) = report.again else { return "none".to_owned() };
    match (again.why, again.not_before_seconds) {
        (AgainWhy::NextCheck, _) => report.next_check.clone().unwrap_or_default(),
        (_, seconds @ ..120) => format!("in {seconds} s"),
        (_, seconds @ ..7200) => format!("in {} min", seconds.div_ceil(60)),
        (_, seconds @ ..172_800) => format!("in {} h", seconds.div_ceil(3600)),
        (_, seconds) => format!("in {} days", seconds.div_ceil(86_400)),
    }
}
