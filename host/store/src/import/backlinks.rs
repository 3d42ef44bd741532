//! Lists of backlinks: Ahrefs' and Semrush's exports, and our own with R-9.2's names.

use std::fmt;

use chrono::NaiveDate;

use super::numbers::{day, flag, money, number, whole};
use super::table::{Batch, Line, Table};
use crate::vocabulary::{AnchorType, BacklinkStatus, LinkType, Marketplace, Tier};
use crate::word::Vocabulary;
use crate::{Error, Money, Result};

/// Whose export it is, by its header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// `Referring page URL`.
    Ahrefs,
    /// `Source url` with `Page ascore` or `External links`.
    Semrush,
    /// `source_url`, `anchor_text`, … as in.
    Own,
}

/// One line; what the file doesn't say is none.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs, reason = "R-9.2's fields")]
pub struct BacklinkLine {
    pub target_url: String,
    pub target_tier: Option<Tier>,
    pub source_url: String,
    pub source_domain: String,
    pub source_dr: Option<i32>,
    pub source_traffic: Option<i32>,
    pub anchor_text: String,
    pub anchor_type: Option<AnchorType>,
    pub link_type: Option<LinkType>,
    pub marketplace: Marketplace,
    pub cost: Option<Money>,
    pub quality_score: Option<f64>,
    pub country_relevant: Option<bool>,
    pub date_ordered: Option<NaiveDate>,
    pub date_live: Option<NaiveDate>,
    pub date_last_checked: Option<NaiveDate>,
    pub status: BacklinkStatus,
    pub notes: String,
}

/// A list that can be read to its end.
#[derive(Clone, Debug, PartialEq)]
pub struct BacklinksFile {
    /// Whose it is.
    pub format: Format,
    table: Table,
    columns: Columns,
}

