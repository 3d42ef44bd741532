//! Search Console's export "Pages.csv": page, clicks, impressions, CTR, position. The period isn't in the file.

use chrono::NaiveDate;

use super::Refused;
use super::numbers::{number, whole};
use super::table::Table;
use crate::{Error, PageMetric, Result};

/// What a file says.
#[derive(Clone, Debug, PartialEq)]
pub struct PagesFile {
    /// Figures by page.
    pub rows: Vec<PageMetric>,
    /// Lines that can't be used.
    pub refused: Vec<Refused>,
}

const PAGE: &[&str] = &[
    "Top pages",
    "Page",
    "Pages",
    "URL",
    "Häufigste Seiten",
    "Seite",
    "Pages les plus populaires",
    "Páginas principales",
];
const CLICKS: &[&str] = &["Clicks", "Klicks", "Clics"];
const IMPRESSIONS: &[&str] = &["Impressions", "Impressionen", "Impresiones"];
const POSITION: &[&str] = &["Position", "Average position", "Posición", "Durchschnittliche Position"];

/// Reads one, for the days that it was exported for.
///
/// # Errors
/// `Invalid` where it has no page, clicks or impressions column, or the period ends before it begins.
pub fn read_pages(bytes: &[u8], period: (NaiveDate, NaiveDate)) -> Result<PagesFile> {
    if period.1 < period.0 {
        return Err(Error::invalid("period_end", "before the period begins"));
    }
    let mut table = Table::read(bytes)?;
    let need = |what: &str, names| {
        let missing = || Error::invalid("file", format!("no column `{what}` among {}", table.columns()));
        table.find(names).ok_or_else(missing)
    };
    let columns = (need("Top pages", PAGE)?, need("Clicks", CLICKS)?, need("Impressions", IMPRESSIONS)?);
    let position = table.find(POSITION);
    let mut file = PagesFile { rows: Vec::new(), refused: std::mem::take(&mut table.refused) };
    let mut seen = std::collections::BTreeSet::new();
    for (line, row) in &table.rows {
        let cell = |at: usize| row.get(at).unwrap_or_default();
        let read = || {
            let url = cell(columns.0);
            if url::Url::parse(url).is_err() || url.chars().count() > 2000 || url.contains(char::is_control) {
                return Err(format!("`{url}` is no URL of a page"));
            }
            let count = |at| {
                whole(cell(at)).and_then(|count| {
                    count.filter(|&count| count >= 0).ok_or_else(|| format!("`{}` is no count", cell(at)))
                })
            };
            Ok(PageMetric {
                content_id: None,
                url: url.to_owned(),
                period_start: period.0,
                period_end: period.1,
                clicks: count(columns.1)?,
                impressions: count(columns.2)?,
                position: position.map_or(Ok(None), |at| place(cell(at)))?,
            })
        };
        match read() {
            Ok(metric) if !seen.insert(metric.url.clone()) => {
                file.refused.push(Refused::new(*line, "the page is there already"))
            }
            Ok(metric) => file.rows.push(metric),
            Err(why) => file.refused.push(Refused::new(*line, why)),
        }
    }
    Ok(file)
}

/// A mean position: from 1, and 0 where Search Console means that a page was never shown.
fn place(text: &str) -> Result<Option<f64>, String> {
    match number(text)? {
        Some(place) if place != 0.0 && !(1.0..=1e6).contains(&place) => {
            Err(format!("`{text}` is no position: 1 is the best"))
        }
        place => Ok(place.filter(|&place| place != 0.0)),
    }
}
