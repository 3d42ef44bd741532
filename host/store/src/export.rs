//! Files that people take away: backlinks and a campaign's months as CSV, and a disavow file.
//!
//! CSV is opened in spreadsheets, which run what begins like a formula: such cells get an apostrophe in front.

use std::collections::BTreeSet;

use crate::entity::backlink;
use crate::word::Vocabulary;
use crate::{Error, Result};

/// The columns of the backlinks file: those that the importer reads back.
const BACKLINK: [&str; 20] = [
    "id",
    "campaign_id",
    "target_url",
    "target_tier",
    "source_url",
    "source_domain",
    "source_dr",
    "source_traffic",
    "anchor_text",
    "anchor_type",
    "link_type",
    "marketplace",
    "cost",
    "quality_score",
    "country_relevant",
    "date_ordered",
    "date_live",
    "date_last_checked",
    "status",
    "notes",
];

/// Google takes at most this much in a disavow file.
pub const DISAVOW_MAX_LINES: usize = 100_000;
/// And at most so many bytes.
pub const DISAVOW_MAX_BYTES: usize = 2 << 20;
/// And no URL that is longer, characters.
const DISAVOW_MAX_URL: usize = 2048;

/// The header of [`backlinks_csv`], once before the first rows.
///
/// # Errors
/// `Broken`, in theory.
pub fn backlinks_header() -> Result<Vec<u8>> {
    written([BACKLINK.map(str::to_owned)])
}

/// Backlinks as lines of CSV, without the header: a file is made of as many pieces as it takes, so that no list, however
/// long, has to be in memory.
///
/// # Errors
/// `Broken`, in theory.
pub fn backlinks_csv(rows: &[backlink::Model]) -> Result<Vec<u8>> {
    written(rows.iter().map(|row| {
        let some = |value: Option<String>| value.unwrap_or_default();
        [
            row.id.to_string(),
            row.campaign_id.to_string(),
            safe(&row.target_url),
            row.target_tier.0.word().to_owned(),
            safe(&row.source_url),
            safe(&row.source_domain),
            some(row.source_dr.map(|dr| dr.to_string())),
            some(row.source_traffic.map(|traffic| traffic.to_string())),
            safe(&row.anchor_text),
            row.anchor_type.0.word().to_owned(),
            row.link_type.0.word().to_owned(),
            row.marketplace.0.word().to_owned(),
            some(row.cost.map(|cost| cost.to_string())),
            some(row.quality_score.map(|score| score.to_string())),
            row.country_relevant.to_string(),
            some(row.date_ordered.map(|day| day.to_string())),
            some(row.date_live.map(|day| day.to_string())),
            some(row.date_last_checked.map(|day| day.to_string())),
            row.status.0.word().to_owned(),
            safe(&row.notes),
        ]
    }))
}

/// A campaign's months as CSV with a header: month, phase, links, placements, reserve, budget (USD).
///
/// # Errors
/// `Broken`, in theory.
pub fn months_csv(plan: &linker_types::Campaign) -> Result<Vec<u8>> {
    let header = ["month", "phase", "links_target", "placements", "reserve", "budget"].map(str::to_owned);
    let months = plan.monthly_plan.iter().map(|month| {
        [
            month.month.to_string(),
            month.phase.to_string(),
            month.links_target.to_string(),
            month.placements.to_string(),
            month.reserve.to_string(),
            month.budget.to_string(),
        ]
    });
    written(std::iter::once(header).chain(months))
}

/// A disavow file: one `domain:` line for each domain, sorted, each once, with a comment on top.
///
/// # Errors
/// `Invalid` where there are more than Google takes.
pub fn disavow<'a>(domains: impl IntoIterator<Item = &'a str>, comment: &str) -> Result<String> {
    let named = domains.into_iter().map(|domain| domain.trim().trim_end_matches('.').to_ascii_lowercase());
    let plain = |domain: &String| {
        !domain.is_empty()
            && domain.len() <= DISAVOW_MAX_URL
            && !domain.contains(|letter: char| {
                letter.is_whitespace() || letter.is_control() || letter == '#' || letter == '/'
            })
    };
    let domains: BTreeSet<String> = named.filter(plain).collect();
    let mut file = String::new();
    for line in comment.lines() {
        file.push_str(&format!("# {line}\n"));
    }
    for domain in &domains {
        file.push_str(&format!("domain:{domain}\n"));
    }
    if file.lines().count() > DISAVOW_MAX_LINES || file.len() > DISAVOW_MAX_BYTES {
        let most = format!("at most {DISAVOW_MAX_LINES} lines and {DISAVOW_MAX_BYTES} bytes in a disavow file");
        return Err(Error::invalid("domains", most));
    }
    Ok(file)
}

fn written<const N: usize>(rows: impl IntoIterator<Item = [String; N]>) -> Result<Vec<u8>> {
    let broken = |error: csv::Error| Error::Broken(error.to_string());
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        writer.write_record(row).map_err(broken)?;
    }
    writer.into_inner().map_err(|error| Error::Broken(error.to_string()))
}

/// A text that no spreadsheet takes for a formula.
fn safe(text: &str) -> String {
    match text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        true => format!("'{text}"),
        false => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn disavows_each_domain_once() {
        let file = disavow(["b.example", "A.example.", "b.example", "", "x y", "#c"], "made for\ntest").unwrap();
        assert_eq!(file, "# made for\n# test\ndomain:a.example\ndomain:b.example\n");
        let many: Vec<_> = (0..=DISAVOW_MAX_LINES).map(|number| format!("{number}.example")).collect();
        assert!(disavow(many.iter().map(String::as_str), "").is_err());
    }

    #[test]
    fn no_cell_is_a_formula() {
        assert_eq!(safe("=HYPERLINK(1)"), "'=HYPERLINK(1)");
        assert_eq!(safe("plain"), "plain");
        let header = String::from_utf8(backlinks_header().unwrap()).unwrap();
        assert!(header.starts_with("id,campaign_id,target_url"));
    }
}