/// Where each field stands, looked up once and not for every cell.
#[derive(Clone, Debug, PartialEq)]
struct Columns {
    target_url: Option<usize>,
    target_tier: Option<usize>,
    source_url: Option<usize>,
    source_domain: Option<usize>,
    source_dr: Option<usize>,
    source_traffic: Option<usize>,
    anchor_text: Option<usize>,
    anchor_type: Option<usize>,
    link_type: Option<usize>,
    marketplace: Option<usize>,
    cost: Option<usize>,
    quality_score: Option<usize>,
    country_relevant: Option<usize>,
    date_ordered: Option<usize>,
    date_live: Option<usize>,
    date_last_checked: Option<usize>,
    status: Option<usize>,
    notes: Option<usize>,
    /// Where Ahrefs and Semrush say that a link is lost.
    lost: [Option<usize>; 3],
    /// What of `rel` they saw.
    rel: [(&'static str, Option<usize>); 3],
}

impl Columns {
    fn of(table: &Table) -> Self {
        let own = |field| table.find(&[field]);
        let any = |field, others: &[&'static str]| own(field).or_else(|| table.find(others));
        Self {
            source_url: any("source_url", &["Referring page URL", "Source URL", "Source", "Referring page"]),
            target_url: any("target_url", &["Target URL", "Link URL", "Target"]),
            anchor_text: any("anchor_text", &["Anchor", "Link anchor", "Anchor text"]),
            source_domain: any("source_domain", &["Referring domain", "Domain"]),
            source_dr: any("source_dr", &["Domain rating", "DR", "Page ascore", "Authority score", "Domain ascore"]),
            source_traffic: any("source_traffic", &["Domain traffic", "Traffic"]),
            date_live: any("date_live", &["First seen"]),
            date_last_checked: any("date_last_checked", &["Last seen", "Last check"]),
            cost: any("cost", &["Price", "Cost USD"]),
            target_tier: own("target_tier"),
            anchor_type: own("anchor_type"),
            link_type: own("link_type"),
            marketplace: own("marketplace"),
            quality_score: own("quality_score"),
            country_relevant: own("country_relevant"),
            date_ordered: own("date_ordered"),
            status: own("status"),
            notes: own("notes"),
            lost: ["Lost status", "Lost", "Lost link"].map(own),
            rel: ["nofollow", "sponsored", "ugc"].map(|word| (word, own(word))),
        }
    }
}

/// Reads a list.
///
/// # Errors
/// `Invalid` where it has no column for the source or the target URL, or can't be read to its end.
pub fn read_backlinks(bytes: Vec<u8>) -> Result<BacklinksFile> {
    let table = Table::read(bytes)?;
    let columns = Columns::of(&table);
    for (field, column) in [("target_url", columns.target_url), ("source_url", columns.source_url)] {
        if column.is_none() {
            return Err(Error::invalid("file", format!("no column `{field}` among {}", table.columns())));
        }
    }
    let format = if table.find(&["Referring page URL"]).is_some() {
        Format::Ahrefs
    } else if table.find(&["Page ascore", "External links", "Lost link"]).is_some() {
        Format::Semrush
    } else {
        Format::Own
    };
    Ok(BacklinksFile { format, table, columns })
}

impl BacklinksFile {
    /// Its lines, from the first, a batch at a time.
    pub fn batches(&self) -> impl Iterator<Item = Batch<BacklinkLine>> + Send + '_ {
        self.table.batches(|line| Cells { columns: &self.columns, line, format: self.format }.read())
    }
}

struct Cells<'a> {
    columns: &'a Columns,
    line: &'a Line<'a>,
    format: Format,
}

impl<'a> Cells<'a> {
    fn read(&self) -> Result<BacklinkLine, String> {
        let at = self.columns;
        let cell = |column| self.line.cell(column);
        let count = |field: &str, column| {
            let value = whole(cell(column)).map_err(of(field))?;
            value.map(|value| i32::try_from(value).map_err(|_| format!("{field}: `{value}` is too large"))).transpose()
        };
        let date = |field: &str, column| day(cell(column)).map_err(of(field));
        let own = self.format == Format::Own;
        let words = |column| if own { unguarded(cell(column)) } else { cell(column) };
        let anchor = words(at.anchor_text);
        let status =
            if own { self.word("status", at.status)?.unwrap_or(BacklinkStatus::Live) } else { self.found_status() };
        Ok(BacklinkLine {
            target_url: cell(at.target_url).to_owned(),
            target_tier: self.word("target_tier", at.target_tier)?,
            source_url: cell(at.source_url).to_owned(),
            source_domain: if own { words(at.source_domain).to_owned() } else { String::new() },
            source_dr: count("source_dr", at.source_dr)?,
            source_traffic: count("source_traffic", at.source_traffic)?,
            // Of theirs we keep what fits; ours had to fit when it was written.
            anchor_text: if own { anchor.to_owned() } else { anchor.chars().take(200).collect() },
            anchor_type: self.word("anchor_type", at.anchor_type)?,
            link_type: self.word("link_type", at.link_type)?,
            marketplace: self.word("marketplace", at.marketplace)?.unwrap_or(Marketplace::None),
            cost: if own { money(cell(at.cost)).map_err(of("cost"))? } else { None },
            quality_score: number(cell(at.quality_score)).map_err(of("quality_score"))?,
            country_relevant: flag(cell(at.country_relevant)),
            date_ordered: date("date_ordered", at.date_ordered)?,
            date_live: date("date_live", at.date_live)?,
            date_last_checked: date("date_last_checked", at.date_last_checked)?,
            status,
            notes: if own { words(at.notes).to_owned() } else { self.rel() },
        })
    }

    /// Ahrefs and Semrush list what they found; lost ones say so in one column or another.
    fn found_status(&self) -> BacklinkStatus {
        let said = |text: &str| !text.is_empty() && flag(text) != Some(false) && text != "-";
        let lost = self.columns.lost.iter().any(|&column| said(self.line.cell(column)));
        if lost { BacklinkStatus::Dead } else { BacklinkStatus::Live }
    }

    /// What of `rel` they saw, for the notes.
    fn rel(&self) -> String {
        let seen = self.columns.rel.iter().filter(|(_, column)| flag(self.line.cell(*column)) == Some(true));
        seen.map(|(word, _)| *word).collect::<Vec<_>>().join(" ")
    }

