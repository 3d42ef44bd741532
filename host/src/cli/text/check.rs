//! What became of links, worst first, and what to do about it.

use linker_types::{AgainWhy, CheckReport, Verdict};

use super::page::Page;
use super::reasons;
use super::table::{Table, left, right};
use super::words::{clean, count, thousands};
use crate::check::Checked;

/// Rows of a section; the rest is in the csv.
const MOST_ROWS: usize = 60;

pub(in crate::cli) fn show(checked: &[Checked], width: usize) -> String {
    let of = |verdict: Verdict| reports(checked).filter(move |(_, _, report)| report.verdict == verdict);
    let counts: Vec<String> = ORDER
        .iter()
        .map(|&(verdict, ..)| (of(verdict).count(), verdict))
        .filter(|&(count, _)| count > 0)
        .map(|(count, verdict)| format!("{} {verdict}", thousands(count as u64)))
        .collect();
    let unseen = checked.iter().filter(|link| link.report.is_none()).count();
    let mut page =
        Page::new(width, &format!("{} checked: {}", count((checked.len() - unseen) as u64, "link"), counts.join(", ")));
    for (verdict, heading, advice) in ORDER {
        let found: Vec<_> = of(verdict).collect();
        if found.is_empty() || verdict == Verdict::Live {
            continue;
        }
        page.section(heading, "");
        let mut table = Table::new([
            right("#"),
            left("source").shrinks_to(20),
            left("why").shrinks_to(16),
            left("status").optional(),
            left("next look"),
        ]);
        for (at, link, report) in found.iter().take(MOST_ROWS) {
            table.row([
                (at + 1).to_string(),
                clean(&link.placement.source_url),
                reasons::all(report),
                report.status.map_or("–".to_owned(), |status| status.to_string()),
                next(report),
            ]);
        }
        page.table(&table);
        if found.len() > MOST_ROWS {
            page.line(&format!(
                "  and {}; `--format csv` has all",
                count((found.len() - MOST_ROWS) as u64, "more link")
            ));
        }
        page.blank();
        page.paragraph("  ", advice);
    }
    if unseen > 0 {
        page.section("Not checked", "");
        page.paragraph("  ", &format!("{}: the run was stopped before", count(unseen as u64, "link")));
    }
    page.finish()
}

const ORDER: [(Verdict, &str, &str); 5] = [
    (
        Verdict::Dead,
        "Dead",
        "Where the page is alive, ask its editor to put the link back; else replace it (`igny8-linker replacements`).",
    ),
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
    checked.iter().enumerate().filter_map(|(at, link)| Some((at, link, link.report.as_ref()?)))
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
