//! Tables of text in whatever encoding and with whatever delimiter: UTF-8 with or without a mark, UTF-16 (Ahrefs), and
//! Windows-1252 from old spreadsheets; comma, semicolon or tab, whichever the header has most of.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::{MAX_BYTES, Refused};
use crate::{Error, Result};

/// A table with a header.
pub(super) struct Table {
    /// Lower case, letters and digits only: `Domain rating` and `domain_rating` are one.
    header: Vec<String>,
    /// With their line numbers.
    pub(super) rows: Vec<(u64, csv::StringRecord)>,
    /// Lines that aren't CSV.
    pub(super) refused: Vec<Refused>,
}

impl Table {
    pub(super) fn read(bytes: &[u8]) -> Result<Self> {
        if bytes.len() > MAX_BYTES {
            return Err(Error::invalid("file", format!("at most {MAX_BYTES} bytes")));
        }
        let text = decode(bytes);
        let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
        let delimiter =
            [b',', b';', b'\t'].into_iter().max_by_key(|&delimiter| count(first, delimiter)).unwrap_or(b',');
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .flexible(true)
            .has_headers(false)
            .trim(csv::Trim::All)
            .from_reader(text.as_bytes());
        let mut table = Self { header: Vec::new(), rows: Vec::new(), refused: Vec::new() };
        let mut lines = Lines { text: &text, at: 0, line: 1 };
        for record in reader.records() {
            match record {
                Ok(record) if record.iter().all(str::is_empty) => {}
                Ok(record) if table.header.is_empty() => table.header = record.iter().map(plain).collect(),
                Ok(record) => table.rows.push((lines.of(record.position()), record)),
                Err(error) => {
                    table.refused.push(Refused::new(lines.of(error.position()), format!("not CSV: {error}")));
                }
            }
        }
        if table.header.is_empty() {
            return Err(Error::invalid("file", "empty"));
        }
        Ok(table)
    }

    /// The first column that has one of these names.
    pub(super) fn find(&self, names: &[&str]) -> Option<usize> {
        names.iter().find_map(|name| self.header.iter().position(|column| *column == plain(name)))
    }

    /// What the header says, for errors.
    pub(super) fn columns(&self) -> String {
        self.header.iter().take(20).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
    }
}

/// Counts lines as it goes: csv's own number is that of the line break before a record.
struct Lines<'a> {
    text: &'a str,
    at: usize,
    line: u64,
}

impl Lines<'_> {
    fn of(&mut self, position: Option<&csv::Position>) -> u64 {
        let start = position.and_then(|position| usize::try_from(position.byte()).ok()).unwrap_or(self.at);
        let bytes = self.text.as_bytes();
        let breaks = bytes.iter().skip(start).take_while(|byte| byte.is_ascii_whitespace()).count();
        let skipped = bytes.get(self.at..start + breaks).unwrap_or_default();
        self.line += skipped.iter().filter(|&&byte| byte == b'\n').count() as u64;
        self.at = self.at.max(start + breaks);
        self.line
    }
}

fn count(line: &str, delimiter: u8) -> usize {
    // Equal counts fall to the last of the three; a single column has none of any and doesn't care.
    line.bytes().filter(|&byte| byte == delimiter).count()
}

fn plain(name: &str) -> String {
    name.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn decode(bytes: &[u8]) -> String {
    let encoding = match Encoding::for_bom(bytes) {
        Some((encoding, _)) => encoding,
        // UTF-16 without a mark: every other byte of Latin text is zero.
        None => match bytes {
            [_, 0, _, 0, ..] => UTF_16LE,
            [0, _, 0, _, ..] => UTF_16BE,
            _ if std::str::from_utf8(bytes).is_ok() => UTF_8,
            _ => WINDOWS_1252,
        },
    };
    encoding.decode(bytes).0.into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(bytes: &[u8]) -> Vec<String> {
        let table = Table::read(bytes).unwrap();
        let at = table.find(&["Größe (KB)", "size"]).unwrap();
        table.rows.iter().map(|(line, row)| format!("{line}:{}", &row[at])).collect()
    }

    #[test]
    fn reads_every_encoding_and_delimiter() {
        let text = "Name;größe_kb\r\n\"a;\nb\";1,5\r\n\r\nc;é\n";
        let expected = ["2:1,5", "5:é"];
        assert_eq!(cells(text.as_bytes()), expected);
        assert_eq!(cells(format!("\u{feff}{text}").as_bytes()), expected);
        let units = || text.encode_utf16();
        assert_eq!(cells(&units().flat_map(u16::to_le_bytes).collect::<Vec<_>>()), expected);
        assert_eq!(
            cells(&[0xfeff].into_iter().chain(units()).flat_map(u16::to_be_bytes).collect::<Vec<_>>()),
            expected
        );
        assert_eq!(cells(&WINDOWS_1252.encode(text).0), expected);
        assert_eq!(cells(text.replace(';', "\t").as_bytes()), expected);
        assert!(Table::read(b" \n").is_err());
    }
}
