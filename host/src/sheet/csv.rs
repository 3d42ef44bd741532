//! CSV: RFC 4180, UTF-8, and no cell that a spreadsheet would run as a formula.

use csv::{Terminator, WriterBuilder};
use linker_store::formula::guarded;

use super::{Cell, Columns};

/// The first line.
pub(crate) fn header(columns: Columns) -> String {
    lines([columns.iter().map(|(name, _)| Cell::text(name)).collect()])
}

/// Lines of rows that are equally long. A file is made of as many pieces as it takes, so that no table, however long,
/// has to be in memory.
pub(crate) fn lines(rows: impl IntoIterator<Item = Vec<Cell>>) -> String {
    let mut out = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new());
    for row in rows {
        // Into memory nothing fails, and every row has the first one's length.
        out.write_record(row.into_iter().map(written)).expect("a row of the table");
    }
    String::from_utf8(out.into_inner().expect("memory")).expect("cells are UTF-8")
}

fn written(cell: Cell) -> String {
    match cell {
        // Imports take the apostrophes away again.
        Cell::Text(text) => guarded(&text).into_owned(),
        Cell::Number(digits) | Cell::Amount(digits) => digits,
        Cell::Flag(flag) => flag.to_string(),
        Cell::Day(day) => day.to_string(),
        Cell::Empty => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn cells_can_not_run() {
        let cells = ["=1+1", "+1", "-1", "@a", "\t=a", "\r=a", "a=b", "say \"hi\", you", "'q"];
        let text = lines(cells.iter().map(|cell| vec![Cell::text(cell)]));
        assert_eq!(
            text,
            "'=1+1\r\n'+1\r\n'-1\r\n'@a\r\n'\t'=a\r\n\"'\r'=a\"\r\na=b\r\n\"say \"\"hi\"\", you\"\r\n'q\r\n"
        );
    }

    #[test]
    fn numbers_dates_and_blanks_are_themselves() {
        let day = "2026-01-31".parse().unwrap();
        let row = vec![Cell::number(-1), Cell::amount("12.50"), Cell::Flag(true), Cell::Day(day), Cell::Empty];
        assert_eq!(lines([row]), "-1,12.50,true,2026-01-31,\r\n");
    }

    /// As it is read where lists are separated by something else than commas.
    fn cells(text: &str, delimiter: u8) -> Vec<String> {
        let mut reader = csv::ReaderBuilder::new();
        let mut reader = reader.has_headers(false).flexible(true).delimiter(delimiter).from_reader(text.as_bytes());
        reader.records().flat_map(|row| row.expect("CSV").iter().map(str::to_owned).collect::<Vec<_>>()).collect()
    }

    const RUN: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'];

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(3000))]
        #[test]
        fn no_cell_can_run_however_it_is_read(
            rows in prop::collection::vec(prop::collection::vec("[;\t\r\n\"'=+@ ,a1\u{a0}\u{ff0b}-]{0,7}", 3), 1..5),
        ) {
            let text = lines(rows.iter().map(|row| row.iter().map(Cell::text).collect()));
            for delimiter in [b',', b';', b'\t'] {
                for cell in cells(&text, delimiter) {
                    let begins = cell.trim_start_matches([' ', '\u{a0}']);
                    prop_assert!(!begins.starts_with(RUN), "{cell:?} of {text:?}");
                }
            }
        }
    }
}
