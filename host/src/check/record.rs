//! A report as it is kept, and read again: whatever a page answered, a hundred of them are listed at once.

use linker_store::Finding;
use linker_store::entity::look;
use linker_types::{CheckReport, Look, json};

/// Characters of each text where the report is too long; those of real pages are kept whole.
const TEXT: usize = 500;
/// Words of `rel`, and URLs, that are kept then.
const FEW: usize = 20;

/// JSON of at most [`Finding::LONGEST_REPORT`] characters: of what is longer, texts are cut.
pub(crate) fn record(report: &CheckReport) -> String {
    let whole = json::write(report);
    if whole.len() <= Finding::LONGEST_REPORT {
        return whole;
    }
    let mut report = report.clone();
    let CheckReport { link, final_url, chain, follow, .. } = &mut report;
    let seen = link.iter_mut().flat_map(|link| {
        link.rel.truncate(FEW);
        [&mut link.href, &mut link.url, &mut link.anchor].into_iter().chain(&mut link.rel)
    });
    chain.truncate(FEW);
    follow.truncate(FEW);
    for text in seen.chain([final_url]).chain(chain.iter_mut().map(|hop| &mut hop.url)).chain(follow) {
        if let Some((end, _)) = text.char_indices().nth(TEXT) {
            text.truncate(end);
        }
    }
    json::write(&report)
}

/// A look as the engine takes it; one that can't be read is left out.
pub(crate) fn remembered(look: &look::Model) -> Option<Look> {
    let report: CheckReport = serde_json::from_str(&look.report).ok()?;
    let at = look.looked_at.utc().to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
    Some(Look { at, verdict: report.verdict, reasons: report.reasons, status: report.status })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hostile_page_s_report_is_short() {
        let report = r#"{"backlink_id": 1, "verdict": "live", "link": {"href": "/", "url": "https://a.example/", "anchor": "tea",
            "rel": ["ugc"], "placement": "main"}, "change": {"date_last_checked": "2026-01-31"}}"#;
        let mut report: CheckReport = serde_json::from_str(report).unwrap();
        assert_eq!(record(&report), json::write(&report));
        let long = "é".repeat(1 << 20);
        let link = report.link.as_mut().unwrap();
        (link.href, link.anchor, link.rel) = (long.clone(), long.clone(), vec![long.clone(); 1000]);
        report.final_url = long;
        let kept = record(&report);
        assert!(kept.len() <= Finding::LONGEST_REPORT, "{}", kept.len());
        let read: CheckReport = serde_json::from_str(&kept).unwrap();
        assert_eq!((read.verdict, read.link.unwrap().anchor.chars().count()), (report.verdict, TEXT));
    }
}
