//! Lists of backlinks: Ahrefs' and Semrush's exports, and our own with R-9.2's names.

use std::fmt;

use chrono::NaiveDate;

use super::Refused;
use super::numbers::{day, flag, money, number, whole};
use super::table::Table;
use crate::formula::unguarded;
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
    /// From 1.
    pub line: u64,
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

/// What a file says.
#[derive(Clone, Debug, PartialEq)]
pub struct BacklinksFile {
    /// Whose it is.
    pub format: Format,
    /// Lines that can be used.
    pub rows: Vec<BacklinkLine>,
    /// Lines that can't.
    pub refused: Vec<Refused>,
}

/// The names that a column has in the three formats.
fn names(field: &str) -> Vec<&str> {
    let others: &[&str] = match field {
        "source_url" => &["Referring page URL", "Source URL", "Source", "Referring page"],
        "target_url" => &["Target URL", "Link URL", "Target"],
        "anchor_text" => &["Anchor", "Link anchor", "Anchor text"],
        "source_domain" => &["Referring domain", "Domain"],
        "source_dr" => &["Domain rating", "DR", "Page ascore", "Authority score", "Domain ascore"],
        "source_traffic" => &["Domain traffic", "Traffic"],
        "date_live" => &["First seen"],
        "date_last_checked" => &["Last seen", "Last check"],
        "cost" => &["Price", "Cost USD"],
        _ => &[],
    };
    std::iter::once(field).chain(others.iter().copied()).collect()
}

