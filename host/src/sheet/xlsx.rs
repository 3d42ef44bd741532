//! XLSX: numbers as numbers, dates as dates, words as words. Rows go to a temporary file as they come, so that a
//! table takes no more memory than its compressed file.

use std::io::{Seek, Write};

use chrono::Datelike;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use super::{Cell, Columns};

/// Rows that a sheet can have besides its header.
pub(crate) const MOST_ROWS: u32 = 1_048_575;
/// UTF-16 units that a cell can hold; the rest is cut off.
const LONGEST: usize = 32_767;

/// A workbook of one sheet.
pub(crate) struct Book {
    workbook: Workbook,
    row: u32,
    amount: Format,
    day: Format,
}

impl Book {
    /// With its header, which stays in sight.
    pub(crate) fn new(name: &str, columns: Columns) -> Result<Self, XlsxError> {
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet_with_constant_memory()?;
        sheet.set_name(name)?.set_freeze_panes(1, 0)?;
        let bold = Format::new().set_bold();
        for (at, &(name, width)) in (0..).zip(columns) {
            sheet.set_column_width(at, f64::from(width))?.write_string_with_format(0, at, name, &bold)?;
        }
        let amount = Format::new().set_num_format("#,##0.00");
        Ok(Self { workbook, row: 1, amount, day: Format::new().set_num_format("yyyy-mm-dd") })
    }

    /// More rows; a fault where they are more than [`MOST_ROWS`].
    pub(crate) fn add(&mut self, rows: impl IntoIterator<Item = Vec<Cell>>) -> Result<(), XlsxError> {
        let sheet = self.workbook.worksheet_from_index(0)?;
        for row in rows {
            for (at, cell) in (0..).zip(row) {
                write(sheet, (self.row, at), cell, (&self.amount, &self.day))?;
            }
            self.row = self.row.saturating_add(1);
        }
        Ok(())
    }

    /// Writes the file.
    pub(crate) fn save(mut self, to: impl Write + Seek + Send) -> Result<(), XlsxError> {
        self.workbook.save_to_writer(to)
    }

    /// The file.
    pub(crate) fn finish(mut self) -> Result<Vec<u8>, XlsxError> {
        self.workbook.save_to_buffer()
    }
}

fn write(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    cell: Cell,
    (amount, day): (&Format, &Format),
) -> Result<(), XlsxError> {
    match cell {
        // As a string, whatever it begins with: only a formula's cell is run.
        Cell::Text(text) => sheet.write_string(row, column, fitting(&text)).map(drop),
        Cell::Number(digits) => match digits.parse::<f64>() {
            Ok(number) => sheet.write_number(row, column, number).map(drop),
            Err(_) => sheet.write_string(row, column, digits).map(drop),
        },
        Cell::Amount(digits) => match digits.parse::<f64>() {
            Ok(number) => sheet.write_number_with_format(row, column, number, amount).map(drop),
            Err(_) => sheet.write_string(row, column, digits).map(drop),
        },
        Cell::Flag(flag) => sheet.write_boolean(row, column, flag).map(drop),
        Cell::Day(date) => {
            let parts = u16::try_from(date.year()).ok().zip(u8::try_from(date.month()).ok());
            let parts = parts.zip(u8::try_from(date.day()).ok());
            match parts.map(|((year, month), day)| ExcelDateTime::from_ymd(year, month, day)) {
                Some(Ok(date)) => sheet.write_datetime_with_format(row, column, &date, day).map(drop),
                // A spreadsheet's calendar begins in 1900.
                _ => sheet.write_string(row, column, date.to_string()).map(drop),
            }
        }
        Cell::Empty => Ok(()),
    }
}

fn fitting(text: &str) -> &str {
    if text.len() <= LONGEST {
        return text;
    }
    let mut units = 0;
    let end = text.char_indices().find(|(_, letter)| {
        units += letter.len_utf16();
        units > LONGEST
    });
    end.and_then(|(at, _)| text.get(..at)).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut_between_letters() {
        let long = "\u{1f600}".repeat(20_000);
        assert_eq!(fitting(&long).chars().count(), 16_383);
        assert_eq!(fitting("é"), "é");
    }

    #[test]
    fn more_rows_than_a_sheet_has_are_a_fault() {
        let mut book = Book::new("rows", &[("a", 5)]).unwrap();
        book.row = MOST_ROWS;
        book.add([vec![Cell::number(1)]]).unwrap();
        assert!(book.add([vec![Cell::number(1)]]).is_err());
    }
}