    /// A word of a closed list, or its label; empty is none.
    fn word<T: Vocabulary>(&self, field: &str, column: Option<usize>) -> Result<Option<T>, String> {
        let text = self.line.cell(column);
        if text.is_empty() {
            return Ok(None);
        }
        let same = |known: &&T| known.word().eq_ignore_ascii_case(text) || known.label().eq_ignore_ascii_case(text);
        T::ALL.iter().find(same).copied().map(Some).ok_or_else(|| format!("{field}: `{text}` is no {}", T::NAME))
    }
}

/// What was written before an apostrophe kept spreadsheets from taking it for a formula.
fn unguarded(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if rest.starts_with(['=', '+', '-', '@', '\t', '\r']) => rest,
        _ => text,
    }
}

fn of<E: fmt::Display>(field: &str) -> impl Fn(E) -> String {
    move |why| format!("{field}: {why}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_the_three_formats() {
        let ahrefs = "\"Referring page title\"\t\"Referring page URL\"\t\"Domain rating\"\t\"Domain traffic\"\t\"Target URL\"\t\"Anchor\"\t\
                      \"Nofollow\"\t\"Lost status\"\t\"First seen\"\t\"Last seen\"\n\
                      T\thttps://a.example/x\t71.0\t1,234\thttps://e.example/\tbest tea\ttrue\t\t2025-01-02 03:04:05\t2025-03-04\n\
                      T\thttps://b.example/x\tn/a\t\thttps://e.example/\t\tfalse\tRemoved\t2025-01-02\t\n";
        let bytes: Vec<_> = [0xfeff].into_iter().chain(ahrefs.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        let read = |bytes: Vec<u8>| {
            let file = read_backlinks(bytes).unwrap();
            let batches: Vec<_> = file.batches().collect();
            let rows: Vec<_> = batches.iter().flat_map(|batch| batch.rows.clone()).map(|(_, row)| row).collect();
            (file.format, rows, batches.into_iter().flat_map(|batch| batch.refused).collect::<Vec<_>>())
        };
        let (format, rows, refused) = read(bytes);
        assert_eq!((format, refused.len(), rows.len()), (Format::Ahrefs, 0, 2));
        let [live, dead] = rows.as_slice() else { panic!() };
        assert_eq!((live.source_dr, live.source_traffic, live.notes.as_str()), (Some(71), Some(1234), "nofollow"));
        assert_eq!((live.status, dead.status, dead.source_dr), (BacklinkStatus::Live, BacklinkStatus::Dead, None));
        let semrush = "Page ascore,Source title,Source url,Target url,Anchor,External links,Nofollow,First seen,Last seen,Lost link\n\
                       34,T,https://a.example/,https://e.example/,tea,12,FALSE,2025-01-02,2025-03-04,FALSE\n";
        let (format, rows, _) = read(semrush.into());
        assert_eq!((format, rows[0].status, rows[0].source_dr), (Format::Semrush, BacklinkStatus::Live, Some(34)));
        let own = "\u{feff}source_url;target_url;anchor_text;anchor_type;link_type;cost;quality_score;status;date_live\n\
                   https://a.example/;https://e.example/;tea;LSI/Topical;Guest Post;1.250,10;7,5;live;28.02.2026\n\
                   https://b.example/;https://e.example/;tea;bold;;;;;\n\
                   https://c.example/;https://e.example/;tea;;;abc;;;\n";
        let (format, rows, refused) = read(own.into());
        let row = &rows[0];
        assert_eq!((format, row.cost, row.quality_score), (Format::Own, Some(Money::cents(125_010)), Some(7.5)));
        assert_eq!((row.anchor_type, row.link_type), (Some(AnchorType::Lsi), Some(LinkType::GuestPost)));
        let why: Vec<_> = refused.iter().map(|refused| (refused.line, refused.why.as_str())).collect();
        assert_eq!(why, [(3, "anchor_type: `bold` is no anchor type"), (4, "cost: `abc` is no number")]);
        let unknown = read_backlinks(b"a,b\n1,2\n".to_vec()).unwrap_err().to_string();
        assert!(unknown.contains("no column `target_url` among `a`, `b`"));
    }
}
