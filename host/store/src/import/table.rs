//! Tables of text in whatever encoding and with whatever delimiter: UTF-8 with or without a mark, UTF-16 (Ahrefs), and
//! Windows-1252 from old spreadsheets; comma, semicolon or tab, whichever the header has most of.

use std::io::{self, Read};

use encoding_rs::{CoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::{MAX_BYTES, MAX_LINES, Refused};
use crate::store::BATCH;
use crate::{Error, Result};

/// Bytes of a line at most, which may be several in an editor.
const LONGEST: usize = 1 << 20;

/// A table with a header.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Table {
    text: String,
    delimiter: u8,
    /// Lower case, letters and digits only: `Domain rating` and `domain_rating` are one.
    header: Vec<String>,
}

/// Lines that were read together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch<T> {
    /// Those that can be used, by their numbers.
    pub rows: Vec<(u64, T)>,
    /// Those that can't.
    pub refused: Vec<Refused>,
}

impl Table {
    /// Reads the header, and the lines so far as to know that they can be read to the end of the file.
    pub(super) fn read(bytes: Vec<u8>) -> Result<Self> {
        if bytes.len() > MAX_BYTES {
            return Err(too_large());
        }
        let text = decode(bytes)?;
        let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
        let delimiter =
            [b',', b';', b'\t'].into_iter().max_by_key(|&delimiter| count(first, delimiter)).unwrap_or(b',');
        let mut table = Self { text, delimiter, header: Vec::new() };
        let mut lines = table.lines();
        let Some(header) = lines.next()? else { return Err(Error::invalid("file", "empty")) };
        let header = header.cells.iter().map(plain).collect();
        while lines.next()?.is_some() {}
        table.header = header;
        Ok(table)
    }

    /// The first column that has one of these names.
    pub(super) fn find(&self, names: &[&str]) -> Option<usize> {
        names.iter().find_map(|name| {
            let name = plain(name);
            self.header.iter().position(|column| *column == name)
        })
    }

    /// What the header says, for errors.
    pub(super) fn columns(&self) -> String {
        let short = |name: &String| format!("`{}`", name.chars().take(50).collect::<String>());
        self.header.iter().take(20).map(short).collect::<Vec<_>>().join(", ")
    }

    /// The lines after the header, as many at once as fit into a statement; each read by `read`.
    pub(super) fn batches<'a, T: 'a>(
        &'a self,
        mut read: impl FnMut(&Line<'_>) -> Result<T, String> + Send + 'a,
    ) -> impl Iterator<Item = Batch<T>> + Send + 'a {
        let mut lines = self.lines();
        // The header, which was there when the table was read.
        lines.next().ok();
        let mut over = false;
        std::iter::from_fn(move || {
            let mut batch = Batch { rows: Vec::new(), refused: Vec::new() };
            let begin = lines.at();
            // Long lines make short batches: what is in memory, and how long it takes, has a limit either way.
            while batch.rows.len() + batch.refused.len() < BATCH && lines.at() - begin < LONGEST as u64 && !over {
                // No error either: all lines were read before.
                let Ok(Some(line)) = lines.next() else {
                    over = true;
                    break;
                };
                match read(&line) {
                    Ok(row) => batch.rows.push((line.number, row)),
                    Err(why) => batch.refused.push(Refused::new(line.number, why)),
                }
            }
            (!over || !batch.rows.is_empty() || !batch.refused.is_empty()).then_some(batch)
        })
    }

    fn lines(&self) -> Lines<'_> {
        let reader = csv::ReaderBuilder::new()
            .delimiter(self.delimiter)
            .flexible(true)
            .has_headers(false)
            .from_reader(Stretch { rest: self.text.as_bytes(), since: 0 });
        Lines { text: &self.text, at: 0, number: 1, read: 0, reader, record: csv::StringRecord::new() }
    }
}

/// A line that says something, with its number as an editor counts.
pub(super) struct Line<'a> {
    pub(super) number: u64,
    cells: &'a csv::StringRecord,
}

impl<'a> Line<'a> {
    /// What stands in a column; nothing where there is no such column.
    pub(super) fn cell(&self, column: Option<usize>) -> &'a str {
        column.and_then(|at| self.cells.get(at)).unwrap_or_default().trim()
    }
}

/// Reads one line after the other, and counts them: csv's own number is that of the line break before a record.
struct Lines<'a> {
    text: &'a str,
    at: usize,
    number: u64,
    read: u64,
    reader: csv::Reader<Stretch<'a>>,
    record: csv::StringRecord,
}