/// Reads a list.
///
/// # Errors
/// `Invalid` where it has no column for the source or the target URL.
pub fn read_backlinks(bytes: &[u8]) -> Result<BacklinksFile> {
    let mut table = Table::read(bytes)?;
    for field in ["target_url", "source_url"] {
        if table.find(&names(field)).is_none() {
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
    let mut file = BacklinksFile { format, rows: Vec::new(), refused: std::mem::take(&mut table.refused) };
    for (line, row) in &table.rows {
        match (Cells { table: &table, row }).read(*line, format) {
            Ok(row) => file.rows.push(row),
            Err(why) => file.refused.push(Refused::new(*line, why)),
        }
    }
    Ok(file)
}

struct Cells<'a> {
    table: &'a Table,
    row: &'a csv::StringRecord,
}

impl<'a> Cells<'a> {
    fn cell(&self, field: &str) -> &'a str {
        self.named(&names(field))
    }

    fn named(&self, names: &[&str]) -> &'a str {
        self.table.find(names).and_then(|at| self.row.get(at)).unwrap_or_default()
    }

    fn read(&self, line: u64, format: Format) -> Result<BacklinkLine, String> {
        let count = |field: &str| {
            let value = whole(self.cell(field)).map_err(of(field))?;
            value.map(|value| i32::try_from(value).map_err(|_| format!("{field}: `{value}` is too large"))).transpose()
        };
        let date = |field: &str| day(self.cell(field)).map_err(of(field));
        let own = format == Format::Own;
        let words = |field: &str| if own { unguarded(self.cell(field)) } else { self.cell(field).into() };
        let status = if own { self.word("status")?.unwrap_or(BacklinkStatus::Live) } else { self.found_status() };
        Ok(BacklinkLine {
            line,
            target_url: words("target_url").into_owned(),
            target_tier: self.word("target_tier")?,
            source_url: words("source_url").into_owned(),
            source_domain: if own { words("source_domain").into_owned() } else { String::new() },
            source_dr: count("source_dr")?,
            source_traffic: count("source_traffic")?,
            anchor_text: words("anchor_text").chars().take(if own { usize::MAX } else { 200 }).collect(),
            anchor_type: self.word("anchor_type")?,
            link_type: self.word("link_type")?,
            marketplace: self.word("marketplace")?.unwrap_or(Marketplace::None),
            cost: if own { money(self.cell("cost")).map_err(of("cost"))? } else { None },
            quality_score: number(self.named(&["quality_score"])).map_err(of("quality_score"))?,
            country_relevant: flag(self.named(&["country_relevant"])),
            date_ordered: date("date_ordered")?,
            date_live: date("date_live")?,
            date_last_checked: date("date_last_checked")?,
            status,
            notes: if own { words("notes").into_owned() } else { self.rel() },
        })
    }

    /// Ahrefs and Semrush list what they found; lost ones say so in one column or another.
    fn found_status(&self) -> BacklinkStatus {
        let lost = [["Lost status"], ["Lost"], ["Lost link"]].map(|names| self.named(&names));
        let said = |text: &str| !text.is_empty() && flag(text) != Some(false) && text != "-";
        if lost.into_iter().any(said) { BacklinkStatus::Dead } else { BacklinkStatus::Live }
    }

    /// What of `rel` they saw, for the notes.
    fn rel(&self) -> String {
        let seen = ["Nofollow", "Sponsored", "UGC"].into_iter().filter(|name| flag(self.named(&[name])) == Some(true));
        seen.map(str::to_lowercase).collect::<Vec<_>>().join(" ")
    }

    /// A word of a closed list, or its label; empty is none.
    fn word<T: Vocabulary>(&self, field: &str) -> Result<Option<T>, String> {
        let text = self.named(&[field]);
        if text.is_empty() {
            return Ok(None);
        }
        let same = |known: &&T| known.word().eq_ignore_ascii_case(text) || known.label().eq_ignore_ascii_case(text);
        T::ALL.iter().find(same).copied().map(Some).ok_or_else(|| format!("{field}: `{text}` is no {}", T::NAME))
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
        let file = read_backlinks(&bytes).unwrap();
        assert_eq!((file.format, file.refused.len(), file.rows.len()), (Format::Ahrefs, 0, 2));
        let [live, dead] = file.rows.as_slice() else { panic!() };
        assert_eq!((live.source_dr, live.source_traffic, live.notes.as_str()), (Some(71), Some(1234), "nofollow"));
        assert_eq!((live.status, dead.status, dead.source_dr), (BacklinkStatus::Live, BacklinkStatus::Dead, None));
        let semrush = "Page ascore,Source title,Source url,Target url,Anchor,External links,Nofollow,First seen,Last seen,Lost link\n\
                       34,T,https://a.example/,https://e.example/,tea,12,FALSE,2025-01-02,2025-03-04,FALSE\n";
        let file = read_backlinks(semrush.as_bytes()).unwrap();
        assert_eq!(
            (file.format, file.rows[0].status, file.rows[0].source_dr),
            (Format::Semrush, BacklinkStatus::Live, Some(34))
        );
        let own = "\u{feff}source_url;target_url;anchor_text;anchor_type;link_type;cost;quality_score;status;date_live\n\
                   https://a.example/;https://e.example/;tea;LSI/Topical;Guest Post;1.250,10;7,5;live;28.02.2026\n\
                   https://b.example/;https://e.example/;tea;bold;;;;;\n\
                   https://c.example/;https://e.example/;tea;;;abc;;;\n";
        let file = read_backlinks(own.as_bytes()).unwrap();
        let row = &file.rows[0];
        assert_eq!((file.format, row.cost, row.quality_score), (Format::Own, Some(Money::cents(125_010)), Some(7.5)));
        assert_eq!((row.anchor_type, row.link_type), (Some(AnchorType::Lsi), Some(LinkType::GuestPost)));
        let why: Vec<_> = file.refused.iter().map(|refused| (refused.line, refused.why.as_str())).collect();
        assert_eq!(why, [(3, "anchor_type: `bold` is no anchor type"), (4, "cost: `abc` is no number")]);
        assert!(
            read_backlinks(b"a,b\n1,2\n").unwrap_err().to_string().contains("no column `target_url` among `a`, `b`")
        );
    }
}
