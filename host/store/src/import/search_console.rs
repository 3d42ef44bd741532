//! Search Console's export "Pages.csv": page, clicks, impressions, CTR, position. The period isn't in the file.

use std::collections::HashSet;

use chrono::NaiveDate;

use super::numbers::{number, whole};
use super::table::{Batch, Line, Table};
use crate::store::{Digest, digest};
use crate::{Error, PageMetric, Result};

/// An export that can be read to its end.
#[derive(Clone, Debug, PartialEq)]
pub struct PagesFile {
    table: Table,
    columns: Columns,
    period: (NaiveDate, NaiveDate),
    /// Every URL that it has figures of.
    urls: HashSet<Digest>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Columns {
    page: usize,
    clicks: usize,
    impressions: usize,
    position: Option<usize>,
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
/// `Invalid` where it has no page, clicks or impressions column, can't be read to its end, or the period ends before it
/// begins.
pub fn read_pages(bytes: Vec<u8>, period: (NaiveDate, NaiveDate)) -> Result<PagesFile> {
    if period.1 < period.0 {
        return Err(Error::invalid("period_end", "before the period begins"));
    }
    let table = Table::read(bytes)?;
    let need = |what: &str, names| {
        let missing = || Error::invalid("file", format!("no column `{what}` among {}", table.columns()));
        table.find(names).ok_or_else(missing)
    };
    let columns = Columns {
        page: need("Top pages", PAGE)?,
        clicks: need("Clicks", CLICKS)?,
        impressions: need("Impressions", IMPRESSIONS)?,
        position: table.find(POSITION),
    };
    let mut file = PagesFile { table, columns, period, urls: HashSet::new() };
    file.urls = file.batches().flat_map(|batch| batch.rows).map(|(_, metric)| digest(&metric.url)).collect();
    Ok(file)
}

impl PagesFile {
    /// Its lines, from the first, a batch at a time; the first of several for a page.
    pub fn batches(&self) -> impl Iterator<Item = Batch<PageMetric>> + Send + '_ {
        let mut seen = HashSet::new();
        self.table.batches(move |line| {
            let metric = self.metric(line)?;
            if seen.insert(digest(&metric.url)) { Ok(metric) } else { Err("the page is there already".to_owned()) }
        })
    }

    /// Whether it has figures of a URL.
    pub(crate) fn has(&self, url: Digest) -> bool {
        self.urls.contains(&url)
    }

    fn metric(&self, line: &Line<'_>) -> Result<PageMetric, String> {
        let cell = |column| line.cell(Some(column));
        let url = cell(self.columns.page);
        if url::Url::parse(url).is_err() || url.chars().count() > 2000 || url.contains(char::is_control) {
            return Err(format!("`{url}` is no URL of a page"));
        }
        let count = |column| {
            let count = whole(cell(column))?.filter(|&count| count >= 0);
            count.ok_or_else(|| format!("`{}` is no count", cell(column)))
        };
        Ok(PageMetric {
            content_id: None,
            url: url.to_owned(),
            period_start: self.period.0,
            period_end: self.period.1,
            clicks: count(self.columns.clicks)?,
            impressions: count(self.columns.impressions)?,
            position: self.columns.position.map_or(Ok(None), |column| place(cell(column)))?,
        })
    }
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