impl Lines<'_> {
    /// The next line that isn't blank.
    fn next(&mut self) -> Result<Option<Line<'_>>> {
        loop {
            self.reader.get_mut().since = 0;
            let begin = self.at();
            let read = self.reader.read_record(&mut self.record);
            self.read += 1;
            match read {
                Ok(false) => return Ok(None),
                // Blank ones count too: reading them takes as long. The header comes on top.
                Ok(true) if self.read > MAX_LINES + 1 => {
                    return Err(Error::invalid("file", format!("more than {MAX_LINES} lines: split it")));
                }
                Ok(true) if self.record.iter().all(|cell| cell.trim().is_empty()) => {}
                Ok(true) => break,
                Err(_) => {
                    let line = self.count_to(begin);
                    let why = format!("line {line} has no end within 1 MiB: is a quotation mark never closed?");
                    return Err(Error::invalid("file", why));
                }
            }
        }
        let begin = self.record.position().map_or(0, csv::Position::byte);
        Ok(Some(Line { number: self.count_to(begin), cells: &self.record }))
    }

    /// Bytes that were read.
    fn at(&self) -> u64 {
        self.reader.position().byte()
    }

    /// The number of the line at a byte, or at what comes after the blanks there.
    fn count_to(&mut self, byte: u64) -> u64 {
        let start = usize::try_from(byte).unwrap_or(self.at);
        let bytes = self.text.as_bytes();
        let breaks = bytes.iter().skip(start).take_while(|byte| byte.is_ascii_whitespace()).count();
        let skipped = bytes.get(self.at..start + breaks).unwrap_or_default();
        self.number += skipped.iter().filter(|&&byte| byte == b'\n').count() as u64;
        self.at = self.at.max(start + breaks);
        self.number
    }
}

/// A text that stops where a record has no end: one cell would take as much memory as the whole file, and as many cells
/// as it has delimiters eight times that.
struct Stretch<'a> {
    rest: &'a [u8],
    /// Bytes read for the record.
    since: usize,
}

impl Read for Stretch<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.since > LONGEST {
            return Err(io::ErrorKind::InvalidData.into());
        }
        let read = self.rest.read(into)?;
        self.since += read;
        Ok(read)
    }
}

fn count(line: &str, delimiter: u8) -> usize {
    // Equal counts fall to the last of the three; a single column has none of any and doesn't care.
    line.bytes().filter(|&byte| byte == delimiter).count()
}

fn plain(name: &str) -> String {
    name.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn too_large() -> Error {
    Error::invalid("file", format!("at most {} MiB as UTF-8: split it", MAX_BYTES >> 20))
}

/// The text, no larger than a file may be: what two bytes say in UTF-16 can take three.
fn decode(mut bytes: Vec<u8>) -> Result<String> {
    let encoding = match Encoding::for_bom(&bytes) {
        Some((encoding, _)) => encoding,
        // UTF-16 without a mark: every other byte of Latin text is zero.
        None => match bytes.as_slice() {
            [_, 0, _, 0, ..] => UTF_16LE,
            [0, _, 0, _, ..] => UTF_16BE,
            _ if std::str::from_utf8(&bytes).is_ok() => UTF_8,
            _ => WINDOWS_1252,
        },
    };
    if encoding == UTF_8 {
        match String::from_utf8(bytes) {
            Ok(mut text) => {
                if text.starts_with('\u{feff}') {
                    text.drain(..'\u{feff}'.len_utf8());
                }
                return Ok(text);
            }
            Err(error) => bytes = error.into_bytes(),
        }
    }
    let mut decoder = encoding.new_decoder_with_bom_removal();
    let room = decoder.max_utf8_buffer_length(bytes.len()).unwrap_or(MAX_BYTES).min(MAX_BYTES);
    let mut text = String::with_capacity(room);
    match decoder.decode_to_string(&bytes, &mut text, true) {
        (CoderResult::InputEmpty, ..) => {
            text.shrink_to_fit();
            Ok(text)
        }
        (CoderResult::OutputFull, ..) => Err(too_large()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(bytes: &[u8]) -> Vec<String> {
        let table = Table::read(bytes.to_vec()).unwrap();
        let at = table.find(&["Größe (KB)", "size"]);
        let read = table.batches(|line| Ok(format!("{}:{}", line.number, line.cell(at))));
        read.flat_map(|batch| batch.rows).map(|(_, text)| text).collect()
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
        assert!(Table::read(b" \n".to_vec()).is_err());
    }

    fn refused(text: String) -> String {
        Table::read(text.into_bytes()).map(drop).unwrap_err().to_string()
    }

    /// Each of these took fifty times its own size.
    #[test]
    fn what_no_export_has_is_refused_as_a_whole() {
        let many = refused("a\n".repeat(2_000_000));
        assert_eq!(many, "file: more than 1048576 lines: split it");
        assert_eq!(refused(" \n".repeat(2_000_000)), many, "blank ones too");
        let endless = "line 3 has no end within 1 MiB: is a quotation mark never closed?";
        assert_eq!(refused(format!("a,b\n1,2\n\"{}", "x\n".repeat(1 << 20))), format!("file: {endless}"));
        assert_eq!(refused(format!("a,b\n1,2\n{}", ",".repeat(2 << 20))), format!("file: {endless}"));
        // Windows-1252: a byte of the file, three of text.
        let euros = Table::read(vec![0x80; 30 << 20]).map(drop).unwrap_err().to_string();
        assert_eq!(euros, "file: at most 64 MiB as UTF-8: split it");
    }

    #[test]
    fn batches_have_an_end() {
        let long = format!("a\n{}", format!("{}\n", "x".repeat(600_000)).repeat(5));
        let short = format!("a\n{}x\n", " \n".repeat(1_000_000) + &"x\n".repeat(2500));
        for (text, most, lines) in [(long, 2, 5), (short, 1000, 2501)] {
            let table = Table::read(text.into_bytes()).unwrap();
            let sizes: Vec<_> = table.batches(|_| Ok(())).map(|batch| batch.rows.len()).collect();
            assert_eq!(sizes.iter().sum::<usize>(), lines);
            assert!(sizes.iter().all(|&size| size <= most), "{sizes:?}");
        }
    }
}
