//! Tables that people open in spreadsheets: the same columns and cells as CSV and as XLSX.

pub(crate) mod backlinks;
pub(crate) mod csv;
pub(crate) mod links;
pub(crate) mod xlsx;

use std::fmt::Display;

use chrono::NaiveDate;
use rust_xlsxwriter::XlsxError;

/// Names of columns, and how wide each is in a spreadsheet, in characters.
pub(crate) type Columns = &'static [(&'static str, u16)];

/// What a cell holds.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Cell {
    /// Somebody's words, which are never run.
    Text(String),
    /// A number by its digits, which CSV keeps as they are.
    Number(String),
    /// Dollars with two places.
    Amount(String),
    /// Yes or no.
    Flag(bool),
    /// A date.
    Day(NaiveDate),
    /// Unknown.
    Empty,
}

impl Cell {
    pub(crate) fn text(text: impl Display) -> Self {
        Self::Text(text.to_string())
    }

    pub(crate) fn number(number: impl Display) -> Self {
        Self::Number(number.to_string())
    }

    pub(crate) fn amount(amount: impl Display) -> Self {
        Self::Amount(amount.to_string())
    }

    /// Empty where there is nothing.
    pub(crate) fn known<T>(value: Option<T>, cell: impl FnOnce(T) -> Self) -> Self {
        value.map_or(Self::Empty, cell)
    }
}

/// Why there is no table.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SheetError {
    #[error(transparent)]
    Store(#[from] linker_store::Error),
    #[error("a sheet holds at most {} rows: take CSV", xlsx::MOST_ROWS)]
    TooMany,
    #[error("the sheet can't be made: {0}")]
    Xlsx(XlsxError),
    #[error("the sheet can't be made: {0}")]
    File(#[from] std::io::Error),
    #[error("the sheet can't be made: {0}")]
    Cut(String),
}

impl From<XlsxError> for SheetError {
    fn from(error: XlsxError) -> Self {
        match error {
            XlsxError::RowColumnLimitError => Self::TooMany,
            other => Self::Xlsx(other),
        }
    }
}

/// A file's form.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize, clap::ValueEnum, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Form {
    /// CSV: UTF-8, commas, every row.
    #[default]
    Csv,
    /// A workbook of one sheet.
    Xlsx,
}
